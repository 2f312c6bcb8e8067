"""How much memory there is."""

from pathlib import Path


def available_bytes() -> int | None:
    """Memory that a new allocation could use, in bytes, within the container's limit; None where it is not known."""
    free = [size for size in (_machine(), _container()) if size is not None]
    return min(free, default=None)


def _machine(source: Path = Path("/proc/meminfo")) -> int | None:
    try:
        for line in source.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _container(folder: Path = Path("/sys/fs/cgroup")) -> int | None:
    try:
        limit = int((folder / "memory.max").read_text())
        used = int((folder / "memory.current").read_text())
        # What the kernel caches of files counts as used and is given back when it is needed.
        for line in (folder / "memory.stat").read_text().splitlines():
            if line.startswith("inactive_file "):
                used -= int(line.split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return max(0, limit - used)

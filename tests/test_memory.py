from pathlib import Path

from assistant.models import memory


def test_the_machines_free_memory_is_read_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    2048 kB\n")
    assert memory._machine(tmp_path / "meminfo") == 2048 * 1024
    (tmp_path / "meminfo").write_text("MemAvailable: much\n")
    assert memory._machine(tmp_path / "meminfo") is None
    assert memory._machine(tmp_path / "absent") is None


def test_a_container_counts_its_file_cache_as_free(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 300\ninactive_file 400\n")
    assert memory._container(tmp_path) == 700
    (tmp_path / "memory.max").write_text("max\n")
    assert memory._container(tmp_path) is None
    assert memory._container(tmp_path / "absent") is None

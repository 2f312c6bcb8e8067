"""A real PostgreSQL for the tests, on a free port of this machine and gone afterwards."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

PASSWORD = "not-a-secret"


@dataclass
class PostgresServer:
    """``new_database`` makes an empty database and gives its URL, as somebody would write it in the settings."""

    port: int
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql://tester:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def new_database(self) -> str:
        name = f"test{next(self.numbers)}"
        engine = create_engine(self.url("postgres").replace("://", "+pg8000://"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"create database {name}"))
        engine.dispose()
        return self.url(name)


def folder_for(as_user: list[str]) -> Path:
    """A new folder that the server's user can enter, which one below a folder of root's alone is not."""
    for place in (None, "/var/tmp", "/tmp"):
        folder = Path(tempfile.mkdtemp(prefix="postgres-test-", dir=place))
        if not as_user:
            return folder
        shutil.chown(folder, "postgres")
        if subprocess.run([*as_user, "test", "-w", str(folder)], cwd="/", check=False).returncode == 0:
            return folder
        folder.rmdir()
    pytest.skip("no folder for temporary files that the user postgres can enter")


@contextlib.contextmanager
def postgres() -> Iterator[PostgresServer]:
    """The machine's PostgreSQL with a data folder of its own; skips the test where there is none."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = str(programs[-1]) if programs else os.path.dirname(shutil.which("pg_ctl") or "")
    if not found:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    # It does not run as root; Debian's package brings a user for it.
    as_user = ["runuser", "-u", "postgres", "--"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    folder = folder_for(as_user)
    data = folder / "data"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    secret = folder / "password"
    secret.write_text(PASSWORD)

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_user, f"{found}/{command[0]}", *command[1:]],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    try:
        arguments = ("-U", "tester", "-A", "scram-sha-256", "--pwfile", str(secret), "-E", "UTF8", "--no-sync")
        run("initdb", "-D", str(data), *arguments)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield PostgresServer(port, folder)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

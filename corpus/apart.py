"""Reading a file in a process of its own: what hangs, crashes or grows there stops nothing here."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.blocks import Extract
from corpus.errors import UserError
from corpus.members import Member
from corpus.wire import NEXT, OPEN, content_of, member_of, receive, send

SECONDS = 60.0
"""The longest that one file may take to be read."""

MEMORY = 2_000_000_000
"""The most memory that the process may take, in bytes of address space, where the system can bound it."""

# Keys of hosted models and the like are none of the readers' business.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")

# What a message that is none of the expected ones ends in.
_NO_ANSWER = (ValueError, TypeError, KeyError, RecursionError)


class ReaderProcess:
    """A process that reads one file after the other; started with the first and again after a file that ended it.

    ``seconds`` bounds each file and ``memory``, in bytes, the process. To be used in a ``with``; by one thread.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def extract(self, suffix: str, raw: bytes) -> Extract:
        """What `corpus.formats.extract` gives. Raises `UserError` too for a file that takes too long or too much."""
        answer = self._answer(suffix, raw)
        try:
            return content_of(self._told(answer))
        except _NO_ANSWER as error:
            raise self._failed() from error

    def members(self, suffix: str, raw: bytes) -> Iterator[Member]:
        """What `corpus.members.members` gives, one file at a time.

        The process keeps what it opened until the last one is taken, and is to be asked nothing else meanwhile. Raises
        `UserError` as ``extract`` does.
        """
        try:
            self._told(self._answer(OPEN + suffix, raw))
            while (member := member_of(self._told(self._answer(NEXT, b"")))) is not None:
                yield member
        except _NO_ANSWER as error:
            raise self._failed() from error

    def _answer(self, suffix: str, raw: bytes) -> bytes:
        process = self._running()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _stop, (process, late))
        timer.daemon = True
        timer.start()
        try:
            answer = _exchanged(process, suffix, raw)
        except BaseException:
            self._end(kill=True)
            raise
        finally:
            timer.cancel()
            timer.join()
        if late.is_set() or answer is None:
            code = self._end(kill=True)
            if late.is_set():
                raise UserError(f"takes longer than {self._seconds:g} seconds to be read; split it or save it as text")
            raise UserError(f"makes its reader fail (exit code {code}); save it anew from its own program or as text")
        return answer

    def _told(self, answer: bytes) -> object:
        told = json.loads(answer)
        if isinstance(told, dict) and "refused" in told:
            raise UserError(str(told["refused"])[:500])
        return told

    def _failed(self) -> UserError:
        self._end(kill=True)
        return UserError("makes its reader fail (no answer); save it anew from its own program or as text")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            command = [sys.executable, "-P", "-m", "corpus.worker", str(self._seconds), str(self._memory)]
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=_environment(),
                )
            except OSError as error:
                raise UserError(f"cannot be read: no process could be started ({error.strerror or error})") from error
        return self._process

    def _end(self, *, kill: bool = False) -> int:
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return 0
        with suppress(OSError):  # It may be gone already, with what was still to be written.
            process.stdin.close()
        try:
            # A process that failed by itself has closed its side and is about to tell its exit code.
            process.wait(1.0 if kill else 5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        return process.returncode


def _exchanged(process: subprocess.Popen[bytes], suffix: str, raw: bytes) -> bytes | None:
    if process.stdin is None or process.stdout is None:
        return None
    try:
        send(process.stdin, suffix.encode("utf-8", "surrogateescape"))
        send(process.stdin, raw)
        return receive(process.stdout)
    except OSError:
        return None


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _environment() -> Mapping[str, str]:
    passed = {name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None}
    return {**passed, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}

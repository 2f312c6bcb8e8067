"""Reading a file in a process of its own: what hangs, crashes or grows there stops nothing here."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.blocks import Extract
from corpus.errors import UserError
from corpus.members import Member
from corpus.picture import Picture, Wanted
from corpus.wire import (
    ENOUGH,
    GO_ON,
    NEXT,
    OPEN,
    asked_page,
    content_of,
    is_waiting,
    member_of,
    picture_of,
    receive,
    send,
)

SECONDS = 60.0
"""The longest that one file may take to be read."""

RECOGNISING = 1800.0
"""The longest that the scanned pages of one file may take together, in seconds; further ones are left unread."""

MEMORY = 2_000_000_000
"""The most memory that the process may take, in bytes of address space, where the system can bound it."""

# Keys of hosted models and the like are none of the readers' business.
_PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TEMP", "TESSDATA_PREFIX", "TMP",
    "TMPDIR",
)  # fmt: skip

# What a message that is none of the expected ones ends in.
_NO_ANSWER = (ValueError, TypeError, KeyError, RecursionError)


class ReaderProcess:
    """A process that reads one file after the other; started with the first and again after a file that ended it.

    ``seconds`` bounds each file, and each page of one that has to be recognised; ``recognising`` bounds those of a
    file together. ``memory``, in bytes, bounds the process and any that it starts. To be used in a ``with``; by one
    thread.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, recognising: float = RECOGNISING) -> None:
        self._seconds = seconds
        self._memory = memory
        self._recognising = recognising
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Ends the process; what is asked next starts another."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def extract(self, suffix: str, raw: bytes, language: str = "") -> Extract:
        """What `corpus.formats.extract` gives. Raises `UserError` too for a file that takes too long or too much."""
        try:
            told = self._told(self._answer(suffix, raw, language))
            until, asked = time.monotonic() + self._recognising, GO_ON
            while is_waiting(told) and asked != ENOUGH:
                asked = GO_ON if time.monotonic() < until else ENOUGH
                told = self._told(self._answer(asked, b""))
            return content_of(told)
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

    def page(self, raw: bytes, wanted: Wanted) -> Picture:
        """What `corpus.pages.drawn` gives. Raises `UserError` as ``extract`` does."""
        answer = self._answer(asked_page(wanted), raw)
        try:
            return picture_of(self._told(answer))
        except _NO_ANSWER as error:
            raise self._failed() from error

    def _answer(self, suffix: str, raw: bytes, language: str = "") -> bytes:
        process = self._running()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _stop, (process, late))
        timer.daemon = True
        timer.start()
        try:
            answer = _exchanged(process, suffix, raw, language)
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
                    # What it starts is ended with it.
                    start_new_session=True,
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
            _kill(process)
            process.wait()
        process.stdout.close()
        return process.returncode


def _exchanged(process: subprocess.Popen[bytes], suffix: str, raw: bytes, language: str) -> bytes | None:
    if process.stdin is None or process.stdout is None:
        return None
    try:
        send(process.stdin, suffix.encode("utf-8", "surrogateescape"))
        send(process.stdin, raw)
        send(process.stdin, language.encode("utf-8", "replace"))
        return receive(process.stdout)
    except OSError:
        return None


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and whatever it has started."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _environment() -> Mapping[str, str]:
    passed = {name: value for name in _PASSED_ON if (value := os.environ.get(name)) is not None}
    return {**passed, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}

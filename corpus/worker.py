"""The process that reads files: takes an ending and bytes, answers with content or a reason, until its input ends.

Asked to open a file that holds others, it gives those one at a time; asked for a page of a PDF, the picture of it.
Before each page that has to be recognised it says so and waits to be asked again, so that the time is bounded for each.

It may take no more memory and processor time than it was told and write no file. A fault that is no reason for a user
ends it; `corpus.apart` then says so and starts another.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import IO

from corpus.errors import UserError
from corpus.formats import Steps, steps
from corpus.members import Member, members
from corpus.wire import (
    ENOUGH,
    GO_ON,
    NEXT,
    OPEN,
    PAGE,
    receive,
    send,
    told,
    told_member,
    told_picture,
    told_waiting,
    wanted_page,
)


def main(seconds: float, memory: int) -> None:
    """Answers what comes on standard input; ``seconds`` of processor time for each file, ``memory`` in bytes."""
    # What a library prints must not stand between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _bound_memory(memory)
    reader = _Reader()
    while _answered(reader, sys.stdin.buffer, answers, seconds):
        pass


class _Reader:
    """Does what a message asks; holds the file that was opened last, and the one that is being read."""

    def __init__(self) -> None:
        self._opened: Iterator[Member] = iter(())
        self._reading: Steps | None = None

    def answer(self, asked: str, raw: bytes, language: str) -> bytes:
        if asked == NEXT:
            return told_member(next(self._opened, None))
        if asked.startswith(OPEN):
            self._opened = members(asked.removeprefix(OPEN), raw)
            return b"{}"
        if asked in (GO_ON, ENOUGH):
            return self._step(asked == ENOUGH)
        if asked.startswith(PAGE):
            from corpus.pages import drawn

            return told_picture(drawn(raw, wanted_page(asked)))
        self._reading = steps(asked, raw, language)
        return self._step(None)

    def _step(self, enough: bool | None) -> bytes:
        if self._reading is None:
            raise UserError("is not being read")
        try:
            return told_waiting(self._reading.send(enough))
        except StopIteration as end:
            self._reading = None
            return told(end.value)


def _answered(reader: _Reader, questions: IO[bytes], answers: IO[bytes], seconds: float) -> bool:
    asked = receive(questions)
    raw = receive(questions)
    language = receive(questions)
    if asked is None or raw is None or language is None:
        return False
    _bound_time(seconds)
    try:
        answer = reader.answer(asked.decode("utf-8", "surrogateescape"), raw, language.decode("utf-8", "replace"))
    except UserError as error:
        answer = json.dumps({"refused": str(error)}).encode("ascii")
    send(answers, answer)
    return True


def _bound_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (most, hard))
        except (ValueError, OSError):
            continue  # This system does not bound it.


def _bound_time(seconds: float) -> None:
    """Ends this process even where the one that asked is gone and measures no time any more."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = int(used.ru_utime + used.ru_stime + seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))

"""Asking the cases one after another, with progress, and going on after a case that fails."""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from tqdm import tqdm

from assistant.evaluate.journal import Journal
from assistant.models.language_model import ModelUnavailableError, forget
from assistant.models.usage import Meter, Tokens
from assistant.notices import stood_in
from assistant.records import Answer, History
from corpus.errors import UserError

FAILURES_IN_A_ROW = 5


class UnreachableError(UserError):
    """Whoever was asked cannot be reached, or answers nobody now."""


Entry = dict[str, Any]


class Named(Protocol):
    """Whatever is asked: a case, a claim, a query."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=Named)


class Asked(Protocol):
    """Whatever answers questions; the assistant is one."""

    def ask(self, question: str, history: History = ()) -> Answer: ...


@runtime_checkable
class Checking(Protocol):
    """Whatever checks the sentences of those answers that come with passages."""

    @property
    def checks_sentences(self) -> bool: ...


def entry_of(answer: Answer, tokens: Tokens | None = None) -> Entry:
    """What the journal keeps of an answer: the contract's JSON, and what stands beside it.

    Raises ``UnreachableError`` for an answer that somebody else wrote in the place of the language model: readers are
    served so, but its figures would be called the model's.
    """
    if stood_in(answer):
        raise UnreachableError("the language model did not answer; a warning in the log says why")
    entry: Entry = {"answer": answer.to_json(), "answerable": answer.answerable}
    return entry if tokens is None else {**entry, "tokens": {"read": tokens.read, "written": tokens.written}}


def asked_and_counted(asked: Asked, question: str, history: History, alone: bool) -> tuple[Answer, Tokens | None]:
    """The answer, and the tokens that the model reported meanwhile; None where it reports none.

    ``alone`` says that nothing else is asked at the same time, for otherwise nobody knows whose tokens they are.
    """
    meter: Meter | None = getattr(asked, "usage", None) if alone else None
    before = meter.total if meter else Tokens()
    # A case is answered alike whatever was asked before it: a run that was stopped and went on gives the same.
    forget(asked if alone else None)
    answer = asked.ask(question, history)
    spent = meter.total - before if meter else Tokens()
    return answer, spent if meter and meter.total.reports else None


def ask_all(
    cases: Sequence[Item],
    produce: Callable[[Item], Entry],
    journal: Journal,
    label: str = "Questions",
    workers: int = 1,
) -> None:
    """Produces and journals an entry for each case that the journal does not have yet.

    A case that raises is reported on stderr, journalled with its error, and the rest go on, whatever their order.
    Raises ``UserError`` only when several from all over the rest fail one after another because somebody else cannot
    be reached, and one that was answered before is not answered again: then the fault is not theirs. Those that failed
    at an earlier start come last and stop nothing. ``workers`` cases are asked at a time, which helps only where the
    answers come from another machine.
    """
    waiting = [case for case in cases if case.id not in journal.done]
    again = {case.id for case in waiting if case.id in journal.failed}
    queue = _Queue([case for case in waiting if case.id not in again], [case for case in waiting if case.id in again])
    answered = next((case for case in cases if case.id in journal.done), None)
    # Those that are under way when the first fails say nothing more.
    most = FAILURES_IN_A_ROW + max(1, workers) - 1
    with _bar(label, len(cases), len(cases) - len(waiting)) as bar:
        for case, entry, unreachable in _produced(queue, produce, max(1, workers)):
            journal.add({"id": case.id, **entry})
            bar.update()
            if "error" not in entry:
                answered, queue.failures = case, 0
                continue
            bar.write(f"{getattr(case, 'where', '') or case.id}: failed: {entry['error']}", file=sys.stderr)
            if case.id in again:
                continue
            queue.failures = queue.failures + 1 if unreachable else 0
            if queue.failures == most:
                if answered is not None and "error" not in _tried(produce, answered)[0]:
                    queue.failures = 0
                    continue
                raise UserError(
                    f"{queue.failures} cases in a row failed, the last with: {entry['error']}; mend that and start "
                    "again, the run goes on where it was"
                )


class _Queue(Generic[Item]):
    """The cases that wait, and ``failures``: how many were asked in vain one after another.

    Neighbours are often alike, and what is too much for one is so for the next. After a failure the next case is taken
    from further on, so that those in a row that fail are from all over and say something of who is asked.
    """

    def __init__(self, first: Sequence[Item], last: Sequence[Item]) -> None:
        self.failures = 0
        self._first, self._last = list(first), deque(last)

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        if self._first:
            return self._first.pop(len(self._first) * min(self.failures, FAILURES_IN_A_ROW - 1) // FAILURES_IN_A_ROW)
        if self._last:
            return self._last.popleft()
        raise StopIteration


def _produced(
    cases: Iterator[Item], produce: Callable[[Item], Entry], workers: int
) -> Iterator[tuple[Item, Entry, bool]]:
    if workers == 1:
        for case in cases:
            yield case, *_tried(produce, case)
        return
    pool = ThreadPoolExecutor(workers)
    running: dict[Future[tuple[Entry, bool]], Item] = {
        pool.submit(_tried, produce, c): c for c in islice(cases, workers)
    }
    try:
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), *future.result()
                running |= {pool.submit(_tried, produce, c): c for c in islice(cases, 1)}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _tried(produce: Callable[[Item], Entry], case: Item) -> tuple[Entry, bool]:
    """What came of a case, and whether it failed because somebody else could not be reached."""
    # Any fault of one case must not cost the answers to the others; it is journalled, shown and counted.
    try:
        return produce(case), False
    except Exception as error:  # noqa: BLE001
        said = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        return {"error": (said.splitlines() or ["unknown"])[0][:500]}, _unreachable(error)


def _unreachable(error: BaseException) -> bool:
    if isinstance(error, OSError | ModelUnavailableError | UnreachableError):
        return True
    return error.__cause__ is not None and _unreachable(error.__cause__)


class _Lines:
    """A log file, in which a bar cannot move: each of its states is a line."""

    def write(self, text: str) -> None:
        if line := text.strip():
            print(line, file=sys.stderr)  # noqa: T201

    def flush(self) -> None:
        sys.stderr.flush()


@contextmanager
def _bar(label: str, total: int, done: int) -> Iterator["tqdm[Any]"]:
    # A log file gets a line every half minute, a terminal a moving bar.
    moving = sys.stderr.isatty()
    file: Any = sys.stderr if moving else _Lines()
    seconds = 0.2 if moving else 30.0
    bar: tqdm[Any] = tqdm(total=total, initial=done, desc=label, file=file, mininterval=seconds, unit="case")
    try:
        yield bar
    finally:
        bar.close()

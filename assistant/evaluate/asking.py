"""Asking the cases one after another, with progress, and going on after a case that fails."""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, TypeVar, runtime_checkable

from tqdm import tqdm

from assistant.evaluate.journal import Journal
from assistant.models.language_model import ModelUnavailableError
from assistant.models.usage import Meter, Tokens
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
    """What the journal keeps of an answer: the contract's JSON, and what stands beside it."""
    entry: Entry = {"answer": answer.to_json(), "answerable": answer.answerable, "notice": answer.notice}
    return entry if tokens is None else {**entry, "tokens": {"read": tokens.read, "written": tokens.written}}


def asked_and_counted(asked: Asked, question: str, history: History, alone: bool) -> tuple[Answer, Tokens | None]:
    """The answer, and the tokens that the model reported meanwhile; None where it reports none.

    ``alone`` says that nothing else is asked at the same time, for otherwise nobody knows whose tokens they are.
    """
    meter: Meter | None = getattr(asked, "usage", None) if alone else None
    before = meter.total if meter else Tokens()
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

    A case that raises is reported on stderr, journalled with its error, and the rest go on. Raises ``UserError`` when
    several fail one after another because somebody else cannot be reached, or when nothing has succeeded yet: then the
    fault is not theirs. Those that failed at an earlier start come last, so that they do not stop the others again.
    ``workers`` cases are asked at a time, which helps only where the answers come from another machine.
    """
    waiting = [case for case in cases if case.id not in journal.done]
    waiting.sort(key=lambda case: case.id in journal.failed)
    succeeded = len(waiting) < len(cases)
    failures = 0
    with _bar(label, len(cases), len(cases) - len(waiting)) as bar:
        for case, entry, unreachable in _produced(waiting, produce, max(1, workers)):
            journal.add({"id": case.id, **entry})
            bar.update()
            if "error" not in entry:
                succeeded = True
                failures = 0
                continue
            bar.write(f"{getattr(case, 'where', '') or case.id}: failed: {entry['error']}", file=sys.stderr)
            failures = failures + 1 if unreachable or not succeeded else 0
            if failures == FAILURES_IN_A_ROW:
                raise UserError(
                    f"{failures} cases in a row failed, the last with: {entry['error']}; mend that and start again, "
                    "the run goes on where it was"
                )


def _produced(
    cases: Sequence[Item], produce: Callable[[Item], Entry], workers: int
) -> Iterator[tuple[Item, Entry, bool]]:
    if workers == 1:
        for case in cases:
            yield case, *_tried(produce, case)
        return
    pool = ThreadPoolExecutor(workers)
    waiting = iter(cases)
    running: dict[Future[tuple[Entry, bool]], Item] = {
        pool.submit(_tried, produce, c): c for c in islice(waiting, workers)
    }
    try:
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                case = running.pop(future)
                running |= {pool.submit(_tried, produce, c): c for c in islice(waiting, 1)}
                yield case, *future.result()
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


@contextmanager
def _bar(label: str, total: int, done: int) -> Iterator["tqdm[Any]"]:
    # A log file gets a line every half minute, a terminal a moving bar.
    seconds = 0.2 if sys.stderr.isatty() else 30.0
    bar: tqdm[Any] = tqdm(total=total, initial=done, desc=label, file=sys.stderr, mininterval=seconds, unit="case")
    try:
        yield bar
    finally:
        bar.close()

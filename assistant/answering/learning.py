"""What is learnt of a guidance so that no question waits for it: the vectors of statements, and what they mean."""

import logging
from collections.abc import Callable, Iterator, Sequence

from assistant.advising import Adviser
from assistant.cancelling import never
from assistant.contents.finder import StatementFinder
from assistant.contents.statements import split_statements
from assistant.records import Event, Stage
from corpus import Passage
from corpus.errors import UserError
from index.progress import Progress

log = logging.getLogger(__name__)

_AT_ONCE = 8
_MOST = 3_500
"""Statements whose vectors are made before anybody asks; of a larger index they are made when they are first needed."""


class Learning:
    """Learns of ``passages`` for a ``finder``, and for an ``adviser`` if there is one."""

    def __init__(self, passages: Sequence[Passage], finder: StatementFinder, adviser: Adviser | None) -> None:
        self._passages = passages
        self._finder = finder
        self._adviser = adviser
        self._meanings = finder.meanings

    def learn(self, ending: Callable[[], bool], progress: Progress) -> bool:
        """Makes vectors, and has the model make out what statements mean, in small steps until ``ending``.

        Returns whether it has made out what all of them mean.
        """
        self._make_vectors(ending)
        if self._meanings:
            self._meanings.learn(ending, progress=progress, undisturbed=ending is never)
        if self._adviser:
            self._adviser.learn(ending)
        return self._meanings is not None and self._meanings.known

    @property
    def makes_out(self) -> bool:
        """Whether the language model can make out what statements mean."""
        return self._meanings is not None

    def ready_for(self, questions: int, progress: Progress) -> None:
        """Has the model make out what all statements mean, where that is worth it for so many questions."""
        if self._meanings is None:
            return
        pace = self._meanings.pace
        most = max(pace.at_once, pace.per_question * questions)
        self._meanings.learn(never, most, progress, undisturbed=True)

    def made_out(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Has the model make out what all statements mean, where they are few and that has not been done yet."""
        if self._meanings is None:
            return
        at_once = self._meanings.pace.at_once
        if missing := self._meanings.missing(at_once):
            yield Stage(f"Reading the guidance for the first time: {missing} statements")
        try:
            self._meanings.learn(cancelled, at_once)
        except UserError as error:
            log.warning("Answered without what statements mean: %s", error)

    def _make_vectors(self, ending: Callable[[], bool]) -> None:
        """Makes the vectors of all statements; none of very many."""
        statements: dict[str, str] = {}
        for passage in self._passages:
            statements |= {text: one.text for one in split_statements(passage) for text in self._finder.searched(one)}
            if len(statements) > _MOST:
                return
        texts = sorted(statements, key=len)
        for start in range(0, len(texts), _AT_ONCE):
            if ending():
                return
            some = texts[start : start + _AT_ONCE]
            self._finder.vectors.learn(some)
            self._finder.vectors.learn_pieces([statements[text] for text in some])

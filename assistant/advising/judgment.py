"""What the guidance says over all of its options: that none is right for everyone, and how to combine them."""

import re
from collections.abc import Collection

from assistant.advising import Adviser
from assistant.contents.finder import StatementFinder
from assistant.contents.statements import Statement, quoted
from assistant.evidence.retrieving import Retriever
from assistant.records import Sentence
from corpus import Passage

NO_ONE_ANSWER = "There is no single best choice that is right for everyone; it depends on the context."
"""What guidance commonly says against an absolute claim; searched for beside the claim itself."""
_COMBINED = "The options are best combined; it is not a matter of choosing one or the other."
_PLAIN = 0.62
"""From here on a statement does say it: the guidance with such a judgment had .63 and more, four others up to .6."""

_CONDITION = re.compile(
    r"\b(?:if|unless)\b|^\W*(?:where|when|without|with)\b"
    r"|\b(?:firms|companies|organi[sz]ations|businesses|groups|teams|bodies|units|departments|those)"
    r" (?:with|without|that|which|who|whose|under)\b",
    re.IGNORECASE,
)
"""What is said of some only is no judgment for all."""


class Judgment:
    """The overall judgment of an index, found once: by the reviewed rules where there are any, and by search.

    ``of_one`` are the ids of passages about one of the options, which judge no others.
    """

    def __init__(
        self, finder: StatementFinder, retriever: Retriever, adviser: Adviser | None, of_one: Collection[str] = ()
    ) -> None:
        self._finder = finder
        self._retriever = retriever
        self._adviser = adviser
        self._of_one = of_one
        self._found: dict[str, tuple[Sentence, ...]] = {}

    def sentences(self) -> tuple[Sentence, ...]:
        """At most two: how the options go together, then that none is right for all; empty where it says neither."""
        ruled = self._adviser.judgment() if self._adviser else ()
        found = (*(ruled or self._said(_COMBINED)[:1]), *self.against_one())
        return tuple({sentence.text: sentence for sentence in found}.values())[:2]

    def against_one(self) -> tuple[Sentence, ...]:
        """That no option is right for all, in at most two sentences; empty where the guidance does not say so."""
        return self._said(NO_ONE_ANSWER)

    def _over_all(self, wanted: str) -> list[Passage]:
        return [passage for passage in self._retriever.passages(wanted) if passage.id not in self._of_one]

    def _said(self, wanted: str) -> tuple[Sentence, ...]:
        if wanted not in self._found:
            best = self._finder.best((wanted,), self._over_all(wanted))[:2]
            self._found[wanted] = tuple(
                quoted(one) for one in best if one.score >= _PLAIN and not one.text.endswith("?") and self._for_all(one)
            )
        return self._found[wanted]

    def _for_all(self, statement: Statement) -> bool:
        """Whether a statement holds whatever the organization is like."""
        place = statement.passage.document, statement.start, statement.end
        return not _CONDITION.search(statement.text) and not (self._adviser and self._adviser.conditional(*place))

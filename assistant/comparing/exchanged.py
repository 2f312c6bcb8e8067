"""What a question claims of one option and the guidance says of another: "why did the board take option C?", of B."""

import re

from assistant.contents.finder import StatementFinder
from assistant.contents.options import Group, Option
from assistant.contents.statements import Statement
from assistant.conversation.standing_alone import with_name
from assistant.evidence.retrieving import Retriever
from assistant.support import SupportCheck
from assistant.words import content_set, coverage

_READ, _OF_ITS_OWN = 6, 2
"""How many statements nearest to a claim are looked at, and how many of those about its own option must not say so."""
_SHARED = 1 / 3
"""The least share of a claim's words that a statement has which is read."""
_SAID, _NOT_SAID = 0.55, 0.35
"""The support that a statement gives at least to the claim about the other option, and at most to the claim itself."""


class Exchanges:
    """Puts the name of each other option in the place of the one that a claim is about, and checks both."""

    def __init__(self, finder: StatementFinder, support: SupportCheck, retriever: Retriever) -> None:
        self._finder = finder
        self._support = support
        self._retriever = retriever

    def said_of_another(self, claim: str, general: str, option: Option, group: Group) -> Statement | None:
        """The statement that says of another option of the ``group`` what is claimed of ``option``.

        ``general`` is the claim without the option's name. None without such a statement, and where the guidance says
        so of the option itself.
        """
        nearest = self._finder.best((claim, general), self._retriever.passages_of_all([general]))[:_READ]
        claimed = content_set(general)
        for one in nearest:
            others = [other for other in group.options if other != option and _speaks_of(other, one)]
            if _speaks_of(option, one) or len(others) != 1 or coverage(claimed, content_set(one.text)) < _SHARED:
                continue
            of_other = _renamed(claim, option, others[0])
            if self._states(one, of_other) >= _SAID and self._states(one, claim) <= _NOT_SAID:
                own = [other for other in nearest if _speaks_of(option, other)][:_OF_ITS_OWN]
                return one if all(self._states(other, claim) < _SAID for other in own) else None
        return None

    def _states(self, statement: Statement, claim: str) -> float:
        return self._support.judge_claim(claim, [statement.with_headings], always=True).score


def _speaks_of(option: Option, statement: Statement) -> bool:
    return option.named_in(statement.text) or option.node.holds(statement.passage)


def _renamed(claim: str, option: Option, other: Option) -> str:
    """A claim about one option as it would be about another."""
    if option.node.labelled_in(claim):
        named = other.node.tag or other.name
        return re.sub(rf"\b{re.escape(option.node.tag)}\b", named, claim, flags=re.IGNORECASE)
    return with_name(claim, option.own, other.own, other.name)

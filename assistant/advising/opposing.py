"""Organizations that a question sets against each other, and what the guidance says to each."""

import re
from collections.abc import Callable, Iterator, Mapping

from assistant.advising.reading import Reading, known
from assistant.advising.rules import FactorRule, Rules, Value
from assistant.questions.kinds import kind

_PIECES = re.compile(
    r"[.,;:!?()]+|\s[–—-]+\s|\b(?:and|or|versus|vs|than|as|but|while|whereas|between|from|mine|theirs|the other)\b",
    re.IGNORECASE,
)
_MOST_PIECES = 12
_LEADS = re.compile(
    r"^(?:(?:how|why|what|which|whether|should|do|does|did|is|are|can|would|will|so|and|but)\s+)+(?=\w)", re.IGNORECASE
)
"""What a piece of a question may begin with that is no part of a description."""
_PAIRED = re.compile(
    r"\b(?:differ\w*|same|both|each|versus|vs|compar\w+|than|between|whereas|while|unlike|respectively|two of us"
    r"|(?:what|which)(?: \w+){0,3} (?:suits?|fits?|for|goes with|belongs to) (?:which|what|whom|who)|the other)\b",
    re.IGNORECASE,
)
"""How a question sets organizations against each other."""
_COUNTERPARTS = re.compile(
    r"(?P<one>[^.,;:!?]{3,60}?)\s+(?:versus|vs\.?|as opposed to|compared (?:to|with)|unlike)\s+"
    r"(?P<other>[^.,;:!?]{3,60})"
    r"|\bone\b(?P<first>[^.;:!?]{3,80}?),? (?:and |but |while |whereas )?the other\b(?P<second>[^.;:!?]{3,80})",
    re.IGNORECASE,
)
"""Two that are set against each other in a few words each: "newcomer versus old hand", "one ..., the other ..."."""
_SEVERAL = 2


class Opposing:
    """Hears which values of a factor a text sets against each other.

    ``read`` gives what a text says of the factors, ``called`` the options that it speaks of.
    """

    def __init__(
        self,
        rules: Rules,
        read: Callable[[str], Mapping[str, Reading]],
        called: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._rules = rules
        self._read = read
        self._called = called

    def opposed(self, text: str) -> Iterator[tuple[FactorRule, Value]]:
        """The values that point to an option, with their factor, where a text says several of that factor."""
        if not _PAIRED.search(text) or not (kind(text) == "compare" or self._read(text)):
            return
        said: dict[str, dict[str, None]] = {}
        for piece in _PIECES.split(text)[:_MOST_PIECES]:
            for name, value in self._said_in(piece).items():
                said.setdefault(name, {})[value] = None
        if not any(len(values) >= _SEVERAL for values in said.values()):
            for name, value in self._opposites(text):
                said.setdefault(name, {})[value] = None
        for factor in self._rules.factors:
            values = [factor.value(name) for name in said.get(factor.name, ())]
            if len(values) >= _SEVERAL:
                yield from ((factor, value) for value in values if value.points_to)

    def _said_in(self, piece: str) -> dict[str, str]:
        """The values that a piece of a question says, by factor."""
        return known(self._read(_LEADS.sub("", piece.strip())))

    def _opposites(self, text: str) -> Iterator[tuple[str, str]]:
        """Both values of a factor of which one of two counterparts says one, and the other nothing that is heard."""
        match = _COUNTERPARTS.search(text)
        if match is None:
            return
        pair = (match["one"] or match["first"], match["other"] or match["second"])
        if any(map(self._called, pair)):
            return
        one, other = map(self._said_in, pair)
        if bool(one) == bool(other):
            return
        for factor in self._rules.factors:
            if factor.name in (one or other) and len(factor.values) == _SEVERAL:
                yield from ((factor.name, value.name) for value in factor.values)

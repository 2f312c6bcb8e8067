"""Rules for advice that nobody has written down: what a guidance itself says of who does well with which option.

A guidance that sets known options side by side ("Top-down", "Bottom-up") and says which suits a kind of organization
("Highly regulated industries may require centralized governance") has said what a rule would say. The circumstances,
and in how many ways people describe them, are those of the rules that ship; options are known by name or by what those
rules call them too. A sentence counts where it holds one option and words that say it suits, and denies nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.advising import Rules, shipped_wording
from assistant.advising.cues import Cue, compile_cues, names_of, spelled
from assistant.advising.described import Clause, describe
from assistant.advising.rules import Combining, FactorRule, Option, Quote, Sayings, Value
from assistant.advising.scope import denies
from assistant.balancing import balance
from assistant.options import OPTION_NOUNS, Group
from assistant.options import Option as Side
from assistant.outline import Outline
from assistant.statements import Statement, split_statements
from assistant.words import content_set, stem, words

_FEWEST_FACTORS = 2
"""Of how many factors a guidance has to speak."""
_FEWEST_OPTIONS = 2
_MOST_DRAWBACKS, _DRAWBACKS_LENGTH = 3, 500
_LONGEST = 400
"""Characters of a sentence that may be a rule."""
_SUITS = re.compile(
    r"\b(?:benefit|suit|suits|suited|suitable|fit|fits|fitting|appropriate|require|requires|need|needs|support|supports"
    r"|enable|enables|allow|allows|gravitate|gravitates|lean|leans|tend|tends|thrive|thrives|favou?rs?|prefer|prefers"
    r"|call for|calls for|do (?:very |quite )?well|does (?:very |quite )?well|profits? from|works? (?:well|best)"
    r"|best|right|recommended|necessitate|necessitates"
    r"|possible|rely on|should|advisable|ideal|succeed|succeeds|flourish|flourishes|choose|better off)\b",
    re.IGNORECASE,
)
_DOES_NOT_SUIT = re.compile(
    r"\b(?:struggles?|avoid|unsuitable|unsuited|fails?|poor(?:ly)?|wrong|risky|rarely|seldom|hinders?|slows?|resist"
    r"|resists|worse|worst|suffers?|difficult|difficulty)\b",
    re.IGNORECASE,
)
_OR_ELSE = re.compile(r"[;:]|\b(?:while|whereas|but|although|though|on the other hand|by contrast)\b", re.IGNORECASE)
_COMBINES = re.compile(r"\b(?:combin|blend|mix|balanc|both\b|merg)", re.IGNORECASE)
_LABEL = re.compile(r"^[^:.]{1,60}: +")


def inferred_rules(outline: Outline) -> Rules | None:
    """The rules that the guidance of ``outline`` states; None where it sets no known options side by side.

    Also None where it speaks of fewer than two factors. A value that it lets point to two options points to none.
    """
    known = shipped_wording()
    for group in outline.groups:
        names = _names(known, group)
        if len(names) >= _FEWEST_OPTIONS:
            return _Inferring(known, group, names).rules(outline)
    return None


def _names(known: Rules, group: Group) -> dict[str, Side]:
    """The options of a group by the name of the known one that each is; none where two would be the same."""
    names: dict[str, Side] = {}
    for side in group.options:
        meant = [option for option in known.options if side.own <= content_set(option.name)]
        meant = meant or [option for option in known.options if _says(_called(option), side.name)]
        if len(meant) == 1:
            if meant[0].name in names:
                return {}
            names[meant[0].name] = side
    return names


def _called(option: Option) -> tuple[Cue, ...]:
    return compile_cues(option.called, {}, spelled)


def _says(cues: Sequence[Cue], text: str) -> bool:
    said = spelled(text)
    return any(True for cue in cues for _ in cue.find(said))


class _Inferring:
    """One guidance read by the circumstances of ``known`` rules."""

    def __init__(self, known: Rules, group: Group, names: Mapping[str, Side]) -> None:
        self._known = known
        self._group = group
        self._sides = names
        self._called = {option.name: _called(option) for option in known.options if option.name in names}
        self._words = names_of(known.same)
        self._cues = {
            (factor.name, value.name): compile_cues(value.cues, self._words)
            for factor in known.factors
            for value in factor.values
        }

    def rules(self, outline: Outline) -> Rules | None:
        statements = [one for node in outline.nodes for passage in node.own for one in split_statements(passage)]
        said: defaultdict[tuple[str, str], list[tuple[str, Statement]]] = defaultdict(list)
        for statement in statements:
            for key, option in self._pointed(statement):
                said[key].append((option, statement))
        factors = tuple(factor for factor in (self._factor(one, said) for one in self._known.factors) if factor)
        if len(factors) < _FEWEST_FACTORS:
            return None
        options = tuple(self._option(one) for one in self._known.options if one.name in self._sides)
        sayings = self._known.sayings
        kept = {(factor.name, value.name) for factor in factors for value in factor.values}
        return Rules(
            self._known.path,
            options,
            factors,
            self._combining(statements),
            self._known.same,
            Sayings(
                {key: texts for key, texts in sayings.values.items() if key in kept},
                {self._name(name): texts for name, texts in sayings.options.items() if name in self._sides},
                sayings.nothing,
                sayings.no_option,
                sayings.asks,
                sayings.asks_else,
            ),
            inferred=True,
        )

    def _pointed(self, statement: Statement) -> Iterator[tuple[tuple[str, str], str]]:
        """The values that a sentence says an option suits, each with the known name of that option."""
        if len(statement.text) > _LONGEST:
            return
        text = _LABEL.sub("", statement.text)
        for piece in _OR_ELSE.split(text):
            options = self._options_in(piece)
            if len(options) != 1 or not _SUITS.search(piece) or _DOES_NOT_SUIT.search(piece):
                continue
            clauses = describe(piece, self._words)
            if any(denies(clause.said) for clause in clauses):
                continue
            values = [key for key, cues in self._cues.items() if _holds(cues, clauses)]
            factors = [factor for factor, _ in values]
            yield from ((key, options[0]) for key in values if factors.count(key[0]) == 1)

    def _options_in(self, text: str) -> list[str]:
        """The known names of the options that a text speaks of: by their own names, or else in other words."""
        named = {side.name for side in self._group.mentioned(text)}
        by_name = [known for known, side in self._sides.items() if side.name in named]
        return by_name or [name for name, cues in self._called.items() if _says(cues, text)]

    def _factor(
        self, known: FactorRule, said: Mapping[tuple[str, str], Sequence[tuple[str, Statement]]]
    ) -> FactorRule | None:
        values = tuple(self._value(value, said.get((known.name, value.name), ())) for value in known.values)
        return replace(known, values=values) if any(value.points_to for value in values) else None

    def _value(self, known: Value, said: Sequence[tuple[str, Statement]]) -> Value:
        options = {option for option, _ in said}
        if len(options) != 1:
            return replace(known, points_to="", quotes=())
        return replace(known, points_to=self._name(options.pop()), quotes=(_quote(said[0][1]),))

    def _option(self, known: Option) -> Option:
        side = self._sides[known.name]
        both = balance(side.node)
        drawbacks = both.drawbacks if both else ()
        brief = len(drawbacks) <= _MOST_DRAWBACKS and sum(len(one.text) for one in drawbacks) <= _DRAWBACKS_LENGTH
        return Option(self._name(known.name), tuple(map(_quote, drawbacks)) if brief else (), known.called)

    def _name(self, known: str) -> str:
        """How an option is called in a sentence: as the guidance calls it, after "the" where that is "... approach"."""
        name = self._sides[known].name
        one = any(stem(word) in OPTION_NOUNS for word in words(name) if not word.endswith("s"))
        name = name[:1].lower() + name[1:] if name[1:2].islower() else name
        return f"the {name}" if one else name

    def _combining(self, statements: Sequence[Statement]) -> Combining | None:
        """What the guidance says of combining the other options, where one of the options is to do that."""
        of_two = self._known.combining.option if self._known.combining else ""
        if of_two not in self._sides:
            return None
        others = set(self._sides) - {of_two}
        for statement in statements:
            named = {side.name for side in self._group.mentioned(statement.text)}
            both = others <= {known for known, side in self._sides.items() if side.name in named}
            if both and len(statement.text) <= _LONGEST and _COMBINES.search(statement.text):
                return Combining(self._name(of_two), (_quote(statement),))
        return None


def _holds(cues: Sequence[Cue], clauses: Sequence[Clause]) -> bool:
    return any(True for clause in clauses for cue in cues for _ in cue.find(clause.stems))


def _quote(statement: Statement) -> Quote:
    return Quote(statement.passage.document, statement.text, statement.start)

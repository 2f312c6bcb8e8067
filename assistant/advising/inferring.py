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

from assistant.advising import Rules, load_rules, shipped_wording
from assistant.advising.cues import Cue, compile_cues, names_of, spelled, stands
from assistant.advising.described import describe
from assistant.advising.rules import Combining, FactorRule, Option, Quote, Value
from assistant.advising.scope import denies
from assistant.contents.balancing import balance
from assistant.contents.options import OPTION_NOUNS, Group
from assistant.contents.options import Option as Side
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, split_statements
from assistant.words import content_set, stem, words
from corpus import Document, Passage

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


def rules_of(documents: Sequence[Document], passages: Sequence[Passage]) -> tuple[Rules | None, Outline]:
    """The rules of a guidance, its owner's or those that it states itself, and its outline by their options."""
    rules = load_rules(documents)
    if rules is None:
        outline = Outline(passages)
        rules = inferred_rules(outline)
        if rules is None:
            return None, outline
    return rules, Outline(passages, [option.name for option in rules.options])


def inferred_rules(outline: Outline) -> Rules | None:
    """The rules that the guidance of ``outline`` states; None where it sets no known options side by side.

    Also None where it speaks of fewer than two factors. A value that it lets point to two options points to none.
    """
    if not outline.groups:
        return None
    known = shipped_wording()
    called = {option.name: compile_cues(option.called, {}, spelled) for option in known.options}
    for group in outline.groups:
        sides = _known(called, group)
        if len(sides) >= _FEWEST_OPTIONS:
            return _Inferring(known, called, group, sides).rules(outline)
    return None


def _known(called: Mapping[str, Sequence[Cue]], group: Group) -> dict[str, Side]:
    """The options of a group by the name of the known one that each is; none where two would be the same."""
    sides: dict[str, Side] = {}
    for side in group.options:
        meant = [name for name in called if side.own <= content_set(name)]
        meant = meant or [name for name, cues in called.items() if stands(cues, spelled(side.name))]
        if len(meant) == 1:
            if meant[0] in sides:
                return {}
            sides[meant[0]] = side
    return sides


class _Inferring:
    """One guidance read by the circumstances of ``known`` rules.

    ``sides`` are the options of its ``group`` by the names of known ones, and ``called`` what those are called too.
    """

    def __init__(
        self, known: Rules, called: Mapping[str, Sequence[Cue]], group: Group, sides: Mapping[str, Side]
    ) -> None:
        self._known = known
        self._group = group
        self._sides = sides
        self._called = {name: called[name] for name in called if name in sides}
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
        sayings = self._known.sayings
        kept = {(factor.name, value.name) for factor in factors for value in factor.values}
        return replace(
            self._known,
            options=tuple(self._option(one) for one in self._known.options if one.name in self._sides),
            factors=factors,
            combining=self._combining(statements),
            sayings=replace(
                sayings,
                values={key: texts for key, texts in sayings.values.items() if key in kept},
                options={self._name(name): texts for name, texts in sayings.options.items() if name in self._sides},
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
            values = [key for key, cues in self._cues.items() if any(stands(cues, one.stems) for one in clauses)]
            factors = [factor for factor, _ in values]
            yield from ((key, options[0]) for key in values if factors.count(key[0]) == 1)

    def _options_in(self, text: str) -> list[str]:
        """The known names of the options that a text speaks of: by their own names, or else in other words."""
        named = {side.name for side in self._group.mentioned(text)}
        by_name = [known for known, side in self._sides.items() if side.name in named]
        return by_name or [name for name, cues in self._called.items() if stands(cues, spelled(text))]

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


def _quote(statement: Statement) -> Quote:
    return Quote(statement.passage.document, statement.text, statement.start)

"""Which options a question means that it does not call by their names."""

import re
from collections.abc import Sequence

import numpy as np

from assistant.advising import Adviser
from assistant.advising.heard import pieces_of
from assistant.contents.balancing import proposes, takes_sides
from assistant.contents.finder import StatementFinder
from assistant.contents.options import NOUNS, Group, Option
from assistant.contents.outline import Outline
from assistant.contents.sides import SIDES, aspects
from assistant.contents.statements import split_statements
from assistant.questions.kinds import kind
from assistant.questions.operands import operands
from assistant.questions.premises import premise
from assistant.words import content_set

_LIKE, _CLEARLY = 0.45, 0.1
"""How like an option a question is, and how much more than the next, where it means it by other words."""
_READ_OF_OPTION = 40
_SEVERAL = 2
_IN_FULL = 4
"""So many words that carry a subject make a question of their own."""
BETWEEN = re.compile(
    r"\b(?:or|against|versus|vs|which of|^between|(?:rather|other) than|as opposed to|unlike|whereas)\b", re.IGNORECASE
)
"""How a question sets two options that it names side by side, without a word for comparing."""
WHETHER = re.compile(
    r"\b(?:whether|whichever|no matter (?:if|which|whether))\b[^.?!]*\bor\b"
    r"|\b(?:doesn['’]?t|does not|didn['’]?t|won['’]?t|wouldn['’]?t) matter (?:if|which|whether)\b"
    r"|\b(?:consequences?|effects?|impacts?|importance|thinking|thought) (?:of|about|on|from)"
    r" (?:choosing|picking|deciding (?:on|for|between)|opting for|going for) [^.?!]*\b(?:or|and)\b"
    r"|\b(?:have|need|got|forced|obliged|supposed|must) (?:to )?(?:\w+ )?"
    r"(?:choose|pick|decide|plump|opt|commit|settle|select|stick|take sides|come down)\b[^.?!,:]*\bor\b",
    re.IGNORECASE,
)
"""Who asks of the choice itself sets nothing against each other ("do boards think hard about whether A or B?")."""
_MIXED = re.compile(
    r"\b(?:the |an? )?(?:mix(?:ed|ture)?|blend(?:ed)?|combin(?:ed|ation)|middle (?:way|ground))"
    r"(?: (?:one|approach|model|option|variant|of both|of the two))?\b",
    re.IGNORECASE,
)
_THE_TWO = re.compile(
    rf"\b(?:the|these|those|both of the) two (?:[a-z-]+ )?(?:{NOUNS}|extremes)\b|\b(?:both|the) extremes\b",
    re.IGNORECASE,
)
"""Means those of three options that the third combines."""
_OF_EACH = re.compile(r"\b(?:each|both|either|all of them|every one)\b", re.IGNORECASE)
_ALL_OTHERS = re.compile(r"\b(?:others|other (?:approach|option|way|model)s?|the rest|alternatives?)\b", re.IGNORECASE)


class Naming:
    """Puts names of options into questions: those that an ``adviser`` knows them by, or else the nearest in meaning."""

    def __init__(self, outline: Outline, finder: StatementFinder, adviser: Adviser | None) -> None:
        self._outline = outline
        self._finder = finder
        self._adviser = adviser

    def named(self, question: str) -> str:
        """The question with the options that it calls by other words, in brackets.

        They are known by what the rules' owner says that they are also called. Without that, of a question that
        weighs options, by their likeness in meaning.
        """
        asked = kind(question)
        compares = asked == "compare" and bool(operands(question))
        weighs = compares or takes_sides(question) or (asked == "list" and bool(aspects(question) & SIDES))
        groups = self._outline.groups
        group = next(filter(self._outline.chosen_between, groups), groups[0] if groups else None)
        if group is None or self._outline.rivals(question):
            return self._with_others(question)
        if WHETHER.search(question) and asked == "direct":
            return question
        if pure := self._pure(question, group):
            return f"{question} ({', '.join(pure)})"
        own = question.partition(" (")[0]
        if self._adviser:
            weighs = weighs or proposes(question) or bool(premise(question))
            wanted = weighs or asked != "advise"
            names = (self._adviser.calling.called(own) or self._adviser.calling.called(question)) if wanted else ()
        else:
            chosen = self._outline.chosen_between(group)
            compared = operands(own)
            meant = weighs or (BETWEEN.search(own) and compared)
            by_words = _by_words(question, group) if chosen else ()
            names = by_words or (self._meant(question, compared, group) if chosen and meant else ())
            weighs = weighs or len(names) > 1
        between, all_others = BETWEEN.search(question), _ALL_OTHERS.search(question)
        if self._adviser and (asked == "compare" or between):
            if len(names) == 1 and not all_others:
                names = (*names, *self._adviser.calling.beside(question, names[0]))
            weighs = weighs or len(names) > 1
        if len(names) == 1 and between and not all_others:
            return question  # With one of two the search would find that one alone.
        return f"{question} ({', '.join(names)})" if names and (weighs or len(names) == 1) else question

    def _pure(self, question: str, group: Group) -> tuple[str, ...]:
        """The options that another one combines, where a question means "the two approaches" of the three."""
        own = question.partition(" (")[0]
        if self._adviser is None or not _THE_TWO.search(own) or len(group.options) != _SEVERAL + 1:
            return ()
        combining, names = self._adviser.calling.combining, self._adviser.calling.names
        pure = tuple(name for name in names if name != combining)
        return pure if len(pure) == _SEVERAL and combining not in self._adviser.calling.called(own) else ()

    def turns(self, question: str, alone: str) -> bool:
        """Whether a follow-up asks in full of another option than the question that it was put beside in brackets."""
        earlier = alone.removeprefix(question).strip(" ()") if alone.startswith(question) else ""
        if self._adviser is None or not earlier or len(content_set(question)) < _IN_FULL:
            return False
        now, before = (self._adviser.calling.called(text) for text in (question, earlier))
        return len(now) == 1 and len(before) == 1 and now != before

    def _with_others(self, question: str) -> str:
        """A question that compares what it names, with the options that it calls by other words."""
        named = self._outline.named(question)
        if self._adviser is None:
            return self._with_the_other(question, named)
        if not named or not (len(named) > 1 or _sets_against(question)):
            return question
        others = [name for name in self._adviser.calling.called(question) if not _is_one_of(name, named)]
        combining = self._adviser.calling.combining
        if combining not in others:
            return question if len(named) > 1 else _beside(question, others)
        return _MIXED.sub(combining, question, count=1) if _MIXED.search(question) else _beside(question, [combining])

    def _with_the_other(self, question: str, named: Sequence[Option]) -> str:
        """A question that names one option and asks for each, or sets it against the only other one there is."""
        group = self._outline.rivals(question)
        if group is None or len(named) != 1 or not self._outline.chosen_between(group):
            return question
        own = question.partition(" (")[0]
        if not (_OF_EACH.search(own) or (len(group.options) == _SEVERAL and _sets_against(own))):
            return question
        return _beside(question, [option.name for option in group.options if option not in named])

    def meant(self, question: str) -> str:
        """The question with the options in brackets that a language model hears it mean, where it names one or none."""
        own = question.partition(" (")[0]
        group = self._outline.rivals(question)
        named = group.mentioned(question) if group else ()
        if self._adviser is None or len(named) > 1 or self._outline.together(question) or not _sets_against(own):
            return question
        return _beside(question, [name for name in self._adviser.calling.meant(own) if not _is_one_of(name, named)])

    def _meant(self, question: str, compared: Sequence[str], group: Group) -> tuple[str, ...]:
        """The option that a question is like or, where things are ``compared`` in it, those that these are like."""
        if not compared:
            return self._alike(question, group)
        names = tuple(dict.fromkeys(name for one in compared for name in self._alike(one, group)))
        return names if len(names) > 1 else ()

    def _alike(self, question: str, group: Group) -> tuple[str, ...]:
        """The option whose words are clearly most like those of a question."""
        said = " ".join(word for word in question.split() if not aspects(word))
        likeness = []
        for option in group.options:
            texts = [one.text for passage in option.node.passages() for one in split_statements(passage)][
                :_READ_OF_OPTION
            ]
            rows = self._finder.vectors([said, f"{option.name}. {' '.join(texts[:2])}", *texts])
            near = np.sort(rows[2:] @ rows[0])[-2:]
            likeness.append(float(rows[1] @ rows[0]) + float(near.mean() if len(near) else 0.0))
        order = sorted(range(len(likeness)), key=lambda place: -likeness[place])
        clear = likeness[order[0]] >= _LIKE and likeness[order[0]] - likeness[order[1]] >= _CLEARLY
        return (group.options[order[0]].name,) if clear else ()


def _sets_against(question: str) -> bool:
    """Whether a question sets something against something else, and not against all others."""
    own = question.partition(" (")[0]
    # "Reasons against X" sets X against nothing.
    between = any(match.group().lower() != "against" for match in BETWEEN.finditer(own))
    sets = kind(own) == "direct" and between and not WHETHER.search(own)
    return (kind(own) == "compare" or sets) and not _ALL_OTHERS.search(own)


def _by_words(question: str, group: Group) -> tuple[str, ...]:
    """The options of which pieces of a question that sets some against each other, or asks of each, hold words.

    More than half of a piece's words are those of one option alone. Of two options one names both.
    """
    own = question.partition(" (")[0]
    of_each = _OF_EACH.search(own) is not None
    if not (of_each or _sets_against(own)):
        return ()
    found = []
    for option in group.options:
        others = frozenset().union(*(other.own for other in group.options if other is not option))
        said = (content_set(piece) for piece in pieces_of(own, 1))
        if any(2 * len(stems & (option.own - others)) > len(stems) for stems in said):
            found.append(option.name)
    if found and (of_each or len(group.options) == _SEVERAL):
        return group.names
    return tuple(found) if len(found) > 1 else ()


def _is_one_of(name: str, options: Sequence[Option]) -> bool:
    return any(option.own <= content_set(name) for option in options)


def _beside(question: str, names: Sequence[str]) -> str:
    return f"{question} ({', '.join(names)})" if names else question

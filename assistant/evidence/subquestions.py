"""A question in parts: each part made to stand alone, and the statements that answer it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from assistant.contents.balancing import side_of
from assistant.contents.defining import defining
from assistant.contents.finder import StatementFinder
from assistant.contents.listing import find_list, told_items
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, following
from assistant.conversation.standing_alone import points_back, stand_alone
from assistant.questions.asked import asked_for
from assistant.questions.kinds import kind
from assistant.questions.parting import asks_in_short, parts
from assistant.records import Turn
from assistant.words import content_set, content_words

EACH_PART = {"direct": 1, "advise": 1, "list": 2, "compare": 2}
"""How many statements a part is answered with, by the kind of question that it is."""
_NEAREST, _FURTHER = 3, 8
_TWICE = 0.2
"""How much less a statement counts for a second part."""
_FOLLOWING, _OF_FOLLOWING = 2, 0.3
"""How many statements after one are looked at for the next part, and how much more they count for standing there."""
_POINTS = re.compile(r"\b(?:it|its|they|them|their|this|these|that|those|he|she|such|there|both)\b", re.IGNORECASE)
_OPEN = 2
"""A part of so few words ("and how does the budget?") leaves open what is asked and takes the part before along."""


@dataclass(frozen=True, slots=True)
class SubQuestion:
    """A part as it was ``asked`` and as it stands alone (``text``), with the statements nearest to it, best first.

    ``further`` are the next of them, to be read where those do not answer. ``listed`` are all items of the list that
    answers a part asking for one; empty for other parts.
    ``defined`` says that the nearest are a definition, known by its heading.
    """

    asked: str
    text: str
    nearest: tuple[Statement, ...] = ()
    listed: tuple[Statement, ...] = ()
    defined: bool = False
    further: tuple[Statement, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the part is answered from."""
        return self.listed or self.nearest


_TELLS = 4
"""So many words beside a question tell something and are no name."""
_MOST_TOLD = 20
"""So many words that carry a subject, told before the parts, go beside each of them."""
_TELLS_NOTHING = re.compile(
    r"\(?(?:\d{1,2}|[a-z])\)?"
    r"|(?:i|we)(?:['’]ve| have|['’]d like to ask| want to ask)?(?: got)? (?:[\w-]+ ){0,3}questions?(?: for you)?"
    r"|(?:i['’]?m|i am|we['’]?re|we are) (?:quite |very |rather )?new (?:here|to (?:this|it|the (?:team|company|job)))",
    re.IGNORECASE,
)
"""Numbers the first question or says that some come."""
_OF_SOMEONE = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_SAME_ASKED = 3
"""A part that begins with so many words of the first one asks the same, of what was told before both."""


def asked_in_parts(question: str, standalone: str, names: Callable[[str], Sequence[str]]) -> tuple[SubQuestion, ...]:
    """The parts of a question; a later one that leans on the one before ("and what are its risks?") takes it along.

    ``standalone`` is the question as understood from the conversation: where it says the earlier question in brackets,
    every part that leans on it does. ``names`` gives what the guidance sets side by side, for the words of a question.
    """
    beside = standalone.removeprefix(question).strip(" ()") if standalone.startswith(question) else ""
    asked = question if beside else standalone
    tells = beside if "?" not in beside and beside[:1].isupper() and len(beside.split()) >= _TELLS else ""
    earlier = "" if tells else beside
    found: list[SubQuestion] = []
    # They rest on what was told before the first ("A supplier fails. Must they tell us, and what may we keep?").
    parted = parts(asked)
    before_first = asked[: max(0, asked.find(parted[0]))].strip()
    told = tells or (before_first.strip(" .!") if before_first.endswith((".", "!")) else "")
    told = "" if _TELLS_NOTHING.fullmatch(told) else told
    rests = points_back(parted[0]) or len(content_words(parted[0])) < _OPEN
    for part in parted:
        again = found and told and rests and part.split()[:_SAME_ASKED] == parted[0].split()[:_SAME_ASKED]
        full = (one for one in reversed(found) if not asks_in_short(one.asked))
        last = next(full, found[-1]) if found else None
        before = _flat(last, told) if last and not again else earlier or (told if rests else "")
        if last and len(content_words(part)) > _OPEN and not points_back(part):
            before = ""
        elif last and (whole := _with_verb(part, last.text)):
            found.append(SubQuestion(part, whole))
            continue
        elif last and told and not again and (len(content_words(part)) >= _OPEN or _of_same_person(part, last.asked)):
            before = f"{told}. {last.asked}"
        elif last and told and len(content_words(before)) < _OPEN and not asks_in_short(part):
            before = told
        text = stand_alone(part, (Turn("user", before),) if before else (), names(f"{before} {part}"))
        if told and not text.endswith(")") and len(content_words(told)) <= _MOST_TOLD:
            text = f"{text.rstrip()} ({told})"
        found.append(SubQuestion(part, text))
    return tuple(found)


def _of_same_person(part: str, before: str) -> bool:
    """Whether a part points at someone, and so does the part before ("can he keep it, and who informs him?")."""
    return _OF_SOMEONE.search(part) is not None and _OF_SOMEONE.search(before) is not None


def _flat(part: SubQuestion, told: str) -> str:
    """What a part says, after what it leans on and not around it: a judge does not read brackets within brackets."""
    text = part.text.removesuffix(f" ({told})")
    leans_on = text.removeprefix(f"{part.asked.rstrip()} (")
    return text if leans_on == text else f"{leans_on.removesuffix(')').rstrip(' ?.!')}. {part.asked}"


_ASKS_OF = re.compile(
    r"(?:and |but |so )*(?P<asks>(?:how|why|when|where|what|whom) (?:does|do|did|will|would|can|could|should)) "
    r"(?P<subject>(?:the |an? |our |their )?[\w-]+)(?P<rest>.*?)\W*$",
    re.IGNORECASE,
)


def _with_verb(part: str, before: str) -> str:
    """A part that leaves out all but its subject, with what the part before says: "... and how does the budget?"."""
    own, earlier = _ASKS_OF.match(part), _ASKS_OF.match(before.partition(" (")[0])
    if own is None or own["rest"].strip() or earlier is None or not earlier["rest"].strip():
        return ""
    return f"{own['asks'][:1].upper()}{own['asks'][1:]} {own['subject']}{earlier['rest']}?"


def in_parts(question: str, standalone: str, names: Callable[[str], Sequence[str]]) -> tuple[SubQuestion, ...]:
    """The parts that are answered one by one, two or more; empty for one question and a comparison."""
    if kind(question) == "compare":
        return ()
    asked = asked_in_parts(asked_for(question), standalone, names)
    return asked if len(asked) >= 2 else ()


def wordings(question: str, standalone: str) -> tuple[str, ...]:
    """A question as understood and, where a follow-up has a subject of its own, as it was asked."""
    plain = asked_for(question)
    return (standalone,) if standalone == plain or not content_set(plain) else (standalone, plain)


def with_statements(
    part: SubQuestion, evidence: Sequence[Statement], outline: Outline, finder: StatementFinder
) -> SubQuestion:
    """The part with statements: the items of a heading that says all it asks for, or the nearest in ``evidence``."""
    heading = find_list(part.text, outline, finder) if kind(part.asked) == "list" else None
    listed = tuple(told_items(heading.node, outline)) if heading and heading.exact and not heading.mixed else ()
    listed = (side_of(part.text, outline) if kind(part.asked) == "list" else ()) or listed
    definition = defining(part.text, outline)
    near = () if definition else finder.by_meaning(part.text, finder.nearest((part.text, part.asked), evidence))
    nearest, further = definition or tuple(near[:_NEAREST]), tuple(near[_NEAREST:_FURTHER])
    return SubQuestion(part.asked, part.text, nearest, listed, bool(definition), further)


def with_following(
    in_parts: Sequence[SubQuestion], evidence: Sequence[Statement], finder: StatementFinder
) -> tuple[SubQuestion, ...]:
    """The parts, each also with what stands in ``evidence`` right after what is nearest to the part before.

    Who asks of one matter in parts asks in the order in which it is told: "what ran over, and who pays for that?".
    """
    found = {one.key for one in evidence}
    with_more = list(in_parts[:1])
    for before, part in pairwise(in_parts):
        after = {one.key: one for first in before.nearest[:1] for one in following(first)[:_FOLLOWING]}
        new = [one for key, one in after.items() if key in found and all(key != other.key for other in part.nearest)]
        if after and not (part.listed or part.defined):
            scored = finder.by_meaning(part.text, finder.nearest((part.text, part.asked), [*part.nearest, *new]))
            added = {one.key for one in new}
            nearest = [*part.nearest, *(one for one in scored if one.key in added)]
            raised = (replace(one, score=one.score + _OF_FOLLOWING * (one.key in after)) for one in nearest)
            part = replace(part, nearest=tuple(sorted(raised, key=lambda one: -one.score)))
        with_more.append(part)
    return tuple(with_more)


def with_earlier(part: SubQuestion, before: SubQuestion) -> str:
    """A part as it is judged: with the part before in brackets where it points there ("what do they lack for it?")."""
    if part.text.endswith(")") or not _POINTS.search(part.text):
        return part.text
    return f"{part.text} ({before.text.partition(' (')[0].rstrip(' ?.')})"


def shared_out(in_parts: Sequence[SubQuestion]) -> tuple[SubQuestion, ...]:
    """The parts, of each of which the first statement is its own, as far as they have others nearly as near.

    Of all ways to give each part one of its nearest statements, the one whose scores are highest in sum is taken,
    where one that answers two parts counts less for the second.
    """
    choices = [part.nearest or (None,) for part in in_parts]

    def worth(given: tuple[Statement | None, ...]) -> float:
        keys = [one.key for one in given if one]
        return sum(one.score for one in given if one) - _TWICE * (len(keys) - len(set(keys)))

    given = max(product(*choices), key=worth)
    return tuple(
        replace(part, nearest=(first, *(one for one in part.nearest if one.key != first.key))) if first else part
        for part, first in zip(in_parts, given, strict=True)
    )


def unanswered(in_parts: Sequence[SubQuestion], said: Sequence[Statement]) -> list[SubQuestion]:
    """The parts for which nothing was said that is theirs rather than another part's, and those for lists."""
    return [part for part in in_parts if part.listed or not any(_theirs(part, one, in_parts) for one in said)]


def _theirs(part: SubQuestion, statement: Statement, in_parts: Sequence[SubQuestion]) -> bool:
    """Whether a statement is what is nearest to the part, or nearer to it than to any other part."""
    if part.nearest and part.nearest[0].key == statement.key:
        return True
    behind = [_behind(other, statement) for other in in_parts if other is not part]
    return _behind(part, statement) < min(behind, default=1.0)


def _behind(part: SubQuestion, statement: Statement) -> float:
    """How much less a statement scores for the part than what is nearest to it; 1 where it is not among the nearest."""
    scores = [one.score for one in part.nearest if one.key == statement.key]
    return max(one.score for one in part.nearest) - scores[0] if scores else 1.0

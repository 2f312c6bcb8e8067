"""Both sides of one option: what the guidance says for it and against it, by headings or by the words of its points.

A question that takes one side ("why is X best?", "convince me of X", "why is X a bad idea?") gets both, in the same words
however it is put.
"""

import re
from dataclasses import dataclass

from assistant.contents.enumerated import points
from assistant.contents.headings import Node
from assistant.contents.listing import announcing, items
from assistant.contents.outline import Outline
from assistant.contents.polarity import speaks_for, told_in_prose
from assistant.contents.sides import ADVANTAGES, DRAWBACKS, SIDES, aspects, sided
from assistant.contents.statements import Statement, split_statements
from assistant.questions.vague import EMPTY
from assistant.words import content_set, in_sentences

_MOST = 6
_IN_BRIEF = 3
_WHOLE = 3
"""So many words that carry a subject make a sentence that asks for itself; "do you agree?" asks of what was told."""
_TAKES_SIDES = re.compile(
    r"\b(?:best|worst|(?<!getting )(?<!get )(?<!makes )(?<!make )(?:better|worse)(?! (?:spent|used))|superior|inferior|ideal|perfect|(?<!goes )(?<!go )(?<!went )(?<!gone )(?<!going )wrong|(?<!, )right(?! (?:to|of)\b)|(?:is|be|feels|seems)(?: it)? right to|bad|terrible|(?<!what )(?<!how )good|great|stupid|smart|silly|dangerous|brilliant"
    r"|mistake|(?:way|road|path) (?:to go|forward)|waste|nonsense|fail(?:s|ed|ure)?|doomed|pointless|useless|obvious\w*|clearly|surely"
    r"|convince|persuade|argue|make (?:the|a) case|case (?:for|against)|sell me|in favou?r of|talk (?:me|us) (?:into|out of)"
    r"|prove|justify|(?:(?:do|don['’]t|would|can|could|will) (?:you|we|they)(?: \w+)?|i|we|all|you['’](?:d|ll)|you (?:will|surely)) agree|agree that|avoid|reject|insist|prefer\w*|always|never|no[- ]brainer|(?:beats?|trumps?|outshines?) (?:all|anything|every|the (?:rest|others?|lot))\w*|hands down(?=\W*$|[,.;])|(?:comes? |even )close to it|second to none|unbeatable|no contest|(?:the )?only (?:way|option|choice|sensible))\b"
    r"|\bwhy (?:should|must|would (?:any(?:one|body)|some(?:one|body)|we|i|one|you|any \w+)|don't|shouldn't|not|(?:do|does) (?:we|i|everyone|everybody|it) (?:have|need) to)\b|\b(?:should|must) (?:we|i|one|everyone|every \w+|all \w+) (?:not |never |always )?(?:go|use|choose|adopt|do|take|pick)\b",
    re.IGNORECASE,
)
_NO_DRAWBACKS = re.compile(
    r"\b(?:no|without|zero|free (?:of|from)|not have|n['’]t have)\b(?: \w+){0,2}? (?:drawbacks?|downsides?|disadvantages?|weakness(?:es)?|shortcomings?|pitfalls?"
    r"|catch|(?:problems?|risks?)(?= at all|\W*$|[,.;]))\b|\b(?:only|nothing but) (?:\w+ )?(?:advantages|benefits|upsides|strengths|pros)\b"
    r"|\bsolves? (?:everything|every|all)\b|\b(?:panacea|silver bullet|cure[- ]all)\b",
    re.IGNORECASE,
)
_NO_ADVANTAGES = re.compile(
    r"\b(?:only|nothing but) (?:\w+ )?(?:disadvantages|drawbacks|downsides|weaknesses|cons|trouble|problems)\b"
    r"|\b(?:no|without any|zero|not a single) (?:advantages?|benefits?|upsides?|merits?)\b",
    re.IGNORECASE,
)
_PROPOSES = re.compile(r"^(?:so |and |but |then |well,? )*(?:should|shouldn't|shouldn’t|ought)\b", re.IGNORECASE)
_SWAYS = re.compile(
    r"^(?:and |but |so )*(?:how|what)\b.*\b(?:persuade|convince|argue|justify|defend|sell|talk .+ (?:into|out of)|make (?:the|a|my|our) case)\b"
    r"|^(?:please |and |but |so )*(?:(?:can|could|would) you )?(?:give|tell)\b.*\b(?:reasons?|arguments?|points?|case)\b.*\b(?:for|against|why|not to|in favou?r)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:complete|full|whole) (?:list|set|range)\b", re.IGNORECASE)
"""Who asks for all that speaks for something wants the list and not to be won over."""
_ASKS = re.compile(
    r"^(?:(?:if|when|once|where|whenever|suppose|assuming)\b[^,?]*, )?(?:then |and |but |so )*(?:(?:for|under|in|with|to) )?(?:what|how|whom?|which|when|where|list|name|compare|describe|tell|give)\b(?! (?:makes?|made) .*(?:best|better|good|bad|great))"
    r"(?!.*\bwhy\b)",
    re.IGNORECASE,
)
_BEFORE_COLON = re.compile(r"^[^?]*: (?=(?:what|how|whom?|which|when|where|why)(?: \S+){3})", re.IGNORECASE)
"""What stands before the colon of a question describes what is asked about, and urges nothing."""
_CHOOSES_FOR_ALL = re.compile(
    r"\b(?:best|worst|superior|ideal|perfect|right|always|never|must|every|everyone|only (?:way|option|choice)|way to go)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is said for something and against it, each in order; ``brief`` the same in few statements.

    ``by_heading`` where headings say which is which, and not only the words of the points.
    """

    advantages: tuple[Statement, ...]
    drawbacks: tuple[Statement, ...]
    brief: tuple[Statement, ...]
    by_heading: bool = True


def side_of(question: str, outline: Outline) -> tuple[Statement, ...]:
    """The advantages or the drawbacks, or both, that a question asks for of the one option that it names.

    Empty where no heading says which are which, unless both are asked for and the words of the points tell.
    """
    asked = aspects(question) & SIDES
    named = outline.named(question)
    both = balance(named[0].node) if asked and len(named) == 1 else None
    if both is None or not (both.by_heading or asked == SIDES):
        return ()
    told = ((ADVANTAGES, both.advantages), (DRAWBACKS, both.drawbacks))
    under = sided(named[0].node.children)
    found = (
        (announcing(under[side], outline) if both.by_heading else [], said) for side, said in told if side in asked
    )
    return tuple(one for first, said in found for one in (*first, *said))


def takes_sides(question: str) -> bool:
    """Whether the words of a question praise, condemn or urge, rather than ask for something about what they name."""
    asking = [
        sentence for sentence in in_sentences(question) if "?" in sentence and len(content_set(sentence)) >= _WHOLE
    ]
    asked = _BEFORE_COLON.sub("", asking[-1] if asking else question)
    denies = denies_drawbacks(asked) or _NO_ADVANTAGES.search(asked) is not None
    takes = _TAKES_SIDES.search(asked) is not None or denies
    return takes and not _ASKS.match(asked)


def denies_drawbacks(claim: str) -> bool:
    """Whether a claim has something be without any drawbacks."""
    return _NO_DRAWBACKS.search(claim) is not None


def proposes(question: str) -> bool:
    """Whether a question asks whether something should be done."""
    return _PROPOSES.match(question) is not None


def sways(question: str) -> bool:
    """Whether a question asks for what wins others over to something, or turns them against it."""
    return _SWAYS.search(question) is not None and not _EVERY.search(question)


def without_sides(question: str) -> str:
    """What is left of a question without the words that take a side: what it is about."""
    rest = _TAKES_SIDES.sub(" ", question)
    return " ".join(word for word in rest.split() if content_set(word) - EMPTY)


def asked_besides(question: str, own: frozenset[str]) -> str:
    """What is left of a question without the words that take a side, a bracket, and those that name an option."""
    rest = _TAKES_SIDES.sub(" ", re.sub(r"\([^()]*\)\W*$", "", question))
    return " ".join(word for word in re.sub(r"(?<=\w)-(?=\w)", " ", rest).split() if not content_set(word) & own)


def chooses_for_all(claim: str) -> bool:
    """Whether a claim has one choice be the best or the only one."""
    return _CHOOSES_FOR_ALL.search(claim) is not None


def balance(node: Node) -> Balance | None:
    """Both sides of what a heading is about; None where the guidance does not give both or does not tell them apart."""
    told = sided(node.children)
    if len(told) == 2:
        (advantages, first), (drawbacks, second) = _said(told[ADVANTAGES]), _said(told[DRAWBACKS])
        return Balance(advantages, drawbacks, (*first, *second))
    parted = apart(node)
    if parted is None:
        return None
    return Balance(*parted, (*parted[0][:_IN_BRIEF], *parted[1][:_IN_BRIEF]), by_heading=False)


def apart(node: Node) -> tuple[tuple[Statement, ...], tuple[Statement, ...]] | None:
    """The points under a heading, those for it and those against it, by their words; None where some do not tell.

    Where a heading under it names a side, that one tells, and no words do. Of prose, what does not tell is left out.
    """
    if not node.children:
        advantages, drawbacks, _ = in_prose(node)
        return (tuple(advantages), tuple(drawbacks)) if advantages and drawbacks else None
    below = [(child, _own(child)) for child in node.children if not child.children]
    if len(below) < 2 or len(below) < len(node.children) or sided(node.children):
        return None
    sides: tuple[list[Statement], list[Statement]] = ([], [])
    for child, statements in below:
        value = speaks_for(" ".join(one.text for one in statements), child.heading) if statements else None
        if value is None:
            return None
        sides[0 if value else 1].append(statements[0])
    return (tuple(sides[0]), tuple(sides[1])) if all(sides) else None


def in_prose(node: Node) -> tuple[list[Statement], list[Statement], list[Statement]]:
    """What running text directly under a heading says for its subject, against it, and besides."""
    found: tuple[list[Statement], list[Statement], list[Statement]] = ([], [], [])
    for passage in node.own:
        statements = split_statements(passage)
        lines: dict[int, list[Statement]] = {}
        for statement in statements:
            lines.setdefault(passage.text.count("\n", 0, statement.start - passage.start), []).append(statement)
        for line in lines.values():
            for statement, value in zip(line, told_in_prose([one.text for one in line]), strict=True):
                found[2 if value is None else 0 if value else 1].append(statement)
    return found


def _said(node: Node) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    """All that a heading for one side lists, and the same in brief: its own words, where it has points below it."""
    own = _own(node)
    if not node.children:
        return tuple(points(node) or own[:_MOST]), tuple(own[:_IN_BRIEF])
    listed = tuple(items(node))
    return listed, tuple(own[:1]) or listed[:_IN_BRIEF]


def _own(node: Node) -> list[Statement]:
    return [statement for passage in node.own for statement in split_statements(passage)]

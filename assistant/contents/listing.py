"""Lists: a question for all of something the guidance has under one heading gets every item of it, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.contents.enumerated import points
from assistant.contents.finder import StatementFinder
from assistant.contents.headings import Node
from assistant.contents.options import OPTION_NOUNS
from assistant.contents.outline import Outline
from assistant.contents.sides import ASPECTS, PHRASES, SIDES, aspects, side_named
from assistant.contents.statements import Statement, adds, split_statements
from assistant.words import content_set, coverage

if TYPE_CHECKING:
    from assistant.contents.meanings import Meanings

_ITEMS = 12
_NEAREST_HEADINGS = 60
"""Of so many headings, those nearest in meaning, the points below them are compared too."""
_FEW = 100
"""Among more headings than these that list something, one may be like the question by chance."""
_ENCODED = 16
"""How many headings are compared by meaning: of more, those that share most words with the question."""
_CHARACTERS = 800
_ASKING = content_set(
    "list name enumerate all every main key important major different guidance document text say says described mentioned named number many there matter matters choose choosing consider considered look decide deciding"
    " give show tell remind one overview table summary glance bullet bullets short brief complete full whole please pure single"
)
_TASKS = re.compile(
    r"\b(?:jobs?|tasks?|duty|duties|responsibilit(?:y|ies)|roles?|functions?|contributions?|obligations?|plays?)\b",
    re.IGNORECASE,
)
"""Words for what somebody does, which a heading says by the verb ("What executive leadership does")."""
_DOES = re.compile(r"what\b.*\b(?:do|does)\b", re.IGNORECASE)
_TOLD = 8
_MARGIN = 0.04
_LIKE = 1.25
_LIKE_WITH_ASPECT = 0.55
_OF_POINTS, _OF_OPTION, _OF_TEXT = 0.5, 0.7, 0.1
"""How much the points and the option count beside a heading meant, and how much less one that lists nothing."""
_BESIDE_OPTIONS = 0.1
_MEANT, _MEANT_MORE = 0.45, 0.05
"""How near a heading must be that is meant, and how much nearer than others."""


def strays(question: str, statements: Sequence[Statement], vocabulary: frozenset[str]) -> bool:
    """Whether a question for a list asks for more than its items and the headings over them say: "security risks".

    That is where a word of it stands nowhere in the guidance, whose stems are ``vocabulary``, or where the word before
    that for the aspect does not stand in the list. A question that names what it means in brackets may call it anything.
    """
    if "(" in question:
        return False
    said = content_set(" ".join(f"{one.passage.title} {one.with_headings}" for one in statements))
    known = said | _ASKING | frozenset().union(*ASPECTS)
    words = [content_set(word) for word in re.sub("|".join(PHRASES), " ", question, flags=re.IGNORECASE).split()]
    before = frozenset().union(*(one for one, after in pairwise(words) if any(after & aspect for aspect in ASPECTS)))
    return bool((frozenset().union(*words) - known - vocabulary) | (before - known))


@dataclass(frozen=True, slots=True)
class Found:
    """A heading whose items are asked for; ``exact`` where its path says all that the question says.

    ``mixed`` where drawbacks or advantages are asked for and nothing says which of the items are which.
    """

    node: Node
    exact: bool
    mixed: bool = False


def find_list(question: str, outline: Outline, finder: StatementFinder) -> Found | None:
    """The heading whose items the question asks for; None where no heading is clearly meant.

    A heading is meant where its path says all that the question says, or by what a language model makes of it. Otherwise,
    where headings are few, they, what stands under them and how their document begins are compared with the question by
    vectors; a heading that names the aspect asked for, in whatever word for it, needs less likeness, and the best must
    stand out from the next.
    """
    wanted = content_set(question) - _ASKING
    if not wanted:
        return None
    nodes = _in_named(question, outline, finder)
    candidates = [node for node in nodes if node.path and _lists_items(node)]
    exact = [node for node in candidates if wanted <= content_set(" ".join((node.title, *node.path)))]
    own = [node for node in exact if wanted & content_set(node.heading)]
    if own:
        return Found(min(own, key=lambda node: (len(content_set(node.name) - wanted), len(node.path))), True)
    asked = aspects(question)
    sides = asked & SIDES
    option = _of_option(question, outline) if len(sides) == 1 else None
    if option is not None:
        return Found(option, True, mixed=True)
    found = _meant(question, outline, finder) or _alike(question, candidates, outline, finder)
    if found is None or (not sides and _is_option(found, outline)):
        return None
    over = _over(found, outline)
    return Found(found, False, mixed=bool(sides) and not any(node and sides & side_named(node) for node in over))


def _in_named(question: str, outline: Outline, finder: StatementFinder) -> Sequence[Node]:
    """The headings of the documents that a question names; all where it names none."""
    meant = finder.documents.meant(question)
    return [node for node in outline.nodes if meant(node.document)]


def _alike(question: str, candidates: Sequence[Node], outline: Outline, finder: StatementFinder) -> Node | None:
    """The heading of few that is like the question by vectors; None where none stands out or it is of another option."""
    if not 1 <= len(candidates) <= _FEW:
        return None
    wanted, asked = content_set(question) - _ASKING, aspects(question)
    named = [node for node in candidates if asked & aspects(node.heading)]
    nearest = sorted(named or candidates, key=lambda node: -_shared(wanted, node))[:_ENCODED]
    found = _most_alike(question, nearest, outline, finder, _LIKE_WITH_ASPECT if named else _LIKE)
    return None if found is None or _of_another(question, found, outline) else found


def told_of(question: str, outline: Outline) -> tuple[Statement, ...]:
    """All that stands under the heading that asks what somebody does, for the question for just that; else empty.

    The question asks the same ("what do the teams do?") or asks for tasks, duties or a role.
    """
    if not _TASKS.search(question) and not _DOES.match(question):
        return ()
    wanted = content_set(_TASKS.sub(" ", question.partition(" (")[0])) - _ASKING - OPTION_NOUNS
    for node in outline.nodes:
        if not node.path or node.children or not _DOES.match(node.name):
            continue
        own, over = content_set(node.name), content_set(" ".join((node.title, *node.path[:-1])))
        if wanted <= own | over and own <= wanted | over:
            statements = tuple(s for passage in node.own for s in split_statements(passage))
            return statements if len(statements) <= _TOLD else ()
    return ()


def _of_option(question: str, outline: Outline) -> Node | None:
    """The one option that a question names, where points stand under it and no heading there says of which side."""
    named = [option for option in outline.named(question) if not aspects(" ".join(option.own))]
    if len(named) != 1 or aspects(named[0].node.heading) & SIDES or not 2 <= len(named[0].node.children) <= _ITEMS:
        return None
    node = named[0].node
    if not node.path:
        return None  # The sections of a whole document are no points.
    below = (heading for child in node.children for heading in (child, *child.children))
    return None if any(side_named(heading) for heading in below) else node


def _is_option(node: Node, outline: Outline) -> bool:
    """Whether a heading is that of one of several options: what stands below it are points for and against it."""
    return any(node is option.node for option in outline.options)


def _of_another(question: str, node: Node, outline: Outline) -> bool:
    """Whether the question names an option and the heading stands under another one."""
    group = outline.rivals(question)
    if group is None:
        return False
    named = outline.named(question)
    under = group.mentioned(" ".join((node.title, *node.path)))
    return bool(under) and not any(option in named for option in under)


def _shared(wanted: frozenset[str], node: Node) -> float:
    """The share of the words asked for that a heading, those over it and those under it say."""
    return coverage(wanted, content_set(" ".join((*node.path, *(child.heading for child in node.children)))))


def _most_alike(
    question: str, nodes: Sequence[Node], outline: Outline, finder: StatementFinder, least: float
) -> Node | None:
    texts = [
        (
            ". ".join((node.title, *node.path, *(child.heading for child in node.children))),
            " ".join(passage.text for passage in node.passages())[:_CHARACTERS],
            _beginning(outline.roots[node.document]),
        )
        for node in nodes
    ]
    rows = finder.vectors([question, *(text for triple in texts for text in triple)])
    likeness = (rows[1:] @ rows[0]).reshape(len(nodes), 3).sum(axis=1)
    order = np.argsort(-likeness)
    best = float(likeness[order[0]])
    stands_out = len(nodes) == 1 or best - float(likeness[order[1]]) >= _MARGIN
    return nodes[int(order[0])] if stands_out and best >= least else None


def _meant(question: str, outline: Outline, finder: StatementFinder) -> Node | None:
    """The heading that is meant by what a language model makes of the question; None where none stands out.

    It is near itself, as are the points under it and, where it stands under one of several options, the nearest
    statement about that one.
    """
    meanings = finder.meanings
    if meanings is None or not meanings.known:
        return None
    sides = aspects(question) & SIDES
    nodes = [
        node
        for node in _in_named(question, outline, finder)
        if node.path and 2 <= len(items(node)) <= _ITEMS and not _of_another(question, node, outline)
    ]
    if sides:
        nodes = [node for node in nodes if any(over and sides & side_named(over) for over in _over(node, outline))]
    headings = meanings.nearness_of_headings(question, [node.heading for node in nodes])
    if headings is None or not nodes:
        return None
    nearest = np.argsort(-headings)[:_NEAREST_HEADINGS]
    nodes, headings = [nodes[place] for place in nearest], headings[nearest]
    near = [meanings.nearness(question, items(node)) for node in nodes]
    options = [option.node for option in outline.options]
    of_option = {id(node): _nearest_of(node, question, meanings) for node in options}
    elsewhere = max(of_option.values(), default=0.0) - _BESIDE_OPTIONS
    worth = []
    for node, heading, points_near in zip(nodes, headings.tolist(), near, strict=True):
        under = next((of_option[id(one)] for one in options if one.holds(node)), elsewhere)
        of_points = float(points_near.mean()) if points_near is not None else 0.0
        worth.append(heading + _OF_POINTS * of_points + _OF_OPTION * under - (0.0 if node.children else _OF_TEXT))
    order = sorted(range(len(nodes)), key=lambda place: -worth[place])
    best = nodes[order[0]]
    others = (worth[at] for at in order[1:] if not (best.holds(nodes[at]) or nodes[at].holds(best)))
    return best if worth[order[0]] >= _MEANT and worth[order[0]] - next(others, -1.0) >= _MEANT_MORE else None


def _nearest_of(node: Node, question: str, meanings: "Meanings") -> float:
    near = meanings.nearness(question, [one for passage in node.passages() for one in split_statements(passage)])
    return float(near.max()) if near is not None and len(near) else 0.0


def _over(node: Node, outline: Outline) -> list[Node | None]:
    """A heading and those over it."""
    return [outline.node(node.document, node.path[:depth]) for depth in range(1, len(node.path) + 1)]


def _beginning(root: Node) -> str:
    """How a document begins: what it is about, in its own words."""
    passages = root.passages()
    return f"{root.title}. {passages[0].text if passages else ''}"[:_CHARACTERS]


def items(node: Node) -> list[Statement]:
    """The first statement of each item under a heading, with the next one where that adds to it.

    Without headings below it, the points of the list there, or all of a short text.
    """
    if not node.children:
        told = [one for passage in node.own for one in split_statements(passage)]
        return points(node) or (told if len(told) <= _TOLD else [])
    found = []
    for child in node.children[:_ITEMS]:
        statements = [statement for passage in child.passages()[:2] for statement in split_statements(passage)]
        found.extend(statements[:1] + [one for one in statements[1:2] if adds(one)])
    return found


def told_items(node: Node, outline: Outline) -> list[Statement]:
    """The items under a heading after the sentence there that names them all, if there is one."""
    return [*announcing(node, outline), *items(node)]


def announcing(node: Node, outline: Outline) -> list[Statement]:
    """The sentence under a heading that names what stands under the headings below it; empty for none."""
    own = (one for passage in node.own for one in split_statements(passage))
    return [one for one in own if outline.announces(one)][:1] if node.children else []


def _lists_items(node: Node) -> bool:
    return 2 <= len(node.children) <= _ITEMS if node.children else bool(points(node))

"""Questions to suggest, each made from a heading and answered by what stands under it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate

from assistant.contents.headings import Node, unnumbered
from assistant.contents.outline import Outline, first_of
from assistant.contents.sides import SIDE_WORDS
from assistant.contents.statements import Statement, split_statements
from assistant.records import Place
from assistant.refusing import places
from assistant.words import content_set, words
from corpus import Passage

_ASKS = re.compile(
    r"(?:and |so |but )*(?:what does the guidance say (?:about|of|on)"
    r"|(?:please )?(?:elaborate|expand) on|(?:more|details) (?:about|on)"
    r"|(?:(?:can|could|would) you )?(?:please )?(?:say|tell (?:me|us)|explain) (?:a (?:bit|little) )?"
    r"(?:something |more )?about)"
    r" (?P<about>.+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,3}){0,5}[.)]?|[a-z][.)])\s+", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?P<subject>(?!(?:it|they|this|that|these|those|there|he|she|we|you|i|what|who|how|if|when|where|each|all|both)\b)"
    r"[\w'’-]+(?: [\w'’-]+){0,2}?)"
    r" (?:is|are|was|were|may|must|should|can|will|has|have|needs?|means?|costs?|takes?)\b",
    re.IGNORECASE,
)
_LABEL = 90
_STATEMENTS, _CHARACTERS = 12, 1_600
"""The most of a section that is told, and its characters beyond the first statement."""
_FOLLOW_UPS = 3
_FEWEST = 2
_SUBJECTS_OF = 20
"""Passages of which the first are looked through for what their statements are about."""


class Suggestions:
    """Suggests questions about what an ``outline`` has, and finds what they ask for."""

    def __init__(self, outline: Outline) -> None:
        self._nodes = {node.place: node for node in outline.nodes if node.passages()}
        self._headings = Counter(_normal(node.name) for node in self._nodes.values())
        self._asked: defaultdict[str, list[Node]] = defaultdict(list)
        self._subjects: defaultdict[str, list[Node]] = defaultdict(list)
        for node in self._nodes.values():
            for asked in dict.fromkeys((_normal(node.name), _normal(_labelled(node)))):
                self._asked[asked].append(node)
            subject, colon, _ = node.name.partition(": ")
            if colon:
                self._subjects[_normal(subject)].append(node)

    def question(self, place: Place) -> str:
        """The question that a section answers, in words made from its heading; empty where there is none.

        A heading that several sections have, or that only says "Advantages", has the one over it in front.
        """
        node = self._nodes.get(place)
        if node is None:
            return ""
        heading = node.name
        vague = len(node.path) > 1 and content_set(heading) <= SIDE_WORDS
        plain = self._headings[_normal(heading)] == 1 and not vague
        if plain and heading.endswith("?"):
            return heading
        label = heading if plain else _labelled(node)
        return asking_about(label) if len(self._asked[_normal(label)]) == 1 and len(label) <= _LABEL else ""

    def follow_ups(
        self, passages: Sequence[Passage], used: Iterable[Place], limit: int = _FOLLOW_UPS
    ) -> tuple[str, ...]:
        """Questions that sections near to a question answer, those already ``used`` left out.

        A section is used as well where all sections below it are: their drawbacks told, they are not offered again.
        Where there are not two such sections, what their statements are about is asked for.
        """
        taken = set(used)
        found = [self.question(place) for place in places(passages) if not self._told(place, taken)]
        if len(found) < _FEWEST:
            about = (_subject(one.text) for passage in passages[:_SUBJECTS_OF] for one in split_statements(passage))
            found += [asking_about(one) for one in about if one]
        return tuple(one for one in dict.fromkeys(found) if one)[:limit]

    def _told(self, place: Place, taken: set[Place]) -> bool:
        node = self._nodes.get(place)
        below = node.children if node else []
        return place in taken or (bool(below) and all(self._told(child.place, taken) for child in below))

    def section(self, question: str) -> tuple[Statement, ...]:
        """What stands under the heading that a question asks for by its exact words; empty where it asks for none.

        The words before its colon are enough for one who asks to be told about them ("Culture: open or not").

        Of a section with sections below it, the first statement of each follows its own.
        """
        asked = _ASKS.match(question.strip())
        about = _normal(asked["about"] if asked else question)
        nodes = self._asked.get(about, []) if asked or question.strip().endswith("?") else []
        nodes = nodes or (self._subjects.get(about, []) if asked else [])
        if len(nodes) == 1:
            own = [one for passage in nodes[0].own for one in split_statements(passage)]
            below = [one for child in nodes[0].children for one in first_of(child)]
            return _in_brief((*own, *below))
        if nodes or asked is None or not re.match(r"[“\"']", asked["about"]):
            return ()
        return self._about(about)

    def _about(self, subject: str) -> tuple[Statement, ...]:
        """The statements that begin with a subject."""
        passages = (passage for node in self._nodes.values() for passage in node.own)
        near = (passage for passage in passages if subject in _normal(passage.text))
        said = (one for passage in near for one in split_statements(passage))
        found = [one for one in said if _normal(_subject(one.text)) == subject]
        return _in_brief(found) if subject else ()


def _in_brief(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    ends = accumulate(len(one.text) for one in statements)
    short = [
        one for place, (one, end) in enumerate(zip(statements, ends, strict=True)) if not place or end <= _CHARACTERS
    ]
    return tuple(short[:_STATEMENTS])


def asking_about(label: str) -> str:
    """The question for what stands under a heading, or begins with a subject."""
    return f"What does the guidance say about “{label}”?"


def _labelled(node: Node) -> str:
    """A heading with the one over it, or with the title of its document."""
    over = unnumbered(node.path[-2]) if len(node.path) > 1 else node.title
    return f"{over}: {node.name}" if over and node.path else node.name


def _subject(text: str) -> str:
    """What a statement is about, where its first words plainly say it; empty otherwise."""
    found = _SUBJECT.match(text)
    return found["subject"] if found and content_set(found["subject"]) else ""


def _normal(text: str) -> str:
    """A heading as it is compared: without its number, its article and its marks."""
    said = words(_NUMBER.sub("", unnumbered(text.strip(" “”\"'?.!:"))))
    return " ".join(said[1:] if len(said) > 1 and said[0] in ("the", "a", "an") else said)

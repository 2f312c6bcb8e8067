"""Drafts from the headings and statements of documents, with the statements as evidence."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from assistant.contents.headings import Node
from assistant.contents.options import Group
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement, split_statements
from assistant.evaluate.drafting.draft import Draft, unique
from assistant.evaluate.drafting.misses import near_misses, off_topic
from assistant.evaluate.drafting.wording import (
    Vocabulary,
    aspect,
    heading_question,
    in_one,
    is_name,
    list_question,
    question_for,
)
from assistant.records import Turn
from assistant.words import content_words
from corpus import Document, Passage, split

ALTERNATIVE = "||"
_LONGEST_STATEMENT = 700
_FEWEST_WORDS = 3
_ALTERNATIVES = 40
_ITEMS = 12


def draft_cases(documents: Sequence[Document]) -> list[Draft]:
    """Every case that the rules propose, by kind, in the order of the documents.

    Those that are not ``worded`` need a language model (``rewording``); the others can be taken as they are.

    Evidence is verbatim: each string stands in its document's text. Questions that the guidance does not answer are
    proposed only where no passage on their subject holds a number, a date or a name of the kind they ask for.
    """
    passages = [passage for document in documents for passage in split(document)]
    outline = Outline(passages)
    vocabulary = Vocabulary.of([document.text for document in documents])
    direct = _direct(passages, vocabulary)
    return unique(
        [
            *_lists(outline, vocabulary),
            *direct,
            *_overviews(outline, vocabulary),
            *_comparisons(outline.groups, vocabulary),
            *_in_parts(direct),
            *_follow_ups(outline, vocabulary),
            *near_misses(passages, [s for p in passages for s in statements([p])], vocabulary),
            *off_topic(passages),
        ]
    )


def statements(passages: Iterable[Passage]) -> list[Statement]:
    """The statements that can serve as evidence: whole sentences of a length that a person can check."""
    return [
        statement
        for passage in passages
        for statement in split_statements(passage)
        if len(statement.text) <= _LONGEST_STATEMENT
        and len(content_words(statement.text)) >= _FEWEST_WORDS
        and not statement.text.rstrip().endswith((":", "?"))
        and ALTERNATIVE not in statement.text
    ]


def place(title: str, path: Sequence[str]) -> str:
    """Where a draft comes from, in one line."""
    return " > ".join((title, *path))


def _direct(passages: Sequence[Passage], vocabulary: Vocabulary) -> list[Draft]:
    """A question for each statement; where no rule makes one, the statement itself stands in its place."""
    drafts = []
    for statement in statements(passages):
        question = question_for(statement.text, vocabulary)
        where = place(statement.passage.title, statement.passage.path)
        drafts.append(
            Draft(
                question or statement.text,
                "direct",
                True,
                ((statement.text,),),
                note=f"from {where}",
                places=(where,),
                worded=bool(question),
            )
        )
    return drafts


def _overviews(outline: Outline, vocabulary: Vocabulary) -> list[Draft]:
    drafts = []
    for node in outline.nodes:
        found = _texts(node.own)
        if node.path and found:
            note = f"from {place(node.title, node.path)}; any one of these statements will do"
            drafts.append(Draft(heading_question(node.heading, vocabulary), "overview", True, (found,), note=note))
    return drafts


def _lists(outline: Outline, vocabulary: Vocabulary) -> list[Draft]:
    drafts = []
    for node in outline.nodes:
        items = [child for child in node.children if _texts(child.passages())]
        if node.path and 2 <= len(items) <= _ITEMS:
            groups = tuple(_texts(child.passages()) for child in items)
            note = f"from {place(node.title, node.path)}; a line for each of its {len(items)} sections"
            drafts.append(Draft(list_question(node.heading, vocabulary), "list", True, groups, note=note))
    return drafts


def _comparisons(groups: Sequence[Group], vocabulary: Vocabulary) -> list[Draft]:
    drafts = []
    for group in groups:
        nodes = [option.node for option in group.options if is_name(option.node.name)]
        sides = {vocabulary.lowered(node.name): _texts(node.passages()) for node in nodes}
        names = [name for name, texts in sides.items() if texts]
        note = f"from the sections {', '.join(names)}; a line for each side"
        if len(names) > 2:
            question = f"Compare {', '.join(names[:-1])} and {names[-1]}."
            drafts.append(Draft(question, "comparison", True, tuple(sides[name] for name in names), note=note))
        for one, other in pairwise(names):
            question = f"What is the difference between {one} and {other}?"
            drafts.append(Draft(question, "comparison", True, (sides[one], sides[other]), note=note))
    return drafts


def _in_parts(direct: Sequence[Draft]) -> list[Draft]:
    """Two questions in one, about sections that follow one another."""
    drafts = []
    for one, other in list(pairwise(direct))[::2]:
        if one.note != other.note:
            drafts.append(
                Draft(
                    in_one(one.question, other.question),
                    "multi-part",
                    True,
                    (*one.evidence, *other.evidence),
                    note=f"{one.note} and {other.note}",
                    places=(*one.places, *other.places),
                    worded=one.worded and other.worded,
                )
            )
    return drafts


def _follow_ups(outline: Outline, vocabulary: Vocabulary) -> list[Draft]:
    """A question about a section, and one that leaves out what both are about."""
    drafts = []
    for document in outline.roots.values():
        for parent in _with_children(document):
            for first, second in pairwise(parent.children):
                before, after = _texts(first.passages()), _texts(second.passages())
                rest = aspect(second.heading, " ".join((first.heading, parent.heading)), vocabulary)
                if before and after and rest:
                    history = (Turn("user", heading_question(first.heading, vocabulary)), Turn("assistant", before[0]))
                    note = f"from {place(second.title, second.path)}; any one of these statements will do"
                    drafts.append(
                        Draft(f"And what about {rest}?", "follow-up", True, (after,), history=history, note=note)
                    )
    return drafts


def _with_children(node: Node) -> list[Node]:
    return [node, *(inner for child in node.children for inner in _with_children(child))]


def _texts(passages: Iterable[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(statement.text for statement in statements(passages)))[:_ALTERNATIVES]

"""Whether the words that prove an answer were retrieved and cited, and whether the citations were the right ones.

Answers are taken in the contract's JSON, so that the answers of any program can be measured.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.evaluate.measures.words import collapsed, proves, within
from corpus import sentences

Groups = Sequence[Sequence[str]]


def groups_in(evidence: Groups, texts: Iterable[str]) -> list[bool]:
    """For each group, whether one of its strings stands verbatim in one of the texts."""
    spread = [collapsed(text) for text in texts]
    return [any(within(words, text) for words in map(collapsed, group) for text in spread) for group in evidence]


def answer_text(answer: Mapping[str, Any]) -> str:
    """All that an answer says, as running text: its sentences, the cells of its comparison, its advice."""
    said = [sentence["text"] for sentence in answer.get("sentences", ())]
    for row in (answer.get("comparison") or {"rows": ()})["rows"]:
        said += [f"{row['criterion']}, {cell['option']}: {cell['text']}" for cell in row["cells"] if cell]
    if advice := answer.get("advice"):
        for factor in advice["factors"]:
            given = f", {factor['given']}" if factor["given"] else ""
            said.append(f"{factor['name']}{given}: {factor['points_to']}")
        said.append(f"Leans to: {advice['leans_to']}")
        said += advice.get("would_change_it", ())
    return " ".join(said)


def retrieved_texts(answer: Mapping[str, Any]) -> list[str]:
    return [passage["text"] for passage in answer["passages"]]


def citations(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every citation of an answer: of its sentences, its comparison and its advice."""
    for sentence in answer["sentences"]:
        yield from sentence["citations"]
    for row in (answer.get("comparison") or {"rows": ()})["rows"]:
        for cell in row["cells"]:
            if cell:
                yield from cell["citations"]
    for factor in (answer.get("advice") or {"factors": ()})["factors"]:
        yield from factor["citations"]


def quotes(answer: Mapping[str, Any]) -> list[str]:
    """The different quotes of an answer, in the order they are first cited."""
    return list(dict.fromkeys(citation["quote"] for citation in citations(answer)))


def cited_sentences(answer: Mapping[str, Any]) -> list[str]:
    """The different sentences of the documents that an answer's quotes are made of."""
    found: dict[str, None] = {}
    for quote in quotes(answer):
        for start, end in sentences(quote):
            if text := collapsed(quote[start:end]):
                found[text] = None
    return list(found)


def right_citations(evidence: Groups, cited: Sequence[str]) -> list[bool]:
    """For each cited sentence, whether it holds a string of the evidence or is a part of one."""
    strings = [words for group in evidence for words in group]
    return [any(proves(words, sentence) for words in strings) for sentence in cited]


def covered_groups(evidence: Groups, cited: Sequence[str]) -> list[bool]:
    """For each group, whether a cited sentence holds one of its strings or is a part of one."""
    return [any(proves(words, sentence) for words in group for sentence in cited) for group in evidence]

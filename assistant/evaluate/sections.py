"""The guidance as a map: which sections are asked about, well answered, and never cited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluate.cases import Case
from assistant.evaluate.measures.evidence import citations
from assistant.evaluate.measures.words import collapsed, within
from assistant.evaluate.outcomes import Outcome
from corpus.records import Document

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Stretch:
    """One section with text of its own."""

    document: str
    title: str
    path: tuple[str, ...]
    text: str

    @property
    def label(self) -> str:
        """The title and the headings as one line."""
        return " > ".join((self.title or self.document, *self.path))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a section fared: in how many cases it was asked about, fully cited and partly cited, and how often any
    answer cited it."""

    stretch: Stretch
    asked: int
    well: int
    cited: int


def stretches(documents: Iterable[Document]) -> list[Stretch]:
    """The sections of the documents that hold text beside their heading, in reading order."""
    found = []
    for document in documents:
        for section in document.sections:
            text = document.text[section.start : section.end].strip()
            body = text.removeprefix(section.path[-1] if section.path else document.title).strip()
            if body:
                found.append(Stretch(document.name, document.title, section.path, collapsed(text)))
    return found


def sections_of(evidence: Sequence[Sequence[str]], known: Sequence[Stretch]) -> tuple[str, ...]:
    """The labels of the sections that the evidence's strings stand in."""
    strings = [collapsed(words) for group in evidence for words in group]
    return tuple(dict.fromkeys(s.label for s in known if any(within(words, s.text) for words in strings)))


def faults_of(cases: Iterable[Case], documents: Iterable[Document]) -> dict[str, str]:
    """For each case with a statement of evidence that no document holds, by its id, a line that says so."""
    texts = [collapsed(document.text) for document in documents]
    held: dict[str, bool] = {}
    faults = {}
    for case in cases:
        for group in case.evidence:
            for words in map(collapsed, group):
                if words not in held:
                    held[words] = any(within(words, text) for text in texts)
            if not any(held[collapsed(words)] for words in group):
                shown = " ".join(group[0].split())
                shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
                faults[case.id] = f"no document holds its evidence “{shown}”; copy it exactly as it stands there"
                break
    return faults


def coverage(outcomes: Sequence[Outcome], known: Sequence[Stretch]) -> list[Coverage]:
    """What the outcomes say of each section."""
    cited: dict[tuple[str, str], int] = {}
    for outcome in outcomes:
        if outcome.line.get("sentences") is None:
            continue
        for key in {(c["document"], c["section"]) for c in citations(outcome.line)}:
            cited[key] = cited.get(key, 0) + 1
    rows = []
    for stretch in known:
        asked = [outcome for outcome in outcomes if stretch.label in outcome.about]
        well = sum(outcome.parts.get("evidence_cited", (0.0, 1.0))[0] == 1 for outcome in asked)
        rows.append(Coverage(stretch, len(asked), well, cited.get((stretch.document, " > ".join(stretch.path)), 0)))
    return rows

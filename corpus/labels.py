"""Run-in labels: "Fragmentation: Without coordination, ..." begins a section named by its label.

Two or more such paragraphs in a row are a run, and the paragraph before the run says what all of them are about. That
paragraph is named by the subject of its first sentence, and the labels become its sub-sections.

Where a text tells its subjects apart by such runs alone, another one may follow without labels: a paragraph that brings
up "federated models that ..." and is followed by "In this model, ..." begins a section named "Federated models".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks import Block
from corpus.sentences import sentences

_LABEL = re.compile(r"^([^\W_](?:[^\n:.;?!|\"“”]|\.(?=\w)){1,58}?)(?::| [–—])[ ]+(\S.*)$", re.DOTALL)
_LEAST_WORDS_AFTER = 4
_MOST_LABEL_WORDS = 7
_NAME_LENGTH = 60

_AUXILIARY_WORDS = (
    "am is are was were be been has have had do does did can could may might must shall should will would cannot "
    "isn't aren't wasn't weren't don't doesn't can't won't"
)
_AUXILIARY = frozenset(_AUXILIARY_WORDS.split())
# Words that a noun or an adjective follows, so that what stands after one is no verb of the main clause.
_WORDS_BEFORE_NOUNS = (
    "a an the this that these those its their our your his her my all some any no each every both either many several "
    "most few of in on at by for from to with without within into onto over under about between across through during "
    "and or nor but as than per via"
)
_BEFORE_NOUNS = frozenset(_WORDS_BEFORE_NOUNS.split())

_SORTS = (
    r"(?:approach(?:es)?|models?|strateg(?:y|ies)|structures?|frameworks?|arrangements?|set-?ups?|methods?|variants?)"
)
# "Federated models that share ...", "a federated model": a sort of its own is brought up.
_BROUGHT_UP = re.compile(
    rf"\b(?:an? (?P<one>[a-z][a-z-]+ {_SORTS})\b"
    rf"|(?P<several>[a-z][a-z-]+ {_SORTS})(?=,? (?:that|which|where|in which)\b))"
)
_GOES_ON = re.compile(rf"(?:In|Under|With) (?:this|these|such an?) {_SORTS}\b|(?:This|These|Such an?) {_SORTS}\b")
_TELLS_NO_SORT = frozenset(
    "this that these those such other another different various several many some all both pure single own new good "
    "best better right clear common certain similar possible chosen optimal main following two three four".split()
)

# Words that begin a clause before the main one.
_SUBORDINATORS = frozenset(
    {"when", "if", "while", "although", "because", "since", "after", "before", "as", "once", "where"}
)


def find_labels(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, where those of a run of labels and the paragraph before it carry the names of their section."""
    found = list(blocks)
    for first, last in _runs(blocks):
        outer: tuple[str, ...] = ()
        before = first - 1
        if before >= 0 and blocks[before].kind == "paragraph" and _needs_name(blocks, before):
            name = subject(blocks[before].text)
            outer = (name,) if name else ()
            found[before] = replace(blocks[before], names=outer)
        names = outer
        for place in range(first, last + 1):
            label = _label(blocks[place])
            names = (*outer, label) if label else names
            found[place] = replace(blocks[place], names=names)
        if outer:
            for place, name in _brought_up(blocks, last + 1):
                found[place] = replace(blocks[place], names=(name,))
    return found


def subject(paragraph: str) -> str:
    """What a paragraph is about, in its own words: its first sentence up to the verb, or up to a length.

    Verbs are told without a dictionary: an auxiliary, or a word in ``-s`` that follows two words or more, the last of
    them neither a plural nor a word that governs a noun. Where that finds nothing, a short sentence stays whole and a
    long one is cut between words. A lead-in that ends in a colon stays whole as well. A sentence that opens with "For
    example," or the like goes on from the one before it and has no name.
    """
    spans = sentences(paragraph)
    sentence = paragraph[spans[0][0] : spans[0][1]] if spans else paragraph.strip()
    words = sentence.split()
    if any(word.endswith(",") for word in words[:3]):
        return ""
    plain = bool(words) and words[0].casefold() not in _SUBORDINATORS
    verb = next((place for place in range(1, len(words)) if plain and _is_verb(words, place)), 0)
    if sentence.endswith(":") and len(sentence) <= _NAME_LENGTH + 20:
        return sentence.removesuffix(":").rstrip()
    name = " ".join(words[:verb]) if verb else sentence
    if len(name) > _NAME_LENGTH:
        name = name[: name.rfind(" ", 0, _NAME_LENGTH)].rstrip(" ,;:–—-") + "…"
    return name.rstrip(" ,;:.–—-")


def _runs(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """First and last block of each run: two labelled paragraphs or more, list items between them allowed."""
    runs: list[tuple[int, int]] = []
    place = 0
    while place < len(blocks):
        labels: list[str] = []
        last = place
        end = place
        while end < len(blocks) and (label := _label(blocks[end])):
            labels.append(label)
            end += 1
            while end < len(blocks) and blocks[end].kind in ("item", "row", "code"):
                end += 1
            last = end - 1
        if len(labels) >= 2 and len(set(labels)) == len(labels):
            runs.append((place, last))
        place = max(end, place + 1)
    return runs


def _brought_up(blocks: Sequence[Block], start: int) -> list[tuple[int, str]]:
    """The paragraphs after a run that are about another sort, which the first of them brings up, each with its name."""
    named: list[tuple[int, str]] = []
    for place in range(start, len(blocks)):
        block = blocks[place]
        if block.kind != "paragraph" or _label(block):
            break
        if not named:
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            goes_on = following is not None and following.kind == "paragraph" and _GOES_ON.match(following.text)
            name = _sort(block.text) if goes_on else ""
            if name:
                named.append((place, name))
        elif _GOES_ON.match(block.text):
            named.append((place, named[0][1]))
        else:
            break
    return named


def _sort(paragraph: str) -> str:
    """The sort that the first sentence of a paragraph brings up, as a heading: "Federated models"; empty for none."""
    spans = sentences(paragraph)
    sentence = paragraph[spans[0][0] : spans[0][1]] if spans else ""
    for match in _BROUGHT_UP.finditer(sentence):
        name = match["one"] or match["several"]
        if name.split()[0] not in _TELLS_NO_SORT:
            return name[:1].upper() + name[1:]
    return ""


def _label(block: Block) -> str:
    match = _LABEL.match(block.text) if block.kind == "paragraph" else None
    if match is None or not match[1][0].isupper() or len(match[1].split()) > _MOST_LABEL_WORDS:
        return ""
    return match[1].strip() if len(match[2].split()) >= _LEAST_WORDS_AFTER else ""


def _needs_name(blocks: Sequence[Block], place: int) -> bool:
    """Directly under a heading, the heading itself says what the labels are about."""
    return place == 0 or blocks[place - 1].kind != "heading"


def _is_verb(words: Sequence[str], place: int) -> bool:
    word, before = words[place], words[place - 1]
    plain = word.replace("’", "'").casefold()
    if before.casefold() in ("who", "which", "that"):
        return False
    if plain in _AUXILIARY:
        return True
    if place < 2 or not re.fullmatch(r"[a-z]{3,}s", word) or word.endswith(("ss", "us", "is")):
        return False
    return before.casefold() not in _BEFORE_NOUNS and before.isalnum() and not before.casefold().endswith("s")

"""The first line that copied web pages often carry: a title run together with the beginning of the text, cut off."""

import re
from collections.abc import Sequence

from corpus.blocks import Block

_CUT_OFF = re.compile(r"[ ]*(?:\.\.\.|…)$")
_LEAST_REPEATED = 20
# A name run into the word after it: small letters, then a capital that begins a word.
_GLUED = re.compile(r"^[a-z0-9_.]{3,}(?=[A-Z][a-z])")


def without_teaser(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks without a first one that only repeats how the second begins, and the title that stood before that.

    A first line is such a teaser if it is cut off by dots, or is the shorter of the two, and its last words are the
    first words of the next block. The title is empty where nothing stands before the repeated words.
    """
    if len(blocks) < 2 or blocks[0].kind not in ("paragraph", "heading"):
        return list(blocks), ""
    line, text = blocks[0].text, blocks[1].text
    kept = _CUT_OFF.sub("", line)
    cut_off = kept != line
    if len(kept) >= len(text) or (line == text):
        return (list(blocks[1:]), "") if line == text else (list(blocks), "")
    starts = [0, *(match.end() for match in re.finditer(r" ", kept))]
    for start in starts:
        repeated = kept[start:]
        if len(repeated) < _LEAST_REPEATED:
            break
        if text.startswith(repeated) and (cut_off or start == 0):
            return list(blocks[1:]), _GLUED.sub("", kept[:start].strip())
    return list(blocks), ""

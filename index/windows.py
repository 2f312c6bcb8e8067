"""What is encoded of a passage: all of it, in stretches that the encoders read to their end."""

from corpus.records import Passage

WINDOW = 800
"""The longest stretch of a passage's own text that is encoded at once, in characters: about 200 word pieces, which
with the headings stay below ``inference.MAX_TOKENS``."""

HEADING = 200
"""How much of title and headings goes before each stretch, in characters."""


def windows(passage: Passage) -> tuple[str, ...]:
    """The stretches of the passage that are encoded, each with its headings; a passage is as near as its nearest."""
    heading = passage.searched_text[: -len(passage.text)] if passage.text else passage.searched_text
    if len(heading) > HEADING:
        heading = heading[: HEADING - 1].rstrip() + "\n"
    return tuple(heading + piece for piece in stretches(passage.text, WINDOW))


def stretches(text: str, longest: int) -> list[str]:
    """``text`` in as few pieces of about equal length as it takes, cut between words where there are any."""
    count = max(1, -(-len(text) // longest))
    pieces: list[str] = []
    start = 0
    for left in range(count, 0, -1):
        end = len(text) if left == 1 else start + (len(text) - start) // left
        if end < len(text):
            space = text.rfind(" ", start + 1, end + 1)
            end = space if space > start else end
        pieces.append(text[start:end].strip())
        start = end
    return [piece for piece in pieces if piece] or [text.strip()]

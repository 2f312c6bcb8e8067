"""Definitions: "what is X?" is answered by what stands first under a heading that names X and nothing else."""

import re

from assistant.outline import Outline
from assistant.statements import Statement, split_statements
from assistant.words import content_set

_ASKS = re.compile(
    r"^(?:(?:so|and|but|in short|briefly|then),? )*(?:what(?:'s| is| are| does)|define|explain|describe) (?:meant by )?"
    r"(?P<subject>.+?)"
    r"(?: mean| all about)?[?.! ]*$",
    re.IGNORECASE,
)
_STATEMENTS = 2


def defining(question: str, outline: Outline) -> tuple[Statement, ...]:
    """The first statements under the heading that names what is asked for; empty where that is no definition.

    One of several things that the guidance sets side by side may be named without the word they share.

    Where several headings name it, the one that the outline has first, with the fewest headings over it, is taken.
    """
    asked = _ASKS.match(question)
    if asked is None:
        return ()
    wanted = content_set(asked["subject"])
    named = [node for node in outline.nodes if wanted and node.path and content_set(node.name) == wanted]
    named = named or [
        option.node
        for group in outline.groups[:1]
        for option in group.options
        if option.own <= wanted <= option.own | group.shared
    ]
    if not named:
        return ()
    passages = min(named, key=lambda node: len(node.path)).passages()[:1]
    return tuple(statement for passage in passages for statement in split_statements(passage))[:_STATEMENTS]

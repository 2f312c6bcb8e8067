"""Definitions: "what is X?" is answered by what stands first under a heading that names X and nothing else."""

import re
from collections.abc import Iterator

from assistant.contents.options import OPTION_NOUNS, Group, Option
from assistant.contents.outline import Outline, first_of
from assistant.contents.statements import Statement, split_statements
from assistant.words import content_set, words

_IN_SHORT = (
    r"(?:in (?:a nutshell|short|brief|one sentence|a sentence|a few words|one or two sentences|(?:plain|simple) \w+)"
    r"|briefly|quickly|again|once more|exactly|actually|really|please)"
)
_ASKS = re.compile(
    rf"^(?:(?:so|and|but|then|ok|okay|sorry|{_IN_SHORT}),? )*"
    rf"(?:(?:can|could|would|will) (?:you|someone|somebody) )?(?:please )?"
    rf"(?:(?:(?:tell|remind|explain to) (?:me|us) )?(?:{_IN_SHORT},? )?"
    rf"what(?: {_IN_SHORT})?(?:['’]s| is| are| does| do you mean by| is meant by|)"
    r"|define|explain|describe|how (?:would|do) (?:you|we) (?:define|explain|describe)) "
    rf"(?:meant by )?(?:{_IN_SHORT} )?"
    r"(?P<subject>.+?)"
    rf"(?:(?: {_IN_SHORT})? (?:means?|is|are)(?= (?:all )?about|\W*$| {_IN_SHORT}))?"
    rf"(?: (?:all )?about)?(?:,? {_IN_SHORT})*[?.! ]*$",
    re.IGNORECASE,
)
_STATEMENTS = 2
_ALTERNATIVES = re.compile(r",? (?:or|also called|also known as|that is|i\.e\.) |/")
_ASKS_ALL = re.compile(
    r"^(?:(?:so|and|but|please|in short|briefly),? )*"
    r"(?:what|which|list|name|describe|explain|how many|tell me|give me)\b",
    re.IGNORECASE,
)
_OF_ALL = frozenset(
    """
    list name names describe describes explain exist exists existing different various main possible basic available
    common one two three four five six seven eight guidance guide document text paper say says distinguish
    distinguishes mention mentions know offer offers choose choosing select pick among open organise organize run
    lead drive adopt introduce pursue implement structure basic fundamental principal general broad kinds sorts types
    transformation programme program rollout please line lines sentence sentences each
    """.split()
)
"""Words of a question for all options that say nothing of what they are for."""
_CHOOSES_ONE = re.compile(r"\b(?:choos\w+|select\w*|pick\w*)\b(?! (?:between|from|among|out of)\b)", re.IGNORECASE)


def defining(question: str, outline: Outline) -> tuple[Statement, ...]:
    """The first statements under the heading that names what is asked for; empty where that is no definition.

    One of several things that the guidance sets side by side may be named without the word they share, or with another
    word for what they are ("the hybrid model"), also as one of two names for it ("a mixed or hybrid model").

    Where several headings name it, the one that the outline has first, with the fewest headings over it, is taken.
    """
    asked = _ASKS.match(question)
    if asked is None:
        return ()
    wanted = content_set(asked["subject"])
    named = [node for node in outline.nodes if wanted and node.path and content_set(node.name) == wanted]
    named = named or [option.node for group in outline.groups[:1] for option in _only(group, asked["subject"])]
    if not named:
        return ()
    passages = min(named, key=lambda node: len(node.path)).passages()[:1]
    return tuple(statement for passage in passages for statement in split_statements(passage))[:_STATEMENTS]


def _only(group: Group, subject: str) -> tuple[Option, ...]:
    """The one option of a group that a subject, or one of the names that it gives it, names and nothing else."""
    if len(group.mentioned(subject)) != 1:
        return ()
    stems = [content_set(name) for name in (subject, *_ALTERNATIVES.split(subject))]
    return tuple(
        option
        for option in group.options
        if any(option.own <= named <= option.own | group.shared | OPTION_NOUNS for named in stems)
    )


def all_options(question: str, outline: Outline) -> tuple[Statement, ...]:
    """What each option is, where a question asks which options there are and no more ("which approaches are there?").

    What the guidance says before of several of them comes first. Empty where the question asks for something else.
    """
    plain = question.partition(" (")[0]
    group = outline.together(plain) if _ASKS_ALL.match(plain) and not _CHOOSES_ONE.search(plain) else None
    if group is None or outline.rivals(plain):
        return ()
    left = content_set(" ".join(word for word in words(plain) if word not in _OF_ALL))
    if not left or left - group.shared - OPTION_NOUNS:
        return ()
    return (*_introducing(group, outline), *(one for option in group.options for one in first_of(option.node)))


def _introducing(group: Group, outline: Outline) -> Iterator[Statement]:
    """The first statement outside of the options' own sections that names at least two of them."""
    own = {passage.id for option in group.options for passage in option.node.passages()}
    for root in outline.roots.values():
        for passage in root.passages():
            for statement in split_statements(passage) if passage.id not in own else ():
                if len(group.mentioned(statement.text)) >= 2:
                    yield statement
                    return

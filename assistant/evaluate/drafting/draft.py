"""A proposed question case, and how many of each kind are proposed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import History

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A case that nobody has accepted yet; the fields are those of ``Case``.

    ``note`` tells the person who decides where the draft comes from and what to look at. ``places`` are the titles and
    headings that the groups of evidence stand under, where a language model may word the question; unless it is
    ``worded``, no rule made a readable one, and it is no draft before a model has.
    """

    question: str
    kind: str
    answerable: bool | None
    evidence: Groups = ()
    reference: str = ""
    history: History = ()
    note: str = ""
    places: tuple[str, ...] = ()
    worded: bool = True

    @property
    def id(self) -> str:
        """A name that is the same whenever the same question is proposed again."""
        said = "\n".join((self.kind, self.question, *(turn.text for turn in self.history)))
        return f"{self.kind.replace(' ', '-')}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def unique(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts without those that ask again, in the same conversation, what an earlier one asks."""
    seen: dict[tuple[str, History], Draft] = {}
    for draft in drafts:
        seen.setdefault((" ".join(draft.question.casefold().split()), draft.history), draft)
    return list(seen.values())


def spread(drafts: Sequence[Draft], limit: int) -> list[Draft]:
    """At most ``limit`` drafts: the kinds as evenly as there are drafts of them, each kind from all over its list."""
    kinds: dict[str, list[Draft]] = {}
    for draft in drafts:
        kinds.setdefault(draft.kind, []).append(draft)
    shares = dict.fromkeys(kinds, 0)
    left = min(limit, len(drafts))
    while left:
        for kind, members in kinds.items():
            if left and shares[kind] < len(members):
                shares[kind] += 1
                left -= 1
    kept = []
    for kind, members in kinds.items():
        kept += [members[number * len(members) // shares[kind]] for number in range(shares[kind])]
    return kept

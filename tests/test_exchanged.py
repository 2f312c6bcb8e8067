"""What is claimed of one option and said of another."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.comparing.exchanged import Exchanges
from assistant.contents.finder import StatementFinder
from assistant.contents.outline import Outline
from assistant.contents.vectors import Vectors
from assistant.words import content_set
from corpus import load, split
from index import FakeEncoder

PAPER = """# Lamps

## Option A: Oil lamps

Oil lamps are cheap. Oil lamps smell of fish.

## Option B: Gas lamps

Gas lamps are bright.

## What was decided

The house took option B in March.
"""


class Support:
    """Says that evidence states a claim where it has all of its words."""

    def judge_claim(self, claim: str, evidence: Sequence[str], *, always: bool) -> Any:
        assert always
        said = claim.casefold().replace("option b", "gas").replace("option a", "oil")
        told = " ".join(evidence).casefold().replace("option b", "gas").replace("option a", "oil")
        words = content_set(said) - content_set("option")
        return SimpleNamespace(score=1.0 if words <= content_set(told) else 0.1)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("the house took option A in March", "The house took option B in March."),
        ("oil lamps are bright", "Gas lamps are bright."),
        ("oil lamps smell of fish", None),
        ("oil lamps are noisy", None),
    ],
    ids=["by label", "by name", "said of its own", "said of none"],
)
def test_what_is_said_of_another_option_is_found(tmp_path: Path, claim: str, said: str | None) -> None:
    (tmp_path / "lamps.md").write_text(PAPER, "utf-8")
    passages = split(load(tmp_path / "lamps.md"))
    group = Outline(passages).groups[0]
    search: Any = SimpleNamespace(passages_of_all=lambda _: passages)
    support: Any = Support()
    exchanges = Exchanges(StatementFinder(Vectors(FakeEncoder().encode)), support, search)
    (option,) = group.mentioned(claim)
    general = " ".join(word for word in claim.split() if not content_set(word) & option.own)
    found = exchanges.said_of_another(claim, general, option, group)
    assert (found.text if found else None) == said

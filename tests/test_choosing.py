"""Which statements are read for a direct question."""

from dataclasses import replace

from assistant.choosing import Chooser
from assistant.outline import Outline
from assistant.statements import Statement, StatementFinder
from assistant.vectors import Vectors
from corpus import Passage
from index import FakeEncoder


def statement(text: str, score: float, standing: float = 0.0) -> Statement:
    passage = Passage(text, f"{text}.md", "Rules", (text,), text, 0, len(text))
    return Statement(passage, text, 0, len(text), score, standing=standing)


def test_the_best_by_itself_is_read_though_others_stand_in_a_better_passage() -> None:
    lifted = [statement(f"rule {word} of the hall", 2.0 - place / 10, 1.2) for place, word in enumerate("abcdef")]
    alone = statement("visitors are met at the gate", 1.3)
    chooser = Chooser(StatementFinder(Vectors(FakeEncoder().encode), []), Outline([]))
    chosen = chooser.choose("Who meets visitors?", "direct", [*lifted, alone])
    assert [one.text for one in chosen] == [lifted[0].text, alone.text, *(one.text for one in lifted[1:4])]
    known = replace(lifted[0], standing=0.0)
    assert alone not in chooser.choose("Who meets visitors?", "direct", [known, *lifted[1:], alone])

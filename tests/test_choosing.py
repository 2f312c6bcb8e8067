"""Which statements are read for a direct question."""

from dataclasses import replace

from assistant.contents.finder import StatementFinder
from assistant.contents.outline import Outline
from assistant.contents.statements import Statement
from assistant.contents.vectors import Vectors
from assistant.evidence.choosing import Chooser
from corpus import Passage
from index import FakeEncoder


def statement(text: str, score: float, standing: float = 0.0) -> Statement:
    passage = Passage(text, f"{text}.md", "Rules", (text,), text, 0, len(text))
    return Statement(passage, text, 0, len(text), score, standing=standing)


def test_what_is_nearest_in_meaning_alone_is_read_last_and_more_of_it_further_on() -> None:
    near = [statement(f"rule {word} of the hall", 2.0 - place / 10) for place, word in enumerate("abcdefgh")]
    meant = [replace(statement(f"guests {word} somebody", 1.3), meaning=0.5 - place / 10) for place, word in
             enumerate(("greet", "follow", "call"))]  # fmt: skip
    chooser = Chooser(StatementFinder(Vectors(FakeEncoder().encode), []), Outline([]))
    chosen = chooser.choose("Who meets visitors?", "direct", [*near, *meant])
    assert chosen == (*near[:4], meant[0])
    assert chooser.widened(chosen, [*near, *meant]) == (*chosen, meant[1], *near[4:8], meant[2])


def test_the_best_by_itself_is_read_though_others_stand_in_a_better_passage() -> None:
    lifted = [statement(f"rule {word} of the hall", 2.0 - place / 10, 1.2) for place, word in enumerate("abcdef")]
    alone = statement("visitors are met at the gate", 1.3)
    chooser = Chooser(StatementFinder(Vectors(FakeEncoder().encode), []), Outline([]))
    chosen = chooser.choose("Who meets visitors?", "direct", [*lifted, alone])
    assert [one.text for one in chosen] == [lifted[0].text, alone.text, *(one.text for one in lifted[1:4])]
    known = replace(lifted[0], standing=0.0)
    assert alone not in chooser.choose("Who meets visitors?", "direct", [known, *lifted[1:], alone])

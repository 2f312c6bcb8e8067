"""The question cases that ship, against the guidance that ships."""

from collections import Counter
from pathlib import Path

from assistant.evaluate.cases import load_cases
from assistant.evaluate.run import shipped_cases
from corpus import load_all, shipped_guidance

KINDS = {
    "direct", "list", "comparison", "advice", "follow-up", "multi-part", "near miss", "off topic", "false premise",
    "leading", "planted instruction",
}  # fmt: skip
CASES = load_cases(shipped_cases())
FAR = load_cases(Path(__file__).parent / "data" / "questions_far.jsonl")


def test_there_are_enough_of_every_kind() -> None:
    kinds = Counter(case.kind for case in CASES)
    assert len(CASES) >= 150
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 8


def test_every_answerable_case_has_evidence_that_stands_in_the_guidance() -> None:
    texts = [document.text for document in load_all([shipped_guidance()]).documents]
    for case in (*CASES, *FAR):
        assert bool(case.evidence) == case.answerable, case.id
        for group in case.evidence:
            for words in group:
                assert any(words in text for text in texts), (case.id, words)


def test_questions_are_their_own_words() -> None:
    texts = " ".join(document.text.lower() for document in load_all([shipped_guidance()]).documents)
    questions = [case.question for case in (*CASES, *FAR)]
    assert len(set(questions)) == len(questions)
    assert not [question for question in questions if question.lower().rstrip("?. ") in texts]


def test_follow_ups_need_their_conversation() -> None:
    for case in CASES:
        assert bool(case.history) == (case.kind == "follow-up"), case.id
        if case.history:
            assert case.history[-1].role == "assistant"

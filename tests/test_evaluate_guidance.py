"""The question cases that ship, against the guidance that ships."""

from collections import Counter
from itertools import product
from pathlib import Path

from assistant.evaluate.cases import load_cases
from assistant.evaluate.figures import figures
from assistant.evaluate.measures.words import stands_in, token_f1
from assistant.evaluate.outcomes import outcome_of_answer
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


def test_every_answerable_case_has_a_reference_in_other_words_that_agrees_with_its_evidence() -> None:
    for case in CASES:
        assert bool(case.reference) == case.answerable, case.id
        if case.answerable:
            statements = [words for group in case.evidence for words in group]
            assert not [words for words in statements if stands_in(words, case.reference)], case.id
            one_of_each = product(*case.evidence)
            assert max(token_f1(" ".join(chosen), case.reference) for chosen in one_of_each) > 0.25, case.id


def test_agreement_with_the_references_is_measured_over_every_answerable_case() -> None:
    outcomes = []
    for case in CASES:
        said = [{"text": group[0], "support": "supported", "citations": []} for group in case.evidence]
        outcomes.append(outcome_of_answer(case, {"status": "answered", "sentences": said, "passages": []}))
    agreed = figures(outcomes)["token_f1"]
    assert agreed.count == sum(case.answerable is True for case in CASES) == 146
    assert 0.5 < agreed.low < agreed.value < agreed.high < 1


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

"""Real questions to the real guidance with the real models: the right words are cited, the rest is refused."""

import json
from pathlib import Path

import pytest

from assistant.builder import build
from assistant.records import Turn
from assistant.settings import read

pytestmark = pytest.mark.models

CASES = {
    case["id"]: case
    for case in map(json.loads, (Path(__file__).parent / "data/questions.jsonl").read_text("utf-8").splitlines())
}


@pytest.fixture(scope="module")
def quoting(home):
    assistant = build(read({"home": home, "model": "quotes"}))
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def writing(home):
    assistant = build(read({"home": home, "model": "qwen2.5-coder-1.5b"}))
    yield assistant
    assistant.close()


def cited(answer):
    cells = [cell for row in (answer.comparison.rows if answer.comparison else ()) for cell in row.cells if cell]
    factors = answer.advice.factors if answer.advice else ()
    return [c.quote for part in (*answer.sentences, *cells, *factors) for c in part.citations]


def found(case, quotes):
    return [any(string in quote for string in group for quote in quotes) for group in case["evidence"]]


def test_nearly_all_of_the_right_passages_are_found(quoting):
    missed = []
    groups = 0
    for case in CASES.values():
        if case["answerable"]:
            history = tuple(Turn(role, text) for role, text in case.get("history", []))
            passages = quoting.ask(case["question"], history).passages
            stands = found(case, [" ".join(passage.text.split()) for passage in passages])
            groups += len(stands)
            missed += [case["id"]] * stands.count(False)
    assert groups > 40
    assert len(missed) <= 0.05 * groups, missed


@pytest.mark.parametrize("name", ["list-1", "list-3", "compare-1", "compare-4", "advise-1", "follow-1", "direct-10"])
def test_the_right_words_are_cited(quoting, name):
    case = CASES[name]
    answer = quoting.ask(case["question"], tuple(Turn(role, text) for role, text in case.get("history", [])))
    assert answer.status == "answered"
    assert all(found(case, cited(answer)))


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("off")])
def test_what_has_nothing_to_do_with_the_guidance_is_refused(quoting, name):
    answer = quoting.ask(CASES[name]["question"])
    assert answer.status == "refused"
    assert answer.refusal.nearest


def test_a_part_that_asks_for_a_number_is_the_only_one_refused(quoting):
    answer = quoting.ask("What are the advantages of the top-down approach, and how much does it cost?")
    assert answer.status == "partial"
    assert "how much does it cost" in answer.refusal.reason
    assert any("corporate strategy" in quote or "alignment and focus" in quote for quote in cited(answer))


def test_the_embedded_model_writes_a_proved_answer(writing):
    answer = writing.ask("What happens when departments go their own way without anybody coordinating?")
    assert answer.status == "answered"
    assert all(sentence.citations for sentence in answer.sentences)
    assert any("incompatible AI systems" in quote or "duplicate each other" in quote for quote in cited(answer))
    assert answer.model == "qwen2.5-coder-1.5b"


def test_the_embedded_model_does_not_make_up_a_number(writing):
    answer = writing.ask(CASES["near-1"]["question"])
    assert answer.status == "refused"

"""What a question takes for granted where nothing answers it: told by what says whether it is so."""

import pytest

import corpus
from assistant.models.scripted import ScriptedModel
from assistant.pipeline import Assistant
from assistant.questions.granted import granted
from index import FakeEncoder, FakeSparseEncoder, memory_index

HOUSE = """# House

## Lamps

Lamps are never lit by guests. The porter lights every lamp in the hall at dusk.

## Guests

Guests are welcome in the hall at noon.
"""


@pytest.mark.parametrize(
    ("question", "whether", "asked"),
    [
        (
            "Since guests light the lamps in the hall, which matches do they use?",
            "Is it true that guests light the lamps in the hall?",
            "Which matches do they use?",
        ),
        (
            "Given that lamps are lit by guests, and how long does that take?",
            "Is it true that lamps are lit by guests?",
            "How long does that take?",
        ),
    ],
)
def test_a_premise_is_a_question_of_its_own(question, whether, asked):
    found = granted(question)
    assert found is not None
    assert (found.whether, found.asked) == (whether, asked)


@pytest.mark.parametrize(
    "question",
    ["Who lights the lamps?", "Since our porter is ill, who lights the lamps?", "Why do we light the lamps?", "Why?"],
)
def test_what_tells_of_those_who_ask_or_asks_nothing_more_is_no_premise(question):
    assert granted(question) is None


class Judge(ScriptedModel):
    """Says ``sure`` to "Lamps are never lit by guests." for whether guests light them, and no to all else."""

    trained_judge = True

    def __init__(self, sure):
        self.sure = sure
        super().__init__(self._reply)

    def _reply(self, messages):
        asked = messages[-1].text
        yes = self.sure if "Is it true" in asked and "never lit" in asked else 0.001
        return {"yes": yes, "no": 1 - yes}


@pytest.fixture
def house(tmp_path):
    (tmp_path / "house.md").write_text(HOUSE, encoding="utf-8")
    documents = corpus.load_all([tmp_path]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)


ASKED = "Since guests light the lamps in the hall, which lamps in the hall do guests light?"


def test_what_says_that_it_is_not_so_is_told_and_the_question_stays_uncovered(house):
    answer = Assistant(house, Judge(0.9), "scripted").ask(ASKED)
    assert answer.status == "partial"
    assert [one.text for one in answer.sentences] == ["Lamps are never lit by guests."]
    assert answer.refusal is not None
    assert "Which lamps in the hall do guests light" in answer.refusal.reason
    cited = {citation.passage for one in answer.sentences for citation in one.citations}
    assert cited <= {passage.id for passage in answer.passages}


def test_what_says_that_it_holds_no_longer_goes_with_it(tmp_path):
    told = HOUSE.replace(
        "Lamps are never lit by guests.", "Lamps are never lit by guests. That rule was lifted in May."
    )
    (tmp_path / "house.md").write_text(told, encoding="utf-8")
    documents = corpus.load_all([tmp_path]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    answer = Assistant(index, Judge(0.9), "scripted").ask(ASKED)
    assert [one.text for one in answer.sentences] == ["Lamps are never lit by guests.", "That rule was lifted in May."]


def test_what_is_not_surely_about_it_is_not_told(house):
    answer = Assistant(house, Judge(0.3), "scripted").ask(ASKED)
    assert answer.status == "refused"

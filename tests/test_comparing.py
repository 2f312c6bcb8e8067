"""What a comparison compares by."""

import re
import time

import pytest

import corpus
from assistant.models.language_model import ModelUnavailableError
from assistant.models.scripted import ScriptedModel
from assistant.pipeline import Assistant
from assistant.records import Turn
from index import FakeEncoder, FakeSparseEncoder, memory_index


def over_guidance(model=None):
    documents = corpus.load_all([corpus.shipped_guidance()]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents), model)


@pytest.fixture(scope="module")
def quoting():
    return over_guidance()


@pytest.mark.parametrize(
    "question", ["Compare all three approaches on budget.", "What sets the approaches apart in a comparison of budget?"]
)
def test_options_are_meant_together_by_the_word_they_share(quoting, question):
    assert len(quoting.ask(question).comparison.options) == 3


def test_the_table_keeps_to_what_is_asked_for(quoting):
    answer = quoting.ask("Compare top-down and bottom-up on drawbacks and innovation.")
    criteria = [row.criterion for row in answer.comparison.rows]
    assert criteria == ["Drawbacks", "Innovation"]


def test_better_than_is_a_comparison(quoting):
    answer = quoting.ask("Is top-down better than bottom-up for innovation?")
    assert answer.comparison is not None
    assert "innovation" in answer.sentences[0].text


def test_other_words_for_the_options_are_understood(quoting):
    answer = quoting.ask("How do centralised and decentralised AI differ on innovation?")
    assert answer.comparison.options == ("Bottom-up approach to AI", "Top-down approach to AI")


@pytest.mark.parametrize(
    ("question", "criterion"),
    [
        ("Which of top-down and bottom-up causes more resistance?", "Causes more resistance"),
        ("How does top-down fare against bottom-up as to resistance?", "Resistance"),
    ],
)
def test_two_that_are_set_side_by_side_without_a_word_for_it_are_compared(quoting, question, criterion):
    assert [row.criterion for row in quoting.ask(question).comparison.rows] == [criterion]


def test_a_new_question_after_a_comparison_is_no_comparison(quoting):
    history = (Turn("user", "Compare top-down and bottom-up."), Turn("assistant", "It depends."))
    assert quoting.ask("Which factors decide?", history).comparison is None
    added = quoting.ask("What about hybrid?", history)
    assert len(added.comparison.options) == 3


def test_an_aspect_keeps_its_verb(quoting):
    answer = quoting.ask("Is top-down better than bottom-up for getting staff on board?")
    assert [row.criterion for row in answer.comparison.rows] == ["Getting staff on board"]


def test_an_aspect_that_holds_a_word_for_drawbacks_is_more_than_that(quoting):
    answer = quoting.ask("How do top-down and bottom-up compare on how well solutions fit the problem?")
    assert "Drawbacks" not in [row.criterion for row in answer.comparison.rows]


def test_what_is_compared_of_each_of_two_is_the_aspect(quoting):
    answer = quoting.ask("Compare duplication of work under central and under decentralised AI.")
    assert answer.comparison.options == ("Bottom-up approach to AI", "Top-down approach to AI")
    assert answer.comparison.rows[0].criterion == "Duplication of work"


@pytest.mark.parametrize(
    "question", ["Drawbacks of each approach?", "Pros and cons of all three?", "List every approach's disadvantages."]
)
def test_a_list_across_options_has_that_of_each(quoting, question):
    answer = quoting.ask(question)
    against = next(row for row in answer.comparison.rows if row.criterion == "Drawbacks")
    assert len(answer.comparison.options) == 3
    assert all(against.cells)


def test_a_list_of_two_named_options_has_those_two(quoting):
    answer = quoting.ask("What are the advantages of top-down and hybrid?")
    assert answer.comparison.options == ("Hybrid approach to AI", "Top-down approach to AI")
    assert [row.criterion for row in answer.comparison.rows] == ["Advantages"]


def test_a_list_across_options_asked_for_with_more_than_it_says_is_none(quoting):
    assert quoting.ask("What are the security risks of the approaches?").comparison is None


def test_the_list_of_the_option_that_a_follow_up_names(quoting):
    history = (Turn("user", "What are the drawbacks of the bottom-up approach?"), Turn("assistant", "Three."))
    answer = quoting.ask("And of the hybrid one?", history)
    assert {sentence.citations[0].document for sentence in answer.sentences} == {"hybrid-approach.md"}


def loaded(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    documents = corpus.load_all([folder]).documents
    passages = [passage for document in documents for passage in corpus.split(document)]
    return Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents))


BOTH = """# Buying

## Central buying

One department buys.

### Pros

- **Discounts:** Bundling gives lower prices and a burden less.

### Cons

- **Slow turnaround:** A site waits 25 days, and there is better.

### When it works

It works where sites buy the same things.

## Local buying

Each plant buys.

### Pros

- **Speed:** Orders take two days.

### Cons

- **Audit effort:** There are eleven ledgers.

### When it works

It works where plants are fast and different.
"""


def test_headings_tell_the_sides_and_no_words_do(tmp_path):
    policies = {f"policy_{year}": f"# Buying policy {year}\n\n## Limits\n\nUp to {year} euros.\n" for year in (1, 2)}
    answer = loaded(tmp_path, models=BOTH, **policies).ask("Compare the two models.")
    assert answer.comparison.options == ("Central buying", "Local buying")
    rows = {row.criterion: row.cells for row in answer.comparison.rows}
    assert list(rows) == ["What it is", "Pros", "Cons", "When it works"]
    assert all(all(cells) for cells in rows.values())


PROSE = """# Rollout

## Big rollout

Every branch switches at once.

It is the cheapest way. Staff are trained once. However, a fault hits every branch. There is no way back.

## Phased rollout

Region after region switches.

Faults stay small and training can be improved. On the other hand, two systems run for a year. Forms differ.
"""


def test_running_text_is_told_apart_and_none_of_it_is_lost(tmp_path):
    answer = loaded(tmp_path, rollout=PROSE).ask("Compare big rollout and phased rollout.")
    rows = {row.criterion: row.cells for row in answer.comparison.rows}
    assert rows["What it is"][0].text == "Every branch switches at once."
    assert rows["What speaks for it"][0].text == "It is the cheapest way. Staff are trained once."
    assert rows["What speaks against it"][0].text == "However, a fault hits every branch. There is no way back."
    assert rows["What speaks against it"][1].text.endswith("Forms differ.")


def test_what_is_compared_by_is_no_further_thing_that_is_compared(quoting):
    answer = quoting.ask(
        "How does the hybrid approach compare with the top-down approach in alignment and coordination?"
    )
    assert answer.comparison.options == ("Hybrid approach to AI", "Top-down approach to AI")
    assert [row.criterion for row in answer.comparison.rows] == ["Alignment", "Coordination"]


class Reader(ScriptedModel):
    """Says yes to statements with one of ``words``, and keeps what it is asked."""

    trained_judge = True

    def __init__(self, *words):
        self.asked = []
        super().__init__(lambda messages: self._reply(messages[-1].text, words))

    def _reply(self, asked, words):
        statements = re.findall(r"^\[\d+\] (.+)$", asked, re.MULTILINE)
        self.asked.append(asked)
        time.sleep(0.001)  # So that judging takes some time.
        yes = 0.95 if any(word in statement for word in words for statement in statements) else 0.001
        return {"yes": yes, "no": 1 - yes}


def test_what_names_one_side_counts_wherever_it_stands():
    answer = over_guidance(Reader("tight resources")).ask("Compare top-down and bottom-up on tight resources.")
    row = answer.comparison.rows[0]
    assert [cell and "targeted bottom-up AI projects" in cell.text for cell in row.cells] == [None, True]


def test_a_model_that_judges_says_what_bears_on_an_aspect_and_where_the_guidance_is_silent():
    reader = Reader("slow down experimentation")
    answer = over_guidance(reader).ask("Compare top-down and hybrid on experimentation.")
    row = answer.comparison.rows[0]
    assert (row.criterion, len(answer.comparison.rows)) == ("Experimentation", 1)
    assert [cell and "slow down experimentation" in cell.text for cell in row.cells] == [True, None]
    assert all("about experimentation under the" in asked for asked in reader.asked)
    assert 2 <= len(reader.asked) <= 12
    assert answer.timings_ms.verify > 0


def test_an_aspect_that_no_statement_bears_on_is_refused():
    answer = over_guidance(Reader("no such words")).ask("Compare top-down and bottom-up on vendor lock-in.")
    assert (answer.status, answer.comparison) == ("refused", None)
    assert answer.refusal.nearest


def test_where_the_model_fails_words_and_vectors_compare():
    def fails(_):
        raise ModelUnavailableError("It is gone.")

    judge = ScriptedModel(fails)
    judge.trained_judge = True
    answer = over_guidance(judge).ask("Compare top-down and bottom-up on innovation.")
    assert [row.criterion for row in answer.comparison.rows] == ["Innovation"]


BUILT_ALIKE = """# Measuring

## Team metrics

The team counts its releases.

## Quality metrics

Quality is counted in faults.

## Boats

Large boats carry more than small boats. A small boat is of a quality that lasts.
"""


def test_headings_that_are_only_built_alike_are_not_meant_by_one_word(tmp_path):
    assistant = loaded(tmp_path, measuring=BUILT_ALIKE)
    outline = assistant._outline
    assert outline.groups[0].names == ("Team metrics", "Quality metrics")
    assert outline.rivals("How does the quality of large boats compare with that of small boats?") is None
    assert outline.rivals("Which quality metrics are there?") is outline.groups[0]
    assert outline.rivals("Which says more, team or quality?") is outline.groups[0]
    assert not outline.options, "nobody chooses between them"


def test_a_word_that_compares_names_nothing(tmp_path):
    text = "# Baselines\n\n## Option 1: Comparative baseline\n\nA team.\n\n## Option 2: Delayed baseline\n\nA month.\n"
    outline = loaded(tmp_path, baselines=text)._outline
    assert outline.rivals("How does the delayed one do?") is outline.groups[0]
    assert outline.rivals("How do old boats compare?") is None


def test_headings_that_are_only_built_alike_are_meant_together_by_all_that_they_share(tmp_path):
    text = "# Harbour\n\n## River crew plan\n\nRow at noon.\n\n## River crew pay\n\nPaid on Friday.\n"
    outline = loaded(tmp_path, harbour=text)._outline
    assert outline.groups[0].names == ("River crew plan", "River crew pay")
    assert outline.together("How do crews of boats at sea row?") is None
    assert outline.together("What is there for river crews?") is outline.groups[0]


def test_all_of_so_many_are_options_only_where_there_are_so_many(tmp_path):
    text = "# Mills\n\n## Option 1: Wind mill\n\nA hill.\n\n## Option 2: Water mill\n\nA stream.\n"
    outline = loaded(tmp_path, mills=text)._outline
    assert outline.together("Is the rule the same for all two?") is outline.groups[0]
    assert outline.together("Rye, oats and wheat: is the rule the same for all three?") is None


def test_one_side_of_two_options_set_against_each_other_is_a_table(quoting):
    answer = quoting.ask("pros of bottom-up against pros of top-down please, the meeting is in five minutes")
    assert answer.comparison is not None
    (row,) = answer.comparison.rows
    assert all(cell.text.startswith("The advantages of the") for cell in row.cells), "in brief first"
    assert all(len(cell.citations) > 2 for cell in row.cells)
    assert "The advantages of the bottom-up approach are" in answer.text


def test_what_is_good_and_bad_of_each_is_the_whole_table(quoting):
    answer = quoting.ask("Weigh up for me the top-down approach against the bottom-up approach, good and bad of each.")
    assert answer.comparison is not None
    assert len(answer.comparison.rows) > 1


def test_words_for_how_a_list_is_to_look_ask_for_nothing_more(quoting):
    answer = quoting.ask("Give me every downside of both pure models, top-down and bottom-up, in one overview.")
    assert answer.comparison is not None
    assert [len(row.cells) for row in answer.comparison.rows] == [2] * len(answer.comparison.rows)


LABELLED = """# Mills

## 1. Option A: a shared mill for the valley

### Benefits

- One stone grinds for all.

### Drawbacks

- Everybody waits in line.

## 2. Option B: farms run their own

### Benefits

- Nobody waits.

### Drawbacks

- Ten stones wear out.

## 3. Money

Option A takes 200 coins of repairs a year. Option B takes 900 coins of repairs a year.

Option A needs 5 coins of savings at the start, whereas Option B needs none.

Some say that money spoils everything.
"""


@pytest.mark.parametrize(
    ("aspect", "cells"),
    [
        ("repairs", ["Option A takes 200 coins of repairs a year.", "Option B takes 900 coins of repairs a year."]),
        ("savings", ["Option A needs 5 coins of savings at the start, whereas Option B needs none."] * 2),
    ],
)
def test_what_is_said_of_options_by_their_labels_or_of_one_against_the_other_is_theirs(tmp_path, aspect, cells):
    answer = loaded(tmp_path, mills=LABELLED).ask(f"Compare option A with option B on {aspect}.")
    assert [[cell.text if cell else "" for cell in row.cells] for row in answer.comparison.rows] == [cells]


def test_two_headings_that_are_no_options_are_told_by_what_stands_under_them(quoting):
    answer = quoting.ask("Fragmentation versus strategic misalignment - how do I tell these two apart?")
    assert answer.comparison.options == ("Fragmentation", "Strategic misalignment")
    assert all(cell for row in answer.comparison.rows[:1] for cell in row.cells)
    assert ["duplicate" in answer.sentences[0].text, "enterprise" in answer.sentences[1].text] == [True, True]


def test_the_name_of_a_side_ends_where_the_question_begins(quoting):
    comparer = quoting._answering._rules._comparer
    assert comparer.unheaded("hierarchical culture: which approach do we need?").name == "Hierarchical culture"
    assert comparer.unheaded("hierarchical culture").name == "Hierarchical culture"

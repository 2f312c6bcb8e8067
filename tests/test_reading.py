"""Statements read one by one by a model that was trained to judge: scripted opinions over a small guidance."""

import re
from dataclasses import replace
from functools import partial

import pytest

import corpus
from assistant.answering.reading import Reading
from assistant.contents.statements import split_statements
from assistant.evidence.material import Material
from assistant.evidence.subquestions import SubQuestion
from assistant.judging.answerability import Answerability
from assistant.models.scripted import ScriptedModel
from assistant.notices import NEAREST, stood_in
from assistant.pipeline import Assistant
from assistant.questions.putting import after_part
from assistant.records import Stage, Written
from index import FakeEncoder, FakeSparseEncoder, Hit, memory_index

GUIDANCE = """# House rules

## Lamps

The lamp on the stairs burns all night.
The lamp in the hall is put out at dusk.
The lamp in the yard was given by the mayor.
The lamp at the gate is red.
Whoever breaks a lamp pays for a new lamp.
The lamp in the cellar is kept for storms.
A lamp that smokes is taken to the smith.
The lamp oil stands under the stairs.
Every lamp has a number.
"""
ASKED = "Which lamp burns?"


class Judge(ScriptedModel):
    """Says yes to statements as ``opinions`` has it for words in them, and keeps what it reads."""

    trained_judge = True

    def __init__(self, opinions, together=None):
        self.read, self.put = [], []
        self.together = together
        self.opinions = opinions
        super().__init__(self._reply)

    def _reply(self, messages):
        asked = messages[-1].text
        statements = re.findall(r"^\[\d+\] (?:Lamps: )?(.+)$", asked, re.MULTILINE)
        assert "yes or no" in asked, "it judges and never writes"
        if len(statements) > 1:
            assert self.together is not None, "one by one"
            return {"yes": self.together, "no": 1 - self.together}
        self.read.append(statements[0])
        self.put.append(asked)
        yes = next((value for word, value in self.opinions.items() if word in statements[0]), 0.1)
        if isinstance(yes, dict):  # By what stands in the question.
            yes = next(value for words, value in yes.items() if words in asked)
        return {"yes": yes, "no": 1 - yes}


class Hopeful(Answerability):
    """Leaves everything to the model: vectors without meaning would find nothing near."""

    def hopeless(self, question, passages, cosine=None, meaning=0.0):
        return False


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    path = tmp_path_factory.mktemp("house") / "rules.md"
    path.write_text(GUIDANCE)
    return [corpus.load(path)]


@pytest.fixture(scope="module")
def passages(documents):
    return [passage for document in documents for passage in corpus.split(document)]


def read(
    passages,
    opinions,
    *,
    threshold=0.0,
    question=ASKED,
    parts=(),
    cancelled=lambda: False,
    first=4,
    together=None,
    against=(),
    follows=False,
):
    """The events of a reading of the guidance from the top, its end, and the judge that read it."""
    statements = tuple(statement for passage in passages for statement in split_statements(passage))
    hits = [Hit(passage, 1.0, 0.6) for passage in passages]
    over = {statements[one].key: tuple(statements[other] for other in others) for one, others in against}
    chosen = () if parts else statements[:first]
    evidence = () if parts else statements
    material = Material(hits, parts=parts, chosen=chosen, wider=statements, evidence=evidence, against=over)
    judge = Judge(opinions, together)
    encode = FakeEncoder().encode
    reading = Reading(
        judge, Hopeful(encode), threshold, question, material, cancelled, lambda *_: None, follows=follows
    )
    return list(reading.events()), reading.judged, judge


def told(events):
    return [event.sentence.text for event in events if isinstance(event, Written)]


def test_what_surely_answers_is_told_and_nothing_else(passages):
    events, judged, judge = read(passages, {"hall": 0.9, "gate": 0.7})
    assert told(events) == ["The lamp in the hall is put out at dusk.", "The lamp at the gate is red."]
    assert judged.answerable
    assert len(judge.read) == 4, "nothing further is read"
    assert all(event.sentence.citations[0].quote == event.sentence.text for event in events)


def test_what_stands_in_a_document_about_another_subject_has_to_answer_all_the_more_surely(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    material = Material([Hit(passage, 1.0, 0.9) for passage in passages], chosen=tuple(statements[:4]))

    def told_of(off):
        judge, hopeful = Judge({"hall": 0.8, "gate": 0.99}), Hopeful(FakeEncoder().encode)
        reading = Reading(judge, hopeful, 0.4, ASKED, material, lambda: False, lambda *_: None, off_subject=off)
        return told(reading.events())

    assert len(told_of(frozenset())) == 2
    assert told_of(frozenset({"rules.md"})) == ["The lamp at the gate is red."]


def test_a_statement_is_told_before_the_next_one_is_read(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    judge = Judge({"": 0.9})
    material = Material([Hit(passage, 1.0, 0.9) for passage in passages], chosen=tuple(statements[:6]))
    hopeful = Hopeful(FakeEncoder().encode)
    reading = Reading(judge, hopeful, 0.0, ASKED, material, lambda: False, lambda *_: None)
    assert [len(judge.read) for event in reading.events() if isinstance(event, Written)] == [1, 2, 3, 4], "four at most"


def test_what_answers_further_on_is_found_and_ends_the_reading(passages):
    events, judged, judge = read(passages, {"cellar": 0.9, "": 0.1}, threshold=0.5)
    assert told(events) == ["The lamp in the cellar is kept for storms."]
    assert any(isinstance(event, Stage) for event in events)
    assert len(judge.read) == 7, "six, and what stands after the one that answers"
    assert judged.answerable


def test_what_stands_beside_what_is_told_is_read_and_told_where_it_answers_as_well(passages):
    events, _, judge = read(passages, {"cellar": 0.9, "smokes": 0.75, "pays": 0.4, "": 0.1}, threshold=0.5)
    assert told(events) == ["The lamp in the cellar is kept for storms.", "A lamp that smokes is taken to the smith."]
    assert len(judge.read) == 7


@pytest.mark.parametrize(("yes", "said"), [(0.4, 2), (0.3, 1)])
def test_what_was_read_only_for_its_place_needs_a_yes_of_its_own(passages, yes, said):
    every = tuple(statement for passage in passages for statement in split_statements(passage))
    gate, hits = every[3:4], [Hit(passage, 1.0, 0.9) for passage in passages]
    material = Material(hits, chosen=gate, wider=gate, evidence=every)
    judge = Judge({"gate": 0.5, "pays": yes, "": 0.01})
    reading = Reading(judge, Hopeful(FakeEncoder().encode), 0.0, ASKED, material, lambda: False, lambda *_: None)
    assert len(told(list(reading.events()))) == said
    assert len(judge.read) == 3
    unfound = replace(material, evidence=gate)
    reading = Reading(judge, Hopeful(FakeEncoder().encode), 0.0, ASKED, unfound, lambda: False, lambda *_: None)
    assert len(told(list(reading.events()))) == 1, "what was not found for the question is not told for its place"


def test_what_hardly_answers_is_not_told_beside_what_answers_little_better(passages):
    events, *_ = read(passages, {"hall": 0.12, "gate": 0.04, "": 0.01}, together=0.5)
    assert told(events) == ["The lamp in the hall is put out at dusk."]


def test_where_nothing_answers_thirteen_are_read_and_nothing_is_told(tmp_path):
    colours = "red blue green white black brown grey pink".split()
    lamps = "\n".join(f"The {colour} lamp at the {place} leaks." for colour in colours for place in ("gate", "door"))
    passages = list(dict.fromkeys(one.passage for one in statements_of(tmp_path, lamps)))
    events, judged, judge = read(passages, {"": 0.1}, threshold=0.9, together=0.1)
    assert told(events) == []
    assert not judged.answerable
    assert len(judge.read) == 13


def test_where_nothing_is_near_nothing_further_is_read(passages):
    events, judged, judge = read(passages, {"": 0.01}, threshold=0.9)
    assert (events, judged.answerable, len(judge.read)) == ([], False, 4)


def test_of_what_perhaps_answers_the_best_is_told_and_what_is_hardly_worse(passages):
    opinions = {"stairs burns": 0.04, "hall": 0.45, "yard": 0.045, "gate": 0.4, "": 0.03}
    events, *_ = read(passages, opinions)
    assert told(events) == ["The lamp in the hall is put out at dusk.", "The lamp at the gate is red."]
    opinions = {"stairs burns": 0.4, "hall": 0.39, "yard": 0.41, "gate": 0.6, "": 0.1}
    events, *_ = read(passages, opinions)
    first = ["The lamp at the gate is red.", "The lamp in the yard was given by the mayor."]
    assert told(events) == [*first, "The lamp on the stairs burns all night."]


def test_of_two_that_perhaps_answer_the_nearer_comes_first(passages):
    first, second = [statement for passage in passages for statement in split_statements(passage)][:2]
    material = Material([Hit(passage, 1.0, 0.9) for passage in passages], chosen=(first, replace(second, score=0.9)))
    judge = Judge({"hall": 0.38, "stairs burns": 0.4, "": 0.02}, together=0.5)
    reading = Reading(judge, Hopeful(FakeEncoder().encode), 0.0, ASKED, material, lambda: False, lambda *_: None)
    assert told(list(reading.events())) == [second.text, first.text]


@pytest.mark.parametrize(("adds", "expected"), [(0.3, 2), (0.1, 1)])
def test_what_says_that_it_adds_to_what_was_told_needs_less_of_a_yes(tmp_path, adds, expected):
    path = tmp_path / "tools.md"
    path.write_text("# Tools\n\nThe axe hangs by the door. The saw is kept dry. The saw is also oiled in spring.\n")
    passages = corpus.split(corpus.load(path))
    events, *_ = read(passages, {"dry": 0.9, "oiled": adds, "axe": 0.3}, question="What is done with the saw?")
    assert told(events) == ["The saw is kept dry.", "The saw is also oiled in spring."][:expected]


@pytest.mark.parametrize(("yard", "said"), [(0.3, ["hall", "yard"]), (0.25, ["hall", "gate"]), (0.1, ["hall", "gate"])])
def test_the_surest_of_what_stands_over_against_what_was_told_is_told_too(passages, yard, said):
    opinions = {"hall": 0.9, "yard": yard, "gate": 0.26, "cellar": 0.24, "": 0.1}
    events, *_ = read(passages, opinions, first=2, against=[(1, (2, 3, 5))])
    assert [next(word for word in said if word in text) for text in told(events)] == said


def test_what_stands_over_against_it_is_left_where_it_hardly_answers(passages):
    events, _, judge = read(passages, {"hall": 0.9, "": 0.15}, first=2, against=[(1, (2, 3)), (0, (4,))])
    assert told(events) == ["The lamp in the hall is put out at dusk."]
    assert len(judge.read) == 4, "what stands over against what was not told is not read"


def test_a_part_is_read_beside_what_the_part_before_was_told(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = (
        SubQuestion("Which lamp is red", "Which lamp is red", (statements[3],)),
        SubQuestion("what if it is not", "What if it is not", (statements[0],)),
    )
    opinions = {"red": 0.9, "yard": 0.8, "": 0.1}
    events, judged, _ = read(passages, opinions, threshold=0.5, parts=parts, against=[(3, (2, 4))])
    assert told(events) == [statements[3].text, statements[2].text]
    assert judged.missing == ()
    events, judged, _ = read(passages, opinions, threshold=0.5, parts=parts)
    assert told(events) == [statements[3].text]
    assert judged.missing == ("what if it is not",)


def test_a_threshold_that_is_set_holds_for_what_is_sure_too(passages):
    events, judged, _ = read(passages, {"hall": 0.6, "": 0.3}, threshold=0.95)
    assert told(events) == []
    assert not judged.answerable
    assert 0 < judged.probability < 0.95


def test_a_reader_who_leaves_stops_the_reading(passages):
    events, _, judge = read(passages, {"": 0.9}, cancelled=lambda: True)
    assert (events, judge.read) == ([], [])


def test_each_part_gets_what_answers_it_and_one_that_nothing_answers_is_missing(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = (
        SubQuestion("Which lamp is red", "Which lamp is red", tuple(statements[2:5])),
        SubQuestion("who paints the fence", "Who paints the fence", tuple(statements[:3])),
    )
    events, judged, judge = read(passages, {"red": 0.9, "": 0.1}, threshold=0.5, parts=parts)
    assert told(events) == ["The lamp at the gate is red."]
    assert judged.missing == ("who paints the fence",)
    assert len(judge.read) == 2 + 3, "a part that is answered is done"


def test_what_is_nearest_to_the_whole_question_is_read_for_a_part_that_nothing_of_its_own_answers(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = (
        SubQuestion("Which lamp burns", "Which lamp burns", tuple(statements[:1])),
        SubQuestion("which is red", "Which lamp is red", tuple(statements[1:2])),
    )
    material = Material([Hit(passage, 1.0, 0.9) for passage in passages], parts=parts, evidence=tuple(statements))
    judge, hopeful = Judge({"burns": 0.9, "red": 0.8, "": 0.1}), Hopeful(FakeEncoder().encode)
    reading = Reading(judge, hopeful, 0.3, "Which lamp burns and which is red?", material, lambda: False, add)
    assert told(list(reading.events())) == [statements[0].text, statements[3].text]
    assert reading.judged.missing == ()


def add(_name, _since):
    """Takes no time."""


def test_the_items_of_a_list_that_a_part_asks_for_are_not_read(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = (
        SubQuestion("Which lamps are there", "Which lamps are there", listed=tuple(statements[:2])),
        SubQuestion("which is red", "Which lamp is red", (statements[3],)),
    )
    events, judged, judge = read(passages, {"red": 0.9}, parts=parts)
    assert told(events) == [statements[0].text, statements[1].text, statements[3].text]
    assert judge.read == [statements[3].text]
    assert judged.missing == ()


def test_what_was_told_to_one_part_is_not_told_again(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = tuple(SubQuestion(asked, asked, (statements[3],)) for asked in ("Which is red", "which is at the gate"))
    events, judged, _ = read(passages, {"red": 0.9}, parts=parts)
    assert told(events) == [statements[3].text]
    assert judged.missing == ()


@pytest.mark.parametrize(("own", "missing"), [(0.9, ()), (0.1, ("And where?",))], ids=["it does", "it does not"])
def test_what_was_told_to_one_part_is_told_to_the_next_if_it_answers_its_own_words(passages, own, missing):
    class Asked(Judge):
        def _reply(self, messages):
            reply = super()._reply(messages)
            return {"yes": own, "no": 1 - own} if "And where?\n" in messages[-1].text else reply

    (statement, *_) = split_statements(passages[0])
    parts = (
        SubQuestion("Which lamp burns?", "Which lamp burns?", (statement,)),
        SubQuestion("And where?", "And where? (Which lamp burns)", (statement,)),
    )
    material = Material([Hit(passage, 1.0, 0.9) for passage in passages], parts=parts)
    judge = Asked({"burns": 0.9})
    reading = Reading(
        judge,
        Hopeful(FakeEncoder().encode),
        0.5,
        "Which lamp burns? And where?",
        material,
        lambda: False,
        lambda *_: None,
    )
    assert told(list(reading.events())) == [statement.text]
    assert reading.judged.missing == missing


def test_a_number_that_no_passage_holds_is_not_looked_for(passages):
    events, judged, judge = read(passages, {"": 0.9}, question="How many lamps were bought?")
    assert (events, judge.read) == ([], [])
    assert not judged.answerable


def test_an_answer_is_made_of_what_the_judge_says_yes_to(documents, passages):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    judge = Judge({"put out": 0.9, "": 0.1})
    made = Assistant(index, judge, "judge", answerable_threshold=0.0)
    answer = made.ask("When is the lamp in the hall put out in the evening?")
    assert [sentence.text for sentence in answer.sentences] == ["The lamp in the hall is put out at dusk."]
    assert (answer.status, answer.notice) == ("answered", "")
    assert answer.sentences[0].citations[0].passage in {passage.id for passage in answer.passages}


@pytest.mark.parametrize(
    ("question", "told_of"),
    [
        ("When is the lamp in the hall put out in the evening?", []),
        ("According to the dusk handbook, when is the lamp in the hall put out in the evening?", ["dusk.md"]),
    ],
)
def test_a_document_about_another_subject_hardly_answers_unless_it_is_named(tmp_path, monkeypatch, question, told_of):
    (tmp_path / "dusk.md").write_text("# Dusk handbook\n\nThe lamp in the hall is put out at dusk.\n")
    (tmp_path / "oil.md").write_text("# Oil\n\nOil stands under the stairs of the hall.\n")
    found = [corpus.load(path) for path in sorted(tmp_path.iterdir())]
    parts = [passage for document in found for passage in corpus.split(document)]
    index = memory_index(parts, FakeEncoder(), FakeSparseEncoder(), documents=found)
    monkeypatch.setattr(index, "subject_similarities", lambda questions, names: {"dusk.md": 0.01, "oil.md": 0.4})
    made = Assistant(index, Judge({"put out": 0.9, "": 0.01}, 0.01), "judge", answerable_threshold=0.5)
    answer = made.ask(question)
    assert [one.citations[0].document for one in answer.sentences] == told_of
    monkeypatch.setattr(index, "subject_similarities", lambda questions, names: {"dusk.md": 0.3, "oil.md": 0.4})
    assert [one.citations[0].document for one in made.ask(question).sentences] == ["dusk.md"]


def test_a_question_that_nothing_answers_is_refused(documents, passages):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    made = Assistant(index, Judge({"": 0.01}), "judge")
    answer = made.ask("Who may sit beside the lamp in the hall?")
    assert answer.status == "refused"
    assert answer.refusal.nearest


@pytest.mark.parametrize(("together", "status"), [(0.9, "answered"), (0.001, "refused")])
def test_what_no_statement_answers_by_itself_is_read_together(documents, passages, together, status):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    judge = Judge({"": 0.15}, together)
    made = Assistant(index, judge, "judge")
    composer = made._answering._composer
    composer.direct._answerability = Hopeful(FakeEncoder().encode)
    composer.reading = partial(Reading, judge, composer.direct._answerability, None)
    answer = made.ask("Which lamp in the cellar is kept for storms by the smith?")
    assert answer.status == status
    assert len(judge.read) > 4
    assert not answer.sentences or answer.sentences[0].citations[0].quote in GUIDANCE


@pytest.mark.parametrize(
    ("best", "together", "probability"), [(0.25, 0.6, 0.75), (0.25, 0.02, 0.02), (0.55, None, 0.5)]
)
def test_a_middling_yes_is_weighed_with_that_to_what_is_read_together(passages, best, together, probability):
    opinions = {"gate": best, "": best * 0.9}
    _, judged, _ = read(passages, opinions, together=together)
    assert judged.probability == pytest.approx(probability, abs=0.1)


def test_an_answer_that_only_comes_nearest_says_so(documents, passages):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    made = Assistant(index, Judge({"gate": 0.3, "": 0.02}, 0.2), "judge", answerable_threshold=0.0)
    answer = made.ask("Which lamp at the gate is red in the evening?")
    assert answer.sentences[0].text == "The lamp at the gate is red."
    assert (answer.status, answer.notice) == ("answered", NEAREST)
    assert not stood_in(answer)


def test_what_comes_nowhere_near_is_not_read_together(documents, passages):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    judge = Judge({"": 0.02})
    made = Assistant(index, judge, "judge")
    composer = made._answering._composer
    composer.direct._answerability = Hopeful(FakeEncoder().encode)
    composer.reading = partial(Reading, judge, composer.direct._answerability, None)
    assert made.ask("Which lamp in the cellar is kept for storms by the smith?").status == "refused"
    assert judge.read


def test_where_no_part_is_answered_the_whole_question_is_read(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = tuple(SubQuestion(asked, asked, (statements[0],)) for asked in ("Which is red", "what is it for"))
    hits = [Hit(passage, 1.0, 0.6) for passage in passages]
    material = Material(hits, parts=parts, chosen=tuple(statements[:4]), wider=tuple(statements))
    judge, hopeful = Judge({"gate": 0.9}), Hopeful(FakeEncoder().encode)
    question = "Which is red, and what is it for?"
    reading = Reading(judge, hopeful, 0.3, question, material, lambda: False, lambda *_: None)
    assert told(list(reading.events())) == ["The lamp at the gate is red."]
    assert reading.judged.answerable
    assert reading.judged.missing == ()


def test_what_is_only_judged_is_not_written(documents, passages):
    index = memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=documents)
    question = "When is the lamp in the hall put out in the evening?"
    made = Assistant(index, Judge({"put out": 0.9, "": 0.1}), "judge", answerable_threshold=0.0)
    assert list(made.answer(question, writing=False))[-1].answer.status == "answered"
    together = ScriptedModel([{"yes": 0.9, "no": 0.1}])
    written = Assistant(index, together, "scripted", answerable_threshold=0.0)
    events = list(written.answer(question, writing=False))
    assert (events[-1].answer.status, events[-1].answer.sentences) == ("answered", ())


def test_where_several_things_are_asked_for_more_is_told_and_what_stands_beside_it_is_read(passages):
    statements = tuple(statement for passage in passages for statement in split_statements(passage))
    hits, some = [Hit(passage, 1.0, 0.9) for passage in passages], statements[4:5]
    material = Material(hits, chosen=some, wider=some, evidence=statements)
    answering = {"pays": 0.9, "cellar": 0.9, "smokes": 0.9, "oil": 0.9, "gate": 0.9, "number": 0.9, "": 0.1}
    reading = partial(Reading, Judge(answering), Hopeful(FakeEncoder().encode), 0.0, ASKED, material)
    one_by_one = reading(lambda: False, lambda *_: None, several=True)
    assert told(one_by_one.events()) == [
        "Whoever breaks a lamp pays for a new lamp.",
        "The lamp in the cellar is kept for storms.",
        "A lamp that smokes is taken to the smith.",
        "The lamp oil stands under the stairs.",
        "Every lamp has a number.",
        "The lamp at the gate is red.",
    ]
    assert told(reading(lambda: False, lambda *_: None).events()) == [
        "Whoever breaks a lamp pays for a new lamp.",
        "The lamp in the cellar is kept for storms.",
        "The lamp at the gate is red.",
    ]


def statements_of(folder, text):
    (folder / "asked.md").write_text(f"# Asked\n\n{text}\n")
    return [one for passage in corpus.split(corpus.load(folder / "asked.md")) for one in split_statements(passage)]


def test_a_question_in_the_guidance_stands_with_its_answer(tmp_path):
    told = '- "Do I have to?" (No, but you should.)\n- Who pays? The porter pays. He has money.\n- Who else?'
    assert [one.text for one in statements_of(tmp_path, told)] == [
        '"Do I have to?" (No, but you should.)',
        "Who pays? The porter pays.",
        "He has money.",
        "Who else?",
    ]


def test_what_somebody_is_told_to_have_asked_stands_with_the_answer(tmp_path):
    told = "A guest has asked whether we bake on Sundays. We do not. The oven is cold then."
    texts = [one.text for one in statements_of(tmp_path, told)]
    assert texts == ["A guest has asked whether we bake on Sundays. We do not.", "The oven is cold then."]


def test_a_label_stands_with_what_it_labels_and_tells_what_the_rest_of_its_line_is_about(tmp_path):
    told = "- **Lamps in the hall.** They burn all night. Oil is dear.\n- Nobody pays.\n\nThere are two. One is red."
    statements = statements_of(tmp_path, told)
    assert [one.text for one in statements] == [
        "Lamps in the hall. They burn all night.",
        "Oil is dear.",
        "Nobody pays.",
        "There are two.",
        "One is red.",
    ]
    assert [one.before for one in statements] == ["", "Lamps in the hall.", "", "", ""]
    assert [
        one.text for one in statements_of(tmp_path, "Lamps burn. Doors close.\n\nDoors and lamps burn. All do.")
    ] == [
        "Lamps burn. Doors close.",
        "Doors and lamps burn.",
        "All do.",
    ]


LIST = """# Lamps

The lamps are these.

- The lamp in the hall burns.
- The lamp at the gate smokes.
- The lamp in the yard hangs.
- The lamp in the cellar leaks.

Doors are shut at night. That rule was lifted in May.
"""


@pytest.mark.parametrize(
    ("opinions", "several", "told_of"),
    [
        ({"burns": 0.9, "hangs": 0.8, "": 0.01}, True, ["burns", "hangs", "smokes", "leaks"]),
        ({"burns": 0.9, "hangs": 0.8, "": 0.01}, False, ["burns", "hangs"]),
        ({"burns": 0.9, "": 0.01}, True, ["burns"]),
    ],
    ids=["two of four", "one thing asked for", "one of four"],
)
def test_a_list_of_which_some_points_answer_is_told_whole(tmp_path, opinions, several, told_of):
    statements = tuple(statements_of(tmp_path, LIST))
    points = tuple(one for one in statements if one.text.startswith("The lamp in") or "gate" in one.text)
    hits = [Hit(statements[0].passage, 1.0, 0.9)]
    material = Material(hits, chosen=points, wider=points, evidence=statements, lists=(points,))
    reading = Reading(
        Judge(opinions),
        Hopeful(FakeEncoder().encode),
        0.0,
        ASKED,
        material,
        lambda: False,
        lambda *_: None,
        several=several,
    )
    said = told(list(reading.events()))
    assert [word for one in said for word in ("burns", "smokes", "hangs", "leaks") if word in one] == told_of


def test_that_something_told_holds_no_longer_is_told_too(tmp_path):
    every = tuple(statements_of(tmp_path, LIST))
    doors = tuple(one for one in every if "Doors" in one.text)
    hits = [Hit(every[0].passage, 1.0, 0.9)]
    material = Material(hits, chosen=doors, wider=doors, evidence=doors)
    judge = Judge({"Doors": 0.9, "": 0.01})
    reading = Reading(judge, Hopeful(FakeEncoder().encode), 0.0, ASKED, material, lambda: False, lambda *_: None)
    assert told(list(reading.events())) == ["Doors are shut at night.", "That rule was lifted in May."]


@pytest.mark.parametrize(
    ("question", "put"),
    [
        (
            "Who mends the one that smokes? (Who may light a lamp? Guests may light one.)",
            ["Who mends the one that smokes?", "Who mends the one that smokes? (Who may light a lamp?)"],
        ),
        ("And a lantern? (Who may light a lamp? Guests may.)", ["And a lantern? (Who may light a lamp?)"]),
        ("who mends it? (A lamp in the hall smokes)", ["A lamp in the hall smokes. Who mends it?"]),
        ("Who mends it? (the red lamp, the hall lamp)", ["Who mends it? (the red lamp, the hall lamp)"]),
        ("For how long? (Who may light a lamp)", ["For how long? (Who may light a lamp)"]),
    ],
)
def test_how_a_question_with_another_beside_it_is_put(passages, question, put):
    _, _, judge = read(passages, {"smith": 0.8}, question=question, first=9, follows=True)
    asked = [re.search(r"Question: (.+)", text)[1] for text in judge.put if "smith" in text]
    assert asked == put


def test_what_the_own_words_of_a_follow_up_say_counts_most(passages):
    question = "Who mends it? (Who may light a lamp? Guests may.)"
    _, judged, _ = read(passages, {"smith": {"(Who": 0.2, "": 0.9}}, question=question, first=9, follows=True)
    _, other, _ = read(passages, {"smith": {"(Who": 0.9, "": 0.2}}, question=question, first=9, follows=True)
    assert judged.probability > other.probability


def test_a_question_that_brings_brackets_of_its_own_is_put_as_it_is(passages):
    question = "Who mends it? (is that work?)"
    _, _, judge = read(passages, {"smith": 0.8}, question=question, first=9)
    assert {re.search(r"Question: (.+)", text)[1] for text in judge.put} == {question}


def test_what_the_own_words_of_a_part_say_counts_most_beside_the_part_before(passages):
    statements = [statement for passage in passages for statement in split_statements(passage)]
    parts = (
        SubQuestion("Which lamp is red", "Which lamp is red", (statements[3],)),
        SubQuestion("who mends an old lamp", "who mends an old lamp (Which lamp is red)", (statements[6],)),
    )
    missing = {}
    for own, beside in ((0.9, 0.2), (0.2, 0.9)):
        opinions = {"red": 0.9, "smith": {"(Which": beside, "": own}, "": 0.1}
        _, judged, _ = read(passages, opinions, threshold=0.5, parts=parts)
        missing[own] = judged.missing
    assert missing == {0.9: (), 0.2: ("who mends an old lamp",)}


def test_what_was_told_before_a_part_is_no_question_of_its_own():
    put = "who mends old lamps (A lamp smokes. Who may light it)"
    assert after_part(put) == ("who mends old lamps", put)
    assert after_part("who mends old lamps (A lamp smokes)") is None
    assert after_part("who mends old lamps (If a lamp smokes it is dangerous)") is None
    assert after_part("who mends it (Who may light a lamp)") is None


NAMED = """# Rules of the two houses

## Lamps

At Tarn a lamp burns for nine hours. The smith mends one within six days.

At Eskdale a lamp burns for four hours, and the smith is asked by letter.
"""


@pytest.mark.parametrize(
    ("opinions", "answered"),
    [
        ({"mends": 0.9, "asked": 0.3}, False),  # What answers is said of Tarn.
        ({"mends": 0.9, "asked": 0.8}, True),
        ({"mends": 0.2, "asked": 0.3}, True),
        ({"mends": 0.4, "asked": 0.3}, True),
        ({"mends": 0.9}, False),
    ],
)
def test_what_would_answer_and_is_said_of_another_thing_answers_nothing(tmp_path, opinions, answered):
    (tmp_path / "rules.md").write_text(NAMED)
    of_both = corpus.split(corpus.load(tmp_path / "rules.md"))
    events, judged, _ = read(
        of_both, opinions, threshold=0.12, question="How long does the smith take to mend it at Eskdale?", together=0.9
    )
    assert judged.answerable is answered
    assert not any("within six days" in text for text in told(events))


def test_a_sure_answer_that_stands_beside_the_surest_is_told_however_little_it_is_like_the_question(passages):
    scored = [replace(one, score=score) for one, score in zip(split_statements(passages[0]), (2.0, 0.0), strict=False)]
    assert len(scored) == 2
    statements = {one.text: one for one in scored}
    question = ASKED
    material = Material([Hit(passages[0], 1.0, 0.6)], chosen=(scored[0],), evidence=tuple(scored))
    judge = Judge({"stairs": 0.95, "hall": 0.7})
    reading = Reading(judge, Hopeful(FakeEncoder().encode), 0.0, question, material, lambda: False, lambda *_: None)
    assert told(list(reading.events())) == list(statements)


def test_after_a_follow_up_that_finds_nothing_near_more_is_read(passages):
    nothing = {"": 0.01}
    _, _, judge = read(passages, nothing, question="Who mends it? (Who may light a lamp?)", first=2)
    _, _, after = read(passages, nothing, question="Who mends it? (Who may light a lamp?)", first=2, follows=True)
    assert len(after.read) > len(judge.read)

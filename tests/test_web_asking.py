import threading

import pytest
from scripted_window import PASSAGES, SENTENCES, ScriptedAssistant

from assistant.records import Turn
from assistant.store import Reader, Store
from assistant.web.asking import Desk, fault, shortened
from assistant.web.line import Line
from assistant.web.loading import Loading
from corpus.errors import UserError

ANN, TALK = Reader("a" * 32), "c" * 32


@pytest.fixture
def assistant():
    return ScriptedAssistant(pause=0)


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def line():
    return Line(size=2)


@pytest.fixture
def desk(assistant, store, line):
    return Desk(Loading(lambda _: assistant), store, line)


def last(turns):
    *_, final = turns
    return final


def test_a_question_is_answered_and_kept(desk, store, assistant):
    states = [
        (turn.state, turn.stage, bool(turn.passages), len(turn.sentences)) for turn in desk.ask(ANN, TALK, " Q? ")
    ]
    assert states[0] == ("asking", "", False, 0)
    assert states[-1] == ("done", "", True, len(SENTENCES))
    assert any(passages and not sentences for _, _, passages, sentences in states), "passages come first"
    (turn,) = store.turns(ANN, TALK)
    assert (turn.question, turn.state, turn.answer.sentences) == ("Q?", "done", SENTENCES)
    assert assistant.ended == 1


def test_the_conversation_goes_along_and_a_repeated_turn_does_not(desk, assistant):
    first = last(desk.ask(ANN, TALK, "First?"))
    last(desk.ask(ANN, TALK, "What was earlier?"))
    assert assistant.asked[-1][1][0].text == "First?"
    last(desk.ask(ANN, TALK, "First, better?", replaces=first.id))
    assert assistant.asked[-1] == ("First, better?", ())


def test_what_a_page_is_about_helps_only_a_question_that_leans_on_it(desk, assistant, store):
    last(desk.ask(ANN, TALK, "What are the drawbacks of letting teams decide?", page="Leading from the top"))
    assert assistant.asked[-1][1] == ()
    last(desk.ask(ANN, TALK, "What are its drawbacks?", page="Leading from the top"))
    assert assistant.asked[-1][1][0] == Turn("user", "Leading from the top")
    assert "Leading from the top" not in str([turn.question for turn in store.turns(ANN, TALK)])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "no question"),
        (" \n\t ", "no question"),
        ("???", "no words"),
        ("a" * 100_000, "100,000 characters"),
        ("\0\1\2\3 PK\x03\x04 \0\0", "binary"),
        ("GIF89a\ufffd\ufffd\ufffd\ufffd", "binary"),
    ],
)
def test_what_is_no_question_gets_one_line_and_asks_nothing(desk, store, assistant, question, words):
    (turn,) = list(desk.ask(ANN, TALK, question))
    assert (turn.state, turn.fleeting) == ("failed", True)
    assert words in turn.note
    assert "\n" not in turn.note
    assert len(turn.question) <= 301
    assert (assistant.asked, store.turns(ANN, TALK)) == ([], ())


@pytest.mark.parametrize("question", ["Was tun?", "どう進めますか", "Что делать?", "line one\nline two?", "Q\t?"])
def test_questions_in_any_alphabet_are_questions(question):
    assert fault(question) == ""


def test_the_readers_error_is_the_turns_note_and_the_question_is_kept(desk, store):
    turn = last(desk.ask(ANN, TALK, "Please fail"))
    assert (turn.state, turn.note) == ("failed", "The model server did not answer: check model_url and ask again.")
    assert [(kept.question, kept.state) for kept in store.turns(ANN, TALK)] == [("Please fail", "failed")]


def test_a_mistake_in_the_program_is_one_line_too_and_logged(desk, caplog):
    turn = last(desk.ask(ANN, TALK, "Please crash"))
    assert turn.note == "Something went wrong while answering. Your question is kept; try again."
    assert "a mistake" in caplog.text


def test_a_stop_keeps_what_was_written_and_frees_the_line(desk, store, assistant, line):
    for turn in desk.ask(ANN, TALK, "Write forever"):
        if turn.draft:
            assert desk.stop(ANN, TALK)
    assert turn.state == "stopped"
    assert turn.draft
    assert store.turns(ANN, TALK)[0].state == "stopped"
    ticket = line.join()
    assert ticket.wait(30), "the pipeline has ended"
    assert assistant.ended == 1
    assert not desk.stop(ANN, TALK)


def test_closing_the_page_stops_the_generation(desk, store, assistant, line):
    turns = desk.ask(ANN, TALK, "Write forever")
    while not next(turns).draft:
        pass
    turns.close()
    assert line.join().wait(30)
    assert assistant.ended == 1
    assert store.turns(ANN, TALK)[0].state == "stopped"


def test_another_browser_cannot_stop_it(desk):
    turns = desk.ask(ANN, TALK, "Write forever")
    while not next(turns).draft:
        pass
    assert not desk.stop("b" * 32, TALK)
    turns.close()


def test_a_new_question_in_a_conversation_ends_the_one_before(desk, assistant):
    turns = desk.ask(ANN, TALK, "Write forever")
    while not next(turns).draft:
        pass
    assert last(desk.ask(ANN, TALK, "Next?")).state == "done"
    assert last(turns).state == "stopped"


def test_who_waits_is_told_the_place_and_one_too_many_is_turned_away(desk, line):
    served, second = line.join(), line.join()
    for turn in desk.ask(ANN, TALK, "Q?"):
        if "2 questions are before yours. Yours is number 3" in turn.stage:
            assert turn.passages == PASSAGES
            assert not turn.sentences
            refused = last(desk.ask(ANN, "d" * 32, "Me too?"))
            served.leave()
        elif "One question is before yours. Yours is number 2" in turn.stage:
            second.leave()
    assert turn.state == "done"
    assert refused.state == "failed"
    assert "busy" in refused.note


def test_who_waits_is_answered_though_nothing_was_found_ahead(desk, line, assistant, monkeypatch):
    def fails(question, history):
        raise UserError("The index cannot be read.")

    monkeypatch.setattr(assistant, "ahead", fails)
    served = line.join()
    for turn in desk.ask(ANN, TALK, "Q?"):
        if "in the line" in turn.stage:
            assert turn.passages == ()
            served.leave()
    assert turn.state == "done"


def test_only_one_question_is_answered_at_a_time(store):
    class Counting(ScriptedAssistant):
        def __init__(self):
            super().__init__(pause=0.001)
            self.now, self.most = 0, 0

        def answer(self, question, history=(), cancelled=lambda: False):
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                yield from super().answer(question, history, cancelled)
            finally:
                self.now -= 1

    assistant = Counting()
    desk = Desk(Loading(lambda _: assistant), store, Line())
    threads = [threading.Thread(target=lambda n=n: last(desk.ask(ANN, f"{n:032x}", "Q?"))) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (assistant.most, assistant.ended) == (1, 5)


def test_while_the_model_loads_the_reader_is_told(store, assistant):
    go = threading.Event()

    def build(report):
        report("Loading the language model.")
        assert go.wait(30)
        return assistant

    desk = Desk(Loading(build), store, Line())
    stages = []
    for turn in desk.ask(ANN, TALK, "Q?"):
        stages.append(turn.stage)
        if "Loading the language model." in turn.stage:
            go.set()
    assert turn.state == "done"


def test_an_assistant_that_cannot_be_built_says_why_and_is_tried_again(store, assistant):
    outcomes = [UserError("There are no models yet: run strategy-assistant models pull."), assistant]

    def build(_):
        outcome = outcomes.pop(0)
        if isinstance(outcome, UserError):
            raise outcome
        return outcome

    desk = Desk(Loading(build), store, Line())
    assert last(desk.ask(ANN, TALK, "Q?")).note.startswith("There are no models yet")
    assert last(desk.ask(ANN, TALK, "Q?")).state == "done"


def test_without_a_store_the_answer_is_shown_and_the_reader_told(desk, store, monkeypatch):
    def full(*_):
        raise UserError("Conversations cannot be written at here: database or disk is full.")

    monkeypatch.setattr(store, "begin", full)
    turn = last(desk.ask(ANN, TALK, "Q?"))
    assert (turn.state, len(turn.sentences)) == ("done", len(SENTENCES))
    assert turn.note.endswith("The answer is shown but not kept.")


def test_a_store_that_fails_at_the_end_takes_nothing_away(desk, store, monkeypatch):
    def full(*_):
        raise UserError("Conversations cannot be written at here: database or disk is full.")

    monkeypatch.setattr(store, "finish", full)
    turn = last(desk.ask(ANN, TALK, "Q?"))
    assert (turn.state, len(turn.sentences)) == ("done", len(SENTENCES))
    assert "disk is full" in turn.note


def test_long_texts_are_shortened():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "abc…"


def test_a_form_is_asked_as_the_question_it_stands_for(desk, store, assistant):
    desk._loading.start()
    assert desk._loading.wait(10)
    turn = last(desk.ask(ANN, TALK, "ignored", values={"Culture": "hierarchical"}))
    assert (turn.state, turn.answer.advice.leans_to) == ("done", "Top-down")
    assert assistant.asked == [({"Culture": "hierarchical"}, ())]
    (kept,) = store.turns(ANN, TALK)
    assert kept.question == turn.question == "Which approach suits us? Culture: hierarchical."


def test_a_form_with_what_is_not_offered_is_not_asked(desk, store, assistant):
    desk._loading.start()
    assert desk._loading.wait(10)
    turn = last(desk.ask(ANN, TALK, "", values={"Culture": "royal"}))
    assert (turn.state, turn.note, turn.fleeting) == ("failed", "The form does not offer that.", True)
    assert (assistant.asked, store.turns(ANN, TALK)) == ([], ())

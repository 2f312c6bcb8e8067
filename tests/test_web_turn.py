from scripted_window import PASSAGES, SENTENCES, answer_to

from assistant.records import Done, Draft, Found, Stage, Turn, Written
from assistant.store import StoredTurn
from assistant.web.turn import READING, SEARCHING, Progress, history_of, progress_of


def test_a_draft_gives_way_to_the_written_sentence_and_all_to_the_answer():
    progress = Progress("Q?")
    progress.apply(Stage("Searching"))
    progress.apply(Found("Q, alone?", PASSAGES))
    progress.apply(Draft("Lead"))
    assert (progress.draft, progress.stage, progress.passages) == ("Lead", "", PASSAGES)
    progress.apply(Written(SENTENCES[0]))
    assert (progress.draft, progress.sentences) == ("", [SENTENCES[0]])
    answer = answer_to("weather")
    progress.apply(Done(answer))
    assert (progress.state, progress.sentences, progress.answer) == ("done", [], answer)


def test_with_the_passages_shown_it_says_that_they_are_read_and_no_more_that_they_are_searched_for():
    progress = Progress("Q?", stage=SEARCHING)
    progress.apply(Found("Q, alone?", PASSAGES))
    assert progress.stage == READING
    progress.apply(Stage("Looking further"))
    progress.apply(Found("Q, alone?", PASSAGES))
    assert progress.stage == "Looking further"


def test_what_is_kept_of_a_stopped_turn():
    progress = Progress("Q?")
    progress.apply(Found("Q, alone?", PASSAGES))
    progress.apply(Written(SENTENCES[0]))
    progress.stop()
    kept = progress.kept()
    assert (kept.question, kept.standalone_question, kept.sentences) == ("Q?", "Q, alone?", (SENTENCES[0],))


def test_a_turn_left_open_by_a_server_that_went_is_stopped():
    progress = progress_of(StoredTurn("t", "Q?", None, "asked"), "c")
    assert (progress.state, progress.conversation) == ("stopped", "c")


def test_the_history_holds_answered_questions_only():
    turns = (
        StoredTurn("1", "Compare?", answer_to("compare"), "done"),
        StoredTurn("2", "Broken?", None, "failed", "no"),
        StoredTurn("3", "Weather?", answer_to("weather"), "done"),
    )
    assert history_of(turns) == (
        Turn("user", "Compare?"),
        Turn("assistant", "They trade oversight for early ideas."),
        Turn("user", "Weather?"),
        Turn("assistant", "The guidance says nothing about the weather."),
    )

import sqlite3
import threading

import pytest
from scripted_window import answer_to
from sqlalchemy import create_engine, event, text

from assistant.records import Answer
from assistant.store import SCHEMA_VERSION, Store
from corpus.errors import UserError

ANN, BEN = "a" * 32, "b" * 32


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'data' / 'conversations.sqlite'}"


@pytest.fixture
def store(url):
    opened = Store(url)
    yield opened
    opened.close()


def ask(
    store: Store, turn: str, question: str, browser: str = ANN, conversation: str = "c1", replaces: str = ""
) -> Answer:
    answer = answer_to(question)
    store.begin(browser, conversation, turn, question, replaces)
    store.finish(turn, "done", answer)
    return answer


def test_a_conversation_is_read_back_as_it_was(store):
    answers = [ask(store, "t1", "Compare the two"), ask(store, "t2", "advise us"), ask(store, "t3", "weather?")]
    turns = store.turns(ANN, "c1")
    assert [turn.answer for turn in turns] == answers
    assert [(turn.id, turn.question, turn.state) for turn in turns] == [
        ("t1", "Compare the two", "done"),
        ("t2", "advise us", "done"),
        ("t3", "weather?", "done"),
    ]


def test_it_is_all_there_after_closing_and_opening_again(store, url):
    ask(store, "t1", "First?")
    store.close()
    again = Store(url)
    assert [line.title for line in again.conversations(ANN)] == ["First?"]
    assert len(again.turns(ANN, "c1")) == 1
    again.close()


def test_conversations_are_listed_last_used_first_with_their_first_question_as_title(store):
    ask(store, "t1", "First\n  question?", conversation="c1")
    ask(store, "t2", "x " * 200, conversation="c2")
    ask(store, "t3", "Later", conversation="c1")
    lines = store.conversations(ANN)
    assert [line.id for line in lines] == ["c1", "c2"]
    assert lines[0].title == "First question?"
    assert len(lines[1].title) <= 90
    assert lines[1].title.endswith("…")


def test_another_browser_sees_changes_rates_and_deletes_nothing(store):
    ask(store, "t1", "Secret?")
    assert store.conversations(BEN) == ()
    assert store.turns(BEN, "c1") == ()
    assert not store.rate(BEN, "t1", "like")
    assert not store.delete(BEN, "c1")
    with pytest.raises(UserError, match="another browser"):
        store.begin(BEN, "c1", "t2", "Mine?")
    assert [turn.question for turn in store.turns(ANN, "c1")] == ["Secret?"]
    assert store.feedback() == ()


def test_asking_again_replaces_the_turn_and_what_came_after_it(store):
    for turn in ("t1", "t2", "t3"):
        ask(store, turn, f"Question {turn}")
    ask(store, "t4", "Question t2, better", replaces="t2")
    assert [turn.id for turn in store.turns(ANN, "c1")] == ["t1", "t4"]
    ask(store, "t5", "New beginning", replaces="t1")
    assert [turn.id for turn in store.turns(ANN, "c1")] == ["t5"]
    assert store.conversations(ANN)[0].title == "New beginning"


def test_a_turn_of_another_conversation_is_not_replaced(store):
    ask(store, "t1", "One", conversation="c1")
    ask(store, "t2", "Two", conversation="c2", replaces="t1")
    assert len(store.turns(ANN, "c1")) == len(store.turns(ANN, "c2")) == 1


def test_a_stopped_turn_keeps_what_was_written_and_its_note(store):
    store.begin(ANN, "c1", "t1", "Long?")
    assert store.turns(ANN, "c1")[0].state == "asked"
    store.finish("t1", "stopped", None, "The model server broke off.")
    turn = store.turns(ANN, "c1")[0]
    assert (turn.state, turn.answer, turn.note) == ("stopped", None, "The model server broke off.")


def test_a_verdict_is_kept_with_question_and_answer_and_the_last_one_counts(store):
    answer = ask(store, "t1", "Should we?")
    assert store.rate(ANN, "t1", "like")
    assert store.rate(ANN, "t1", "dislike", "Incomplete: the drawbacks are missing")
    (verdict,) = store.feedback()
    assert (verdict.rating, verdict.reason) == ("dislike", "Incomplete: the drawbacks are missing")
    assert (verdict.question, verdict.answer) == ("Should we?", answer)
    assert store.turns(ANN, "c1")[0].rating == "dislike"


def test_there_is_no_verdict_on_a_turn_without_an_answer(store):
    store.begin(ANN, "c1", "t1", "Long?")
    assert not store.rate(ANN, "t1", "like")
    assert not store.rate(ANN, "nothing", "like")


def test_refused_questions_are_gaps_and_answered_ones_are_not(store):
    ask(store, "t1", "What is the weather?")
    ask(store, "t2", "Compare the two")
    (gap,) = store.gaps()
    assert (gap.question, gap.status) == ("What is the weather?", "refused")
    assert gap.nearest[0].startswith("Ways to lead an AI programme > Top-down")


def test_deleting_removes_questions_and_answers_but_not_verdicts_and_gaps(store, url):
    ask(store, "t1", "Weather today?")
    store.rate(ANN, "t1", "dislike", "I need it")
    assert store.delete(ANN, "c1")
    assert not store.delete(ANN, "c1")
    assert store.conversations(ANN) == store.turns(ANN, "c1") == ()
    assert len(store.feedback()) == len(store.gaps()) == 1
    with create_engine(url).connect() as connection:
        assert connection.execute(text("select count(*) from message")).scalar() == 0


def test_the_database_is_a_write_ahead_log_with_a_version(store, url):
    path = url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("select version from schema").fetchall() == [(SCHEMA_VERSION,)]
    connection.close()


def test_a_database_of_a_later_version_is_refused(store, url):
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("update schema set version = version + 1")
    connection.commit()
    connection.close()
    with pytest.raises(UserError, match="newer than this program"):
        Store(url)


def test_several_threads_write_at_once(store):
    failures = []

    def write(number: int) -> None:
        try:
            for turn in range(10):
                ask(store, f"t{number}-{turn}", "Q?", conversation=f"c{number}")
        except UserError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.conversations(ANN)) == 6
    assert all(len(store.turns(ANN, f"c{number}")) == 10 for number in range(6))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("no url at all", "no database URL"),
        ("nosuchdatabase://host/name", "No driver"),
        ("sqlite:////proc/nowhere/conversations.sqlite", "cannot be kept|cannot be opened"),
    ],
)
def test_a_url_that_cannot_serve_gives_one_line(url, words):
    with pytest.raises(UserError, match=words) as caught:
        Store(url)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_gives_one_line(tmp_path):
    path = tmp_path / "conversations.sqlite"
    path.write_text("this is not a database, whatever its name says" * 50)
    with pytest.raises(UserError, match=r"cannot be opened at .*not a database") as caught:
        Store(f"sqlite:///{path}")
    assert "\n" not in str(caught.value)


def test_a_full_disk_gives_one_line_when_writing(store):
    """SQLite's page limit stands for a disk that is full: the same error comes from the same call."""
    with store._engine.begin() as connection:
        pages = connection.execute(text("pragma page_count")).scalar()
    limit = f"pragma max_page_count={pages}"
    event.listen(store._engine, "begin", lambda connection: connection.exec_driver_sql(limit))
    with pytest.raises(UserError, match=r"cannot be written at .*full") as caught:
        store.begin(ANN, "c1", "t1", "x" * 100_000)
    assert "\n" not in str(caught.value)


def test_a_database_in_memory_serves_when_no_file_can():
    store = Store("sqlite://")
    ask(store, "t1", "Q?")
    assert len(store.turns(ANN, "c1")) == 1
    store.close()

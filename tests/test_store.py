import json
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from postgres_server import postgres
from scripted_window import answer_to
from sqlalchemy import event, text

from assistant.records import Answer
from assistant.store import Deleted, Reader, Store
from assistant.store.database import REVISION
from corpus.errors import UserError

ANN, BEN = Reader("a" * 32), Reader("b" * 32)


@pytest.fixture
def sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'data' / 'conversations.sqlite'}"


@pytest.fixture(scope="module")
def server():
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite")
    return request.getfixturevalue("server").new_database()


@pytest.fixture
def store(url):
    opened = Store(url)
    yield opened
    opened.close()


def ask(
    store: Store, turn: str, question: str, reader: Reader = ANN, conversation: str = "c1", replaces: str = ""
) -> Answer:
    answer = answer_to(question)
    store.begin(reader, conversation, turn, question, replaces)
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


def test_a_greeting_is_a_title_only_until_a_question_comes(store):
    titles = []
    for number, question in enumerate(("Hello", "Who leads?", "Thanks!", "And who pays?")):
        store.begin(ANN, "c1", f"t{number}", question)
        titles.append(store.conversations(ANN)[0].title)
    assert titles == ["Hello", "Who leads?", "Who leads?", "Who leads?"]


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
    with pytest.raises(UserError, match="somebody else"):
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


def test_deleting_removes_questions_and_answers_but_not_verdicts_and_gaps(store):
    ask(store, "t1", "Weather today?")
    store.rate(ANN, "t1", "dislike", "I need it")
    assert store.delete(ANN, "c1")
    assert not store.delete(ANN, "c1")
    assert store.conversations(ANN) == store.turns(ANN, "c1") == ()
    assert len(store.feedback()) == len(store.gaps()) == 1
    with store._database.reading() as connection:
        assert connection.execute(text("select count(*) from message")).scalar() == 0


ANN_HERE, ANN_THERE, BEN_HERE = Reader("a" * 32, "ann"), Reader("f" * 32, "ann"), Reader("a" * 32, "ben")


def test_who_has_signed_in_has_their_conversations_in_every_browser_and_nobody_else_has(store):
    ask(store, "t1", "Mine?", ANN_HERE)
    assert [line.title for line in store.conversations(ANN_THERE)] == ["Mine?"]
    assert [turn.id for turn in store.turns(ANN_THERE, "c1")] == ["t1"]
    for other in (BEN_HERE, ANN, Reader("", "")):
        assert store.conversations(other) == store.turns(other, "c1") == ()
        assert not store.rate(other, "t1", "like")
        assert not store.delete(other, "c1")
        with pytest.raises(UserError, match="somebody else"):
            store.begin(other, "c1", "t2", "Mine now?")
    assert store.rate(ANN_THERE, "t1", "like")
    assert store.delete(ANN_THERE, "c1")


def test_what_was_asked_before_signing_in_stays_the_browsers(store):
    ask(store, "t1", "Nobody knows me?", ANN)
    assert store.conversations(ANN_HERE) == ()
    assert len(store.conversations(ANN)) == 1


def test_everything_of_a_person_is_exported_and_of_nobody_else(store):
    ask(store, "t1", "What is the weather?", ANN_HERE)
    ask(store, "t2", "Compare the two", ANN_HERE)
    ask(store, "t3", "Weather of Ben?", BEN_HERE, "c2")
    store.rate(ANN_HERE, "t2", "dislike", "too short")
    told = store.kept_of("ann")
    assert json.loads(json.dumps(told)) == told
    (conversation,) = told["conversations"]
    assert [message["question"] for message in conversation["messages"]] == ["What is the weather?", "Compare the two"]
    assert conversation["messages"][1]["answer"]["comparison"]["options"] == ["Top-down", "Bottom-up"]
    assert [(verdict["rating"], verdict["reason"]) for verdict in told["feedback"]] == [("dislike", "too short")]
    assert [gap["question"] for gap in told["gaps"]] == ["What is the weather?"]
    assert "Ben" not in json.dumps(told)
    assert "a" * 32 not in json.dumps(told)


def test_everything_of_a_person_is_deleted_and_of_nobody_else(store):
    for turn, reader, conversation in (("t1", ANN_HERE, "c1"), ("t2", BEN_HERE, "c2"), ("t3", ANN, "c3")):
        ask(store, turn, "What is the weather?", reader, conversation)
        store.rate(reader, turn, "like")
    assert store.forget_person("ann") == Deleted(1, 1, 1)
    assert store.forget_person("ann") == store.forget_person("") == Deleted(0, 0, 0)
    assert store.kept_of("ann")["conversations"] == []
    assert len(store.kept_of("ben")["conversations"]) == len(store.conversations(ANN)) == 1
    assert len(store.feedback()) == len(store.gaps()) == 2


def test_the_answer_to_a_question_deleted_meanwhile_leaves_nothing_behind(store):
    store.begin(ANN_HERE, "c1", "t1", "What is the weather?")
    store.forget_person("ann")
    store.finish("t1", "done", answer_to("What is the weather?"))
    assert store.gaps() == store.turns(ANN_HERE, "c1") == ()


def test_what_is_older_than_that_is_forgotten_and_the_rest_is_not(store):
    ask(store, "t1", "Old weather?", conversation="c1")
    store.rate(ANN, "t1", "like")
    between = datetime.now(UTC)
    ask(store, "t2", "New weather?", conversation="c2")
    store.rate(ANN, "t2", "like")
    assert store.forget(between - timedelta(days=1)) == Deleted(0, 0, 0)
    assert store.forget(between) == Deleted(1, 1, 1)
    assert [line.id for line in store.conversations(ANN)] == ["c2"]
    assert [gap.question for gap in store.gaps()] == [verdict.question for verdict in store.feedback()]
    assert store.gaps()[0].question == "New weather?"


def test_a_conversation_that_goes_on_is_as_old_as_its_last_question(store):
    ask(store, "t1", "First?")
    between = datetime.now(UTC)
    ask(store, "t2", "Second?")
    assert store.forget(between).conversations == 0
    assert len(store.turns(ANN, "c1")) == 2


def test_any_text_can_be_kept(store):
    odd = "nul \0, half a pair \ud800, quote ' and \u2028 “fine” 漢字"
    store.begin(ANN, "c1", "t1", odd)
    store.finish("t1", "done", replace(answer_to("weather"), question=odd), odd)
    assert store.rate(ANN, "t1", "dislike", odd)
    (turn,) = store.turns(ANN, "c1")
    assert (
        turn.question
        == turn.note
        == store.feedback()[0].reason
        == "nul , half a pair ?, quote ' and \u2028 “fine” 漢字"
    )
    assert turn.answer.question.startswith("nul \0")


MAIL = "Write to ann.smith@example.org"


def test_with_masking_nothing_that_was_recognised_is_kept(url):
    store = Store(url, masking=True)
    store.begin(ANN_HERE, "c1", "t1", MAIL)
    store.finish("t1", "done", replace(answer_to("weather"), question=MAIL, standalone_question=MAIL), MAIL)
    store.rate(ANN_HERE, "t1", "dislike", MAIL)
    assert "@" not in json.dumps(store.kept_of("ann"))
    assert store.turns(ANN_HERE, "c1")[0].question == store.gaps()[0].question == "Write to [e-mail address]"
    store.close()


def test_the_database_is_a_write_ahead_log_with_a_version(sqlite):
    Store(sqlite).close()
    connection = sqlite3.connect(sqlite.removeprefix("sqlite:///"))
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("select version_num from alembic_version").fetchall() == [(REVISION,)]
    connection.close()


def test_a_database_of_a_later_version_is_refused(store, url):
    with store._database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '99'"))
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
        ("no url at all", "no URL of a database"),
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


def test_a_full_disk_gives_one_line_when_writing(sqlite):
    """SQLite's page limit stands for a disk that is full: the same error comes from the same call."""
    store = Store(sqlite)
    with store._database.reading() as connection:
        pages = connection.execute(text("pragma page_count")).scalar()
    limit = f"pragma max_page_count={pages}"
    event.listen(store._database.engine, "begin", lambda connection: connection.exec_driver_sql(limit))
    with pytest.raises(UserError, match=r"cannot be written at .*full") as caught:
        store.begin(ANN, "c1", "t1", "x" * 100_000)
    assert "\n" not in str(caught.value)
    assert "xxx" not in str(caught.value)
    store.close()


def test_a_database_in_memory_serves_when_no_file_can():
    store = Store("sqlite://")
    ask(store, "t1", "Q?")
    assert len(store.turns(ANN, "c1")) == 1
    store.close()

import threading
from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient
from scripted_window import ScriptedAssistant, answer_to

from assistant.store import Reader, Store
from assistant.store.retention import Retention
from assistant.web.loading import Loading
from assistant.web.server import create_app
from corpus.errors import UserError

ANN = Reader("a" * 32)


def store_with_a_turn(folder, **options):
    store = Store(f"sqlite:///{folder / 'c.sqlite'}", **options)
    store.begin(ANN, "c1", "t1", "What is the weather?")
    store.finish("t1", "done", answer_to("weather"))
    return store


def test_what_is_too_old_goes_and_what_is_not_stays(tmp_path):
    store = store_with_a_turn(tmp_path)
    now = datetime.now(UTC)
    Retention(store, 30).apply(now + timedelta(days=29))
    assert len(store.conversations(ANN)) == len(store.gaps()) == 1
    Retention(store, 30).apply(now + timedelta(days=31))
    assert len(store.conversations(ANN)) == len(store.gaps()) == 0
    store.close()


class Counted:
    """A store that counts how often it is to forget; the first time it cannot."""

    def __init__(self):
        self.asked = 0
        self.often = threading.Event()

    def forget(self, before):
        self.asked += 1
        if self.asked == 1:
            raise UserError("Conversations cannot be written: the disk is full.")
        if self.asked == 3:
            self.often.set()
        return type("Deleted", (), {"conversations": 0, "feedback": 0, "gaps": 0})()


def test_it_is_applied_at_the_start_and_again_and_again_even_after_a_failure():
    store = Counted()
    retention = Retention(store, 1, every_s=0.01)
    retention.start()
    assert store.often.wait(30)
    retention.close()
    asked = store.asked
    assert not retention._thread.is_alive()
    assert store.asked == asked


def test_without_days_nothing_is_deleted():
    store = Counted()
    retention = Retention(store, 0, every_s=0.01)
    retention.start()
    retention.close()
    assert store.asked == 0


def test_the_server_applies_it_when_it_starts(tmp_path):
    store = store_with_a_turn(tmp_path)
    with store._database.writing() as connection:
        connection.exec_driver_sql("update conversation set updated = '2020-01-01T00:00:00.000000+00:00'")
        connection.exec_driver_sql("update gap set asked = '2020-01-01T00:00:00.000000+00:00'")
    app = create_app(Loading(lambda _: ScriptedAssistant()), store, retention_days=365)
    with TestClient(app):
        pass
    store = Store(f"sqlite:///{tmp_path / 'c.sqlite'}")
    assert store.conversations(ANN) == store.gaps() == ()
    store.close()

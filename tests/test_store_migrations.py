"""What was kept by every earlier version of the program is there after opening it with this one."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres_server import postgres
from scripted_window import answer_to
from sqlalchemy import create_engine, text

import assistant.store.database as module
from assistant.store import Reader, Store
from assistant.store.database import REVISION, Database
from assistant.store.tables import metadata
from corpus.errors import UserError

ANN = Reader("a" * 32)

# The database of the first version, as that program made it, with a conversation, a verdict and a gap.
FIRST = """
CREATE TABLE schema (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE conversation (id VARCHAR(64) NOT NULL, browser VARCHAR(64) NOT NULL, title TEXT NOT NULL,
    updated VARCHAR(32) NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_conversation_browser ON conversation (browser);
CREATE TABLE message (number {serial}, id VARCHAR(64) NOT NULL, conversation VARCHAR(64) NOT NULL,
    question TEXT NOT NULL, answer TEXT, state VARCHAR(16) NOT NULL, note TEXT NOT NULL, asked VARCHAR(32) NOT NULL,
    UNIQUE (id), FOREIGN KEY(conversation) REFERENCES conversation (id) ON DELETE CASCADE);
CREATE INDEX ix_message_conversation ON message (conversation);
CREATE TABLE feedback (message VARCHAR(64) NOT NULL, rating VARCHAR(16) NOT NULL, reason TEXT NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, given VARCHAR(32) NOT NULL, PRIMARY KEY (message));
CREATE TABLE gap (number {serial}, question TEXT NOT NULL, standalone_question TEXT NOT NULL,
    status VARCHAR(16) NOT NULL, reason TEXT NOT NULL, nearest TEXT NOT NULL, asked VARCHAR(32) NOT NULL);
INSERT INTO schema VALUES (1);
INSERT INTO conversation VALUES ('c1', '{browser}', 'Long ago?', '2025-01-01T00:00:00.000000+00:00');
INSERT INTO message (id, conversation, question, state, note, asked)
    VALUES ('t1', 'c1', 'Long ago?', 'stopped', '', '2025-01-01T00:00:00.000000+00:00');
INSERT INTO gap (question, standalone_question, status, reason, nearest, asked)
    VALUES ('Rain?', 'Rain?', 'refused', 'not there', '[]', '2025-01-01T00:00:00.000000+00:00');
"""
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgresql": "SERIAL PRIMARY KEY"}


@pytest.fixture(scope="module")
def server():
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.sqlite'}"
    return request.getfixturevalue("server").new_database()


def fill(url: str, statements: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+pg8000:"))
    with engine.begin() as connection:
        for statement in statements.split(";"):
            if statement.strip():
                connection.execute(text(statement))
    engine.dispose()


def first_version(url: str) -> None:
    fill(url, FIRST.format(serial=SERIAL[url.partition(":")[0]], browser=ANN.browser))


def differences(url: str) -> list[object]:
    database = Database(url)
    with database.engine.connect() as connection:
        found = list(compare_metadata(MigrationContext.configure(connection), metadata))
    database.close()
    return found


def test_a_new_database_has_the_tables_that_the_program_works_with(url):
    assert differences(url) == []


def test_a_database_of_the_first_version_has_them_after_opening_and_all_that_it_held(url):
    first_version(url)
    store = Store(url)
    assert [turn.question for turn in store.turns(ANN, "c1")] == ["Long ago?"]
    assert [gap.question for gap in store.gaps()] == ["Rain?"]
    store.begin(ANN, "c1", "t2", "And now?")
    store.finish("t2", "done", answer_to("And now?"))
    store.close()
    assert differences(url) == []
    again = Store(url)
    assert len(again.turns(ANN, "c1")) == 2
    again.close()


def test_several_programs_that_open_it_at_once_bring_it_up_to_date_once(url):
    first_version(url)
    failures: list[UserError] = []

    def open_it() -> None:
        try:
            Store(url).close()
        except UserError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert differences(url) == []


def test_a_migration_that_fails_half_way_leaves_everything_as_it_was(url, monkeypatch):
    first_version(url)
    drop = "alembic.op.drop_table"

    def fail(*_: object, **__: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(drop, fail)
        with pytest.raises(Exception, match="the power went"):
            Store(url)
    database = create_engine(url.replace("postgresql:", "postgresql+pg8000:"))
    with database.connect() as connection:
        assert connection.execute(text("select version from schema")).scalar() == 1
        assert "person" not in set(connection.execute(text("select * from conversation")).keys())
    database.dispose()
    store = Store(url)
    assert len(store.turns(ANN, "c1")) == 1
    store.close()


def test_the_version_is_that_of_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(module.Path(module.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION

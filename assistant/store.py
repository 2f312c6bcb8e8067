"""Conversations, feedback and unanswered questions: what people said and cannot be computed again.

Kept in one database, SQLite beside the index folder by default (write-ahead log, safe for several threads and
processes), or any database that SQLAlchemy reaches by its URL.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from assistant.answer_json import answer_from_json
from assistant.records import Answer
from corpus.errors import UserError

SCHEMA_VERSION = 1
TITLE_LENGTH = 90

State = Literal["asked", "done", "stopped", "failed"]
Rating = Literal["like", "dislike"]

_tables = MetaData()
_schema = Table("schema", _tables, Column("version", Integer, primary_key=True))
_conversation = Table(
    "conversation",
    _tables,
    Column("id", String(64), primary_key=True),
    Column("browser", String(64), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("updated", String(32), nullable=False),
)
_message = Table(
    "message",
    _tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("conversation", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    Column("state", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("asked", String(32), nullable=False),
)
_feedback = Table(
    "feedback",
    _tables,
    Column("message", String(64), primary_key=True),
    Column("rating", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("given", String(32), nullable=False),
)
_gap = Table(
    "gap",
    _tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("nearest", Text, nullable=False),
    Column("asked", String(32), nullable=False),
)


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One line of the list of earlier conversations; ``updated`` is an ISO 8601 time in UTC."""

    id: str
    title: str
    updated: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and what came of it; ``note`` is the line shown when it failed or came with a warning."""

    id: str
    question: str
    answer: Answer | None
    state: State
    note: str = ""
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reader's verdict on one answer, with the answer as it was; ``given`` is an ISO 8601 time in UTC."""

    message: str
    rating: Rating
    reason: str
    question: str
    answer: Answer
    given: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A question the guidance did not answer, or not whole; ``nearest`` are the sections that came nearest."""

    question: str
    standalone_question: str
    status: str
    reason: str
    nearest: tuple[str, ...]
    asked: str


class Store:
    """The database behind the chat window.

    Tables are created on first use. Every method may raise ``UserError`` with one line when the database cannot be
    reached, read or written. ``browser`` is the random identity a browser keeps for itself: whoever does not know it
    can neither list, read, rate nor delete its conversations.
    """

    def __init__(self, url: str) -> None:
        """Opens the database at ``url`` (such as ``sqlite:////srv/data/conversations.sqlite3``)."""
        self._engine = _engine(url)
        with self._translated("opened"), self._engine.begin() as connection:
            _tables.create_all(connection)
            version = connection.execute(select(func.max(_schema.c.version))).scalar()
            if version is None:
                connection.execute(insert(_schema).values(version=SCHEMA_VERSION))
            elif version > SCHEMA_VERSION:
                raise UserError(
                    f"The conversation store is of version {version}, newer than this program knows"
                    f" ({SCHEMA_VERSION}); update strategy-assistant or name another store."
                )

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def begin(self, browser: str, conversation: str, turn: str, question: str, replaces: str = "") -> None:
        """Records that ``question`` was asked; ``turn`` is a new id for it.

        A conversation that does not exist yet is created with the question as its title. ``replaces`` is the turn
        that is asked again: it and what came after it are dropped.
        """
        with self._writing() as connection:
            owner = connection.execute(select(_conversation.c.browser).where(_conversation.c.id == conversation))
            found = owner.scalar()
            if found is None:
                values = {"id": conversation, "browser": browser, "title": _title(question), "updated": _now()}
                connection.execute(insert(_conversation).values(values))
            elif found != browser:
                raise UserError("That conversation belongs to another browser; start a new one.")
            if replaces:
                _drop_from(connection, conversation, replaces)
            first = select(func.count()).where(_message.c.conversation == conversation)
            changes = {"updated": _now()}
            if not connection.execute(first).scalar():
                changes["title"] = _title(question)
            connection.execute(update(_conversation).where(_conversation.c.id == conversation).values(changes))
            connection.execute(
                insert(_message).values(
                    id=turn, conversation=conversation, question=question, state="asked", note="", asked=_now()
                )
            )

    def finish(self, turn: str, state: State, answer: Answer | None, note: str = "") -> None:
        """Records how a turn ended; refused and partly answered questions are recorded as gaps too."""
        text = None if answer is None else _answer_text(answer)
        with self._writing() as connection:
            connection.execute(
                update(_message).where(_message.c.id == turn).values(state=state, answer=text, note=note)
            )
            if state == "done" and answer is not None and answer.refusal is not None:
                connection.execute(insert(_gap).values(_gap_values(answer)))

    def conversations(self, browser: str, limit: int = 200) -> tuple[ConversationLine, ...]:
        """The browser's conversations, the one used last first."""
        query = select(_conversation).where(_conversation.c.browser == browser)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(_conversation.c.updated.desc()).limit(limit)).all()
        return tuple(ConversationLine(row.id, row.title, row.updated) for row in rows)

    def turns(self, browser: str, conversation: str) -> tuple[StoredTurn, ...]:
        """The turns of a conversation in order; empty where the browser has no such conversation."""
        query = (
            select(_message, _feedback.c.rating)
            .join(_conversation, _conversation.c.id == _message.c.conversation)
            .outerjoin(_feedback, _feedback.c.message == _message.c.id)
            .where(_conversation.c.id == conversation, _conversation.c.browser == browser)
            .order_by(_message.c.number)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            StoredTurn(row.id, row.question, _answer(row.answer), row.state, row.note, row.rating) for row in rows
        )

    def delete(self, browser: str, conversation: str) -> bool:
        """Deletes a conversation with its questions and answers; whether there was one."""
        chosen = select(_conversation.c.id).where(
            _conversation.c.id == conversation, _conversation.c.browser == browser
        )
        with self._writing() as connection:
            if connection.execute(chosen).scalar() is None:
                return False
            connection.execute(delete(_message).where(_message.c.conversation == conversation))
            connection.execute(delete(_conversation).where(_conversation.c.id == conversation))
        return True

    def rate(self, browser: str, turn: str, rating: Rating, reason: str = "") -> bool:
        """Keeps the reader's verdict on an answer, in place of an earlier one; whether there is such an answer."""
        query = (
            select(_message)
            .join(_conversation, _conversation.c.id == _message.c.conversation)
            .where(_message.c.id == turn, _conversation.c.browser == browser, _message.c.answer.is_not(None))
        )
        with self._writing() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return False
            connection.execute(delete(_feedback).where(_feedback.c.message == turn))
            connection.execute(
                insert(_feedback).values(
                    message=turn, rating=rating, reason=reason, question=row.question, answer=row.answer, given=_now()
                )
            )
        return True

    def feedback(self) -> tuple[Feedback, ...]:
        """Every verdict, the earliest first."""
        with self._reading() as connection:
            rows = connection.execute(select(_feedback).order_by(_feedback.c.given)).all()
        return tuple(
            Feedback(row.message, row.rating, row.reason, row.question, answer, row.given)
            for row in rows
            if (answer := _answer(row.answer)) is not None
        )

    def gaps(self) -> tuple[Gap, ...]:
        """Every question that found no answer or only part of one, the earliest first."""
        with self._reading() as connection:
            rows = connection.execute(select(_gap).order_by(_gap.c.number)).all()
        return tuple(
            Gap(
                row.question, row.standalone_question, row.status, row.reason, tuple(json.loads(row.nearest)), row.asked
            )
            for row in rows
        )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._translated("written"), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translated("read"), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _translated(self, action: str) -> Iterator[None]:
        """Turns the database's errors into one line for the reader."""
        try:
            yield
        except IntegrityError as error:
            raise UserError("That turn is no longer there; reload the page.") from error
        except (SQLAlchemyError, OSError) as error:
            place = self._engine.url.render_as_string(hide_password=True)
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise UserError(f"Conversations cannot be {action} at {place}: {reason}.") from error


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UserError(
            "The store setting is no database URL; one looks like sqlite:////srv/data/conversations.sqlite3."
        ) from error
    if parsed.get_backend_name() != "sqlite":
        try:
            return create_engine(parsed, pool_pre_ping=True)
        except (SQLAlchemyError, ImportError) as error:
            raise UserError(
                f"No driver for {parsed.drivername} is installed; install one, or leave the store setting out."
            ) from error
    if parsed.database in (None, "", ":memory:"):
        return create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
    try:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Conversations cannot be kept in {Path(str(parsed.database)).parent}: {error}.") from error
    engine = create_engine(parsed, connect_args={"timeout": 10})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """A write-ahead log lets readers and one writer work side by side; foreign keys are off in SQLite by default."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _drop_from(connection: Connection, conversation: str, turn: str) -> None:
    """Drops the turn and every later one of its conversation."""
    inside = _message.c.conversation == conversation
    number = connection.execute(select(_message.c.number).where(inside, _message.c.id == turn)).scalar()
    if number is not None:
        connection.execute(delete(_message).where(inside, _message.c.number >= number))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _answer_text(answer: Answer) -> str:
    return json.dumps(asdict(answer), ensure_ascii=False)


def _answer(text: str | None) -> Answer | None:
    return None if text is None else answer_from_json(json.loads(text))


def _nearest(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _gap_values(answer: Answer) -> dict[str, str]:
    nearest = answer.refusal.nearest if answer.refusal else ()
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "reason": answer.refusal.reason if answer.refusal else "",
        "nearest": json.dumps([f"{place.title} > {place.section}" for place in nearest], ensure_ascii=False),
        "asked": _now(),
    }

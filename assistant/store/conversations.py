"""Conversations, feedback and gaps in the database: writing them, and reading each reader their own."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, insert, select, update

from assistant.answer_json import answer_from_json
from assistant.masking import masked, masked_answer
from assistant.questions.smalltalk import small_talk
from assistant.records import Answer
from assistant.store import tables
from assistant.store.database import Database
from assistant.store.records import ConversationLine, Deleted, Feedback, Gap, Rating, Reader, State, StoredTurn
from corpus.errors import UserError

TITLE_LENGTH = 90


class Store:
    """What people asked, what was answered, and what they thought of it.

    Every method may raise ``UserError`` with one line when the database cannot be reached, read or written. What a
    method has written is on disk when it returns.
    """

    def __init__(self, url: str, *, masking: bool = False) -> None:
        """Opens the database at ``url`` (such as ``sqlite:////srv/data/conversations.sqlite3``), or makes it.

        With ``masking``, personal data that can be recognised is masked in all that is kept from now on.
        """
        self._database = Database(url)
        self._masking = masking

    def close(self) -> None:
        """Gives the connections back."""
        self._database.close()

    def begin(self, reader: Reader, conversation: str, turn: str, question: str, replaces: str = "") -> None:
        """Records that ``question`` was asked; ``turn`` is a new id for it.

        A conversation that does not exist yet is created with the question as its title, a greeting only until a
        question comes. ``replaces`` is the turn that is asked again: it and what came after it are dropped.
        """
        question = self._text(question)
        with self._database.writing() as connection:
            owned = select(_owned(reader)).where(tables.conversation.c.id == conversation)
            found = connection.execute(owned).scalar()
            if found is None:
                values = {"id": conversation, "title": _title(question), "updated": _now(), **asdict(reader)}
                connection.execute(insert(tables.conversation).values(values))
            elif not found:
                raise UserError("That conversation belongs to somebody else; start a new one.")
            if replaces:
                _drop_from(connection, conversation, replaces)
            asked = select(tables.message.c.question).where(tables.message.c.conversation == conversation)
            changes = {"updated": _now()}
            if all(small_talk(earlier) for earlier in connection.execute(asked).scalars()):
                changes["title"] = _title(question)
            changed = update(tables.conversation).where(tables.conversation.c.id == conversation)
            connection.execute(changed.values(changes))
            connection.execute(
                insert(tables.message).values(
                    id=turn, conversation=conversation, question=question, state="asked", note="", asked=_now()
                )
            )

    def finish(self, turn: str, state: State, answer: Answer | None, note: str = "") -> None:
        """Records how a turn ended; refused and partly answered questions are recorded as gaps too.

        A turn that has been deleted meanwhile leaves nothing behind.
        """
        text = None if answer is None else self._answer_text(answer)
        ended = update(tables.message).where(tables.message.c.id == turn)
        person = (
            select(tables.conversation.c.person)
            .join(tables.message, tables.message.c.conversation == tables.conversation.c.id)
            .where(tables.message.c.id == turn)
        )
        with self._database.writing() as connection:
            connection.execute(ended.values(state=state, answer=text, note=self._text(note)))
            whose = connection.execute(person).scalar()
            if whose is not None and state == "done" and answer is not None and answer.refusal is not None:
                values = {name: self._text(value) for name, value in _gap_values(answer).items()}
                connection.execute(insert(tables.gap).values(**values, person=whose))

    def conversations(self, reader: Reader, limit: int = 200) -> tuple[ConversationLine, ...]:
        """The reader's conversations, the one used last first."""
        query = select(tables.conversation).where(_owned(reader))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(tables.conversation.c.updated.desc()).limit(limit)).all()
        return tuple(ConversationLine(row.id, row.title, row.updated) for row in rows)

    def turns(self, reader: Reader, conversation: str) -> tuple[StoredTurn, ...]:
        """The turns of a conversation in order; empty where the reader has no such conversation."""
        query = (
            select(tables.message, tables.feedback.c.rating)
            .join(tables.conversation, tables.conversation.c.id == tables.message.c.conversation)
            .outerjoin(tables.feedback, tables.feedback.c.message == tables.message.c.id)
            .where(tables.conversation.c.id == conversation, _owned(reader))
            .order_by(tables.message.c.number)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            StoredTurn(row.id, row.question, _answer(row.answer), row.state, row.note, row.rating) for row in rows
        )

    def delete(self, reader: Reader, conversation: str) -> bool:
        """Deletes a conversation with its questions and answers; whether there was one."""
        chosen = select(tables.conversation.c.id).where(tables.conversation.c.id == conversation, _owned(reader))
        with self._database.writing() as connection:
            if connection.execute(chosen).scalar() is None:
                return False
            connection.execute(delete(tables.message).where(tables.message.c.conversation == conversation))
            connection.execute(delete(tables.conversation).where(tables.conversation.c.id == conversation))
        return True

    def rate(self, reader: Reader, turn: str, rating: Rating, reason: str = "") -> bool:
        """Keeps the reader's verdict on an answer, in place of an earlier one; whether there is such an answer."""
        query = (
            select(tables.message, tables.conversation.c.person)
            .join(tables.conversation, tables.conversation.c.id == tables.message.c.conversation)
            .where(tables.message.c.id == turn, _owned(reader), tables.message.c.answer.is_not(None))
        )
        with self._database.writing() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return False
            connection.execute(delete(tables.feedback).where(tables.feedback.c.message == turn))
            connection.execute(
                insert(tables.feedback).values(
                    message=turn,
                    rating=rating,
                    reason=self._text(reason),
                    question=row.question,
                    answer=row.answer,
                    given=_now(),
                    person=row.person,
                )
            )
        return True

    def feedback(self) -> tuple[Feedback, ...]:
        """Every verdict, the earliest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(tables.feedback).order_by(tables.feedback.c.given)).all()
        return tuple(
            Feedback(row.message, row.rating, row.reason, row.question, answer, row.given)
            for row in rows
            if (answer := _answer(row.answer)) is not None
        )

    def gaps(self) -> tuple[Gap, ...]:
        """Every question that found no answer or only part of one, the earliest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(tables.gap).order_by(tables.gap.c.number)).all()
        return tuple(
            Gap(
                row.question, row.standalone_question, row.status, row.reason, tuple(json.loads(row.nearest)), row.asked
            )
            for row in rows
        )

    def answers(self, limit: int = 5_000) -> tuple[Answer, ...]:
        """The latest answers that were finished, the latest first."""
        done = select(tables.message.c.answer).where(
            tables.message.c.state == "done", tables.message.c.answer.is_not(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(done.order_by(tables.message.c.number.desc()).limit(limit)).scalars().all()
        return tuple(answer for text in rows if (answer := _answer(text)) is not None)

    def forget(self, before: datetime) -> Deleted:
        """Deletes conversations last used, verdicts given and gaps asked before a time in UTC."""
        limit = _stamp(before)
        return self._deleted(
            tables.conversation.c.updated < limit, tables.feedback.c.given < limit, tables.gap.c.asked < limit
        )

    def forget_person(self, person: str) -> Deleted:
        """Deletes everything that was kept of a person who signed in by that name."""
        if not person:
            return Deleted(0, 0, 0)
        return self._deleted(
            tables.conversation.c.person == person, tables.feedback.c.person == person, tables.gap.c.person == person
        )

    def kept_of(self, person: str) -> dict[str, Any]:
        """Everything that is kept of a person who signed in by that name, as plain JSON values."""
        told: dict[str, Any] = {"person": person, "exported": _now(), "conversations": [], "feedback": [], "gaps": []}
        with self._database.reading() as connection:
            for name, table, order in (
                ("conversations", tables.conversation, tables.conversation.c.updated),
                ("feedback", tables.feedback, tables.feedback.c.given),
                ("gaps", tables.gap, tables.gap.c.number),
            ):
                theirs = select(table).where(table.c.person == person, table.c.person != "").order_by(order)
                told[name] = [_plain(row) for row in connection.execute(theirs).mappings()]
            for conversation in told["conversations"]:
                inside = tables.message.c.conversation == conversation["id"]
                rows = connection.execute(select(tables.message).where(inside).order_by(tables.message.c.number))
                conversation["messages"] = [_plain(row) for row in rows.mappings()]
        return told

    def _deleted(
        self, conversations: ColumnElement[bool], feedback: ColumnElement[bool], gaps: ColumnElement[bool]
    ) -> Deleted:
        chosen = select(tables.conversation.c.id).where(conversations)
        with self._database.writing() as connection:
            connection.execute(delete(tables.message).where(tables.message.c.conversation.in_(chosen)))
            counts = [
                connection.execute(delete(table).where(condition)).rowcount
                for table, condition in (
                    (tables.conversation, conversations), (tables.feedback, feedback), (tables.gap, gaps),
                )
            ]  # fmt: skip
        return Deleted(*counts)

    def _text(self, words: str) -> str:
        """Somebody's words as they are kept: readable by any database, and masked where that is wanted."""
        words = words.replace("\0", "").encode("utf-8", "replace").decode()
        return masked(words) if self._masking else words

    def _answer_text(self, answer: Answer) -> str:
        kept = masked_answer(answer) if self._masking else answer
        return json.dumps(asdict(kept), ensure_ascii=False).encode("utf-8", "replace").decode()


def _owned(reader: Reader) -> ColumnElement[bool]:
    """Which conversations are the reader's."""
    if reader.person:
        return tables.conversation.c.person == reader.person
    return and_(tables.conversation.c.person == "", tables.conversation.c.browser == reader.browser)


def _drop_from(connection: Connection, conversation: str, turn: str) -> None:
    """Drops the turn and every later one of its conversation."""
    inside = tables.message.c.conversation == conversation
    number = connection.execute(select(tables.message.c.number).where(inside, tables.message.c.id == turn)).scalar()
    if number is not None:
        connection.execute(delete(tables.message).where(inside, tables.message.c.number >= number))


def _now() -> str:
    return _stamp(datetime.now(UTC))


def _stamp(time: datetime) -> str:
    """A time as it is kept; earlier times come first in the order of text."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(row: RowMapping) -> dict[str, Any]:
    """A row without what only this program needs; stored JSON is a value."""
    left_out = ("number", "browser", "person", "conversation")
    return {
        name: json.loads(value) if name in ("answer", "nearest") and value is not None else value
        for name, value in row.items()
        if name not in left_out
    }


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _answer(text: str | None) -> Answer | None:
    return None if text is None else answer_from_json(json.loads(text))


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

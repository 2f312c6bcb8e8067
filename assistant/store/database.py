"""The database: reaching it by its URL, its transactions, its version, and its errors in one line.

SQLite by default, with a write-ahead log that is safe for several threads and processes; PostgreSQL, or whatever else
SQLAlchemy has a driver for, by URL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from corpus.addresses import redacted, shown
from corpus.errors import UserError

REVISION = "2"
"""The version of the tables that this program works with: the newest of ``migrations``."""

_FIRST = "1"
_LOCK = 5_271_009_418


class Database:
    """Connections to the database at ``url``; raises ``UserError``, in one line, for whatever goes wrong with it.

    Opening brings the tables of an earlier version up to date, in one transaction.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        try:
            with self._translated("opened"), self._transaction("IMMEDIATE") as connection:
                _bring_up_to_date(connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept where nothing is raised: on disk when it ends, and gone whole if it breaks off."""
        with self._translated("written"), self._transaction("IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the database as it was at one moment."""
        with self._translated("read"), self._transaction("DEFERRED") as connection:
            yield connection

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[Connection]:
        with self.engine.connect().execution_options(begin=kind) as connection, connection.begin():
            yield connection

    @contextmanager
    def _translated(self, action: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise UserError("That turn is no longer there; reload the page.") from error
        except (SQLAlchemyError, OSError) as error:
            place = shown(self.engine.url.render_as_string(hide_password=False))
            raise UserError(f"Conversations cannot be {action} at {place}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """The database's own first line; never the statement, which may hold somebody's words."""
    original = getattr(error, "orig", None)
    told = original.args[0] if original is not None and original.args else original or error
    if isinstance(told, dict):  # As PostgreSQL's driver has it.
        told = told.get("M", "no reason given")
    lines = redacted(str(told)).splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise UserError(
            "The database setting is no URL of a database; one looks like sqlite:////srv/data/conversations.sqlite3."
        ) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+pg8000")
    try:
        return create_engine(parsed, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as error:
        extra = ": pip install 'strategy-assistant[postgres]'" if "pg8000" in parsed.drivername else ""
        raise UserError(
            f"No driver for {parsed.drivername} is installed{extra or '; install one'}, or leave the database setting"
            " out."
        ) from error


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        # It lives in one connection, for which everybody waits in turn.
        one = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
        engine = create_engine(url, connect_args={"check_same_thread": False}, **one)
    else:
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"Conversations cannot be kept in {folder}: {error}.") from error
        engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """What SQLite leaves to each connection.

    A write-ahead log lets readers and one writer work side by side; with full synchronising, what was written is on
    disk when a transaction ends. Python's own idea of transactions is switched off: it leaves changes of tables out.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Who is going to write waits for its turn at the beginning; later, SQLite would refuse instead of waiting."""
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _bring_up_to_date(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))  # Others who start now wait.
    found = _revision(connection)
    if found == REVISION:
        return
    import logging

    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    if found is not None:
        if found not in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}:
            raise UserError(
                f"The conversations are kept in a form newer than this program knows (version {found}, not {REVISION});"
                " update strategy-assistant or name another database."
            )
        if not inspect(connection).has_table("alembic_version"):
            command.stamp(config, found)
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """The version of the tables that are there; None where there are none."""
    tables = inspect(connection)
    if tables.has_table("alembic_version"):
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    # Before there were migrations, the number stood in a table of its own.
    if tables.has_table("schema") and tables.has_table("conversation"):
        number = connection.execute(text("SELECT max(version) FROM schema")).scalar()
        return _FIRST if number is None else str(number)
    return None

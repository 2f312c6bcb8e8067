"""The log: to standard error, and without what people ask unless that is wanted."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TextIO

from corpus.addresses import redacted

SHAPE = "%(levelname)s %(name)s: %(message)s"
current: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered."""
OURS = ("assistant", "corpus", "index")

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(level: str, *, questions: bool = False, form: Literal["text", "json"] = "text") -> None:
    """Logs what is of ``level`` (``debug`` to ``error``) or above.

    Without ``questions`` an exception is logged by its kind and place, since its message may repeat what was asked, and
    other packages log nothing below ``info``: some log whole requests there. ``form`` is that of a line.
    """
    handler = _Handler()
    formatter = logging.Formatter(SHAPE) if questions else Discreet(SHAPE)
    handler.setFormatter(Lines(formatter) if form == "json" else formatter)
    if not questions:
        handler.addFilter(_said_by_us)
    logging.basicConfig(level=level.upper(), handlers=[handler])


class _Handler(logging.StreamHandler[TextIO]):
    """To standard error, without what lets somebody in: clients of services log the addresses that they call."""

    def format(self, record: logging.LogRecord) -> str:
        """A line, or several."""
        return redacted(super().format(record))


class Discreet(logging.Formatter):
    """Leaves out what exceptions say, and shows what they are and where they were raised."""

    def formatException(self, ei: _Raised) -> str:  # noqa: N802
        """The frames of the exception and of those that led to it."""
        lines: list[str] = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(_kind(error))
            trace = error.__traceback__
            while trace is not None:
                code = trace.tb_frame.f_code
                lines.append(f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}')
                trace = trace.tb_next
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


class Lines(logging.Formatter):
    """A JSON object for each record: time (UTC), level, logger, message, the request's id, and what is added to it.

    What the exception says is as ``exceptions`` has it.
    """

    def __init__(self, exceptions: logging.Formatter) -> None:
        super().__init__()
        self._exceptions = exceptions

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        values: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := current.get():
            values["request"] = request
        values |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            values["error"] = self._exceptions.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=False, default=str)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _said_by_us(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO or record.name.partition(".")[0] in OURS

"""Prompts: one stable beginning, the statements, the question, and only then the task.

Every task of a question continues from the same prefix, so that a model that keeps its cache reads the statements once.
The texts are Markdown files in ``assistant/prompts`` that a content owner can read and change.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from assistant.contents.statements import Statement
from assistant.models.language_model import Message

QUESTION_CHARACTERS = 600
_STATEMENT_CHARACTERS = 500


@cache
def text(name: str) -> str:
    """The prompt ``name`` as it stands in its file."""
    return files("assistant").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8").strip()


def messages(evidence: Sequence[Statement], question: str, task: str) -> tuple[Message, ...]:
    """What the language model reads: the system text, then statements, question and task in one message."""
    asked = guidance([line(statement) for statement in evidence], question)
    return Message("system", text("system")), Message("user", f"{asked}\n\n{task}")


def guidance(lines: Sequence[str], question: str) -> str:
    """Statements, numbered, and the question: what every task about a question begins with."""
    numbered = "\n".join(f"[{number}] {line}" for number, line in enumerate(lines, 1))
    return f"Guidance:\n{numbered}\n\nQuestion: {question[:QUESTION_CHARACTERS]}"


def about(statement: Statement, task: str) -> tuple[Message, ...]:
    """What the language model reads to judge one statement by itself."""
    return Message("system", text("system")), Message("user", f"Point: {line(statement)}\n\n{task}")


def line(statement: Statement) -> str:
    """A statement on one line, after its last heading and what introduces it as an item of a list.

    Without what could pass for the end of the list of statements.
    """
    said = f"{statement.introduction} {statement.text}" if statement.introduced else statement.text
    line = f"{statement.label}: {said}" if statement.label else said
    return " ".join(line.split())[:_STATEMENT_CHARACTERS]

"""Memos as files, by the ending of their name."""

import os
import re
from pathlib import Path
from typing import Literal

from assistant.memo.content import Memo
from corpus.errors import UserError

Form = Literal["md", "docx"]

TYPES: dict[Form, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def form_of(path: Path) -> Form:
    """The form that a file's name asks for. Raises ``UserError`` where it is none, or the folder is not there."""
    ending = path.suffix.lower().lstrip(".")
    if ending not in ("md", "docx"):
        raise UserError(f"{path}: a memo is a .md or a .docx file; name one with --memo")
    if not path.parent.is_dir():
        raise UserError(f"{path.parent}: no such folder; make it or name another file with --memo")
    if path.is_dir():
        raise UserError(f"{path}: is a folder; name another file with --memo")
    return "md" if ending == "md" else "docx"


def rendered(memo: Memo, form: Form) -> bytes:
    """The bytes of the memo's file."""
    if form == "md":
        from assistant.memo.markdown import to_markdown

        return to_markdown(memo).encode("utf-8", "replace")
    from assistant.memo.word import to_word

    return to_word(memo)


def write_memo(path: Path, memo: Memo) -> None:
    """Writes the whole file or nothing, in place of an earlier one. Raises ``UserError`` where that cannot be done."""
    content = rendered(memo, form_of(path))
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        raise UserError(f"{path}: cannot write ({error.strerror}); name another file with --memo") from error


def file_name(memo: Memo, form: Form) -> str:
    """A name for a download, of letters and digits of the question: safe on every system and in a header."""
    words = re.findall(r"[a-z0-9]+", memo.question.lower())[:7]
    return f"{'-'.join(['memo', *words])[:70].rstrip('-')}.{form}"

"""Questions to begin with: the owner's own, or made from the headings of the guidance."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.contents.outline import Outline
from assistant.contents.suggesting import Suggestions
from corpus import Document
from corpus.errors import UserError

FILE = "questions.toml"
_SHOWN = 4
_FEWEST = 2


def openings(outline: Outline, suggestions: Suggestions, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Up to four questions: those of a ``questions.toml`` beside the documents, then made from sections."""
    folders = dict.fromkeys(Path(document.path).parent for document in documents.values() if document.path)
    owned = [question for folder in list(folders)[:50] for question in read(folder / FILE)]
    made = []
    if outline.options:
        names = [option.name for option in outline.options]
        made.append(f"Compare {', '.join(names[:-1])} and {names[-1]}.")
    headed = [node for node in outline.nodes if node.path] or list(outline.nodes)
    firsts = {node.document: node for node in reversed(headed)}
    made += [suggestions.question(node.place) for node in (*reversed(firsts.values()), *headed[:_SHOWN])]
    for node in headed[:_SHOWN] if len(dict.fromkeys(made)) < _FEWEST else ():
        made += suggestions.follow_ups(node.passages(), [node.place])
    return tuple(dict.fromkeys((*owned, *(one for one in made if one and not owned))))[:_SHOWN]


def read(path: Path) -> tuple[str, ...]:
    """The questions of one file, ``opening = ["...", ...]``; none where there is no file.

    Raises ``UserError`` where the file is not of that form.
    """
    if not path.is_file():
        return ()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"{path} cannot be read: {error}; correct it or remove it.") from error
    questions = values.get("opening")
    if set(values) != {"opening"} or not isinstance(questions, list) or not all(isinstance(q, str) for q in questions):
        raise UserError(f'{path} may hold one key only: opening = ["a question", "another"].')
    return tuple(question[:300] for question in questions)

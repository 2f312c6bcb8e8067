"""Retrieval collections in the layout of BEIR (Thakur et al. 2021, arXiv 2104.08663)."""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluate.cases import json_lines
from assistant.records import History, history_from_json
from corpus.errors import UserError
from corpus.records import Document, Section, Source

DEPTH = 100


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the turns that came before it."""

    id: str
    text: str
    history: History = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries in file order, and the relevance that people gave documents for queries."""

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    judged: Mapping[str, Mapping[str, int]]


def load_collection(folder: Path, queries: Path | None = None) -> Collection:
    """A folder of ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv``.

    ``queries`` names another file of queries, from here or in the folder; only queries that have a judgement are kept.
    A document without text is found by its title. Raises ``UserError`` that
    names the file and line where something is missing or malformed.
    """
    corpus, asked, qrels = folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels" / "test.tsv"
    if queries is not None:
        asked = queries if queries.is_file() else folder / queries
    for path in (corpus, asked, qrels):
        if not path.is_file():
            raise UserError(f"{path}: no such file; a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/test.tsv")
    documents: dict[str, Document] = {}
    for number, values in json_lines(corpus):
        document = _document(values, f"{corpus}:{number}")
        if document.name in documents:
            raise UserError(f'{corpus}:{number}: the _id "{document.name}" is used twice; give each document its own')
        documents[document.name] = document
    judged = _judgements(qrels)
    kept: dict[str, Query] = {}
    for number, values in json_lines(asked):
        name, text = values.get("_id"), values.get("text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise UserError(f'{asked}:{number}: a query needs texts "_id" and "text"')
        try:
            history = history_from_json(values.get("history") or [])
        except ValueError as error:
            raise UserError(f"{asked}:{number}: {error}") from error
        if name in kept:
            raise UserError(f'{asked}:{number}: the _id "{name}" is used twice; give each query its own')
        if name in judged:
            kept[name] = Query(name, text, history)
    if not documents or not kept:
        raise UserError(f"{folder}: no {'document' if not documents else 'judged query'} in it")
    return Collection(tuple(documents.values()), tuple(kept.values()), {name: judged[name] for name in kept})


def best_passages(found: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The score of each document: that of its best passage. ``found`` gives each passage's document and score."""
    best: dict[str, float] = {}
    for document, score in found:
        best[document] = max(score, best.get(document, score))
    return best


def _document(values: Mapping[str, object], where: str) -> Document:
    name, text, title = values.get("_id"), values.get("text"), values.get("title") or ""
    if not isinstance(name, str) or not isinstance(text, str) or not isinstance(title, str):
        raise UserError(f'{where}: a document needs texts "_id" and "text", and its "title" is a text')
    text = text if text.strip() else title
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    return Document(name, text, Source(title), (Section((), 0, len(text)),), digest)


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                # The layout has a line of names first; files that others made often have none.
                if not row or (number == 1 and len(row) == 3 and row[2].strip().isalpha()):
                    continue
                query, document, relevance = row
                judged.setdefault(query, {})[document] = int(relevance)
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except (ValueError, csv.Error) as error:
        raise UserError(f"{path}:{number}: expected query, document and a whole number, tab between") from error
    return judged

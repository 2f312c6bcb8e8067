"""Retrieval collections in the layout of BEIR (Thakur et al. 2021, arXiv 2104.08663)."""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
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

    ``queries`` names another file of queries; only queries that have a judgement are kept. Raises ``UserError`` that
    names the file and line where something is missing or malformed.
    """
    corpus, asked, qrels = folder / "corpus.jsonl", queries or folder / "queries.jsonl", folder / "qrels" / "test.tsv"
    for path in (corpus, asked, qrels):
        if not path.is_file():
            raise UserError(f"{path}: no such file; a BEIR folder holds corpus.jsonl, queries.jsonl and qrels/test.tsv")
    documents = tuple(_document(values, f"{corpus}:{number}") for number, values in json_lines(corpus))
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
        if name in judged:
            kept[name] = Query(name, text, history)
    if not documents or not kept:
        raise UserError(f"{folder}: no {'document' if not documents else 'judged query'} in it")
    return Collection(documents, tuple(kept.values()), {name: judged[name] for name in kept})


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
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    return Document(name, text, Source(title), (Section((), 0, len(text)),), digest)


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows: Sequence[str]
        for number, rows in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if number == 1 or not rows:
                continue
            try:
                query, document, relevance = rows
                judged.setdefault(query, {})[document] = int(relevance)
            except ValueError as error:
                raise UserError(f"{path}:{number}: expected query, document and a whole number, tab between") from error
    return judged

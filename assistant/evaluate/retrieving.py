"""Retrieval measured alone, over a collection that people judged."""

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.evaluate.asking import Entry, ask_all
from assistant.evaluate.beir import DEPTH, Query, best_passages, load_collection
from assistant.evaluate.cases import chosen
from assistant.evaluate.describing import describe, described
from assistant.evaluate.gate import Requirement
from assistant.evaluate.journal import Journal
from assistant.evaluate.measures.retrieval import NAMES, retrieval_scores
from assistant.evaluate.models import tell
from assistant.evaluate.outcomes import Outcome
from assistant.evaluate.results import Result
from assistant.evaluate.run import check_bars, finish
from assistant.evidence.retrieving import retrieved
from assistant.settings import Settings

_WRITTEN = 10


def run_collection(arguments: argparse.Namespace, settings: Settings, bars: Sequence[Requirement]) -> Result:
    """Builds the index of the collection, searches it for every judged query, and measures the ranking.

    A query's earlier turns are used as the pipeline uses them; no language model takes part. A document's score is
    that of its best passage, or of one with the same words, of which a search returns only one.
    """
    from assistant.builder import build

    folder: Path = arguments.beir
    collection = load_collection(folder, arguments.queries)
    queries = chosen(collection.queries, arguments.limit, arguments.sample, arguments.seed)
    # Its own folder in the data folder, so that the index of the user's documents stays as it is.
    own = settings.model_copy(
        update={"model": "quotes", "shipped_guidance": False, "documents": (folder / "corpus.jsonl",)}
    )
    assistant = build(own, documents=collection.documents, progress=tell)
    try:

        def searched(query: Query) -> Entry:
            began = time.perf_counter()
            if query.history:
                question, found = assistant.hits(query.text, query.history, DEPTH)
            else:
                question, found = query.text, assistant.index.search(query.text, DEPTH)
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            shown = [retrieved(hit.passage, hit.score) for hit in found[:_WRITTEN]]
            passages = [{name: getattr(passage, name) for name in passage.__slots__} for passage in shown]
            ranked = best_passages(
                (one.document, hit.score) for hit in found for one in assistant.index.alike(hit.passage)
            )
            return {"question": question, "passages": passages, "ranked": ranked, "ms": milliseconds}

        about = {"index": assistant.index_name, "settings": described(own)}
        run = describe("retrieval", queries, arguments.seed, about)
        nothing = dict.fromkeys(NAMES, 0.0)
        check_bars(arguments, bars, [outcome_of_query(q, None, nothing, collection.judged[q.id]) for q in queries])
        with Journal(arguments.out, run) as journal:
            ask_all(queries, searched, journal, "Queries", arguments.workers)
    finally:
        assistant.close()
    scores = retrieval_scores(
        {query.id: collection.judged[query.id] for query in queries},
        {name: entry["ranked"] for name, entry in journal.done.items()},
    )
    outcomes = [
        outcome_of_query(query, journal.entries.get(query.id), scores[query.id], collection.judged[query.id])
        for query in queries
    ]
    return finish(arguments, outcomes, run, f"Retrieval over {folder.name}", bars)


def outcome_of_query(
    query: Query, entry: Entry | None, scores: Mapping[str, float], judged: Mapping[str, int] | None = None
) -> Outcome:
    """A query's outcome; its line is that of ``search --json`` with the id."""
    content = ([[turn.role, turn.text] for turn in query.history], dict(judged or {}))
    parts = {name: (value, 1.0) for name, value in scores.items()}
    if entry is None or "error" in entry:
        failed = {**parts, "failed": (1.0, 1.0)}
        return Outcome(
            query.id, query.text, parts=failed, content=content, error=(entry or {}).get("error", "no search")
        )
    line: dict[str, Any] = {"id": query.id, "question": entry["question"], "passages": entry["passages"]}
    return Outcome(
        query.id,
        query.text,
        line=line,
        parts={**parts, "failed": (0.0, 1.0)},
        milliseconds={"retrieve": entry["ms"]},
        texts=tuple(
            (" > ".join(part for part in (p["title"] or p["document"], p["section"]) if part), p["text"])
            for p in entry["passages"]
        ),
        content=content,
    )

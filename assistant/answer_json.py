"""Reading an ``Answer`` back from the JSON it was written as."""

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.records import (
    Advice,
    Answer,
    Cell,
    Citation,
    Comparison,
    Factor,
    Place,
    Refusal,
    RetrievedPassage,
    Row,
    Sentence,
    Timings,
)

Values = Mapping[str, Any]


def answer_from_json(values: Values) -> Answer:
    """The answer that ``Answer.to_json`` or ``dataclasses.asdict`` made ``values`` of.

    Raises ``KeyError`` or ``TypeError`` where it is no such thing.
    """
    comparison, advice, refusal = values["comparison"], values["advice"], values["refusal"]
    return Answer(
        question=values["question"],
        standalone_question=values["standalone_question"],
        status=values["status"],
        sentences=tuple(
            Sentence(s["text"], s["support"], s["score"], _citations(s["citations"])) for s in values["sentences"]
        ),
        comparison=None if comparison is None else _comparison(comparison),
        advice=None if advice is None else _advice(advice),
        refusal=None
        if refusal is None
        else Refusal(refusal["reason"], tuple(Place(**place) for place in refusal["nearest"])),
        follow_ups=tuple(values["follow_ups"]),
        passages=tuple(RetrievedPassage(**passage) for passage in values["passages"]),
        model=values["model"],
        index=values["index"],
        timings_ms=Timings(**values["timings_ms"]),
        answerable=values.get("answerable"),
        notice=values.get("notice", ""),
    )


def _citations(values: Iterable[Values]) -> tuple[Citation, ...]:
    return tuple(Citation(**value) for value in values)


def _comparison(values: Values) -> Comparison:
    rows = tuple(Row(row["criterion"], tuple(_cell(cell) for cell in row["cells"])) for row in values["rows"])
    return Comparison(tuple(values["options"]), rows)


def _cell(values: Values | None) -> Cell | None:
    return None if values is None else Cell(values["option"], values["text"], _citations(values["citations"]))


def _advice(values: Values) -> Advice:
    factors = tuple(
        Factor(factor["name"], factor["given"], factor["points_to"], _citations(factor["citations"]))
        for factor in values["factors"]
    )
    return Advice(factors, values["leans_to"], tuple(values["would_change_it"]))

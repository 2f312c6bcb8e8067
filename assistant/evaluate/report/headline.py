# ruff: noqa: E501 - sentences and markup read better unbroken
"""What a run says in a few plain sentences."""

from collections.abc import Mapping, Sequence

from assistant.evaluate.measures.catalogue import BY_NAME, Measure
from assistant.evaluate.measures.intervals import Estimate
from assistant.evaluate.outcomes import Outcome
from assistant.evaluate.report.charts import percent, shown

_FEWEST = 5


def headline(outcomes: Sequence[Outcome], values: Mapping[str, Estimate]) -> list[str]:
    """Sentences, most important first, that need no knowledge of measuring."""
    said: list[str] = []
    covered = [o for o in outcomes if o.case and o.case.answerable and not o.error]
    uncovered = [o for o in outcomes if o.case and o.case.answerable is False and not o.error]
    if covered:
        answered = sum(not o.verdict for o in covered)
        said.append(f"{_of(answered, len(covered))} questions that the guidance covers were answered.")
    if uncovered:
        refused = sum(bool(o.verdict) for o in uncovered)
        said.append(f"{_of(refused, len(uncovered))} questions that it does not cover were refused.")
    if "evidence_cited" in values:
        cited, found = values["evidence_cited"], values.get("evidence_found")
        line = f"{percent(cited.value)} of the statements that answer the questions were quoted word for word"
        said.append(line + (f"; {percent(found.value)} were among the passages found." if found else "."))
    if "sentences_supported" in values:
        proved = values["sentences_supported"]
        said.append(
            f"{percent(proved.value)} of the {proved.count} sentences written are proved by their citations, by the assistant's own check."
        )
    if "ndcg@10" in values:
        said.append(
            f"{percent(values['recall@10'].value)} of the relevant documents are among the first ten results (nDCG@10 {values['ndcg@10'].value:.3f})."
        )
    if "auroc" in values:
        right = percent(values["balanced_accuracy"].value)
        said.append(f"{right} of the verdicts on claims agree with people's, supported and unsupported weighed alike.")
    if "p50_total_ms" in values:
        half, most = (shown(BY_NAME[name], values[name].value) for name in ("p50_total_ms", "p95_total_ms"))
        said.append(f"Half the answers took at most {half}, 95 % at most {most}.")
    if weak := weakest(values):
        said.append(weak)
    if failed := sum(bool(o.error) for o in outcomes):
        said.append(
            f"{failed} case{'s' * (failed > 1)} ended in an error and count{'s' * (failed == 1)} against the figures."
        )
    return said


def weakest(values: Mapping[str, Estimate]) -> str:
    """The kind of question that fared worst, where it surely fared worse than all together."""
    for name in ("evidence_cited", "refusal_recall"):
        whole = values.get(name)
        if whole is None:
            continue
        kinds = [
            (value.value, key.partition("/")[2], value) for key, value in values.items() if key.startswith(f"{name}/")
        ]
        kinds = [kind for kind in kinds if not kind[1].startswith("section=") and kind[2].count >= _FEWEST]
        if kinds and min(kinds)[2].high < whole.value:
            low = min(kinds)
            return f"Weakest kind: {low[1]} ({BY_NAME[name].title.lower()}: {percent(low[0])} of {low[2].count} cases)."
    return ""


def card(measure: Measure, value: Estimate) -> tuple[str, str]:
    """Figure and interval as words."""
    return shown(measure, value.value), f"{shown(measure, value.low)} to {shown(measure, value.high)}, n={value.count}"


def _of(some: int, whole: int) -> str:
    return f"{some} of {whole}"

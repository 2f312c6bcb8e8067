# ruff: noqa: E501 - sentences and markup read better unbroken
"""Each case in the report: question, answer, verdicts, citations with their words marked, and why it scored so."""

import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from assistant.evaluate.compare import Change, Comparison, marked_words
from assistant.evaluate.judgement import GRADES, Grade, judge
from assistant.evaluate.measures.catalogue import BY_NAME
from assistant.evaluate.measures.evidence import answer_text, groups_in, quotes, retrieved_texts
from assistant.evaluate.outcomes import Outcome

_AROUND = 160
_MOST_TEXTS = 10
_LONGEST_TEXT = 600
_ORDER = {"bad": 0, "mixed": 1, "good": 2}
_SUPPORT = {"supported": "proved", "partial": "proved in part", "unsupported": "not proved"}


def case_list(outcomes: Sequence[Outcome], comparison: Comparison | None) -> str:
    """All cases, failures first, otherwise in their own order."""
    graded = sorted(((judge(o), o) for o in outcomes), key=lambda pair: _ORDER[pair[0][0]])
    changes = {change.id: change for change in comparison.changes} if comparison else {}
    items = []
    for (grade, reasons), outcome in graded:
        change = changes.get(outcome.id)
        before = comparison.earlier_answers.get(outcome.id) if comparison and change else None
        items.append(_case(outcome, grade, reasons, change, before))
    return "".join(items)


def _case(
    outcome: Outcome,
    grade: Grade,
    reasons: Sequence[str],
    change: Change | None,
    before: Mapping[str, Any] | None,
) -> str:
    line = outcome.line
    moved = change.direction if change else ""
    body = [_history(outcome), f'<ul class="why">{"".join(f"<li>{_e(reason)}</li>" for reason in reasons)}</ul>']
    if change:
        told = [f"{BY_NAME[n].title}: {was:.2f} → {now:.2f}" for n, (was, now) in change.measures.items()]
        told += [f"Verdict: {' → '.join(change.verdict)}"] if change.verdict else []
        words = "Otherwise" if moved == "changed" else moved.capitalize()
        body.append(f'<p class="moved {moved}">{words} than in the earlier run: {_e(", ".join(told))}</p>')
    if "sentences" in line:
        body.append(_answer(line, outcome.checked))
        if before is not None and "sentences" in before:
            body.append(_side_by_side(before, line))
    body.append(_evidence(outcome))
    search = _e(" ".join((outcome.id, outcome.question, outcome.kind)).lower())
    about = _e("|".join(("", *outcome.about, "")))
    tag = f'<span class="tag">{_e(outcome.kind)}</span>' if outcome.kind else ""
    arrow = f'<span class="tag {moved}">{moved}</span>' if moved else ""
    return (
        f'<details class="case" data-grade="{grade}" data-kind="{_e(outcome.kind)}" data-moved="{moved}" data-about="{about}" data-text="{search}">'
        f'<summary><span class="grade {grade}">{GRADES[grade]}</span> <span class="q">{_e(_shortened(outcome.question))}</span>'
        f' {tag}{arrow}</summary><div class="body">{"".join(body)}</div></details>'
    )


def _history(outcome: Outcome) -> str:
    parts = []
    if outcome.case and outcome.case.history:
        turns = "".join(f"<li><b>{_e(turn.role)}</b> {_e(turn.text)}</li>" for turn in outcome.case.history)
        parts.append(f'<h4>Conversation before</h4><ul class="turns">{turns}</ul>')
    if len(outcome.question) > len(_shortened(outcome.question)):
        parts.append(f"<p>{_e(outcome.question)}</p>")
    alone = outcome.line.get("standalone_question", "")
    if alone and alone != outcome.question:
        parts.append(f'<p class="faint">Understood as: {_e(alone)}</p>')
    return "".join(parts)


def _answer(line: Mapping[str, Any], checked: bool) -> str:
    texts = {passage["id"]: passage["text"] for passage in line["passages"]}
    parts = [f"<h4>Answer <span class=faint>({_e(line['status'])})</span></h4>"]
    if refusal := line.get("refusal"):
        near = ", ".join(_e(_place(place)) for place in refusal["nearest"])
        parts.append(
            f'<p class="refusal">{_e(refusal["reason"])}{f" <span class=faint>Nearest: {near}</span>" if near else ""}</p>'
        )
    rows = []
    for sentence in line["sentences"]:
        support = sentence["support"] if checked else "unchecked"
        verdict = f"{_SUPPORT.get(support, _e(support))} ({sentence['score']:.2f})" if checked else "not checked"
        cited = _citations(sentence["citations"], texts)
        rows.append(
            f'<li class="{_e(support)}"><p>{_e(sentence["text"])} <span class="verdict {_e(support)}">{verdict}</span></p>'
            f"{cited}</li>"
        )
    if rows:
        parts.append(f'<ol class="sentences">{"".join(rows)}</ol>')
    parts.append(_comparison(line.get("comparison"), texts))
    parts.append(_advice(line.get("advice"), texts))
    return f'<div class="answer">{"".join(parts)}</div>'


def _citations(citations: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> str:
    return "".join(_citation(citation, texts) for citation in citations)


def _citation(citation: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    quote, text = citation["quote"], texts.get(citation["passage"], "")
    at = text.find(quote)
    before = after = ""
    if at >= 0:
        end = at + len(quote)
        before = ("…" if at > _AROUND else "") + text[max(0, at - _AROUND) : at]
        after = text[end : end + _AROUND] + ("…" if end + _AROUND < len(text) else "")
    return (
        f"<blockquote>{_e(before)}<mark>{_e(quote)}</mark>{_e(after)}<cite>{_e(_place(citation))}</cite></blockquote>"
    )


def _comparison(table: Mapping[str, Any] | None, texts: Mapping[str, str]) -> str:
    if not table:
        return ""
    head = "".join(f'<th scope="col">{_e(option)}</th>' for option in table["options"])
    rows = []
    for row in table["rows"]:
        cells = "".join(
            f"<td>{_e(cell['text'])}{_citations(cell['citations'], texts)}</td>"
            if cell
            else "<td><span class=faint>nothing said</span></td>"
            for cell in row["cells"]
        )
        rows.append(f'<tr><th scope="row">{_e(row["criterion"])}</th>{cells}</tr>')
    return f'<div class="wide" tabindex="0" role="region" aria-label="Comparison"><table class="plain"><thead><tr><td></td>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _advice(advice: Mapping[str, Any] | None, texts: Mapping[str, str]) -> str:
    if not advice:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{_e(f["name"])}</th><td>{_e(f["given"] or "not said")}</td><td>{_e(f["points_to"])}{_citations(f["citations"], texts)}</td></tr>'
        for f in advice["factors"]
    )
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Advice"><table class="plain"><thead><tr><th scope="col">Factor</th>'
        '<th scope="col">Given</th><th scope="col">Points to</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>Leans to: {_e(advice['leans_to'])}</p>"
    )


def _evidence(outcome: Outcome) -> str:
    case = outcome.case
    if case is None:
        pairs = "".join(
            f"<dt>{_e(str(k))}</dt><dd>{_e(_plain(v))}</dd>" for k, v in outcome.line.items() if not isinstance(v, list)
        )
        texts = "".join(
            f"<blockquote>{_e(_cut(text))}<cite>{_e(heading)}</cite></blockquote>"
            for heading, text in outcome.texts[:_MOST_TEXTS]
        )
        if len(outcome.texts) > _MOST_TEXTS:
            texts += f'<p class="faint small">{len(outcome.texts) - _MOST_TEXTS} more are not shown.</p>'
        return (f"<dl>{pairs}</dl>" if pairs else "") + texts
    parts = []
    if case.evidence:
        groups = "".join(
            f"<li>{' <i>or</i> '.join(f'“{_e(words)}”' for words in group)} {became}</li>"
            for group, became in zip(case.evidence, _became(outcome), strict=True)
        )
        parts.append(f"<h4>Evidence wanted</h4><ul>{groups}</ul>")
    if case.reference:
        parts.append(f"<h4>Reference answer</h4><p>{_e(case.reference)}</p>")
    figures = [
        f"{BY_NAME[name].title} {above / below:.2f}"
        for name, (above, below) in outcome.parts.items()
        if below and name != "failed"
    ]
    if total := outcome.milliseconds.get("total"):
        figures.append(f"{total / 1000:.1f} s")
    where = f" · {PurePath(case.where).name}" if case.where else ""
    parts.append(f'<p class="faint small">{_e(" · ".join((outcome.id, *figures)))}{_e(where)}</p>')
    return "".join(parts)


def _became(outcome: Outcome) -> list[str]:
    """For each statement that was wanted, a mark that says how far it came."""
    case, line = outcome.case, outcome.line
    assert case is not None  # noqa: S101 - only questions have evidence
    if "sentences" not in line or "evidence_found" not in outcome.parts:
        return [""] * len(case.evidence)
    found, quoted = groups_in(case.evidence, retrieved_texts(line)), groups_in(case.evidence, quotes(line))
    marks = {
        True: '<span class="verdict supported">cited</span>',
        False: '<span class="verdict partial">found, not cited</span>',
        None: '<span class="verdict unsupported">not found</span>',
    }
    return [marks[True if q else False if f else None] for f, q in zip(found, quoted, strict=True)]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"


def _side_by_side(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    old, new = (_text(answer) for answer in (before, after))
    if old == new:
        return ""
    stretches = marked_words(old, new)
    left = _marked(stretches, ("same", "gone"), "del")
    right = _marked(stretches, ("same", "new"), "ins")
    return f'<div class="sides"><div><h4>Earlier answer</h4><p>{left}</p></div><div><h4>This answer</h4><p>{right}</p></div></div>'


def _marked(stretches: Iterable[tuple[str, str]], kinds: Sequence[str], tag: str) -> str:
    return " ".join(_e(t) if kind == "same" else f"<{tag}>{_e(t)}</{tag}>" for kind, t in stretches if kind in kinds)


def _text(answer: Mapping[str, Any]) -> str:
    refusal = answer.get("refusal") or {}
    return f"{answer_text(answer)} {refusal.get('reason', '')}".strip()


def _place(values: Mapping[str, Any]) -> str:
    page = f", page {values['page']}" if values.get("page") else ""
    return " > ".join(part for part in (values["title"] or values["document"], values["section"]) if part) + page


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else text[:197] + "…"


def _e(text: str) -> str:
    return html.escape(text, quote=True)

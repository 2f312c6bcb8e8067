"""Runs from start to end with a scripted assistant: resuming, failing cases, results, comparing, gating."""

import argparse
import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from assistant import cli
from assistant.evaluate.arguments import add_arguments
from assistant.evaluate.asking import UnreachableError
from assistant.evaluate.cases import Case, load_cases
from assistant.evaluate.describing import described
from assistant.evaluate.gate import Requirement, known, requirement
from assistant.evaluate.journal import Journal, write_whole
from assistant.evaluate.judging import verdicts
from assistant.evaluate.results import Result
from assistant.evaluate.run import ask_and_measure
from assistant.evaluate.sections import faults_of, stretches
from assistant.models.scripted import ScriptedModel
from assistant.models.usage import Meter, Tokens
from assistant.notices import QUOTED
from assistant.records import (
    Advice,
    Answer,
    Cell,
    Citation,
    Comparison,
    Factor,
    History,
    RetrievedPassage,
    Row,
    Sentence,
    Timings,
)
from assistant.records import Refusal as Refused
from assistant.settings import Settings
from corpus import load
from corpus.errors import UserError

GUIDE = """# Guide

## Boards

The board pays for the central team.

## Teams

Teams lead the implementation of every project.

## Quiet

Nobody ever asks about this part here.
"""
FACTS = {
    "pays": ("Boards", "The board pays for the central team."),
    "leads": ("Teams", "Teams lead the implementation of every project."),
}


class Scripted:
    """Answers by the word a question holds; refuses everything else."""

    def __init__(self, unknown: Sequence[str] = (), failing: str = "", stops_at: str = "") -> None:
        self.unknown, self.failing, self.stops_at = unknown, failing, stops_at
        self.asked: list[str] = []

    def ask(self, question: str, history: History = ()) -> Answer:
        if self.stops_at and self.stops_at in question:
            raise KeyboardInterrupt
        self.asked.append(question)
        if self.failing and self.failing in question:
            raise RuntimeError("the model fell over\nwith a second line")
        key = next((key for key in FACTS if key in question and key not in self.unknown), None)
        timings = Timings(retrieve=5, first_text=20, total=40 + len(question))
        if key is None:
            return Answer(
                question, question, "refused", refusal=Refused("Not covered."), timings_ms=timings, answerable=0.2
            )
        section, text = FACTS[key]
        passage = RetrievedPassage("p", "guide.md", "Guide", section, None, text, 1.0)
        citation = Citation("p", "guide.md", "Guide", section, None, text, 0, len(text))
        sentence = Sentence(f"So it is: {text}", "supported", 0.9, (citation,))
        return Answer(
            question, question, "answered", (sentence,), passages=(passage,), timings_ms=timings, answerable=0.8
        )


CASES = [
    {"id": "pays", "question": "Who pays?", "kind": "direct", "answerable": True, "evidence": [[FACTS["pays"][1]]]},
    {"id": "leads", "question": "Who leads?", "kind": "direct", "answerable": True, "evidence": [[FACTS["leads"][1]]]},
    {"id": "why", "question": "Why leads?", "kind": "direct", "answerable": True, "evidence": [[FACTS["leads"][1]]]},
    {"id": "cost", "question": "What does it cost?", "kind": "near miss", "answerable": False},
    {"id": "evil", "question": "=1+1 <script>alert(1)</script>\x07", "kind": "planted", "answerable": False},
]


def arguments(out: Path, *more: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(["cases.jsonl", "--out", str(out), *more])


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


def run(cases: Path, out: Path, asked: Scripted, *more: str, about: dict[str, Any] | None = None) -> Result:
    chosen = arguments(out, *more)
    guide = cases.with_name("guide.md")
    guide.write_text(GUIDE, encoding="utf-8")
    known = stretches([load(guide)])
    bars = [requirement(text) for text in chosen.require]
    return ask_and_measure(chosen, load_cases(cases), cases, asked, about or {"model": "scripted"}, bars, known)


def answers(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_run_writes_what_the_contract_says(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(cases, out, Scripted())
    written = answers(out)
    assert [answer["id"] for answer in written] == [case["id"] for case in CASES]
    assert set(written[0]) == {"id", *Answer("", "", "chat").to_json()}
    metrics = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert metrics == result.metrics
    assert all(isinstance(value, (int, float)) for value in metrics.values())
    for name in ("evidence_found", "evidence_cited", "sentences_supported", "citation_precision", "citation_recall"):
        assert metrics[name] == metrics[f"{name}:low"] == metrics[f"{name}:high"] == 1
    assert metrics["refusal_recall"] == metrics["refusal_precision"] == metrics["refusal_auroc"] == 1
    assert metrics["refusal_recall_at_10"] == 1
    assert metrics["false_refusals"] == 0
    assert metrics["p50_total_ms"] == 50
    assert metrics["evidence_cited/direct"] == 1
    assert metrics["evidence_cited/section=Guide > Teams:count"] == 2
    assert metrics["refusal_recall/near miss:count"] == 1
    assert "refusal_auroc/direct" not in metrics


def test_the_report_maps_the_guidance_and_escapes_what_was_asked(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "out", Scripted())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "3 sections: 1 not asked about, 1 never cited." in page
    assert "http" not in page.replace("http-equiv", "")
    assert "3 of 3 questions that the guidance covers were answered." in page


def test_a_stopped_run_goes_on_and_ends_the_same(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "whole", Scripted())
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run(cases, out, Scripted(stops_at="cost"))
    with (out / "journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write('{"id": "cost", "answer": {"ques')
    second = Scripted()
    run(cases, out, second)
    assert second.asked == [case["question"] for case in CASES[3:]]
    for name in ("answers.jsonl", "metrics.json", "scores.jsonl", "junit.xml"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    third = Scripted()
    run(cases, out, third)
    assert third.asked == []


def test_other_settings_are_refused_in_one_line(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "out", Scripted())
    with pytest.raises(UserError, match=r"other settings \(model\)"):
        run(cases, tmp_path / "out", Scripted(), about={"model": "another"})
    with cases.open("a", encoding="utf-8") as more:
        more.write('{"id": "new", "question": "New?"}\n')
    with pytest.raises(UserError, match="content"):
        run(cases, tmp_path / "out", Scripted())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_text("mine\n", encoding="utf-8")
    with pytest.raises(UserError, match="unknown run"):
        Journal(tmp_path, {"model": "x"})
    assert (tmp_path / "answers.jsonl").read_text(encoding="utf-8") == "mine\n"


class Counting(Scripted):
    """A model that reports ten tokens read for every question and one written for each word of it."""

    def __init__(self) -> None:
        super().__init__()
        self.usage = Meter()

    def ask(self, question: str, history: History = ()) -> Answer:
        self.usage.add(10, len(question.split()))
        return super().ask(question, history)


def test_tokens_are_counted_by_question_where_they_are_reported(cases: Path, tmp_path: Path) -> None:
    metrics = run(cases, tmp_path / "one", Counting()).metrics
    words = [len(str(case["question"]).split()) for case in CASES]
    assert (metrics["tokens_read"], metrics["tokens_read:count"]) == (10, 5)
    assert metrics["tokens_written"] == pytest.approx(sum(words) / 5)
    assert metrics["tokens_written/near miss"] == 4
    assert "Tokens read" in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")
    several = run(cases, tmp_path / "many", Counting(), "--workers", "3").metrics
    assert "tokens_read" not in several
    assert "tokens_read" not in run(cases, tmp_path / "none", Scripted()).metrics


class Forgetting(Scripted):
    """A model that keeps what it read until it is told to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self.remembered: dict[str, int] = {}

    def forget(self) -> None:
        self.kept.clear()

    def ask(self, question: str, history: History = ()) -> Answer:
        self.remembered[question] = len(self.kept)
        self.kept.append(question)
        return super().ask(question, history)


def test_no_case_is_answered_from_what_an_earlier_one_left_behind(cases: Path, tmp_path: Path) -> None:
    alone, several = Forgetting(), Forgetting()
    run(cases, tmp_path / "one", alone)
    assert set(alone.remembered.values()) == {0}
    # What others are in the middle of is not taken away from them.
    run(cases, tmp_path / "many", several, "--workers", "2")
    assert max(several.remembered.values()) > 0


def test_only_whole_reports_count() -> None:
    meter = Meter()
    for read, written in ((5, 2), (None, 1), (-1, 1), (True, 1), ("7", 1), (1.5, 1)):
        meter.add(read, written)
    assert meter.total == Tokens(5, 2, 1)
    meter.add(1, 0)
    assert meter.total - Tokens(5, 2, 1) == Tokens(1, 0, 1)


def test_a_failing_case_is_reported_counted_and_tried_again(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    result = run(cases, out, Scripted(failing="pays"))
    told = capsys.readouterr().err
    assert "cases.jsonl:1: failed: RuntimeError: the model fell over\n" in told
    assert "\r" not in told
    assert [answer["id"] for answer in answers(out)] == ["leads", "why", "cost", "evil"]
    assert result.metrics["failed"] == pytest.approx(1 / 5)
    assert result.metrics["evidence_cited"] == pytest.approx(2 / 3)
    suite = ElementTree.parse(out / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("5", "1", "0")
    again = Scripted()
    assert run(cases, out, again).metrics["failed"] == 0
    assert again.asked == ["Who pays?"]


def numbered(path: Path, *names: object) -> Path:
    path.write_text("".join(f'{{"id": "{n}", "question": "Who {n}?"}}\n' for n in names), encoding="utf-8")
    return path


def test_cases_that_fail_stop_nothing_whatever_their_order(tmp_path: Path) -> None:
    path = numbered(tmp_path / "cases.jsonl", *(f"bad-{n}" for n in range(7)), "good")
    out, asked = tmp_path / "out", Scripted(failing="bad")
    assert run(path, out, asked).metrics["failed"] == pytest.approx(7 / 8)
    assert len(asked.asked) == 8
    for name in ("report.html", "junit.xml"):
        assert "RuntimeError: the model fell over" in (out / name).read_text(encoding="utf-8")
    again = Scripted(failing="bad")
    run(path, out, again)
    assert again.asked == [f"Who bad-{n}?" for n in range(7)]


class Dropping(Scripted):
    """Answers nothing that has ``failing`` in it, as a server does that gives up on some questions."""

    def ask(self, question: str, history: History = ()) -> Answer:
        if self.failing and self.failing in question:
            self.asked.append(question)
            raise UnreachableError("no answer in time")
        return super().ask(question, history)


@pytest.mark.parametrize("workers", ["1", "3"])
def test_questions_that_a_server_gives_up_on_stop_nothing(tmp_path: Path, workers: str) -> None:
    names = [*(f"bad-{n}" for n in range(20)), *(f"good-{n}" for n in range(20)), *(f"worse-bad-{n}" for n in range(6))]
    path = numbered(tmp_path / "cases.jsonl", *names)
    result = run(path, tmp_path / "out", Dropping(failing="bad"), "--workers", workers)
    assert result.metrics["failed"] == pytest.approx(26 / 46)


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), UnreachableError("nobody is there")])
def test_a_lost_connection_stops_even_after_a_success(tmp_path: Path, error: Exception) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f'{{"id": "{n}", "question": "Who {n}?"}}\n' for n in range(20)), encoding="utf-8")

    class Lost(Scripted):
        def ask(self, question: str, history: History = ()) -> Answer:
            if len(self.asked) > 2:
                self.asked.append(question)
                raise error
            return super().ask(question, history)

    asked = Lost()
    with pytest.raises(UserError, match="5 cases in a row failed"):
        run(path, tmp_path / "out", asked)
    # The last is one that was answered before: it shows that the fault is not that of the others.
    assert len(asked.asked) == 9
    assert asked.asked[-1] in asked.asked[:3]
    with pytest.raises(UserError, match="5 cases in a row failed"):
        run(path, tmp_path / "nothing", Dropping(failing="Who"))


def test_an_answer_in_the_place_of_the_models_is_none_of_its_figures(cases: Path, tmp_path: Path) -> None:
    class Replaced(Scripted):
        def ask(self, question: str, history: History = ()) -> Answer:
            return replace(super().ask(question, history), notice=QUOTED)

    with pytest.raises(UserError, match="the language model did not answer"):
        run(cases, tmp_path / "out", Replaced())
    assert run(cases, tmp_path / "out", Scripted()).metrics["failed"] == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with Journal(tmp_path / "out", {"kind": "questions"}) as journal:
        os.dup2(os.open("/dev/full", os.O_WRONLY), journal._file.fileno())
        with pytest.raises(UserError, match=r"cannot write .*start again to go on"):
            journal.add({"id": "a"})


def test_a_file_that_could_not_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").mkdir()
    with pytest.raises(UserError, match=r"metrics.json: cannot write"):
        write_whole(tmp_path / "metrics.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.json"]


def test_where_every_case_failed_the_last_error_is_told(cases: Path, tmp_path: Path) -> None:
    cases.write_text(json.dumps(CASES[0]) + "\n", encoding="utf-8")
    result = run(cases, tmp_path / "out", Scripted(failing="pays"))
    assert result.last_error == "RuntimeError: the model fell over"
    assert run(cases, tmp_path / "out", Scripted()).last_error == ""


def test_a_run_goes_on_under_another_file_name_and_takes_a_judge_later(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(cases, out, Scripted())
    moved = cases.rename(cases.with_name("moved.jsonl"))
    again = Scripted()
    run(moved, out, again)
    assert again.asked == []
    described = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert "asked" not in described
    with Journal(out, {**described, "judge": "wise"}) as journal:
        assert len(journal.done) == len(CASES)
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["judge"] == "wise"
    with pytest.raises(UserError, match=r"other settings \(judge\)"):
        Journal(out, {**described, "judge": "other"})


def test_only_what_changes_answers_describes_a_run(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, owners=("ann",), oidc_issuer="https://sign.in", trusted_proxies=("10.0.0.1",))
    assert described(settings) == described(Settings(home=tmp_path / "other"))
    assert described(settings) != described(Settings(home=tmp_path, passages=3))


def test_bars_and_baselines_that_cannot_be_are_told_before_anything_is_asked(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "one", Scripted())
    (tmp_path / "one" / "scores.jsonl").write_text('{"id": "pays"}\n', encoding="utf-8")
    asked = Scripted()
    with pytest.raises(UserError, match=r"scores.jsonl: missing or damaged"):
        run(cases, tmp_path / "two", asked, "--baseline", str(tmp_path / "one"))
    with pytest.raises(UserError, match='no case is of "dirct"'):
        run(cases, tmp_path / "two", asked, "--require", "evidence_cited/dirct>=0.5")
    assert asked.asked == []


def test_a_baseline_lost_on_the_way_does_not_cost_the_report(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "one", Scripted())

    class Removing(Scripted):
        def ask(self, question: str, history: History = ()) -> Answer:
            (tmp_path / "one" / "scores.jsonl").unlink(missing_ok=True)
            return super().ask(question, history)

    with pytest.raises(UserError, match=r"scores.jsonl: missing"):
        run(cases, tmp_path / "two", Removing(), "--no-worse-than", str(tmp_path / "one"))
    assert (tmp_path / "two" / "report.html").is_file()
    assert (tmp_path / "two" / "cases.xlsx").is_file()


def test_a_bar_on_a_section_is_read_by_its_last_sign(cases: Path, tmp_path: Path) -> None:
    bar = "evidence_cited/section=Guide > Teams>=0.5"
    assert requirement(bar) == Requirement("evidence_cited/section=Guide > Teams", ">=", 0.5)
    result = run(cases, tmp_path / "out", Scripted(), "--require", bar, "--require", "evidence_cited/direct:low>=0.1")
    assert [bar.passed for bar in result.bars] == [True, True]


def test_what_cells_and_factors_say_is_part_of_an_answer(tmp_path: Path) -> None:
    words = FACTS["pays"][1]
    citation = Citation("p", "guide.md", "Guide", "Boards", 4, words, 0, len(words))
    passage = RetrievedPassage("p", "guide.md", "Guide", "Boards", 4, f"Before. {words} After.", 1.0)
    table = Comparison(("top-down",), (Row("money", (Cell("top-down", "the board pays", (citation,)),)),))
    advice = Advice((Factor("size", "large", "a hybrid", (citation,)),), "a hybrid")

    class Comparing(Scripted):
        def ask(self, question: str, history: History = ()) -> Answer:
            return Answer(question, question, "answered", (), table, advice, passages=(passage,))

    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a", "question": "Q?", "answerable": true, "reference": "The board pays."}\n', "utf-8")
    assert run(path, tmp_path / "out", Comparing()).metrics["token_f1"] > 0.2
    said = "money, top-down: the board pays size, large: a hybrid Leans to: a hybrid"
    assert load_workbook(tmp_path / "out" / "cases.xlsx")["Cases"]["E2"].value == said
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count(f"Before. <mark>{words}</mark> After.<cite>Guide &gt; Boards, page 4</cite>") == 2
    model = ScriptedModel(["yes"] * 3)
    verdicts(load_cases(path)[0], Comparing().ask("Q?").to_json(), model)
    assert said in model.seen[0][0].text


def test_workers_give_the_same_results(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "one", Scripted())
    run(cases, tmp_path / "many", Scripted(), "--workers", "3")
    assert (tmp_path / "one" / "answers.jsonl").read_bytes() == (tmp_path / "many" / "answers.jsonl").read_bytes()


def test_wrongly_answered_and_wrongly_refused_show_as_failures(cases: Path, tmp_path: Path) -> None:
    cases.write_text(
        json.dumps({"id": "a", "question": "Who pays?", "answerable": False})
        + "\n"
        + json.dumps({"id": "b", "question": "Who cooks?", "answerable": True, "evidence": [["x"]]})
        + "\n",
        encoding="utf-8",
    )
    result = run(cases, tmp_path / "out", Scripted())
    assert (result.metrics["refusal_recall"], result.metrics["false_refusals"]) == (0, 1)
    assert (result.metrics["refusal_precision"], result.metrics["refusal_auroc"]) == (0, 0)
    suite = ElementTree.parse(tmp_path / "out" / "junit.xml").getroot()
    assert [case.find("failure").get("message") for case in suite] == [  # type: ignore[union-attr]
        "The guidance does not answer this, yet it was answered.",
        "The guidance answers this, yet it was not answered.",
    ]


def test_no_cell_of_the_spreadsheet_is_a_formula(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "out", Scripted())
    book = load_workbook(tmp_path / "out" / "cases.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert next(cell for cell in cells if str(cell.value).startswith("=1+1")).quotePrefix


def test_the_spreadsheet_has_what_the_case_asks_for_beside_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    case = {"id": "a", "question": "Who pays?", "evidence": [["one", "two"], ["three"]], "reference": "The board pays."}
    path.write_text(json.dumps(case), encoding="utf-8")
    run(path, tmp_path / "out", Scripted())
    head, first = list(load_workbook(tmp_path / "out" / "cases.xlsx")["Cases"].iter_rows(values_only=True))[:2]
    cells = dict(zip(head, first, strict=True))
    assert cells["grade"] == "Wrong"
    assert (cells["evidence"], cells["reference"]) == ("one / two\nthree", "The board pays.")


def test_beside_itself_nothing_differs(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "one", Scripted())
    result = run(cases, tmp_path / "two", Scripted(), "--no-worse-than", str(tmp_path / "one"))
    assert result.passed
    assert result.bars
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "No case differs." in page
    assert "Both runs had the same settings." in page


def test_a_lost_section_shows_as_worse_and_fails_the_gate(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "one", Scripted())
    lost = Scripted(unknown=["leads"])
    result = run(cases, tmp_path / "two", lost, "--no-worse-than", str(tmp_path / "one"), about={"model": "lost"})
    assert not result.passed
    failed = {bar.line.split(" no worse")[0] for bar in result.bars if not bar.passed}
    assert "FAIL evidence_cited/section=Guide > Teams" in failed
    assert not [line for line in failed if "Boards" in line or "near miss" in line]
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "0 cases got better, 2 got worse." in page
    assert '<th scope="row">model</th><td>scripted</td><td>lost</td>' in page
    assert "<del>" in page
    backwards = run(cases, tmp_path / "three", Scripted(), "--no-worse-than", str(tmp_path / "two"))
    assert backwards.passed


def test_estimates_are_compared_and_times_and_tokens_never_fail(cases: Path, tmp_path: Path) -> None:
    class Unsure(Counting):
        """As right as the others in what it does, but all its estimates are wrong; and slow and wordy."""

        def ask(self, question: str, history: History = ()) -> Answer:
            self.usage.add(1000, 1000)
            answer = super().ask(question, history)
            slow = replace(answer.timings_ms, total=9000)
            return replace(answer, answerable=1 - (answer.answerable or 0), timings_ms=slow)

    run(cases, tmp_path / "one", Counting())
    result = run(cases, tmp_path / "two", Unsure(), "--no-worse-than", str(tmp_path / "one"))
    failed = {bar.line.split(" no worse")[0] for bar in result.bars if not bar.passed}
    assert failed == {"FAIL refusal_auroc", "FAIL refusal_recall_at_10"}
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<tr class="worse"><th scope="row">Time for the whole answer, slow</th>.*?\+8.9 s', page)
    assert re.search(r'<tr class="different"><th scope="row">Tokens read</th>.*?\+1,000', page)


def test_an_unlabelled_case_that_is_refused_now_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a", "question": "Who pays?"}\n', encoding="utf-8")
    run(path, tmp_path / "one", Scripted())
    run(path, tmp_path / "two", Scripted(unknown=["pays"]), "--baseline", str(tmp_path / "one"))
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "0 cases got better, 0 got worse, 1 changed otherwise." in page
    assert "Otherwise than in the earlier run: Verdict: answered → not answered" in page


def test_runs_without_common_cases_cannot_be_compared(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "one", Scripted())
    cases.write_text('{"id": "other", "question": "Who pays?"}\n', encoding="utf-8")
    with pytest.raises(UserError, match="no case in common"):
        run(cases, tmp_path / "two", Scripted(), "--baseline", str(tmp_path / "one"))


def test_the_report_shows_each_setting_under_its_own_name(cases: Path, tmp_path: Path) -> None:
    about = {"model": "scripted", "settings": {"passages": 10, "mask_personal_data": False, "reranker": ""}}
    run(cases, tmp_path / "out", Scripted(), about=about)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert '<th scope="row">settings.passages</th><td>10</td>' in page
    assert '<th scope="row">settings.mask_personal_data</th><td>false</td>' in page
    assert "settings.reranker" not in page


def test_that_only_some_cases_are_compared_is_told(cases: Path, tmp_path: Path, capsys: Any) -> None:
    run(cases, tmp_path / "one", Scripted())
    same, count = ("--no-worse-than", str(tmp_path / "one")), len(load_cases(cases))
    run(cases, tmp_path / "two", Scripted(), *same)
    assert "are not compared" not in capsys.readouterr().err
    first, *others = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    changed = [first | {"reference": "The board."}, *others]
    cases.write_text("".join(json.dumps(case) + "\n" for case in changed), encoding="utf-8")
    run(cases, tmp_path / "three", Scripted(), *same)
    told = f"one: only {count - 1} of {count} cases are the same there; the others are not compared\n"
    assert told in capsys.readouterr().err


def test_required_bars(cases: Path, tmp_path: Path) -> None:
    bars = ("evidence_cited>=85%", "false_refusals <= 0.05", "evidence_cited/direct>=1.01", "ndcg@10>=0.1")
    result = run(cases, tmp_path / "out", Scripted(), *(part for bar in bars for part in ("--require", bar)))
    assert [bar.line for bar in result.bars] == [
        "pass evidence_cited >= 0.85: 1",
        "pass false_refusals <= 0.05: 0",
        "FAIL evidence_cited/direct >= 1.01: 1",
        "FAIL ndcg@10 >= 0.1: not measured in this run",
    ]
    assert not result.passed
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "2 of 4 bars missed" in page
    assert page.index("FAIL ndcg@10") < page.index("pass evidence_cited"), "failures first"


@pytest.mark.parametrize("text", ["evidence_cited", "evidence_cited=1", "evidence_cited>=high", ">=1", "a>=1e"])
def test_a_malformed_bar_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="--require"):
        requirement(text)


def test_a_bar_on_no_measure_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UserError, match='no measure "evidence_sited"; did you mean "evidence_cited"'):
        known([requirement("evidence_sited/direct>=0.9")])
    with pytest.raises(UserError, match=r'no measure "xyz"; docs/evaluating\.md lists them'):
        known([requirement("xyz>=0.9")])


def test_a_case_without_labels_is_asked_and_measures_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a", "question": "Who pays?"}\n', encoding="utf-8")
    result = run(path, tmp_path / "out", Scripted())
    assert "evidence_cited" not in result.metrics
    assert "false_refusals" not in result.metrics
    assert result.metrics["sentences_supported"] == 1


def test_an_empty_answer_to_a_case_is_measured(tmp_path: Path) -> None:
    case = Case("a", "Who?", True, (("x",),))
    from assistant.evaluate.outcomes import outcome_of_answer

    outcome = outcome_of_answer(case, Answer("Who?", "Who?", "answered").to_json())
    assert outcome.parts["evidence_cited"] == (0, 1)
    assert "citation_precision" not in outcome.parts
    assert "sentences_supported" not in outcome.parts


def test_evidence_that_no_document_holds_is_a_fault_of_its_case(cases: Path, tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("# Guide\n\nThe board’s money\npays for it. Teams lead.\n", encoding="utf-8")
    evidence = {"held": [["no", "The board's  money pays"]], "not": [["Teams lead."], ["Teams follow."]]}
    lines = ({"id": name, "question": "Who pays?", "evidence": groups} for name, groups in evidence.items())
    cases.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    faults = faults_of(load_cases(cases), [load(guide)])
    assert faults == {"not": "no document holds its evidence “Teams follow.”; copy it exactly as it stands there"}
    out = tmp_path / "out"
    ask_and_measure(arguments(out), load_cases(cases), cases, Scripted(), {}, [], faults=faults)
    assert (out / "report.html").read_text(encoding="utf-8").count("<li>no document holds its evidence") == 1


@pytest.mark.parametrize("seed", ["-1", "1.5", "x"])
def test_a_seed_is_a_whole_number_from_0_on(tmp_path: Path, seed: str) -> None:
    assert arguments(tmp_path, "--seed", "0").seed == 0
    with pytest.raises(SystemExit):
        arguments(tmp_path, "--seed", seed)


def test_a_folder_that_cannot_be_is_told_before_anything_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    asked = ["evaluate", "--model", "no-such-model", "--home", str(tmp_path / "home")]
    assert cli.main([*asked, "--out", str(tmp_path / "file" / "out")]) == 2
    assert "is no folder" in capsys.readouterr().err

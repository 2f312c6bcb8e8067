"""A judge model: three verdicts an answer, its disagreement, and going on after a stop."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_evaluate_run import FACTS, Scripted, run

import assistant.evaluate.run
from assistant import cli
from assistant.evaluate.cases import Case
from assistant.evaluate.judging import check_judge, verdicts
from assistant.models.language_model import Message
from assistant.models.scripted import ScriptedModel
from corpus.errors import UserError

CASES = [
    {"id": "pays", "question": "Who pays?", "answerable": True, "reference": "The board."},
    {"id": "leads", "question": "Who leads?", "answerable": True, "reference": "Teams do."},
    {"id": "cooks", "question": "Who cooks?", "answerable": True, "reference": "Nobody."},
    {"id": "bare", "question": "Why leads?", "answerable": True},
    {"id": "cost", "question": "What does it cost?", "answerable": False},
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


def opinion(messages: Sequence[Message]) -> str:
    """Yes to who pays; of who leads it depends on which text comes first."""
    text = messages[0].text
    if "Who pays" in text:
        return "Yes."
    return "yes" if text.index("Reference:") < text.index("Answer:") else " No, it does not."


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    model = ScriptedModel(opinion)
    monkeypatch.setattr(assistant.evaluate.run, "open_judge", lambda name, _: model)
    return model


def test_a_judge_is_asked_three_times_and_its_disagreement_shows(
    cases: Path, tmp_path: Path, judge: ScriptedModel
) -> None:
    metrics = run(cases, tmp_path / "out", Scripted(), "--judge", "wise").metrics
    assert metrics["judged_correct"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert metrics["judged_correct:count"] == 3
    assert metrics["judge_disagreement"] == 0.5
    assert len(judge.seen) == 6
    assert len({messages[0].text for messages in judge.seen}) == 6
    assert not [messages for messages in judge.seen if "Who cooks" in messages[0].text]
    assert judge.closed
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "agreement with the reference in 2 of 3 runs" in page
    assert "Judge model at odds with itself" in page
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["judge"] == "wise"
    answers = (tmp_path / "out" / "answers.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in answers.splitlines()] == [case["id"] for case in CASES]


def test_without_a_judge_nothing_is_said_of_one(cases: Path, tmp_path: Path) -> None:
    run(cases, tmp_path / "out", Scripted())
    assert "judge" not in (tmp_path / "out" / "metrics.json").read_text(encoding="utf-8")
    assert "judge" not in json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))


def test_a_stopped_judge_goes_on(
    cases: Path, tmp_path: Path, judge: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(cases, tmp_path / "whole", Scripted(), "--judge", "wise")

    def stopping(messages: Sequence[Message]) -> str | BaseException:
        return KeyboardInterrupt() if "Who leads" in messages[0].text else opinion(messages)

    stopped = ScriptedModel(stopping)
    monkeypatch.setattr(assistant.evaluate.run, "open_judge", lambda name, _: stopped)
    with pytest.raises(KeyboardInterrupt):
        run(cases, tmp_path / "out", Scripted(), "--judge", "wise")
    assert stopped.closed
    rest = ScriptedModel(opinion)
    monkeypatch.setattr(assistant.evaluate.run, "open_judge", lambda name, _: rest)
    second = Scripted()
    run(cases, tmp_path / "out", second, "--judge", "wise")
    assert second.asked == []
    assert len(rest.seen) == 3
    for name in ("metrics.json", "scores.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_what_is_neither_yes_nor_no_is_no_verdict() -> None:
    case = Case("a", "Who {pays}?", True, reference="The {first} board")
    answer = {"sentences": [{"text": FACTS["pays"][1]}]}
    model = ScriptedModel(["Perhaps", "yes", "..."])
    assert verdicts(case, answer, model) == (None, True, None)
    assert "Who {pays}?" in model.seen[0][0].text
    assert "The {first} board" in model.seen[0][0].text


def test_a_judge_needs_a_model_and_references() -> None:
    with pytest.raises(UserError, match="no language model"):
        check_judge("quotes", [Case("a", "Q?", reference="R")])
    with pytest.raises(UserError, match="no case has one"):
        check_judge("wise", [Case("a", "Q?")])


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--judge", "wise", "--beir", "folder"], "--judge goes with question cases"),
        (["cases.jsonl", "--check-sentences"], "--check-sentences goes with --endpoint"),
        (["--claims", "claims.jsonl", "--documents", "x"], "--documents has no effect with --claims"),
        (["--beir", "folder", "--documents", "x"], "--documents has no effect with --beir"),
        (["--endpoint", "http://x", "--documents", "x"], "--documents has no effect with --endpoint"),
    ],
)
def test_flags_that_do_not_fit_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], said: str
) -> None:
    assert cli.main(["evaluate", *flags, "--out", str(tmp_path / "out"), "--home", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err


def test_the_shipped_questions_over_other_documents_are_announced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing")
    asked = ["evaluate", "--documents", missing, "--model", "quotes", "--home", str(tmp_path)]
    assert cli.main([*asked, "--out", str(tmp_path / "out")]) == 2
    assert "No cases are named: asking the questions that ship" in capsys.readouterr().err

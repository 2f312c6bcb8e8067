"""Whole evaluations with the real encoders: nothing differs from itself, a lost section shows, ir-measures agrees."""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from assistant import cli
from assistant.evaluate.cases import Case, load_cases
from assistant.evaluate.run import shipped_cases
from assistant.evaluate.sections import sections_of, stretches
from corpus import load_all, shipped_guidance

pytestmark = pytest.mark.models

BENCH = Path(__file__).parent.parent.parent / "shared" / "bench"
BOTTOM_UP = "The bottom-up approach to AI > "
ASKED_ABOUT = (BOTTOM_UP, "Choosing an approach to AI strategy > ")
LOST = (
    f"{BOTTOM_UP}Drawbacks of the bottom-up approach > Fragmentation",
    f"{BOTTOM_UP}Advantages of the bottom-up approach > Employee engagement",
)


def evaluate(home, out, *more) -> int:
    return cli.main(["evaluate", *map(str, more), "--home", str(home), "--out", str(out)])


def copied(folder: Path, without: str = "") -> Path:
    """The shipped guidance, less one section."""
    folder.mkdir()
    for path in shipped_guidance().glob("*.md"):
        shutil.copy(path, folder)
    if without:
        title, *_, heading = without.split(" > ")
        path = next(path for path in folder.glob("*.md") if path.read_text("utf-8").startswith(f"# {title}\n"))
        text = path.read_text("utf-8")
        cut = re.sub(rf"^#+ {re.escape(heading)}\n.*?(?=^#|\Z)", "", text, flags=re.MULTILINE | re.DOTALL)
        assert len(cut) < len(text) - 100
        path.write_text(cut, encoding="utf-8")
    return folder


@cache
def in_one_section() -> dict[str, list[Case]]:
    """By section, the shipped direct questions whose evidence lies in it only: what they lose, that section loses.

    Those of two documents: the one that the lost sections are part of, and the one that speaks of all approaches. All
    of a section's, for one case alone is a section's whole average.
    """
    known = stretches(load_all([shipped_guidance()]).documents)
    asked: dict[str, list[Case]] = {}
    for case in load_cases(shipped_cases()):
        sections = sections_of(case.evidence, known)
        if case.kind == "direct" and len(sections) == 1 and sections[0].startswith(ASKED_ABOUT):
            asked.setdefault(sections[0], []).append(case)
    return asked


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    lines = [
        {
            "id": case.id,
            "question": case.question,
            "kind": case.kind,
            "answerable": True,
            "evidence": [list(group) for group in case.evidence],
        }
        for cases in in_one_section().values()
        for case in cases
    ]
    assert len(lines) >= 15
    path = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(home, cases, tmp_path_factory):
    """A run over all of the guidance: its folder, and that of the guidance."""
    place = tmp_path_factory.mktemp("whole")
    guidance = copied(place / "guidance")
    assert evaluate(home, place / "run", cases, "--model", "quotes", "--documents", guidance) == 0
    return place / "run", guidance


def test_a_run_beside_itself_shows_no_difference(home, cases, whole, tmp_path, capsys):
    earlier, guidance = whole
    more = ("--model", "quotes", "--documents", guidance, "--no-worse-than", earlier)
    assert evaluate(home, tmp_path / "run", cases, *more) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if " no worse than " in line]
    assert lines
    assert all(line.startswith("pass ") and "(+0, 95 % interval +0 to +0" in line for line in lines), lines
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "No case differs." in page
    assert "Both runs had the same settings." in page


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_section_and_only_it_shows_as_worse_and_the_gate_fails(home, cases, whole, tmp_path, capsys, lost):
    earlier, _ = whole
    assert len(in_one_section()[lost]) >= 2
    guidance = copied(tmp_path / "guidance", without=lost)
    more = ("--model", "quotes", "--documents", guidance, "--no-worse-than", earlier)
    assert evaluate(home, tmp_path / "run", cases, *more) == 1
    failed = [line for line in capsys.readouterr().err.splitlines() if line.startswith("FAIL ")]
    sections = {found[1] for line in failed if (found := re.search(r"/section=(.+?) no worse than ", line))}
    assert sections == {lost}
    assert any(line.startswith("FAIL evidence_found/section=") for line in failed)


SMALL = {
    "a": "Statins lower the risk of a heart attack in patients with high cholesterol.",
    "b": "Cholesterol is carried in the blood by lipoproteins.",
    "c": "Regular exercise reduces blood pressure in adults.",
    "d": "Smoking raises the risk of lung cancer and heart attack.",
    "e": "Vaccines protect children from measles.",
    "f": "Measles outbreaks follow falling vaccination rates.",
    "g": "Sleep deprivation impairs memory consolidation.",
    "h": "Vitamin D deficiency is common in winter.",
    "i": "High blood pressure damages the kidneys over years.",
    "j": "The hippocampus is needed to form new memories.",
    "k": "Lung cancer screening by scans finds tumours early.",
    "l": "Children who sleep badly learn more slowly.",
}
ASKED = {
    "1": ("What lowers the risk of a heart attack?", {"a": 2, "d": 1, "c": 1}),
    "2": ("Measles and vaccination of children", {"e": 1, "f": 2}),
    "3": ("How does sleep affect memory?", {"g": 2, "j": 1, "l": 1}),
    "4": ("Consequences of high blood pressure", {"i": 1, "c": 1, "missing": 2}),
    "5": ("Nothing here is about trains", {"h": 1}),
}


def collection(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    written = {
        "corpus.jsonl": [{"_id": name, "title": "", "text": text} for name, text in SMALL.items()],
        "queries.jsonl": [{"_id": name, "text": text} for name, (text, _) in ASKED.items()],
    }
    for name, lines in written.items():
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    judged = "".join(f"{q}\t{d}\t{grade}\n" for q, (_, grades) in ASKED.items() for d, grade in grades.items())
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8")
    return folder


def run_apart(out: Path, qrels: Path, place: Path) -> dict[str, float]:
    """What the program ir_measures says of the rankings in a run's journal and the judgements, as TREC files."""
    entries = [json.loads(line) for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = [
        f"{entry['id']} Q0 {document} 0 {score!r} run\n"
        for entry in entries
        for document, score in entry["ranked"].items()
    ]
    (place / "run.trec").write_text("".join(lines), encoding="utf-8")
    judged = [line.split("\t") for line in qrels.read_text(encoding="utf-8").splitlines()[1:]]
    (place / "qrels.trec").write_text("".join(f"{q} 0 {d} {grade}\n" for q, d, grade in judged), encoding="utf-8")
    program = Path(sys.executable).with_name("ir_measures")
    done = subprocess.run(
        [program, place / "qrels.trec", place / "run.trec", "nDCG@10", "R@5", "R@10", "RR", "AP", "-p", "6"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def agrees(out: Path, apart: dict[str, float]) -> None:
    metrics = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    names = {"nDCG@10": "ndcg@10", "R@5": "recall@5", "R@10": "recall@10", "RR": "mrr", "AP": "map"}
    assert set(apart) == set(names)
    for theirs, ours in names.items():
        assert metrics[ours] == pytest.approx(apart[theirs], abs=2e-6), ours


def test_retrieval_measures_are_those_of_ir_measures_run_apart(home, tmp_path):
    folder = collection(tmp_path / "small")
    assert evaluate(home, tmp_path / "run", "--beir", folder) == 0
    apart = run_apart(tmp_path / "run", folder / "qrels" / "test.tsv", tmp_path)
    assert 0.3 < apart["nDCG@10"] < 1
    agrees(tmp_path / "run", apart)


def thinned(folder: Path, place: Path, questions: int = 24, others: int = 120) -> Path:
    """A collection with some of its queries, all documents judged for them and some others: indexed in seconds.

    So few documents are found nearly all at the first place: for a few queries another one still comes before.
    """
    (place / "qrels").mkdir(parents=True)
    shutil.copy(folder / "queries.jsonl", place)
    head, *rows = (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines(keepends=True)
    asked = list(dict.fromkeys(row.split("\t")[0] for row in rows))[:questions]
    rows = [row for row in rows if row.split("\t")[0] in asked]
    (place / "qrels" / "test.tsv").write_text("".join((head, *rows)), encoding="utf-8")
    judged = {row.split("\t")[1] for row in rows}
    lines = (folder / "corpus.jsonl").read_text("utf-8").splitlines(keepends=True)
    names = [json.loads(line)["_id"] for line in lines]
    besides = set([name for name in names if name not in judged][:others])
    kept = [line for line, name in zip(lines, names, strict=True) if name in judged | besides]
    (place / "corpus.jsonl").write_text("".join(kept), encoding="utf-8")
    return place


def test_ndcg_on_scifact_is_that_of_ir_measures_run_apart(home, tmp_path):
    folder = BENCH / "beir" / "scifact"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    less = thinned(folder, tmp_path / "scifact")
    assert evaluate(home, tmp_path / "run", "--beir", less) == 0
    apart = run_apart(tmp_path / "run", less / "qrels" / "test.tsv", tmp_path)
    assert 0.5 < apart["nDCG@10"] < 1
    agrees(tmp_path / "run", apart)

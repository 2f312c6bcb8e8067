"""Retrieval, claims and closed runs on small things, with encoders that need no weights."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluate.beir import Query, load_collection
from assistant.evaluate.cases import Case
from assistant.evaluate.claims import Claim, load_claims, outcomes_of_claims
from assistant.evaluate.closed import ClosedAssistant
from assistant.evaluate.compare import compare
from assistant.evaluate.figures import figures
from assistant.evaluate.gate import no_worse
from assistant.evaluate.judgement import judge
from assistant.evaluate.models import Encoders
from assistant.evaluate.outcomes import Outcome
from assistant.evaluate.report.case_list import case_list
from assistant.evaluate.results import write_results
from assistant.evaluate.retrieving import outcome_of_query
from assistant.settings import Settings
from corpus import split
from corpus.errors import UserError
from index import FakeEncoder, FakeSparseEncoder


def collection(folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq\tb\t1\n") -> Path:
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": "a", "title": "A", "text": "One."}, {"_id": "b", "text": "Two."}]
    queries = [{"_id": "q", "text": "two?", "history": [["user", "one?"]]}, {"_id": "unjudged", "text": "x"}]
    for name, values in (("corpus", corpus), ("queries", queries)):
        lines = "".join(json.dumps(value) + "\n" for value in values)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_a_collection(tmp_path: Path) -> None:
    loaded = load_collection(collection(tmp_path / "c"))
    assert [(document.name, document.title) for document in loaded.documents] == [("a", "A"), ("b", "")]
    assert [query.id for query in loaded.queries] == ["q"]
    assert loaded.queries[0].history[0].text == "one?"
    assert loaded.judged == {"q": {"b": 1}}


def test_a_malformed_collection_is_named_by_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"corpus.jsonl: no such file"):
        load_collection(tmp_path)
    with pytest.raises(UserError, match=r"test.tsv:3"):
        load_collection(collection(tmp_path / "c", "query-id\tcorpus-id\tscore\nq\tb\t1\nq\tb\n"))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "corpus",
            '{"_id": "a", "text": "A."}\n{"_id": "a", "text": "B."}\n',
            r"corpus.jsonl:2: the _id .a. is used",
        ),
        (
            "queries",
            '{"_id": "q", "text": "A"}\n{"_id": "q", "text": "B"}\n',
            r"queries.jsonl:2: the _id .q. is used",
        ),
        ("qrels/test", b"\xff\xfe", r"test.tsv: not UTF-8"),
    ],
)
def test_what_a_collection_says_twice_or_unreadably_is_told(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    folder = collection(tmp_path)
    path = folder / (f"{name}.tsv" if isinstance(text, bytes) else f"{name}.jsonl")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError, match=said):
        load_collection(folder)


def test_judgements_without_a_header_titles_without_a_text_and_queries_in_the_folder(tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", "q\ta\t1\nq\tb\t2\n")
    (folder / "corpus.jsonl").write_text('{"_id": "a", "title": "Only a title", "text": ""}\n', encoding="utf-8")
    (folder / "other.jsonl").write_text('{"_id": "q", "text": "other?"}\n', encoding="utf-8")
    loaded = load_collection(folder, Path("other.jsonl"))
    assert loaded.judged == {"q": {"a": 1, "b": 2}}
    assert [passage.text for document in loaded.documents for passage in split(document)] == ["Only a title"]
    assert loaded.queries[0].text == "other?"


def test_a_query_has_its_measures_and_the_line_of_a_search() -> None:
    entry = {"question": "two?", "passages": [], "ranked": {}, "ms": 3.0}
    outcome = outcome_of_query(Query("q", "two?"), entry, {"ndcg@10": 0.5})
    assert outcome.line == {"id": "q", "question": "two?", "passages": []}
    assert figures([outcome])["ndcg@10"].value == 0.5
    assert outcome_of_query(Query("q", "two?"), None, {"ndcg@10": 0.0}).error


def test_claims_are_measured_whole_and_by_source(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    given = [("a", True, "x", 0.9), ("b", False, "x", 0.2), ("c", True, "y", 0.4), ("d", False, "y", 0.6)]
    path.write_text(
        "".join(
            json.dumps({"id": name, "claim": "C", "evidence": ["E"], "supported": truth, "source": source}) + "\n"
            for name, truth, source, _ in given
        ),
        encoding="utf-8",
    )
    claims = load_claims(path)
    done = {n: {"support": "supported" if s > 0.5 else "partial", "score": s, "ms": 1.0} for n, _, _, s in given}
    values = figures(outcomes_of_claims(claims, done), claims=True)
    assert (values["auroc"].value, values["auroc/x"].value, values["auroc/y"].value) == (0.75, 1, 0)
    assert values["balanced_accuracy"].value == values["macro_f1"].value == 0.5
    assert "refusal_auroc" not in values


def test_a_malformed_claim_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text('{"claim": "C", "evidence": "E"}\n', encoding="utf-8")
    with pytest.raises(UserError, match=r'claims.jsonl:1: "evidence"'):
        load_claims(path)


def test_a_closed_case_is_answered_from_its_own_passages(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, model="quotes", answerable_threshold=0.0)
    closed = ClosedAssistant(Encoders(FakeEncoder(), FakeSparseEncoder()), None, settings)
    passage = "The board pays for the central team. Teams lead the work."
    case = Case("a", "Who pays for the central team?", True, (("The board pays",),), passages=(passage, "Rain falls."))
    answer = closed.entry(case)["answer"]
    assert {found["text"] for found in answer["passages"]} <= {passage, "Rain falls."}
    quotes = [citation["quote"] for sentence in answer["sentences"] for citation in sentence["citations"]]
    assert any("The board pays" in quote for quote in quotes)
    short = closed.entry(case, writing=False)
    assert short["answerable"] is not None
    assert not list(tmp_path.iterdir())


def test_a_passage_that_is_asked_about_again_is_not_encoded_again(tmp_path: Path) -> None:
    encoded: list[str] = []

    class Counting(FakeEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            encoded.extend(texts)
            return super().encode(texts)

    settings = Settings(home=tmp_path, model="quotes", answerable_threshold=0.0)
    passage = "The board pays for the central team. Teams lead the work."
    questions = ("Who pays for the central team?", "Who leads the work?")
    cases = [Case(str(number), text, passages=(passage,)) for number, text in enumerate(questions)]

    def answered(closed: ClosedAssistant, case: Case) -> dict[str, object]:
        return {name: value for name, value in closed.entry(case)["answer"].items() if name != "timings_ms"}

    apart = [answered(ClosedAssistant(Encoders(FakeEncoder(), FakeSparseEncoder()), None, settings), c) for c in cases]
    closed = ClosedAssistant(Encoders(Counting(), FakeSparseEncoder()), None, settings)
    assert [answered(closed, case) for case in cases] == apart
    assert len([text for text in encoded if text == passage]) == 1


def test_a_report_of_claims_and_of_queries_puts_what_failed_first(tmp_path: Path) -> None:
    given = {"right": (True, "supported", 0.9), "wrong": (False, "supported", 0.8)}
    claims = [Claim(name, f"The claim {name}.", ("A cited text.",), truth) for name, (truth, _, _) in given.items()]
    done = {name: {"support": support, "score": score, "ms": 1.0} for name, (_, support, score) in given.items()}
    page = case_list(outcomes_of_claims(claims, done), None)
    assert page.index("The claim wrong.") < page.index("The claim right.")
    assert "they judged it not supported" in page
    assert "A cited text." in page
    entry = {
        "question": "two?",
        "passages": [{"title": "", "document": "b", "section": "S", "text": "Two."}],
        "ranked": {},
        "ms": 1.0,
    }
    missed = outcome_of_query(Query("q", "two?"), entry, {"recall@10": 0.0})
    assert judge(missed)[0] == "bad"
    assert judge(outcome_of_query(Query("q", "two?"), entry, {"recall@10": 0.5}))[0] == "mixed"
    assert "<cite>b &gt; S</cite>" in case_list([missed], None)


def test_the_same_claims_with_other_verdicts_are_worse_and_listed(tmp_path: Path) -> None:
    claims = [Claim(f"c{n}", f"Claim {n}.", (f"Text {n}.",), n % 2 == 0, "x") for n in range(12)]

    def judged(right: bool) -> list[Outcome]:
        given = {c.id: bool(c.supported) == right for c in claims}
        return outcomes_of_claims(
            claims,
            {n: {"support": "supported" if yes else "partial", "score": 0.5, "ms": 1.0} for n, yes in given.items()},
        )

    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    write_results(tmp_path, judged(True), {"kind": "claims"}, title="Claims", claims=True)
    found = compare(tmp_path, judged(False), {"kind": "claims"}, claims=True)
    rows = {row.measure: row for row in found.rows if not row.slice}
    assert (rows["macro_f1"].verdict, rows["balanced_accuracy"].verdict) == ("worse", "worse")
    assert (rows["balanced_accuracy"].theirs, rows["balanced_accuracy"].ours) == (1, 0)
    assert rows["auroc"].verdict == "same"
    failed = [bar.line.split(" no worse")[0] for bar in no_worse(found) if not bar.passed]
    assert failed == ["FAIL macro_f1", "FAIL balanced_accuracy", "FAIL macro_f1/x", "FAIL balanced_accuracy/x"]
    assert [change.direction for change in found.changes] == ["worse"] * 12
    assert "Verdict: supported → not supported" in case_list(judged(False), found)
    assert not [bar for bar in no_worse(compare(tmp_path, judged(True), {}, claims=True)) if not bar.passed]


@pytest.mark.parametrize("other", [{"evidence": ("Other.",)}, {"supported": False}])
def test_a_claim_with_another_text_or_label_is_another_claim(tmp_path: Path, other: dict[str, Any]) -> None:
    claim = Claim("a", "C", ("E",), True)
    done = {"a": {"support": "supported", "score": 0.5}}
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    write_results(tmp_path, outcomes_of_claims([claim], done), {}, title="Claims", claims=True)
    assert compare(tmp_path, outcomes_of_claims([claim], done), {}, claims=True).common == 1
    with pytest.raises(UserError, match="no case in common"):
        compare(tmp_path, outcomes_of_claims([replace(claim, **other)], done), {}, claims=True)

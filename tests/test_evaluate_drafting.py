"""Drafts of cases: from guidance by rule, in a model's words, from feedback; and the file a person marks."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from scripted_window import answer_to

from assistant import cli
from assistant.evaluate.cases import load_cases
from assistant.evaluate.drafting.draft import Draft, spread, unique
from assistant.evaluate.drafting.feedback import feedback_cases
from assistant.evaluate.drafting.files import write_drafts
from assistant.evaluate.drafting.guidance import draft_cases
from assistant.evaluate.drafting.rewording import reworded, usable
from assistant.evaluate.drafting.wording import Vocabulary, aspect, heading_question, list_question, question_for
from assistant.evaluate.measures.words import stands_in
from assistant.judging.answer_kind import lacks_kind_of_answer
from assistant.models.scripted import ScriptedModel
from assistant.records import Turn
from assistant.store import Reader, Store
from corpus import load, load_all, shipped_guidance
from corpus.errors import UserError

SHIPPED = load_all([shipped_guidance()]).documents
WORDS = Vocabulary.of(["teams build a board and the central plan if departments lack it; every industry"])


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("Teams resist the plan because nobody asked them.", "Why is it that teams resist the plan?"),
        ("If departments build alone, tools do not fit together.", "What follows if departments build alone?"),
        ("The board is the body that decides on money.", "What is the board?"),
        ("Industries require careful oversight of every plan.", "What do industries require?"),
        ("The central plan leads to fewer tools overall.", "What does the central plan lead to?"),
        ("AI teams must not share passwords with anyone.", "What must AI teams not do?"),
        ("The board also needs a budget of its own.", "What does the board need?"),
        ("Central tools must be booked through the portal.", "How must central tools be booked?"),
        ("Central plans are reviewed within two weeks.", "When are central plans reviewed?"),
        ("Central tools are not reimbursed.", "Are central tools reimbursed?"),
        ("Central tools are paid up to 40 euros a day.", "Up to what limit are central tools paid?"),
        ("Central plans are approved by the board.", "By whom are central plans approved?"),
        ("Teams may be sent in spring.", "May teams be sent in spring?"),
        ("The fee for teams is 30 euros.", "What is the fee for teams?"),
        ("The central plan covers all the tools.", "What does the central plan cover?"),
        ("The board approves the plan by the end of May.", "By when does the board approve the plan?"),
        ("Departments submit their plan before the board meets.", "When do departments submit their plan?"),
        ("Book central tools early to get the lower fee.", ""),
        ("Managers approve plans before they are built.", ""),
        ("It requires careful oversight of every plan.", ""),
        ("In most years the board meets twice.", ""),
        ("Who requires oversight of every plan?", ""),
    ],
)
def test_a_statement_becomes_a_question_it_answers(statement: str, question: str) -> None:
    assert question_for(statement, WORDS) == question


def test_guidance_of_any_sort_gives_direct_questions(tmp_path: Path) -> None:
    path = tmp_path / "policy.md"
    path.write_text(
        "# Travel\n\n## Flights\n\nEmployees must book flights through the travel portal. Flights over six hours may "
        "be booked in business class. Upgrades cost 100 euros.\n\n## Hotels\n\nHotel costs are reimbursed up to 150 "
        "euros per night. Alcohol and minibar charges are not reimbursed. Receipts must be submitted within 30 days.\n",
        encoding="utf-8",
    )
    direct = [draft.question for draft in draft_cases([load(path)]) if draft.kind == "direct"]
    assert direct == [
        "How must employees book flights?",
        "May flights over six hours be booked in business class?",
        "What do upgrades cost?",
        "Up to what limit are hotel costs reimbursed?",
        "Are alcohol and minibar charges reimbursed?",
        "When must receipts be submitted?",
    ]


def test_a_statement_without_a_rule_is_no_draft_before_a_model_words_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(
        "# Notes\n\n## Devices\n\n- Laptop chargers: only from the service desk\n- Old phones into the red box\n",
        encoding="utf-8",
    )
    drafts = [draft for draft in draft_cases([load(path)]) if draft.kind == "direct"]
    assert [draft.worded for draft in drafts] == [False, False]
    model = ScriptedModel(["Where do we get chargers for laptops?", "yes", "I cannot say."], "tiny")
    (worded,) = reworded(drafts, model)
    assert worded.worded
    assert worded.question == "Where do we get chargers for laptops?"
    assert worded.note == "from Notes > Devices; question worded by tiny"
    assert "Section: Notes > Devices\n" in model.seen[0][0].text


def test_the_parts_of_a_question_are_worded_one_by_one() -> None:
    draft = Draft(
        "What do teams need, and what does the board approve?",
        "multi-part",
        True,
        (("Teams need a platform.",), ("The board approves the budget.",)),
        note="from Guide",
        places=("Guide > Teams", "Guide > Board"),
    )
    words = ["Which platform do teams need?", "yes", "Who approves the budget?", "yes"]
    (worded,) = reworded([draft], ScriptedModel(words, "tiny"))
    assert worded.question == "Which platform do teams need, and who approves the budget?"
    (kept,) = reworded([draft], ScriptedModel([*words[:2], "Why is this?"], "tiny"))
    assert kept == draft


def test_a_question_that_its_statement_does_not_answer_is_not_taken() -> None:
    draft = Draft("What do teams need?", "direct", True, (("Teams need a platform.",),), places=("Guide",))
    assert list(reworded([draft], ScriptedModel(["What do platforms cost teams?", "no"], "tiny"))) == [draft]


def test_a_limit_spreads_what_readers_said(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    store = Store(f"sqlite:///{home / 'conversations.sqlite'}")
    for n in range(4):
        rated(store, f"d{n}", f"What would you change, number {n}?", "dislike")
    rated(store, "l", "Should we lead from the top?", "like")
    store.close()
    out = tmp_path / "drafts.jsonl"
    assert cli.main(["cases", "draft", "--from-feedback", "--out", str(out), "--limit", "2"]) == 0
    kinds = [json.loads(line)["kind"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert kinds == ["disliked", "liked"]


def test_headings_become_questions() -> None:
    assert list_question("Drawbacks of the plan", Vocabulary.of(["drawbacks"])) == "What are the drawbacks of the plan?"
    assert list_question("Status", WORDS) == "Which points does the guidance make about Status?"
    assert list_question("A plan may fail", WORDS) == "Which points does the guidance make under “A plan may fail”?"
    plan = Vocabulary.of(["the central plan"])
    assert heading_question("Central plan", plan) == "What does the guidance say about central plan?"
    assert heading_question("Step 4", plan) == "What does the guidance say about “Step 4”?"
    assert list_question("Who decides?", WORDS) == "Who decides?"
    assert aspect("Drawbacks of the plan", "Advantages of the plan", Vocabulary.of(["drawbacks"])) == "the drawbacks"
    assert aspect("Drawbacks of the budget", "Advantages of the plan", WORDS) == ""


def test_the_shipped_guidance_gives_every_kind_with_verbatim_evidence() -> None:
    drafts = draft_cases(SHIPPED)
    kinds = Counter(draft.kind for draft in drafts)
    assert set(kinds) == {
        "direct", "overview", "list", "comparison", "multi-part", "follow-up", "near miss", "off topic"
    }  # fmt: skip
    assert len({draft.id for draft in drafts}) == len(drafts)
    for draft in drafts:
        assert bool(draft.evidence) == draft.answerable, draft
        for group in draft.evidence:
            assert group
            for words in group:
                assert any(words in document.text for document in SHIPPED), draft
    sides = next(draft for draft in drafts if draft.question.startswith("Compare the bottom-up approach"))
    assert len(sides.evidence) == 3
    follow_up = next(draft for draft in drafts if draft.kind == "follow-up")
    assert [turn.role for turn in follow_up.history] == ["user", "assistant"]


def test_near_misses_are_not_proposed_where_the_guidance_has_such_a_thing(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("# Guide\n\n## Board\n\nThe board requires good reasons for every plan.\n", encoding="utf-8")
    silent = [draft for draft in draft_cases([load(path)]) if draft.kind == "near miss"]
    assert [draft.answerable for draft in silent] == [False]
    assert "the board" in silent[0].question
    path.write_text(
        "# Guide\n\n## Board\n\nThe board requires good reasons. The board has 12 people, costs 9 euros since 2019, "
        "and buys from Acme in Norway.\n",
        encoding="utf-8",
    )
    document = load(path)
    told = [draft for draft in draft_cases([document]) if draft.kind == "near miss"]
    assert not [draft for draft in told if not lacks_kind_of_answer(draft.question, [document.text])]
    assert told == []


def test_guidance_without_headings_gives_drafts_too(tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("Teams need a common platform for their work.\n", encoding="utf-8")
    drafts = draft_cases([load(path)])
    assert [d.question for d in drafts if d.kind == "direct"] == ["What do teams need?"]


def test_the_same_question_is_proposed_once_unless_the_conversation_differs() -> None:
    one = Draft("Who pays?", "direct", True)
    again = Draft("who  pays?", "overview", True)
    later = Draft("Who pays?", "follow-up", True, history=(Turn("user", "Hello"),))
    assert unique([one, again, later]) == [one, later]


def test_a_limit_takes_all_kinds_alike_and_from_everywhere() -> None:
    drafts = [Draft(f"Q{n}?", "direct", True) for n in range(20)] + [Draft("N?", "near miss", False)]
    kept = spread(drafts, 5)
    assert [draft.question for draft in kept] == ["Q0?", "Q5?", "Q10?", "Q15?", "N?"]
    assert spread(drafts, 100) == drafts


def test_a_model_words_direct_questions_and_its_nonsense_is_not_taken() -> None:
    statement = "Teams need a common platform for their work."
    draft = Draft("What do teams need?", "direct", True, ((statement,),), note="from Guide", places=("Guide",))
    near = Draft("Which vendor?", "near miss", False)
    model = ScriptedModel(["1. What should every team be given to work on?\nMore?", "I will not.", "bad"], "tiny")
    first, kept = reworded([draft, near], model)
    assert first.question == "What should every team be given to work on?"
    assert first.note == "from Guide; question worded by tiny, by rule it was: What do teams need?"
    assert first.evidence == draft.evidence
    assert kept == near
    assert statement in model.seen[0][0].text
    assert list(reworded([draft], model)) == [draft]
    assert usable("What is the capital of France?", statement) == ""
    assert usable(f"{statement.rstrip('.')}?", statement) == ""
    assert usable("Who " + "needs platforms " * 40 + "?", statement) == ""


HOSTILE = Draft(
    '=HYPERLINK("http://x")?', "direct", True, (("A || B is no statement\nof this", "+2"), ("third",)), "-1",
    (Turn("user", "one\nassistant: two"),), "@note",
)  # fmt: skip


@pytest.mark.parametrize("ending", ["xlsx", "jsonl"])
def test_a_file_of_drafts_is_marked_and_then_evaluated(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"drafts.{ending}"
    drafts = [*spread(draft_cases(SHIPPED), 30), HOSTILE]
    write_drafts(path, drafts)
    with pytest.raises(UserError, match="none of its 31 drafts is accepted"):
        load_cases(path)
    mark(path, {1: "yes", 3: "no", 5: "Yes"})
    cases = load_cases(path)
    assert [case.id for case in cases] == [drafts[1].id, drafts[5].id]
    assert cases[0].question == drafts[1].question
    assert cases[0].evidence == drafts[1].evidence
    assert cases[0].where == f"{path}:{3 if ending == 'xlsx' else 2}"
    mark(path, {2: "perhaps"})
    with pytest.raises(UserError, match=rf"drafts.{ending}:{4 if ending == 'xlsx' else 3}: \"accept\" must be yes"):
        load_cases(path)


def mark(path: Path, marks: dict[int, str]) -> None:
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        for number, said in marks.items():
            book.worksheets[0].cell(number + 2, 1).value = said
        book.save(path)
        return
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for number, said in marks.items():
        lines[number]["accept"] = said
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_every_draft_survives_the_spreadsheet_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    drafts = [*draft_cases(SHIPPED), HOSTILE]
    path = tmp_path / "drafts.xlsx"
    write_drafts(path, drafts)
    sheet = load_workbook(path).worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"yes,no"']
    mark(path, dict.fromkeys(range(len(drafts)), "yes"))
    cases = load_cases(path)
    assert [case.id for case in cases] == [draft.id for draft in drafts]
    for case, draft in zip(cases[:-1], drafts[:-1], strict=True):
        assert (case.evidence, case.answerable, case.kind) == (draft.evidence, draft.answerable, draft.kind)
        assert case.history == draft.history
    assert cases[-1].history == (Turn("user", "one assistant: two"),)


def test_too_many_alternatives_are_left_out_rather_than_cut(tmp_path: Path) -> None:
    long = tuple(f"{n} " + "word " * 300 for n in range(40))
    write_drafts(tmp_path / "d.xlsx", [Draft("Who pays?", "list", True, (long, ("last",)))])
    mark(tmp_path / "d.xlsx", {0: "yes"})
    (case,) = load_cases(tmp_path / "d.xlsx")
    assert 10 < len(case.evidence[0]) < 40
    assert set(case.evidence[0]) <= {text.strip() for text in long}
    assert case.evidence[1] == ("last",)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("STRATEGY_ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STRATEGY_ASSISTANT_MODEL", raising=False)
    return tmp_path / "home"


def test_the_command_needs_no_model_and_keeps_marks(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drafts.xlsx"
    assert cli.main(["cases", "draft", "--out", str(out), "--limit", "20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["out"], told["drafts"], sum(told["kinds"].values())) == (str(out), 20, 20)
    assert not (home / "models").exists()
    assert cli.main(["cases", "draft", "--out", str(out)]) == 2
    assert "may hold somebody's marks" in capsys.readouterr().err
    for name in ("drafts.csv", "no/folder.xlsx"):
        assert cli.main(["cases", "draft", "--out", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_model_that_is_named_words_the_questions(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import assistant.evaluate.models

    model = ScriptedModel(["What should leaders know about the approach to AI?"], "tiny")

    def opened(settings: Any) -> ScriptedModel:
        assert settings.model == "tiny"
        return model

    monkeypatch.setattr(assistant.evaluate.models, "open_language_model", opened)
    out = tmp_path / "drafts.jsonl"
    assert cli.main(["cases", "draft", "--out", str(out), "--model", "tiny"]) == 0
    assert "yes under accept" in capsys.readouterr().out
    assert "question worded by tiny" in out.read_text(encoding="utf-8")
    assert model.closed


BROWSER = "b" * 32


def rated(store: Store, turn: str, question: str, rating: str = "", reason: str = "") -> None:
    store.begin(Reader(BROWSER), "c", turn, question)
    store.finish(turn, "done", answer_to(question))
    if rating:
        assert store.rate(Reader(BROWSER), turn, rating, reason)  # type: ignore[arg-type]


def test_what_readers_said_becomes_drafts(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("# Guide\n\nA central team decides first. It makes oversight\nsimple.\n", encoding="utf-8")
    out = tmp_path / "drafts.jsonl"
    home.mkdir()
    nobody = ["cases", "draft", "--from-feedback", "--documents", str(guide), "--out", str(out)]
    assert cli.main(nobody) == 2
    assert "Nobody has rated" in capsys.readouterr().err
    store = Store(f"sqlite:///{home / 'conversations.sqlite'}")
    rated(store, "t1", "Should we lead from the top?", "like")
    rated(store, "t2", "What would you change?", "dislike", "No  answer\nat all")
    rated(store, "t3", "How is the weather?")
    rated(store, "t4", "How is the weather?", "like")
    rated(store, "t5", "Should we lead from the TOP?", "dislike")
    store.close()
    assert cli.main(nobody) == 0
    drafts = {line["question"]: line for line in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert [line["kind"] for line in drafts.values()] == ["disliked", "disliked", "liked"]
    changed = drafts["What would you change?"]
    assert (changed["answerable"], changed["evidence"]) == (None, [])
    assert "No answer at all" in changed["note"]
    assert "Leading from the top keeps" in changed["note"]
    assert drafts["How is the weather?"]["answerable"] is False


def test_a_liked_answer_proposes_only_quotes_that_still_stand(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("# Guide\n\nIt\nmakes oversight simple, says the board.\n", encoding="utf-8")
    store = Store("sqlite://")
    rated(store, "t1", "Compare the two", "like")
    rated(store, "t2", "What about the weather?")
    document = load(guide)
    liked, refused = feedback_cases(store.feedback(), store.gaps(), [document])
    store.close()
    assert liked.evidence == (("makes oversight simple",),)
    assert stands_in(liked.evidence[0][0], document.text)
    assert "3 of its quotes no longer stand" in liked.note
    assert liked.reference == "They trade oversight for early ideas."
    assert (refused.kind, refused.answerable) == ("refused", False)
    assert "Ways to lead an AI programme > Top-down" in refused.note

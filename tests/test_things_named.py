"""Which statements are about another thing than the one that a question calls by its name."""

import pytest

import corpus
from assistant.contents.statements import split_statements
from assistant.judging.things_named import ThingsNamed
from corpus import Passage

TEXT = """# Rules of the orchards at Tarn and Eskdale

## Pruning Council

The council meets on the first Monday of each month.

Five members make a quorum.

## Harvest

At Tarn the picking takes nine days. The cider press then runs for two weeks.

At Eskdale the picking takes six days. Nobody has timed the press there.

## Chief Grafter

Answers to the owners at Eskdale, who keep the Orchard.

## Head of Storage

Signs for a store within 12 days. Owns the keys.

## Seedlings

Amberly seedlings cost EUR 4 each. In July they are watered daily, and each July they are counted.

Other seedlings cost EUR 2 each, and whoever loses them pays.
"""


@pytest.fixture(scope="module")
def passages(tmp_path_factory):
    file = tmp_path_factory.mktemp("orchards") / "rules.md"
    file.write_text(TEXT, "utf-8")
    return corpus.split(corpus.load(file))


def told_of_another(question, begins, passages):
    statements = [one for passage in passages for one in split_statements(passage)]
    statement = next(one for one in statements if one.text.startswith(begins))
    return ThingsNamed(question, passages).told_of_another(statement)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("What's the quorum of the Investment Committee?", "Five members"),
        ("How many days has the Chief Grafter got to sign for a store?", "Signs for a store"),
        ("How long does the cider press run at Eskdale?", "The cider press then"),
        ("Who owns the keys of the Chief Grafter?", "Owns the keys"),
        ("The press is old. How many weeks does it run in Eskdale?", "The cider press then"),
        ("how long does the cider press run at eskdale", "The cider press then"),  # Written small.
        ("In how many days does the HS sign?", "Five members"),  # The Head of Storage.
    ],
)
def test_what_is_said_of_another_thing_is_known_by_the_names(passages, question, begins):
    assert told_of_another(question, begins, passages)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("What's the quorum of the Pruning Council?", "Five members"),  # Named over it.
        ("How many days has the Head of Storage got to sign for a store?", "Signs for a store"),
        ("How long does the cider press run at Tarn?", "The cider press then"),  # Named before it.
        ("How long does the cider press run at Tarn and at Eskdale?", "The cider press then"),
        ("What do Amberly seedlings cost?", "Amberly seedlings"),
        ("What does an Ambrosia seedling cost?", "Other seedlings"),  # No name that the guidance knows.
        ("May the Chief Grafter lose seedlings?", "Other seedlings"),  # What is allowed holds of many.
        ("I am the Chief Grafter. What do seedlings cost?", "Other seedlings"),  # Told, and not asked of.
        ("What do seedlings cost? (May the Chief Grafter lose them?)", "Other seedlings"),
        ("How Many Days Has The Chief Grafter Got To Sign?", "Signs for a store"),  # All with capitals.
        ("How long does the picking take in July?", "At Tarn"),
        ("How many days does the Orchard give for picking?", "At Tarn"),  # What all of it is about.
        ("What may the Chief Grafter lose?", "Other seedlings"),
        ("May seedlings be lost when the Chief Grafter is away?", "Other seedlings"),
        ("how many members make a quorum?", "Five members"),
        ("how long does the cider press run at tarn", "The cider press then"),
        ("how many days has the head of storage got", "Signs for a store"),
        ("In how many days does the HS sign?", "Signs for a store"),
        ("how long do seedlings keep?", "Five members"),  # Written small elsewhere too.
    ],
)
def test_what_may_be_said_of_the_thing_that_is_named_is_left(passages, question, begins):
    assert not told_of_another(question, begins, passages)


def test_a_row_of_a_table_is_about_what_stands_in_it_and_over_it(tmp_path):
    file = tmp_path / "prices.csv"
    file.write_text("Store,Size,Price\nNorthmoor,40 m2,EUR 300\nSouthmoor,60 m2,EUR 500\n", "utf-8")
    rows = corpus.split(corpus.load(file))
    assert told_of_another("What is the price at Northmoor?", "Store: Southmoor", rows)
    assert not told_of_another("What is the price at Southmoor?", "Store: Southmoor", rows)


@pytest.mark.parametrize(
    ("name", "text", "other"),
    [
        ("the Brazilian Orchard", "In Brazil we keep one orchard, of 900 trees.", False),
        ("the Cold Store Upkeep Fund", "The cold store fund holds EUR 900.", False),  # Most of a long name.
        ("the Hybrid Approach", "A hybrid costs EUR 900.", False),
        ("the Grafting Office", "The Storage Office has 900 trees.", True),
    ],
)
def test_a_name_may_stand_in_another_form(tmp_path, name, text, other):
    file = tmp_path / "trees.md"
    file.write_text(f"# Trees\n\n{text}\n\nLater we speak of {name} again.\n", "utf-8")
    passages = corpus.split(corpus.load(file))
    assert told_of_another(f"How much does {name} hold?", text[:10], passages) is other


def test_a_follow_up_asks_of_what_its_own_words_name(passages):
    statement = next(
        one for passage in passages for one in split_statements(passage) if one.text.startswith("The cider press then")
    )
    other = ThingsNamed("And at Eskdale? (How long does the cider press run at Tarn?)", passages, "And at Eskdale?")
    assert other.told_of_another(statement)
    put = "How long does the cider press run at Eskdale?"
    assert ThingsNamed(put, passages, put).told_of_another(statement)
    assert not ThingsNamed(put, passages, "How long does it run?").told_of_another(statement)


def about(tmp_path, question, begins, **documents):
    for name, text in documents.items():
        (tmp_path / f"{name}.md").write_text(f"# {name.title()}\n\n{text}\n", "utf-8")
    found = [one for file in sorted(tmp_path.glob("*.md")) for one in corpus.split(corpus.load(file))]
    return told_of_another(question, begins, found)


ROLES = "The Seed Review Group (SRG) looks at seeds. The Data Protection Officer keeps the list of growers."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the quorum of the SRG?", "Four of the SRG make a quorum."),
        ("What is the quorum of the Seed Review Group?", "Four of the SRG make a quorum."),
        ("How soon does the DPO answer?", "The DPO answers within 30 days."),
        ("How soon does the Data Protection Officer answer?", "The DPO answers within 30 days."),
        ("How long does the growers' list keep for the DPO?", "The Data Protection Officer keeps it for nine days."),
        ("What is the RVG for the ARVG to look at?", "A retail value guide comes first."),
        ("How soon does Maria Lindqvist sign?", "Ms Lindqvist signs within 12 days."),
        ("How many days of leave do graders at Tarn get?", "All graders get 25 days of leave."),
    ],
)
def test_a_thing_may_be_called_by_its_initials_or_its_last_word_or_be_one_of_all(tmp_path, question, text):
    assert not about(tmp_path, question, text[:12], roles=ROLES, rules=text, people="Ask Maria Lindqvist at Tarn.")


def test_a_statement_need_not_name_what_several_documents_are_called_after(tmp_path):
    documents = {"northmoor-travel": "Ask first.", "northmoor-books": "Invoices are kept for seven years."}
    asked = "How long does Northmoor keep invoices?"
    assert not about(tmp_path, asked, "Invoices", **documents, people="Here at Northmoor we graft.")
    assert about(tmp_path, asked.replace("North", "South"), "Invoices", barns="Old is Southmoor, and far.")


def test_what_is_once_spoken_of_as_a_place_is_no_rival_of_one(tmp_path):
    text = "The store in Tarn has a lease. The papers are kept in Gradebook. The lease runs for five years."
    assert not about(tmp_path, "How long does the lease run in Tarn?", "The lease runs", stores=text)
    text = "In Tarn we keep a store. In Eskdale there is a barn. The lease runs for five years."
    assert about(tmp_path, "How long does the lease run in Tarn?", "The lease runs", stores=text)


def test_part_of_a_longer_name_or_what_stands_in_a_cell_is_no_name_written_small() -> None:
    text = "Ask the Harbour Desk first. We like the Harbour Desk. Then the Desk Book and the Desk Plan say more."
    rows = "Tool: Oak; Stage: Service; Owner: Zibbel"
    (one,) = split_statements(Passage("1", "a.md", "A", (), "Money above 5 goes to the clerk.", 0, 32))
    passages = [Passage("2", "b.md", "B", (), said, 0, len(said)) for said in (text, rows)]
    for question in ("How much money does a desk get?", "How much money does a service get?"):
        assert not ThingsNamed(question, passages).told_of_another(one)
    assert ThingsNamed("How much money does zibbel get?", passages).told_of_another(one)

import pytest

from assistant.judging.answer_kind import is_of_another_kind, lacks_kind_of_answer, tells_nothing


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("How many people should the team have?", "The team supplies platforms.", True),
        ("How many people should the team have?", "The team has five people.", False),
        ("What salary should we pay the head?", "The head leads the centre.", True),
        ("How long does the change take?", "The change is hard.", True),
        ("How long does the change take?", "The change takes several months.", False),
        ("Which vendors does it recommend?", "Teams choose tools themselves.", True),
        ("Which vendors does it recommend?", "Tools are bought from Kestrel only.", False),
        ("Who leads the team?", "The team is led by executives.", False),
        ("How much does training help?", "Training helps.", False),
    ],
)
def test_a_question_for_a_number_a_time_or_a_name_needs_one(question, text, lacks):
    assert lacks_kind_of_answer(question, [text]) is lacks


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "How many days after a tool goes live must its record be published?",
            "Suppliers. receive data within 30 days",
        ),
        ("How often should the strategy be reviewed?", "Ovens. They are cleaned weekly."),
        ("How much does an Oak Desk seat cost per month?", "Price of an Oak Desk: per user per month"),
        ("What does a licence for the Oak Desk cost?", "The Oak Desk is available."),
        ("What does the head of the Oak Desk earn?", "Present: the works council, the head of the Oak Desk (minutes)"),
        ("How much are we spending on the Oak Desk?", "The Oak Desk is available."),
        ("What percentage off is the Oak Desk when signed early?", "The contract for the Oak Desk runs until 2028."),
        ("Which companies share desks? Names would help.", "Leading organizations share desks."),
        ("What percentage off is the Oak Desk?", "The Oak Desk is sold at a lower price."),
        ("How high is the fine for the Oak Desk?", "The Oak Desk carries a fine."),
        ("How many members asked for an Oak Desk?", "5.3 A member may ask for an Oak Desk."),
        ("Name the two firms that make desks.", "Nearly all desks are made by two firms."),
        ("Name the two firms that make desks.", "The second danger: all desks are made by two firms."),
        ("On which dates is the Oak Desk shown?", "The Oak Desk is shown in summer."),
        (
            "What does it cost to oil one leg of an Oak Desk?",
            "Line: 3; What for: Oak Desk; Budget: 18000; Remark: oiled in May",
        ),
        ("What does the Oak Desk cost per leg?", "Line: 3; What for: Oak Desk; Budget: 18000"),
        ("What will the Oak Desk come to per leg?", "Line: 3; What for: Oak Desk; Budget: 18000"),
    ],
)
def test_a_number_of_something_else_is_no_answer(question: str, text: str) -> None:
    assert is_of_another_kind(question, text)


@pytest.mark.parametrize(
    "question",
    [
        "What do visitors need when they come to the site?",
        "What do we do if we come to rely on one supplier?",
        "What would happen if two teams come to different conclusions?",
        "What did the board come to in the end?",
    ],
)
def test_to_come_to_something_else_than_a_sum_asks_for_no_price(question: str) -> None:
    assert not is_of_another_kind(
        question, "Whoever visits the site wears a badge, as two teams of the board rely on it."
    )


def test_a_number_in_far_other_words_answers_where_it_means_the_same() -> None:
    question, text = "What share of our people has had any schooling?", "Only 18 per cent had received any training."
    assert is_of_another_kind(question, text, meaning=0.02)
    assert not is_of_another_kind(question, text, meaning=0.32)
    assert is_of_another_kind("What does the Oak Desk cost?", "The Oak Desk is available.", meaning=0.9)


def test_who_others_are_is_told_by_their_names() -> None:
    question = "Which two suppliers make the desks?"
    assert not is_of_another_kind(question, "The two suppliers of desks are Oak and Elm.")
    assert not is_of_another_kind(question, "Kestrel makes them.")
    assert not is_of_another_kind("Which suppliers need a review?", "Three suppliers of desks need a review.")
    assert not is_of_another_kind("Name suppliers that need a review.", "All that serve two suppliers need a review.")
    assert not is_of_another_kind("Who are our customers?", "We have three customers: two mills and a bakery.")
    assert not is_of_another_kind("List the companies.", "Those that serve many customers are named here.")


def test_a_number_in_a_heading_is_no_price() -> None:
    assert is_of_another_kind("What does the Oak Desk cost?", "Oak Desk: available", "4. Desks")
    assert not is_of_another_kind("How often is the strategy reviewed?", "Every quarter.", "4. The strategy")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many days after a tool goes live must its record be published?", "Records. Publication: within 30 days"),
        ("How often should the strategy be reviewed?", "Review. It takes place every quarter."),
        ("How much does an Oak Desk seat cost per month?", "The Oak Desk costs 19 euros."),
        ("How many stages are there?", "The stages are plan, build and run."),
        ("How many of the stages have an owner?", "Sixteen of the stages have an owner."),
        ("What price do we pay for running the stages apart?", "Running the stages apart asks for coordination."),
        ("What percentage of the stages is late?", "Nine out of ten stages are late."),
        ("How many stages may be run at once?", "A team runs one stage at a time."),
        ("On which dates is the Oak Desk shown?", "The Oak Desk is shown on Fridays."),
        ("Who reviews the strategy?", "Ovens are cleaned weekly."),
        ("What does a good pilot earn us?", "A good pilot earns the trust of its users."),
    ],
)
def test_what_speaks_of_it_may_answer(question: str, text: str) -> None:
    assert not is_of_another_kind(question, text)


@pytest.mark.parametrize(
    ("question", "text", "over", "nothing"),
    [
        ("How quickly are lamps mended?", "Mending: How quickly must a lamp be mended?", "", True),
        ("What should we ask a smith?", "How quickly can a lamp be mended?", "", False),
        ("When is the course for porters?", "Agenda of the course:", "", True),
        ("What is the plan for lamps supposed to do?", "4. Plan for lamps", "", True),
        ("What is the plan supposed to do?", "Yard plan", "The yard", True),
        ("What is the plan supposed to do?", "Better light", "The yard", False),
        ("Are lamps lit?", "Lamps are lit.", "", False),
        ("Who may enter?", '"May I enter?" (Only with a lamp)', "", False),
    ],
)
def test_what_only_asks_or_names_tells_nothing(question: str, text: str, over: str, *, nothing: bool) -> None:
    assert tells_nothing(question, text, over) is nothing


@pytest.mark.parametrize(
    "question",
    [
        "Does the Harbour Act oblige us to light every lamp?",
        "What does ISO 42001 say about lamps?",
        "According to Lumen Partners, which lamp is best?",
        "Under the LAMPS directive, who lights them?",
    ],
)
def test_what_another_source_says_is_not_said_where_nothing_speaks_of_it(question):
    texts = ["The steward lights the lamps."]
    assert lacks_kind_of_answer(question, texts)
    source = ["The Harbour Act, ISO 42001, Lumen Partners and the LAMPS directive are heeded."]
    assert not lacks_kind_of_answer(question, texts + source)


@pytest.mark.parametrize(
    "question",
    [
        "Does AI require a lamp?",
        "Can the CEO forbid lamps?",
        "Under the steward's plan, who lights the lamps?",
        "Under Steward's plan, who lights the lamps?",
        "Do We require lamps?",
    ],
)
def test_who_is_no_other_source(question):
    assert not lacks_kind_of_answer(question, ["The steward lights the lamps."])


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("Is it run by Acme or Umbra or something else?", "The lamp is run by the porter.", True),
        ("Should the porter report to the CFO or straight to the CEO?", "Porters report to the steward.", True),
        ("Should the porter report to the CFO or the steward?", "Porters report to the steward.", False),
        ("Is it run by Acme or Umbra?", "Lamps of Umbra are used.", False),
        ("Should porters or cooks light it?", "The lamp is lit by maids.", False),
        ("Acme or Umbra?", "The lamp is run by the porter.", True),
        ("Who should run it, the CFO or the chief steward?", "The steward runs it.", True),
        ("Who should run it, the CFO or the steward?", "The steward runs it.", False),
        ("Can I use Acme or similar lamps?", "Lamps of any maker may be used.", False),
        ("May I light Acme or another lamp?", "Lamps of any maker may be used.", False),
        ("Do we need a DPO or not?", "An officer is asked.", False),
        ("Should I ask HR or my steward?", "The personnel office is asked.", False),
        ("What happens if the CEO or the board disagrees?", "The board decides.", False),
        ("Should the Board or the Management decide?", "The board decides.", False),
        ("Do we use Acme's or Umbra's lamps?", "Lamps of Umbra are used.", False),
        ("New to AI or an old hand?", "The lamp is lit by maids.", False),
    ],
)
def test_of_alternatives_with_a_name_one_has_to_be_known(question, text, lacks):
    assert lacks_kind_of_answer(question, [text]) is lacks

"""Rules for advice that a guidance states by itself, without a file that somebody wrote."""

from collections.abc import Sequence
from pathlib import Path

import corpus
from assistant.advising import Rules
from assistant.advising.inferring import inferred_rules
from assistant.contents.outline import Outline
from assistant.notices import INFERRED
from assistant.pipeline import Assistant
from index import FakeEncoder, FakeSparseEncoder, memory_index

OWN = """# Running our laboratories

## The centralized model

One unit runs all laboratories.

### Advantages

- It buys well.

### Drawbacks

- It is far from the benches.

## The decentralized model

Every site runs its own.

### Advantages

- It knows its benches.

### Drawbacks

- It buys badly.

## The mixed model

One unit sets the rules, the sites work. It takes much talking.

## Who should take which

Hierarchical houses do very well with the centralized model, while collaborative ones prefer the decentralized model.
Sites under strict regulation need the centralized model. Small budgets do not suit the centralized model.
A firm with a small budget struggles with the decentralized model. Fast-moving sectors may be run by anybody.
A balance of both, the centralized and the decentralized model, is what most of us end with.
"""


def documents(folder: Path, text: str) -> Sequence[corpus.Document]:
    (folder / "own.md").write_text(text, encoding="utf-8")
    return corpus.load_all([folder]).documents


def rules_of(folder: Path, text: str = OWN) -> Rules | None:
    passages = [passage for document in documents(folder, text) for passage in corpus.split(document)]
    return inferred_rules(Outline(passages))


def pointed(rules: Rules) -> dict[str, tuple[str, str]]:
    return {
        value.name: (value.points_to, value.quotes[0].text)
        for factor in rules.factors
        for value in factor.values
        if value.points_to
    }


def test_what_a_guidance_says_suits_whom_is_a_rule_with_its_words(tmp_path: Path):
    rules = rules_of(tmp_path)
    assert rules is not None
    both = (
        "Hierarchical houses do very well with the centralized model, while collaborative ones prefer the decentralized"
        " model."
    )
    assert pointed(rules) == {
        "hierarchical": ("the centralized model", both),
        "collaborative": ("the decentralized model", both),
        "highly regulated": ("the centralized model", "Sites under strict regulation need the centralized model."),
    }
    text = (tmp_path / "own.md").read_text(encoding="utf-8").replace("- ", "")
    assert all(quote.text in " ".join(text.split()) for quote in rules.quotes())


def test_options_are_called_as_the_guidance_calls_them_with_what_speaks_against_each(tmp_path: Path):
    rules = rules_of(tmp_path)
    assert rules is not None
    drawbacks = {option.name: [quote.text for quote in option.drawbacks] for option in rules.options}
    assert drawbacks == {
        "the centralized model": ["It is far from the benches."],
        "the decentralized model": ["It buys badly."],
        "the mixed model": [],
    }
    assert rules.combining is not None
    assert rules.combining.option == "the mixed model"
    assert rules.combining.quotes[0].text.startswith("A balance of both")


def test_a_value_that_points_both_ways_points_nowhere(tmp_path: Path):
    rules = rules_of(tmp_path, OWN + "\nSome say that hierarchical firms need the decentralized model.\n")
    assert rules is not None
    assert set(pointed(rules)) == {"collaborative", "highly regulated"}


def test_a_guidance_that_speaks_of_one_factor_or_sets_no_known_options_apart_has_no_rules(tmp_path: Path):
    one = OWN.replace("Sites under strict regulation need the centralized model.", "")
    assert rules_of(tmp_path, one) is None
    assert rules_of(tmp_path, OWN.replace("decentralized", "wooden").replace("centralized", "iron")) is None


def test_advice_by_such_rules_says_that_nobody_wrote_them(tmp_path: Path):
    found = documents(tmp_path, OWN)
    passages = [passage for document in found for passage in corpus.split(document)]
    assistant = Assistant(memory_index(passages, FakeEncoder(), FakeSparseEncoder(), documents=found))
    answer = assistant.ask("We are a hierarchical firm under strict regulation. Which model suits us?")
    assert answer.advice is not None
    assert answer.advice.leans_to == "the centralized model"
    assert answer.notice == INFERRED
    cited = [citation for sentence in answer.sentences for citation in sentence.citations]
    assert cited
    assert all(found[0].text[one.start : one.end] == one.quote for one in cited)
    by_form = [event.answer for event in assistant.advise({"Culture": "collaborative"}) if hasattr(event, "answer")]
    assert by_form[-1].notice == INFERRED

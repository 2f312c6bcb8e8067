"""Which written sentences keep to a statement, and which go beyond it."""

import pytest

from assistant.answering.writing import keeps_to, speaks_of_another
from assistant.contents.statements import Statement
from corpus import Passage

PATH = ("Drawbacks of the top-down approach", "Resistance to change")


def statement(text, path=PATH):
    return Statement(Passage("p", "guide.md", "Guide", path, text, 0, len(text)), text, 0, len(text))


WAYS = statement("Frontline employees may also find ways around AI systems that they never asked for.")
MANDATE = statement("A rollout of AI under the top-down approach has the mandate of the executives behind it.", ())
TEAM = statement("The central AI team of the hybrid approach supplies the organization with platforms and tools.", ())


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        ("Frontline employees may find ways around AI systems that they never asked for.", True),
        ("Resistance to change can arise from the top-down approach and from frontline employees.", False),
        ("Frontline employees may find ways around AI systems and sue the company for damages.", False),
    ],
)
def test_a_sentence_is_made_of_what_the_statement_itself_says(claim, kept):
    assert keeps_to(claim, WAYS) is kept


def test_a_reason_must_be_given_by_the_statement():
    assert keeps_to("A top-down rollout has the mandate of the executives behind it.", MANDATE)
    assert not keeps_to("A top-down rollout of AI has a mandate because the executives are behind it.", MANDATE)
    reason = statement("Departments duplicate work because nobody coordinates the departments.", ())
    assert keeps_to("Departments duplicate work because nobody coordinates them.", reason)


def test_a_sentence_that_leaves_out_the_beginning_may_be_about_something_else():
    assert speaks_of_another("The hybrid approach supplies the organization with platforms and tools.", TEAM)
    assert not speaks_of_another("The central team supplies the organization with platforms and tools.", TEAM)

"""Sentences and list items as spans."""

import pytest

from corpus import sentences


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Ada Byron, Ms. Lee and Prof. Kay agreed.", "They met at 5 p.m. in the U.S. office."],
        ["It costs $1.2 million, i.e. 3.5 per cent (cf. Fig. 2), e.g. for staff.", "See Section 4.1 for more."],
        ["Is AI useful?", "Yes!", "Ask the team."],
        ["He said “Stop.”", "Then he left."],
        ["Wait... what happened?", "Nothing."],
        ["1. First do this.", "Then that."],
        ["Größe zählt 😀 wenig.", "Äpfel auch."],
        ["Costs vs. benefits matter.", "No. 5 is out."],
    ],
)
def test_sentences_of_a_line(expected: list[str]) -> None:
    assert texts(" ".join(expected)) == expected


def test_lines_end_sentences_and_bullets_are_left_out() -> None:
    text = "Each team must:\n- ask first\n  - report. Then wait.\n2. third\n\nThe end"
    assert texts(text) == ["Each team must:", "ask first", "report.", "Then wait.", "2. third", "The end"]


@pytest.mark.parametrize("text", ["", " \n\n ", "...", "- ", "1."])
def test_little_text_breaks_nothing(text: str) -> None:
    for start, end in sentences(text):
        assert text[start:end].strip() == text[start:end] != ""


def test_nothing_but_white_space_and_bullets_stands_between_spans() -> None:
    text = 'Ask a. b. c. of it! (Really?) "Why?" he said. So.\n• one. two\n\nlast'
    between = list(text)
    for start, end in sentences(text):
        between[start:end] = " " * (end - start)
    assert "".join(between).replace("•", " ").strip() == ""


def test_a_row_of_a_table_is_not_cut_within_a_cell() -> None:
    row = "Rule: R1; Text: A store is cleaned. The keeper does it.; Exception: Not in winter.; Since: 2024"
    assert texts(f"{row}\nThat is all.") == [row, "That is all."]


def test_a_cell_of_a_very_long_row_begins_with_its_own_words() -> None:
    filling = " ".join("The keeper sweeps the floor and shuts the door." for _ in range(12))
    *_, last = texts(f"Rule: R1; Text: {filling}; Exception: Not in winter.")
    assert last == "Exception: Not in winter."


def test_a_semicolon_within_a_sentence_cuts_and_joins_nothing() -> None:
    assert texts("We ask: who pays?; who signs? The board decides.")[-1] == "The board decides."
    assert texts("Sweep first; then mop. Rest at noon; eat.") == ["Sweep first; then mop.", "Rest at noon; eat."]

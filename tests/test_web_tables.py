from dataclasses import replace

from scripted_window import EVIL, answer_to, cite
from test_web_show import read

from assistant.records import Advice, Cell, Comparison, Factor, Row
from assistant.web.tables import SILENT, advice_html, advice_text, comparison_html


def no_numbers(_):
    return ""


def test_options_are_columns_and_criteria_rows():
    html = comparison_html(answer_to("compare").comparison, no_numbers)
    tags = read(html).tags
    assert [tag for tag, _ in tags].count("tr") == 3
    assert [a["scope"] for tag, a in tags if tag == "th"] == ["col", "col", "row", "row"]
    assert [a.get("data-option") for tag, a in tags if tag == "td" and "data-option" in a] == [
        "Top-down",
        "Bottom-up",
    ] * 2
    assert html.count(SILENT) == 1


def test_hostile_words_stay_text_in_both_tables():
    rows = (Row(EVIL, (Cell(EVIL, EVIL, ()),)),)
    html = comparison_html(Comparison((EVIL,), rows), no_numbers)
    html += advice_html(Advice((Factor(EVIL, EVIL, EVIL),), EVIL, (EVIL,)), no_numbers)
    assert not {"script", "img"} & {tag for tag, _ in read(html).tags}


def test_what_is_not_known_is_said():
    text = read(advice_html(answer_to("advise").advice, no_numbers)).text
    assert "Points to Top-down" in text
    assert "not said" in text
    assert "Not known yet" in text
    assert "neither way" not in text
    assert "Teams that already build tools of their own" in text


def test_what_is_known_and_points_nowhere_is_told_apart_from_what_is_not_known():
    advice = Advice((Factor("Pace", "slow-moving", ""), Factor("Culture", "", "")), "")
    text = read(advice_html(advice, no_numbers)).text
    assert text.count("Points neither way") == text.count("Not known yet") == 1
    lines = advice_text(advice, lambda text, _: text)
    assert lines[1:] == ["- Pace (slow-moving): points neither way", "- Culture (not said): not known yet"]


def test_a_number_never_begins_a_line_and_what_would_change_it_stands_under_its_own_line():
    advice = answer_to("advise").advice
    cited = replace(
        advice, factors=tuple(replace(factor, citations=(cite("It can be slow"),) * 2) for factor in advice.factors)
    )
    html = advice_html(cited, lambda citations: "".join("<b></b>" for _ in citations))
    assert '<span class="end">Top-down<b></b></span><b></b>' in html
    lines = advice_text(advice, lambda text, _: text)
    assert lines[-3:] == ["", "What would change this:", f"- {advice.would_change_it[0]}"]

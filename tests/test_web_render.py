from dataclasses import replace

import pytest
from scripted_window import APPROACHES, EVIL, FOLLOW_UPS, PASSAGES, SENTENCES, answer_to, cite
from test_web_show import read

from assistant.records import Done, Draft, Found, Refusal, Sentence, Stage, Written
from assistant.refusing import NOT_COVERED
from assistant.web.render import Numbers, copied_text, turn_html
from assistant.web.turn import Progress

KINDS = ("plain", "compare", "advise", "weather", "vague", "hostile")


def done(question: str) -> Progress:
    progress = Progress(question, id="1" * 32, conversation="2" * 32)
    progress.apply(Done(answer_to(question)))
    return progress


def classes(html: str) -> list[str]:
    return [name for _, attributes in read(html).tags for name in (attributes.get("class") or "").split()]


@pytest.mark.parametrize("question", KINDS)
def test_a_turn_is_one_line_of_whole_elements(question):
    html = turn_html(done(question))
    assert len(html.splitlines()) == 1
    for tag in ("article", "div", "section", "span", "button", "table", "tr", "td", "li", "ul", "dl", "details"):
        assert html.count(f"<{tag} ") + html.count(f"<{tag}>") == html.count(f"</{tag}>"), tag


def test_hostile_documents_questions_and_models_stay_text():
    progress = done("hostile")
    progress.question = EVIL
    progress.note = EVIL
    progress.draft = EVIL
    reader = read(turn_html(progress))
    assert not {"script", "img", "a", "b"} & {tag for tag, _ in reader.tags}
    assert not any(name.startswith("on") for _, attributes in reader.tags for name in attributes)
    assert reader.text.count(EVIL) >= 4
    hrefs = [value for _, attributes in reader.tags for name, value in attributes.items() if name in ("href", "src")]
    assert hrefs == []


def test_the_same_words_keep_their_number():
    numbers = Numbers()
    first, second = cite("It can be slow"), cite("every idea waits")
    assert [numbers.number(c) for c in (first, second, first)] == [1, 2, 1]
    assert numbers.citations == [first, second]


def test_numbers_name_their_source_and_find_it_in_the_list():
    reader = read(turn_html(done("plain")))
    cites = [a for _, a in reader.tags if a.get("class") == "cite"]
    sources = [a for _, a in reader.tags if a.get("class") == "source"]
    assert [a["data-cite"] for a in cites] == ["1", "2", "3", "4"] == [a["data-source"] for a in sources]
    where = "Ways to lead an AI programme › Top-down › Advantages and drawbacks of leading from the top, page\u00a01"
    assert cites[0]["aria-label"] == f"Source 1: {where}"
    words = [APPROACHES.text[int(a["data-start"]) : int(a["data-end"])] for a in sources]
    assert words[0] == "in line with the strategy"


def test_unsupported_and_partly_supported_sentences_are_marked_and_others_not():
    html = turn_html(done("plain"))
    assert html.count('class="mark"') == 2
    assert "partly supported" in html
    assert "not in the guidance" in html
    clarify = done("vague")
    clarify.answer = replace(clarify.answer, sentences=(Sentence("Which?", "unsupported", 0.0),))
    assert 'class="mark"' not in turn_html(clarify)


def told(*texts: str, elsewhere: tuple[int, ...] = ()) -> Progress:
    """An answer of sentences, all cited from one section but those ``elsewhere``."""
    cited = cite("It can be slow")
    other = replace(cited, section="Another section")
    progress = Progress("Which?", id="1" * 32, conversation="2" * 32)
    for place, text in enumerate(texts):
        progress.apply(Written(Sentence(text, "supported", 1.0, (other if place in elsewhere else cited,))))
    return progress


@pytest.mark.parametrize(
    ("texts", "elsewhere", "points"),
    [
        (("Ask before you:", "pay for it.", "sign it."), (), [1, 2]),
        (("Ask before you:", "pay for it.", "Others sign."), (2,), [1]),
        (("1. Pay for it.", "2. Sign it."), (), [0, 1]),
        (("pay for it", "sign it", "That is all."), (), [0, 1]),
        (("Row: 1; Column: 2", "That is all."), (), []),
        (("It can be slow.", "It is cheap."), (), []),
    ],
)
def test_the_points_of_a_list_stand_below_each_other(texts, elsewhere, points):
    progress = told(*texts, elsewhere=elsewhere)
    shown = [
        a["class"].split() for _, a in read(turn_html(progress)).tags if "sentence" in (a.get("class") or "").split()
    ]
    assert [place for place, names in enumerate(shown) if "item" in names] == points
    assert [place for place, names in enumerate(shown) if "numbered" in names] == [
        place for place in points if texts[place][0].isdigit()
    ]
    lines = copied_text(progress).splitlines()
    assert [line.split(" [")[0] for line in lines if line.startswith(("- ", "1.", "2."))] == [
        texts[place] if texts[place][0].isdigit() else f"- {texts[place]}" for place in points
    ]


def test_while_it_is_written_there_is_a_draft_and_no_action():
    progress = Progress("Q?", id="1" * 32)
    progress.apply(Stage("Searching"))
    assert {"stage"} <= set(classes(turn_html(progress)))
    progress.apply(Found("Q?", PASSAGES))
    progress.apply(Written(SENTENCES[0]))
    progress.apply(Draft("It makes over"))
    html = turn_html(progress)
    assert {"card", "draft", "cite", "source"} <= set(classes(html))
    assert not {"stage", "actions", "follow-ups"} & set(classes(html))
    assert 'aria-busy="true"' in html


def test_a_stop_keeps_the_sentences_and_shows_the_draft_as_broken_off():
    progress = Progress("Q?", id="1" * 32)
    progress.apply(Written(SENTENCES[0]))
    progress.apply(Draft("It makes over"))
    progress.stop()
    html = turn_html(progress)
    assert "Stopped. What had been written is kept." in html
    assert {"broken-off", "sentence", "actions"} <= set(classes(html))
    assert 'data-do="like"' not in html


def test_a_refusal_says_why_and_where_it_comes_nearest():
    reader = read(turn_html(done("weather")))
    places = [a for _, a in reader.tags if a.get("class") == "place"]
    assert places[0]["data-section"] == "Top-down > Advantages and drawbacks of leading from the top"
    assert "The guidance says nothing about the weather." in reader.text
    assert "open" not in next(a for tag, a in reader.tags if tag == "details")


def test_the_plainest_refusal_does_not_say_the_same_twice():
    progress = done("weather")
    progress.answer = replace(progress.answer, refusal=Refusal(NOT_COVERED))
    text = read(turn_html(progress)).text
    assert text.count("The guidance does not answer this") == 1
    assert "other words may find more" in text


def test_a_card_finds_its_passage_again():
    reader = read(turn_html(done("plain")))
    card = next(a for _, a in reader.tags if a.get("class") == "card")
    start = APPROACHES.text.index(card["data-words"])
    assert APPROACHES.text[start : start + int(card["data-length"])] == PASSAGES[0].text


def test_the_row_of_cards_is_one_stop_for_the_tab_key():
    reader = read(turn_html(done("plain")))
    assert [a.get("tabindex") for _, a in reader.tags if a.get("class") == "card"] == [None, "-1", "-1", "-1"]
    assert "tabindex" not in next(a for _, a in reader.tags if a.get("class") == "cards")


def test_follow_ups_and_list_items():
    progress = done("plain")
    progress.sentences[0] = replace(progress.sentences[0], text="- A point.")
    reader = read(turn_html(progress))
    assert all(question in reader.text for question in FOLLOW_UPS)
    assert "- A point" not in reader.text
    assert "sentence item" in [a.get("class") for _, a in reader.tags]


def test_the_copied_text_holds_answer_numbers_and_sources():
    text = copied_text(done("plain"))
    assert "It makes oversight simple, at the price of speed. [2] [3]" in text
    assert "[2] Ways to lead an AI programme › Top-down" in text
    assert "“makes oversight simple”" in text
    assert "- Bottom-up: The guidance is silent" in copied_text(done("compare"))
    assert "leans to Top-down" in copied_text(done("advise"))
    assert "nothing about the weather" in copied_text(done("weather"))


def test_answers_and_refusals_can_be_saved_as_memos_and_small_talk_cannot():
    for question in ("plain", "compare", "advise", "weather"):
        forms = [a.get("data-form") for _, a in read(turn_html(done(question))).tags if a.get("data-do") == "memo"]
        assert forms == ["docx", "md"], question
    assert 'data-do="memo"' not in turn_html(done("vague"))
    stopped = Progress("Q?", id="1" * 32)
    stopped.apply(Written(SENTENCES[0]))
    stopped.stop()
    assert 'data-do="memo"' not in turn_html(stopped)


def test_where_nothing_was_asked_there_is_nothing_to_try_again():
    empty = Progress("", id="t1", conversation="c1", fleeting=True)
    empty.fail("There is no question to answer; please type one.")
    assert "actions" not in classes(turn_html(empty))

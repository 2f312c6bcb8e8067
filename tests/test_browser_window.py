"""The chat window in a real browser, with an assistant that answers by a script."""

import pytest
from chromium import Watch, axe_script, new_context, serious_faults, served
from playwright.sync_api import Page, expect
from scripted_window import APPROACHES, EVIL, SENTENCES, ScriptedAssistant

from assistant.store import Store
from assistant.web.loading import Loading

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
TURNS = "#transcript .turn"
TURN = f"{TURNS}:last-child"
# Has the page itself note what shows in a turn, in order: a look from outside may come too late on a busy machine.
NOTING = """turn => {
    const shows = {
        cards: last => last.querySelector(".card") && !last.querySelector(".sentence"),
        draft: last => last.querySelector(".draft") && document.querySelector("#stop").offsetParent,
        sentence: last => last.matches("[data-state=asking]") && last.querySelector(".sentence .cite"),
    };
    window.seen = [];
    new MutationObserver(() => {
        const last = document.querySelector(turn);
        for (const [name, holds] of Object.entries(shows))
            if (last && !window.seen.includes(name) && holds(last)) window.seen.push(name);
    }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""


LATE_ENDS = """() => {
    const plain = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await plain(...asked);
        if (!String(asked[0]?.url ?? asked[0]).includes("/queue/data")) return answer;
        const words = new TextDecoder();
        const late = new TransformStream({
            async transform(piece, controller) {
                if (words.decode(piece).includes("process_completed")) await new Promise((go) => setTimeout(go, 1500));
                controller.enqueue(piece);
            },
        });
        return new Response(answer.body.pipeThrough(late), answer);
    };
}"""
"""Lets Gradio's streams end later than the answers in them."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(f"sqlite:///{tmp_path_factory.mktemp('data') / 'conversations.sqlite'}")


@pytest.fixture(scope="module")
def address(store):
    with served(Loading(lambda _: ScriptedAssistant(pause=0.02)), store) as address:
        yield address


@pytest.fixture
def visit(browser, address):
    """Opens the window as a browser that was never here; fails the test for any fault on its pages."""
    opened = []

    def open_window(expected: tuple[str, ...] = (), **options) -> Page:
        context = new_context(browser, **{"viewport": {"width": 1280, "height": 800}, **options})
        page = context.new_page()
        page.watch = watch = Watch(page, address)
        watch.expected = expected
        opened.append((context, watch))
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#model")).to_have_text("Answered by Scripted model")
        return page

    yield open_window
    for context, watch in opened:
        context.close()
        assert watch.faults == []


def ask(page: Page, question: str, state: str = "done") -> None:
    turns = page.locator(TURNS).count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    if state != "asking":
        expect(page.locator(TURNS)).to_have_count(turns + 1)
        expect(page.locator(TURN)).to_have_attribute("data-state", state)
        page.watch.settled()


def test_passages_come_first_then_sentences_as_they_are_written_then_the_checked_answer(visit):
    page = visit()
    page.evaluate(NOTING, TURN)
    ask(page, "Should we lead from the top?")
    # The first sentence showed before the last was written.
    assert page.evaluate("window.seen") == ["cards", "draft", "sentence"]
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    assert page.locator(f"{TURN} .draft").count() == 0
    for sentence in SENTENCES:
        expect(page.locator(f"{TURN} .answer")).to_contain_text(sentence.text)
    expect(page.locator(f"{TURN} .partial .mark")).to_have_text("partly supported")
    expect(page.locator(f"{TURN} .unsupported .mark")).to_have_text("not in the guidance")
    expect(page.locator("#stop")).to_be_hidden()
    expect(page.locator("#send")).to_be_visible()


def test_a_number_opens_the_document_at_the_highlighted_words_and_escape_leads_back(visit):
    page = visit()
    ask(page, "Should we lead from the top?")
    number = page.locator(f"{TURN} .cite").nth(1)
    number.click()
    expect(page.locator("#source mark")).to_have_text("makes oversight simple")
    expect(page.locator("#source mark")).to_be_in_viewport()
    expect(page.locator("#source-title")).to_have_text(APPROACHES.title)
    expect(page.locator("#source-where")).to_contain_text("Top-down")
    page.click("#source-next")
    expect(page.locator("#source mark")).to_have_text("It can be slow")
    expect(page.locator("#source-count")).to_have_text("Source 3 of 4")
    page.click("#source-previous")
    expect(page.locator("#source mark")).to_have_text("makes oversight simple")
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()
    expect(number).to_be_focused()


def test_a_passage_opens_at_its_place(visit):
    page = visit()
    ask(page, "Should we lead from the top?")
    page.locator(f"{TURN} .card").nth(1).click()
    expect(page.locator("#source mark").first).to_contain_text("It can be slow")


def test_everything_works_by_keyboard_alone(visit):
    page = visit()
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("should we?")
    page.keyboard.press("Enter")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    expect(page.locator(f"{TURN} .asked")).to_contain_text("First line\nshould we?")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.cite')"):
            break
    assert page.evaluate("document.activeElement.dataset.cite") == "4", "tabbing back reaches the last number first"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#source mark")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.cite") == "4"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.ask-this')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(TURNS)).to_have_count(2)
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")


def test_the_first_number_is_near_from_either_side(visit):
    page = visit()
    ask(page, "Should we lead from the top?")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Go to the sources in the answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"{TURN} .cite").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    cards = page.locator(f"{TURN} .card")
    expect(cards.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(f"{TURN} .cite").first).to_be_focused()
    page.locator(f"{TURN} .found summary").focus()
    page.keyboard.press("Tab")
    for key, place in (
        ("ArrowRight", 1),
        ("End", 3),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("Home", 0),
        ("ArrowRight", 1),
    ):
        page.keyboard.press(key)
        expect(cards.nth(place)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#source mark").first).to_contain_text("It can be slow")
    page.keyboard.press("Escape")
    expect(cards.nth(1)).to_be_focused()


def test_before_the_first_answer_there_is_none_to_go_to(visit):
    page = visit()
    expect(page.locator("#to-answer")).to_be_hidden()


def test_the_focus_stays_on_a_number_while_the_answer_goes_on(visit):
    page = visit()
    ask(page, "Should we lead from the top?", "asking")
    page.wait_for_selector(f"{TURN} .cite")
    page.locator(f"{TURN} .cite").first.focus()
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    expect(page.locator(f"{TURN} .cite").first).to_be_focused()


def test_stop_works_at_once_and_keeps_what_was_written(visit):
    page = visit()
    ask(page, "Write forever", "asking")
    page.wait_for_selector(f"{TURN} .draft")
    page.click("#stop")
    expect(page.locator(TURN)).to_have_attribute("data-state", "stopped")
    expect(page.locator(f"{TURN} .note")).to_contain_text("Stopped")
    expect(page.locator(f"{TURN} .broken-off")).to_contain_text("This never comes to an end")
    expect(page.locator("#send")).to_be_visible()
    page.watch.settled()
    ask(page, "And now?")
    assert page.locator(TURNS).count() == 2


def test_trying_again_and_editing_replace_the_last_turn(visit):
    page = visit()
    ask(page, "Should we?")
    first = page.locator(TURN).get_attribute("data-turn")
    page.click(f"{TURN} [data-do=retry]")
    expect(page.locator(f'[data-turn="{first}"]')).to_have_count(0)
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    page.watch.settled()
    page.click(f"{TURN} [data-do=edit]")
    expect(page.locator("#editing")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("Should we?")
    page.fill("#question textarea", "Should we compare?")
    page.keyboard.press("Enter")
    expect(page.locator(f"{TURN} .asked")).to_contain_text("Should we compare?")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    expect(page.locator(TURNS)).to_have_count(1)
    expect(page.locator("#editing")).to_be_hidden()
    page.watch.settled()
    page.reload()
    expect(page.locator(TURNS)).to_have_count(1)
    expect(page.locator(f"{TURN} .asked")).to_contain_text("Should we compare?")


def test_a_question_whose_hidden_context_gradio_did_not_take_in_is_asked_all_the_same(visit):
    page = visit()
    page.evaluate(
        """() => {
            const field = document.querySelector("#context textarea, #context input");
            field.value = "";
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    ask(page, "Should we lead from the top?")


@pytest.mark.parametrize("by", ["key", "click"])
def test_a_question_that_comes_while_the_stream_of_the_last_ends_is_not_lost(visit, by):
    page = visit()
    page.evaluate(LATE_ENDS)
    page.fill("#question textarea", "Should we?")
    page.keyboard.press("Enter")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    if by == "key":
        page.fill("#question textarea", "And what comes next?")
        page.keyboard.press("Enter")
    else:
        page.click(f"{TURN} .follow-ups button >> nth=0")
    expect(page.locator(TURNS)).to_have_count(2)
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    page.watch.settled()
    assert page.locator(TURNS).count() == 2


def test_an_opening_and_a_follow_up_are_asked_by_a_click(visit):
    page = visit()
    page.click("#openings button >> nth=0")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    page.watch.settled()
    page.click(f"{TURN} .follow-ups button >> nth=1")
    expect(page.locator(TURNS)).to_have_count(2)
    expect(page.locator(f"{TURN} .comparison table")).to_be_visible()
    page.watch.settled()
    ask(page, "What was earlier?")
    expect(page.locator(f"{TURN} .answer")).to_contain_text("you asked 2 questions")


def test_a_dislike_with_its_reason_is_kept(visit, store):
    page = visit()
    ask(page, "Should we?")
    turn = page.locator(TURN).get_attribute("data-turn")
    page.click(f"{TURN} [data-do=dislike]")
    page.get_by_label("Incomplete").check()
    page.get_by_label("In your words").fill("the drawbacks are missing")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(f"{TURN} .said")).to_have_text("Noted. Thank you.")
    (verdict,) = [entry for entry in store.feedback() if entry.message == turn]
    assert (verdict.rating, verdict.reason) == ("dislike", "Incomplete: the drawbacks are missing")
    page.reload()
    expect(page.locator(f"{TURN} [data-do=dislike]")).to_have_attribute("aria-pressed", "true")


def test_a_refusal_leads_to_the_nearest_section(visit):
    page = visit()
    ask(page, "What is the weather?")
    expect(page.locator(f"{TURN} .refusal")).to_contain_text("The guidance says nothing about the weather.")
    page.locator(f"{TURN} .place").nth(1).click()
    expect(page.locator("#source #cited")).to_have_text("Advantages and drawbacks of growing from the teams")


def test_an_error_is_one_line_and_the_question_stays_to_be_tried_again(visit):
    page = visit()
    ask(page, "Please fail", "failed")
    expect(page.locator(f"{TURN} .wrong")).to_have_text(
        "The model server did not answer: check model_url and ask again."
    )
    expect(page.locator(f"{TURN} .asked")).to_contain_text("Please fail")
    expect(page.locator(f"{TURN} [data-do=retry]")).to_be_visible()


@pytest.mark.parametrize(
    ("question", "words"), [("", "no question"), ("a" * 100_000, "100,000"), ("\x01\x02\x03\x04", "binary")]
)
def test_what_is_no_question_gets_one_line_and_nothing_is_lost(visit, question, words):
    page = visit()
    ask(page, question, "failed")
    expect(page.locator(f"{TURN} .wrong")).to_contain_text(words)
    assert page.input_value("#question textarea") == question
    ask_again = "Should we?"
    page.fill("#question textarea", ask_again)
    page.keyboard.press("Enter")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    expect(page.locator(TURNS)).to_have_count(1)


@pytest.mark.parametrize(("name", "begins"), [("Memo as Markdown", b"# Decision memo"), ("Memo for Word", b"PK")])
def test_an_answer_is_saved_as_a_memo_by_keyboard(visit, name, begins):
    page = visit()
    ask(page, "Compare the two")
    button = page.locator(TURN).get_by_role("button", name=name)
    button.focus()
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename == f"memo-compare-the-two.{'md' if 'Markdown' in name else 'docx'}"
    assert saved.value.path().read_bytes().startswith(begins)
    expect(page.locator(f"{TURN} .said")).to_contain_text("Saved as memo-compare-the-two.")
    expect(button).to_be_focused()


def test_the_answer_is_copied_with_its_sources(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "Should we?")
    page.click(f"{TURN} [data-do=copy]")
    expect(page.locator(f"{TURN} .said")).to_contain_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "at the price of speed. [2] [3]" in text
    assert "“makes oversight simple”" in text


def test_conversations_survive_a_reload_are_listed_reopened_and_deleted(visit):
    page = visit(expected=("AbortError", "Connection errored out"))  # Gradio, of a stream that the reload cuts off.
    ask(page, "First subject?")
    page.reload()
    expect(page.locator(f"{TURN} .asked")).to_contain_text("First subject?")
    page.click("#new")
    expect(page.locator(TURNS)).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()
    ask(page, "Second subject?")
    expect(page.locator("#conversations li")).to_have_count(2)
    page.locator("#conversations .reopen", has_text="First subject?").click()
    expect(page.locator(f"{TURN} .asked")).to_contain_text("First subject?")
    other = visit()
    expect(other.locator("#conversations li")).to_have_count(0)
    row = page.locator("#conversations li", has_text="First subject?")
    row.hover()
    row.locator(".remove").click()
    expect(row.locator(".remove")).to_have_text("Delete for good?")
    expect(row.get_by_role("button", name="Delete for good?", exact=True)).to_be_focused()
    expect(page.locator("#announce")).to_have_text("Delete for good?")
    row.locator(".remove").click()
    expect(page.locator("#conversations li")).to_have_count(1)
    expect(page.locator("#announce")).to_have_text("Deleted.")
    expect(page.locator(TURNS)).to_have_count(0)


def test_a_connection_that_breaks_is_told_and_found_again_with_what_was_typed(visit):
    page = visit(expected=("ERR_INTERNET_DISCONNECTED", "Connection errored out"))
    ask(page, "Should we lead from the top?")
    page.context.set_offline(True)
    page.fill("#question textarea", "How do the two compare?")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("The connection is lost.")
    expect(page.locator(".toast-body")).to_be_hidden()
    page.keyboard.type(" And why?")
    page.context.set_offline(False)
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("#question textarea")).to_have_value("How do the two compare? And why?")
    expect(page.locator(f"{TURN} .asked")).to_have_text("You asked: Should we lead from the top?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(TURNS)).to_have_count(2)


def test_who_is_not_signed_in_any_more_is_told_so_and_keeps_what_was_typed(visit):
    page = visit(expected=("401",))
    refused = {"status": 401, "body": "Sign in to use this assistant.", "content_type": "text/plain"}
    sent = []
    page.route("**/gradio_api/queue/join*", lambda route: (sent.append(route), route.fulfill(**refused)))
    page.fill("#question textarea", "Should we lead from the top?")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("Sign in to use this assistant.")
    expect(page.locator(".toast-body")).to_be_hidden()
    page.wait_for_timeout(1000)
    assert len(sent) == 1, "what was refused is not sent again by itself"
    page.unroute("**/gradio_api/queue/join*")
    page.get_by_role("button", name="Sign in again").click()
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("#question textarea")).to_have_value("Should we lead from the top?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")


def test_closing_the_page_stops_the_answer(visit):
    page = visit(
        expected=("AbortError", "Connection errored out")
    )  # Gradio tells the console that the reload cut its stream off.
    ask(page, "Write forever", "asking")
    page.wait_for_selector(f"{TURN} .draft")
    page.reload()
    expect(page.locator(TURN)).to_have_attribute("data-state", "stopped")
    ask(page, "Next?")


def test_hostile_text_stays_text_everywhere(visit):
    page = visit()
    ask(page, f"hostile {EVIL}")
    expect(page.locator(f"{TURN} .asked")).to_contain_text("<script>")
    expect(page.locator(f"{TURN} .answer")).to_contain_text("<img src=x")
    page.locator(f"{TURN} .cite").click()
    expect(page.locator("#source-text")).to_contain_text("<script>")
    page.reload()
    expect(page.locator("#conversations")).to_contain_text("<script>")
    assert page.evaluate("document.body.dataset.hacked") is None
    assert page.locator("#transcript img, #source img, #transcript a, #source a").count() == 0


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_runs_off_the_side_and_the_source_covers_the_screen(visit, width):
    page = visit(viewport={"width": width, "height": 800}, has_touch=True, is_mobile=True)
    for question in ("Should we?", "Compare the two", "advise us", "weather?", "hostile " + "x" * 300):
        ask(page, question)
        wide = page.evaluate(
            """() => [document.documentElement, document.getElementById("scroller")]
                .map((part) => part.scrollWidth - part.clientWidth)"""
        )
        assert wide == [0, 0], question
    page.locator(f"{TURN} .cite").first.tap()
    page.wait_for_selector("#cited")
    box = page.locator("#source").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, 800)
    page.tap("#source-close")
    page.tap("#menu")
    expect(page.locator("#conversations .reopen")).to_be_in_viewport()
    title, remove = (page.locator(f"#conversations {name}").first.bounding_box() for name in (".title", ".remove"))
    assert title["x"] + title["width"] <= remove["x"] + 1, "no title under the button that deletes"
    assert page.evaluate("document.getElementById('main').inert"), "what the list covers is out of reach"
    page.touchscreen.tap(width - 10, 400)
    expect(page.locator("#drawer")).to_be_hidden()
    assert not page.evaluate("document.getElementById('main').inert")
    heading, theme = (page.locator(name).bounding_box() for name in (".brand h1", "#theme"))
    assert heading["x"] + heading["width"] <= theme["x"]
    assert page.evaluate("(h => h.scrollWidth <= h.clientWidth)(document.querySelector('.brand h1'))"), "cut short"
    small = page.evaluate(
        """() => [...document.querySelectorAll("#top button, #dock button, .actions button, .source, .ask-this")]
            .filter((button) => button.offsetParent && button.getBoundingClientRect().height < 44)
            .map((button) => button.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_what_is_thought_of_an_answer_stands_beside_what_can_be_done_with_it(visit):
    page = visit()
    for question in ("Should we?", "vague"):
        ask(page, question)
        tools, verdict = (page.locator(f"{TURN} [data-do={name}]").bounding_box() for name in ("copy", "dislike"))
        assert tools["y"] == verdict["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(visit, scheme, viewport):
    script = axe_script()
    page = visit(color_scheme=scheme, viewport=viewport, bypass_csp=True)
    assert serious_faults(page, script) == []
    for question in ("Should we?", "Compare the two", "advise us", "weather?"):
        ask(page, question)
        assert serious_faults(page, script) == []
    ask(page, "Please fail", "failed")
    ask(page, "Should we?")
    page.click(f"{TURN} [data-do=dislike]")
    page.locator(f"{TURN} .cite").first.click()
    page.wait_for_selector("#cited")
    assert serious_faults(page, script) == []


def test_dark_follows_the_system_and_the_button_changes_it_for_good(visit):
    page = visit(color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.click("#theme")
    light = page.evaluate(background)
    assert sum(map(int, dark[4:-1].split(", "))) < 150 < 600 < sum(map(int, light[4:-1].split(", ")))
    page.reload()
    assert page.evaluate(background) == light


def test_motion_is_reduced_when_asked_for(visit):
    page = visit(reduced_motion="reduce")
    ask(page, "Write forever", "asking")
    page.wait_for_selector(f"{TURN} .caret", state="attached")
    assert page.evaluate("getComputedStyle(document.querySelector('.caret')).animationName") == "none"
    page.click("#stop")


@pytest.mark.parametrize(
    "size", [{"width": 1280, "height": 800}, {"width": 375, "height": 812}], ids=["desktop", "phone"]
)
def test_the_form_for_advice_leaves_open_what_is_not_known(visit, size):
    page = visit(viewport=size)
    page.get_by_role("button", name="Advise me, by a short form").click()
    expect(page.locator("#advice-title")).to_be_focused()
    expect(page.get_by_role("radio", name="I do not know")).to_have_count(2)
    assert page.get_by_role("radio", name="I do not know").first.is_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_faults(page, axe_script()) == []
    page.get_by_role("radio", name="hierarchical", exact=True).check()
    page.locator("#advice-form").get_by_role("button", name="Advise me").click()
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    expect(page.locator(f"{TURN} .asked")).to_contain_text("Which approach suits us? Culture: hierarchical.")
    expect(page.locator(f"{TURN} .advice")).to_contain_text("The guidance leans to Top-down")
    expect(page.locator(f"{TURN} .advice")).to_contain_text("Not known yet")
    ask(page, "Should we lead from the top?")
    expect(page.locator(f"{TURN} .asked")).to_contain_text("Should we lead from the top?")
    assert page.locator("body[data-hacked]").count() == 0


def test_the_form_is_filled_in_and_left_by_keyboard(visit):
    page = visit()
    button = page.get_by_role("button", name="Advise me, by a short form")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("#advice-form")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(TURN)).to_have_attribute("data-state", "done")
    expect(page.locator(f"{TURN} .asked")).to_contain_text("Culture: hierarchical.")


def test_a_question_asked_back_leads_to_the_form_and_its_answer_comes_below(visit):
    page = visit()
    ask(page, "vague")
    page.locator(f"{TURN} .advise").click()
    form = page.locator("#advice-form")
    expect(form.locator("h2")).to_be_in_viewport()
    form.get_by_label("hierarchical").check()
    form.get_by_role("button", name="Advise me").click()
    expect(page.locator(TURNS)).to_have_count(2)
    expect(page.locator(f"{TURN} .lean")).to_contain_text("Top-down")
    expect(form).to_be_hidden()

"""The widget in a real Chromium: a page of another site, with a strict policy, loads it, asks and closes it."""

import gzip
import json
from importlib.resources import files
from pathlib import Path

import pytest
from chromium import axe_script, serious_faults
from host_page import ask, inside
from playwright.sync_api import expect

from assistant.access.tokens import Tokens, mint
from assistant.store import Reader, Store
from assistant.web.speaking import Languages

pytestmark = pytest.mark.browser
SECRET = "s" * 32


def arabic(folder: Path, texts: dict[str, str]) -> Languages:
    """A language of one's own that runs from right to left."""
    folder = folder / "languages"
    folder.mkdir()
    (folder / "ar.json").write_text(json.dumps({"direction": "rtl", "texts": texts}), encoding="utf-8")
    return Languages(folder)


def test_it_is_small_and_made_of_nothing_else():
    text = (files("assistant.web") / "static" / "widget.js").read_text()
    assert "innerHTML" not in text
    assert "cookie" not in text.split("(() => {", 1)[1]
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_leader_asks_reads_a_source_closes_and_comes_back(opened, host):
    page = opened()
    button = page.get_by_role("button", name="Ask the assistant")
    expect(button).to_be_visible()
    assert [url for url in page.requested if url.startswith(page.address)] == [f"{page.address}widget.js"]
    served = page.context.request.get(f"{page.address}widget.js").body()
    assert len(served) < 50_000, "all that is loaded before the button is pressed"
    assert len(gzip.compress(served)) < 15_000
    button.focus()
    page.keyboard.press("Enter")
    frame = inside(page)
    expect(frame.locator("#question textarea")).to_be_focused()
    page.keyboard.type("Should we lead from the top?")
    page.keyboard.press("Enter")
    turn = frame.locator("#transcript article.turn").last
    expect(turn).to_have_attribute("data-state", "done")
    expect(turn).to_contain_text("in line with the strategy")
    turn.locator("button.cite").first.click()
    expect(frame.locator("#source mark").first).to_contain_text("in line with the strategy")
    page.keyboard.press("Escape")
    expect(frame.locator("#source")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("strategy-assistant iframe")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(frame.locator("#transcript article.turn")).to_have_count(1)
    assert all(url.startswith((page.address, host.origin, "data:", "blob:")) for url in page.requested)
    assert page.context.cookies() == []
    assert page.watch.faults == []


def test_on_a_page_that_is_not_listed_it_says_so_and_shows_nothing(opened):
    page = opened(allowed=False)
    page.watch.expected = ("403",)
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_text("not among those allowed to show the assistant. Whoever")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("strategy-assistant iframe")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask the assistant")).to_be_focused()
    # A site that calls itself by a listed name is shown nothing either.
    page.watch.expected = ("frame-ancestors", "ERR_BLOCKED_BY_RESPONSE", "chrome-error", "403")
    listed = f"{page.address}?embed=https%3A%2F%2Fanother.example"
    frame = page.evaluate_handle(
        "address => document.querySelector('strategy-assistant').shadowRoot.querySelector('iframe').src = address",
        listed,
    )
    page.wait_for_timeout(500)
    assert frame.json_value() == listed
    assert all(inner.evaluate("document.querySelector('#question') === null") for inner in page.frames[1:])


def test_a_service_that_is_not_there_is_told_from_one_that_refuses(opened, host):
    page = opened()
    page.watch.expected = ("ERR_FAILED", "ERR_CONNECTION", "foreign")
    page.route(f"{page.address}?embed=**", lambda route: route.abort())
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_text("The assistant cannot be reached.")).to_be_visible(timeout=10_000)
    page.unroute(f"{page.address}?embed=**")
    page.get_by_role("button", name="Try again").click()
    expect(inside(page).locator("#question textarea")).to_be_visible()


def test_a_webmaster_is_told_what_the_policy_of_the_page_lacks(opened, host):
    page = opened()
    host.policy = host.policy.replace("frame-src", "img-src")
    page.watch.expected = ("frame-src", "default-src")
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(host.origin)
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_text("The assistant cannot be reached.")).to_be_visible()
    needed = f'this page\'s content security policy needs "frame-src {page.address.rstrip("/")}"'
    assert any(needed in line for line in told)


def test_it_works_where_the_browser_keeps_nothing_for_a_frame(opened):
    page = opened()
    blocked = "get() { throw new DOMException('denied', 'SecurityError') }"
    for name in ("localStorage", "sessionStorage"):
        page.add_init_script(f"Object.defineProperty(window, '{name}', {{ {blocked} }})")
    page.reload()
    page.get_by_role("button", name="Ask the assistant").click()
    ask(page, "Should we lead from the top?")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Ask the assistant").click()
    ask(page, "And the other one?")
    expect(inside(page).locator("#transcript article.turn")).to_have_count(2)
    assert page.history_of("And the other one?")[0] == "Should we lead from the top?"
    assert page.watch.faults == []


def test_a_token_signs_its_bearer_in_and_what_they_ask_is_kept_as_theirs(opened, tmp_path):
    page = opened(f'data-token="{mint(SECRET, "ann")}" data-open="true"', tokens=Tokens(SECRET))
    expect(ask(page, "Should we lead from the top?")).to_contain_text("in line with the strategy")
    assert page.watch.faults == []
    store = Store(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    assert [kept["title"] for kept in store.kept_of("ann")["conversations"]] == ["Should we lead from the top?"]
    assert len(store.conversations(Reader("", "ann"))) == 1
    store.close()


def test_a_page_is_asked_for_a_new_token_when_the_old_one_is_over(opened):
    page = opened(f'data-token="{mint(SECRET, "ann", -600)}"', tokens=Tokens(SECRET))
    page.watch.expected = ("401",)
    page.evaluate(
        "token => document.addEventListener('strategy-assistant:token', event => event.detail.give(token))",
        mint(SECRET, "ann"),
    )
    page.get_by_role("button", name="Ask the assistant").click()
    expect(ask(page, "Should we lead from the top?")).to_contain_text("in line with the strategy")


def test_who_has_no_token_is_told_to_sign_in(opened):
    page = opened('data-open="true"', tokens=Tokens(SECRET))
    expect(inside(page).locator("#notice")).to_contain_text("Sign in to use this assistant.")


def test_two_widgets_and_a_plain_frame_work_side_by_side(opened):
    page = opened(
        'data-position="top-left"></script><iframe id="plain" title="Plain" src="ADDRESS?embed=1"></iframe>'
        '<script src="ADDRESSwidget.js" data-title="The second"'
    )
    buttons = page.get_by_role("button", name="Ask the assistant")
    expect(buttons).to_have_count(2)
    buttons.last.click()
    dialog = page.get_by_role("dialog", name="The second")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)
    second = dialog.frame_locator("iframe")
    expect(second.locator("#question textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(buttons).to_have_count(2)
    plain = page.frame_locator("#plain")
    plain.locator("#question textarea").fill("Should we lead from the top?")
    plain.get_by_role("button", name="Ask", exact=True).click()
    expect(plain.locator("#transcript article.turn")).to_have_attribute("data-state", "done")


def test_forged_messages_change_nothing(opened, host):
    page = opened('data-open="true"')
    frame = inside(page)
    expect(frame.locator("#question textarea")).to_be_visible()
    page.evaluate("window.postMessage({strategyAssistant: 1, type: 'close'}, '*')")
    page.evaluate("window.postMessage({strategyAssistant: 1, type: 'ready'}, '*')")
    inner = next(frame for frame in page.frames if frame.url.startswith(page.address))
    inner.evaluate(
        "window.postMessage({strategyAssistant: 1, type: 'hello', theme: 'dark', greeting: 'Pay here'}, '*')"
    )
    inner.evaluate("parent.postMessage({strategyAssistant: 2, type: 'close'}, '*')")
    page.wait_for_timeout(300)
    expect(page.locator("strategy-assistant iframe")).to_be_visible()
    expect(frame.locator("#welcome h2")).not_to_have_text("Pay here")
    assert inner.evaluate("document.documentElement.dataset.theme") != "dark"


def test_attributes_dress_it_and_markup_in_them_stays_text(opened):
    evil = "&lt;img src=x onerror=document.title=1&gt;"
    page = opened(
        f'data-title="Frag {evil}" data-greeting="Hallo {evil}" data-theme="dark" data-accent="#ffcc00" '
        'data-position="top-left" data-width="360px" data-height="500px"',
        lang="de",
    )
    button = page.get_by_role("button", name="Den Assistenten fragen")
    box = button.bounding_box()
    assert (box["x"], box["y"]) == (20, 20)
    assert button.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(255, 204, 0)"
    button.click()
    dialog = page.get_by_role("dialog", name="Frag <img src=x")
    box = dialog.bounding_box()
    assert (box["width"], box["height"]) == (360, 500)
    expect(inside(page).locator("#welcome h2")).to_have_text("Hallo <img src=x onerror=document.title=1>")
    root = inside(page).locator(":root")
    expect(root).to_have_attribute("data-theme", "dark")
    assert root.evaluate("element => getComputedStyle(element).getPropertyValue('--accent-ink')") == "#000000"
    assert page.title() == "Intranet"
    assert page.watch.faults == []


def test_a_page_brings_its_own_questions_and_says_what_it_is_about_only_where_it_is_asked_to(opened):
    evil = "&lt;img src=x onerror=document.title=1&gt;"
    page = opened(
        f'data-questions="Should we lead the data programme from the top? | What of {evil}?" data-page="title"'
    )
    page.get_by_role("button", name="Ask the assistant").click()
    openings = inside(page).locator("#openings button")
    expect(openings).to_have_text(
        ["Should we lead the data programme from the top?", "What of <img src=x onerror=document.title=1>?"]
    )
    about = inside(page).locator("#page")
    expect(about).to_have_text("Knows that you are reading: Intranet")
    page.evaluate("document.title = 'Letting the teams lead'")
    expect(about).to_have_text("Knows that you are reading: Letting the teams lead")
    openings.first.click()
    expect(inside(page).locator("#transcript article.turn")).to_have_attribute("data-state", "done")
    page.watch.settled()
    assert page.history_of("Should we lead the data programme from the top?") == []
    ask(page, "What of its earlier drawbacks?")
    assert page.history_of("What of its earlier drawbacks?")[0] == "Letting the teams lead"
    page.goto("about:blank")

    silent = opened('data-open="true"')
    ask(silent, "What of its earlier drawbacks?")
    assert silent.history_of("What of its earlier drawbacks?") == []
    expect(inside(silent).locator("#page")).to_be_hidden()
    assert silent.watch.faults == []


@pytest.mark.parametrize(("language", "name"), [("fr", "Interroger l’assistant"), ("es", "Preguntar al asistente")])
def test_it_speaks_the_language_of_the_page_or_of_the_attribute(opened, language, name):
    page = opened(lang=language) if language == "fr" else opened(f'data-language="{language}"')
    expect(page.get_by_role("button", name=name)).to_be_visible()


def test_inline_it_stands_in_the_element_named(opened):
    page = opened('data-target="#here" data-height="400px"')
    expect(page.locator("#here strategy-assistant")).to_have_count(1)
    expect(ask(page, "Should we lead from the top?")).to_contain_text("in line with the strategy")
    assert page.locator("#here iframe").bounding_box()["height"] <= 400
    expect(page.get_by_role("button", name="Ask the assistant")).to_have_count(0)


def test_it_survives_a_page_that_replaces_its_body(opened):
    page = opened()
    page.evaluate("document.body.replaceWith(document.createElement('body'))")
    expect(page.get_by_role("button", name="Ask the assistant")).to_be_visible()
    expect(page.locator("strategy-assistant")).to_have_count(1)


def test_on_a_phone_it_fills_the_screen_and_axe_finds_nothing_serious(opened):
    page = opened(width=320, height=640, motion="reduce")
    script = axe_script()
    assert serious_faults(page, script) == []
    page.get_by_role("button", name="Ask the assistant").click()
    ask(page, "Should we lead from the top?")
    box = page.get_by_role("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 640)
    inner = next(frame for frame in page.frames if frame.url.startswith(page.address))
    assert inner.evaluate("document.documentElement.scrollWidth") <= 320
    assert serious_faults(page, script) == []
    assert serious_faults(inner, script) == []


def test_a_webmaster_builds_the_snippet_and_sees_it(opened, host):
    page = opened()
    page.goto(f"{page.address}widget")
    page.get_by_label("Title", exact=True).fill('A "title" </script>')
    expect(page.locator("#snippet")).to_contain_text('data-title="A &quot;title&quot; &lt;/script&gt;"')
    assert page.locator("#snippet").inner_text().startswith(f'<script src="{page.address}widget.js"')
    page.locator("#preview").evaluate("frame => frame.scrollIntoView({block: 'end'})")
    preview = page.frame_locator("#preview")
    preview.get_by_role("button", name="Ask the assistant").click()
    expect(preview.get_by_role("dialog", name='A "title" </script>')).to_be_visible()
    expect(preview.frame_locator("strategy-assistant iframe").locator("#question textarea")).to_be_visible()
    page.get_by_label("Opening questions").fill("Who leads?\n\nWho pays?")
    expect(page.locator("#snippet")).to_contain_text('data-questions="Who leads? | Who pays?"')
    page.get_by_label("Colour").fill("no colour")
    expect(page.locator("#colour-fault")).to_contain_text("That is no colour")
    assert page.get_by_label("Language").locator("option").all_inner_texts()[1:4] == ["English", "Deutsch", "Français"]
    expect(page.locator("#policy")).to_contain_text(f"frame-src {page.address.rstrip('/')}")
    page.get_by_label("Address of the site").fill(f"{host.origin}/news/today?page=2")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_have_text(f"{host.origin} may show the assistant.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_faults(page, axe_script()) == []


def test_a_webmaster_has_the_page_in_their_own_language(opened, host, tmp_path):
    texts = {
        "Corner": "الزاوية",
        "Ask the assistant": "اسأل المساعد",
        "{site} may show the assistant.": "مسموح: {site}",
    }
    page = opened(languages=arabic(tmp_path, texts))
    page.goto(f"{page.address}widget?language=de")
    expect(page.get_by_role("heading", name="Der Assistent auf Ihrer Seite")).to_be_visible()
    expect(page).to_have_title("Das Widget: Strategie-Assistent")
    page.get_by_label("Farbe").fill("keine")
    expect(page.locator("#colour-fault")).to_contain_text("Das ist keine Farbe")
    expect(page.frame_locator("#preview").get_by_role("button", name="Den Assistenten fragen")).to_be_visible()
    page.get_by_label("Adresse der Site").fill("intranet")
    page.get_by_role("button", name="Prüfen").click()
    expect(page.locator("#verdict")).to_contain_text("Das ist keine Site")
    page.goto(f"{page.address}widget?language=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    form, preview = (page.locator(name).bounding_box() for name in ("#choices", "#preview"))
    assert form["x"] > preview["x"], "what is read first stands on the right"
    expect(page.frame_locator("#preview").get_by_role("button", name="اسأل المساعد")).to_be_visible()
    page.get_by_label("Address of the site").fill(host.origin)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_have_text(f"مسموح: {host.origin}")
    assert page.evaluate("getComputedStyle(document.getElementById('snippet')).direction") == "ltr"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_faults(page, axe_script()) == []
    assert page.watch.faults == []


def test_what_the_service_says_to_a_frame_is_in_the_language_of_the_page(opened):
    page = opened('data-open="true"', lang="de", tokens=Tokens(SECRET))
    expect(inside(page).locator("#notice")).to_have_text("Melden Sie sich an, um den Assistenten zu benutzen.")


@pytest.mark.parametrize(
    ("lang", "opens", "placeholder", "copy", "close"),
    [
        ("de", "Den Assistenten fragen", "Zu den Leitlinien fragen", "Kopieren", "Schließen"),
        ("fr-CA", "Interroger l’assistant", "Interrogez vos directives", "Copier", "Fermer"),
        ("es", "Preguntar al asistente", "Pregunte a las directrices", "Copiar", "Cerrar"),
    ],
)
def test_button_frame_and_window_speak_the_pages_language(opened, lang, opens, placeholder, copy, close):
    page = opened(lang=lang)
    page.get_by_role("button", name=opens).click()
    frame = inside(page)
    expect(frame.locator("#question textarea")).to_have_attribute("placeholder", placeholder)
    expect(frame.locator("html")).to_have_attribute("lang", lang[:2])
    frame.locator("#question textarea").fill("Should we lead from the top?")
    page.keyboard.press("Enter")
    turn = frame.locator("#transcript article.turn").last
    expect(turn).to_have_attribute("data-state", "done")
    expect(turn.get_by_role("button", name=copy, exact=True)).to_be_visible()
    expect(turn).to_contain_text("in line with the strategy")
    expect(page.get_by_role("button", name=close, exact=True)).to_be_visible()
    assert page.watch.faults == []


@pytest.mark.parametrize(("width", "height"), [(1200, 800), (375, 812)], ids=["desktop", "phone"])
def test_a_language_of_ones_own_runs_from_right_to_left(opened, tmp_path, width, height):
    texts = {
        "Ask the assistant": "اسأل المساعد",
        "Copy": "انسخ",
        "What do you need to decide?": "ما الذي عليك أن تقرره؟",
    }
    page = opened('data-language="ar"', languages=arabic(tmp_path, texts), width=width, height=height)
    page.get_by_role("button", name="اسأل المساعد").click()
    frame = inside(page)
    expect(frame.locator("#welcome h2")).to_have_text("ما الذي عليك أن تقرره؟")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    turn = ask(page, "Compare the two")
    expect(turn.get_by_role("button", name="انسخ", exact=True)).to_be_visible()
    inner = page.frames[-1]
    assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What begins a line stands on the right: the question, the drawer's button and the widget's own heading.
    assert inner.evaluate("getComputedStyle(document.querySelector('.asked')).direction") == "rtl"
    menu, new = (frame.locator(name).bounding_box() for name in ("#menu", "#new"))
    assert menu["x"] > new["x"]
    frame.locator("#menu").click()
    drawer = frame.locator("#drawer")
    expect(drawer).to_be_visible()
    box = page.locator("strategy-assistant iframe").bounding_box()
    page.wait_for_function("true")
    expect(drawer).to_have_css("translate", "0px")
    edge = drawer.bounding_box()
    assert abs(edge["x"] + edge["width"] - box["x"] - box["width"]) < 20
    assert serious_faults(inner, axe_script()) == []
    assert page.watch.faults == []

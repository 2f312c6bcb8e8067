"""The widget in a real Chromium: what pages around it do to it, and what it says when it cannot answer."""

import threading

import httpx
import pytest
from chromium import axe_script, serious_faults
from host_page import ask, hosting, inside
from playwright.sync_api import expect
from waiting import until

from assistant.access.limits import Limits
from assistant.access.tokens import Tokens, mint

pytestmark = pytest.mark.browser
SECRET = "s" * 32
QUESTION = "Should we lead from the top?"
STYLES = "; style-src 'unsafe-inline'"
BUTTON = "strategy-assistant .button"
MEDDLING = """<style>
* { letter-spacing: 4px; text-transform: uppercase; line-height: 4 }
body { font: 30px/2 cursive; color: hotpink; text-align: center }
body > * { transform: scale(.5); position: relative; margin: 90px; opacity: .3; width: 40%; display: flex; filter: blur(2px) }
strategy-assistant { display: none; visibility: hidden !important; pointer-events: none }
button { background: red !important; border-radius: 0 !important; padding: 50px !important }
section, h2, header { background: lime !important; padding: 90px !important }
iframe { height: auto; max-width: 50%; border: 9px solid red !important }
</style>"""  # noqa: E501 - styles as pages have them


def shown(page):
    """How button and, once it is open, panel, heading and frame are drawn."""
    return page.evaluate("""() => [...document.querySelector("strategy-assistant").shadowRoot.querySelectorAll(
        ".button, .panel, header, h2, header button, iframe")].map((element) => {
            const style = getComputedStyle(element), box = element.getBoundingClientRect();
            return [element.className || element.localName, box.x, box.y, box.width, box.height, style.backgroundColor,
                style.color, style.font, style.letterSpacing, style.textTransform, style.padding, style.border,
                style.visibility, style.pointerEvents];
        })""")


@pytest.mark.parametrize("attributes", ["", 'data-target="#here"'], ids=["button", "inline"])
def test_the_styles_of_the_page_do_not_touch_it_nor_its_own_the_page(opened, attributes):
    def look(head):
        page = opened(attributes, head=head, policy=STYLES)
        drawn = shown(page)
        if not attributes:
            page.locator(BUTTON).click()
            expect(inside(page).locator("#question textarea")).to_be_visible()
            drawn += shown(page)
            transformed = page.evaluate("getComputedStyle(document.querySelector('strategy-assistant')).opacity")
            drawn.append(transformed)
        host = page.evaluate("getComputedStyle(document.querySelector('h1')).font")
        page.close()
        return drawn, host

    plain, heading = look("")
    meddled, _ = look(MEDDLING)
    if attributes:  # The element that it stands in is the page's, and so are its place and width.
        plain, meddled = ([line[:1] + line[5:] for line in drawn] for drawn in (plain, meddled))
    assert meddled == plain
    assert heading.startswith("700 32px")


def test_colours_and_font_come_from_the_style_sheet_of_the_page(opened):
    sheet = "<style>:root { --strategy-assistant-accent: #0b5; --strategy-assistant-accent-ink: #010203; "
    page = opened(
        'data-open="true"', head=f"{sheet}--strategy-assistant-font: Georgia, serif }}</style>", policy=STYLES
    )
    heading = page.get_by_role("heading", name="Strategy Assistant")
    expect(heading).to_have_css("font-family", "Georgia, serif")
    expect(heading).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.locator("strategy-assistant header")).to_have_css("background-color", "rgb(0, 187, 85)")
    expect(inside(page).locator("#welcome h2")).to_have_css("font-family", "Georgia, serif")
    expect(inside(page).get_by_role("button", name="Ask", exact=True)).to_have_css(
        "background-color", "rgb(0, 187, 85)"
    )
    assert page.watch.faults == []


@pytest.mark.parametrize("colour", ["#ffcc00", "#101040", "#777"])
def test_whatever_the_colour_everything_can_be_read(opened, colour):
    page = opened(f'data-accent="{colour}"')
    script = axe_script()

    def readable(*views):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for view in views:
                assert view.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
                assert serious_faults(view, script) == []

    readable(page)
    page.locator(BUTTON).click()
    ask(page, QUESTION)
    inner = next(frame for frame in page.frames if frame.url.startswith(page.address))
    readable(page, inner)
    inner.locator("button.cite").first.click()
    expect(inner.locator("#source mark").first).to_be_visible()
    readable(inner)


def test_light_and_dark_follow_the_reader_or_the_attribute(opened):
    page = opened('data-theme="light" data-open="true"', scheme="dark")
    expect(inside(page).locator("body")).to_have_css("background-color", "rgb(247, 246, 243)")
    expect(page.locator("strategy-assistant .panel")).to_have_css("background-color", "rgb(255, 255, 255)")
    page = opened('data-open="true"', scheme="dark")
    expect(inside(page).locator("body")).to_have_css("background-color", "rgb(20, 24, 27)")
    expect(page.locator("strategy-assistant .panel")).to_have_css("background-color", "rgb(28, 33, 37)")
    page.emulate_media(color_scheme="light")
    expect(inside(page).locator("body")).to_have_css("background-color", "rgb(247, 246, 243)")
    expect(page.locator("strategy-assistant .panel")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_each_corner_and_values_that_are_none(opened):
    corners = ("bottom-right", "bottom-left", "top-right", "top-left")
    another = '></script><script src="ADDRESSwidget.js" '.join(f'data-position="{corner}"' for corner in corners)
    page = opened(another)
    buttons = page.locator(BUTTON)
    expect(buttons).to_have_count(4)
    for corner, box in zip(corners, [button.bounding_box() for button in buttons.all()], strict=True):
        assert (box["y"] == 20) == corner.startswith("top")
        assert (box["y"] + box["height"] == 780) == corner.startswith("bottom")
        assert (box["x"] == 20) == corner.endswith("left")
        assert (box["x"] + box["width"] == 1180) == corner.endswith("right")
    page = opened('data-position="middle" data-width="wide" data-height="9px" data-theme="x" data-language="tlh" '
                  'data-accent="}{" data-open="yes"')  # fmt: skip
    box = page.get_by_role("button", name="Ask the assistant").bounding_box()
    assert box["x"] + box["width"] == 1180
    page.locator(BUTTON).click()
    box = page.get_by_role("dialog").bounding_box()
    assert (box["width"], box["height"]) == (420, 640)
    assert page.watch.faults == []


def test_a_text_says_what_the_page_is_about(opened):
    page = opened('data-page="  Letting the teams lead " data-open="true"')
    expect(inside(page).locator("#page")).to_have_text("Knows that you are reading: Letting the teams lead")
    ask(page, "What of its earlier drawbacks?")
    assert page.history_of("What of its earlier drawbacks?")[0] == "Letting the teams lead"


AGAIN = """([address, attributes]) => {
    const body = document.createElement("body");
    const script = document.createElement("script");
    script.src = `${address}widget.js`;
    Object.assign(script.dataset, attributes);
    body.append(script);
    document.body.replaceWith(body);
    return new Promise((resolve) => { script.onload = resolve; });
}"""


def test_an_application_that_runs_the_line_again_has_one_widget_and_a_changed_line_takes_its_place(opened, host):
    page = opened(f'data-token="{mint(SECRET, "ann", -600)}"', tokens=Tokens(SECRET))
    page.watch.expected = ("401",)
    host.policy = host.policy.split("; require-trusted-types")[0]  # The page's own script makes a script element.
    page.goto(host.origin)
    page.locator(BUTTON).click()
    expect(inside(page).locator("#question textarea")).to_be_focused()
    page.evaluate(AGAIN, [page.address, {"token": mint(SECRET, "ann")}])
    expect(page.locator("strategy-assistant")).to_have_count(1)
    expect(page.get_by_role("dialog", name="Strategy Assistant")).to_be_visible()
    expect(ask(page, QUESTION)).to_contain_text("in line with the strategy")
    page.evaluate(AGAIN, [page.address, {"title": "Another page", "token": mint(SECRET, "ann")}])
    expect(page.locator("strategy-assistant")).to_have_count(1)
    page.locator(BUTTON).click()
    expect(page.get_by_role("dialog", name="Another page")).to_be_visible()
    expect(inside(page).locator("#question textarea")).to_be_focused()
    assert page.watch.faults == []


def test_inline_it_comes_back_when_its_element_does(opened):
    page = opened('data-target="#here"')
    expect(inside(page).locator("#question textarea")).to_be_visible()
    page.evaluate("document.getElementById('here').remove()")
    expect(page.locator("strategy-assistant")).to_have_count(0)
    page.evaluate("document.querySelector('main').append(Object.assign(document.createElement('div'), {id: 'here'}))")
    expect(inside(page).locator("#question textarea")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("document.activeElement === document.body"), "a frame that loads takes no focus"


def test_offline_is_told_and_over_when_the_connection_is_back(opened):
    page = opened()
    page.context.set_offline(True)
    page.locator(BUTTON).click()
    expect(page.get_by_text("You are offline. The assistant needs a connection.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.context.set_offline(False)
    expect(inside(page).locator("#question textarea")).to_be_visible()
    expect(page.get_by_text("You are offline.")).to_be_hidden()
    assert page.watch.faults == []


def test_over_the_limit_is_told_and_each_browser_has_its_own(opened):
    """Where nobody signs in, questions are counted by the number that a browser gives itself."""
    page = opened('data-open="true"', limits=Limits(per_minute=1))
    ask(page, QUESTION)
    frame = inside(page)
    frame.locator("#question textarea").fill("And from the teams?")
    frame.get_by_role("button", name="Ask", exact=True).click()
    said = frame.locator("#transcript article.turn").last.locator("[role=status]")
    expect(said).to_have_text("You have reached the limit of 1 questions in a minute; ask again in a moment.")
    expect(frame.locator("#question textarea")).to_have_value("And from the teams?")
    other = page.somebody_else()
    expect(ask(other, QUESTION)).to_contain_text("in line with the strategy")
    assert page.watch.faults == []


def waiting(page, number):
    """Until so many questions wait in the line."""
    line = f"\nstrategy_assistant_queue_length {number}.0\n"
    until(lambda: line in httpx.get(f"{page.address}metrics", timeout=60).text)


def test_busy_is_told_by_the_place_in_the_line_and_when_that_is_full(opened):
    page = opened('data-open="true"', line=2)
    go, answer = threading.Event(), page.assistant.answer

    def held(*given):
        assert go.wait(300)
        yield from answer(*given)

    page.assistant.answer = held

    def by_api():
        httpx.post(f"{page.address}api/ask", json={"question": QUESTION}, timeout=300)

    programs = [threading.Thread(target=by_api) for _ in range(2)]
    for program in programs:
        program.start()
    waiting(page, 1)
    frame = inside(page)
    frame.locator("#question textarea").fill(QUESTION)
    frame.get_by_role("button", name="Ask", exact=True).click()
    said = frame.locator("#transcript article.turn [role=status]")
    expect(said).to_have_text("2 questions are before yours. Yours is number 3 in the line.")
    expect(frame.locator("#transcript article.turn")).to_contain_text("passages found")
    other = page.somebody_else()
    inside(other).locator("#question textarea").fill(QUESTION)
    inside(other).get_by_role("button", name="Ask", exact=True).click()
    said = inside(other).locator("#transcript article.turn [role=status]")
    expect(said).to_contain_text("The assistant is busy: 2 questions are waiting.")
    go.set()
    for program in programs:
        program.join()
    expect(frame.locator("#transcript article.turn")).to_have_attribute("data-state", "done")
    assert page.watch.faults == []


CALLS = """async (address) => {
    const told = [];
    for (const [path, body] of [["api/ask", { question: "Who leads?" }], ["v1/models"], ["window/state"]]) {
        const init = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
        const read = async (answer) => answer.ok ? answer.status : (await answer.text()).match(/"(?:detail|message)":"(.+?)"/)?.[1];
        told.push(await fetch(address + path, init).then(read, () => "nothing"));
    }
    return told;
}"""  # noqa: E501 - a script


@pytest.mark.parametrize("allowed", [True, False])
def test_a_page_calls_the_api_only_where_it_is_listed(opened, allowed):
    page = opened(allowed=allowed, policy="; connect-src *")
    page.watch.expected = ("403",)
    refused = "This site is not among those allowed to call the assistant."
    alone = "Pages of other sites may call only the addresses under /v1/ and /api/."
    assert page.evaluate(CALLS, page.address) == ([200, 200, alone] if allowed else [refused] * 3)
    assert page.watch.faults == []


PLAIN = '></script><iframe id="plain" src="ADDRESS{query}" width="500" height="500"></iframe><script data-title="x"'


@pytest.mark.parametrize("query", ["?embed=1", ""])
@pytest.mark.parametrize("allowed", [True, False])
def test_a_plain_frame_says_why_where_the_site_is_not_listed(opened, host, allowed, query):
    host.referrer = "strict-origin-when-cross-origin"  # As browsers have it where a page says nothing.
    page = opened(PLAIN.format(query=query), allowed=allowed)
    frame = page.frame_locator("#plain")
    if allowed:
        expect(frame.locator("#question textarea")).to_be_visible()
        assert page.watch.faults == []
        return
    expect(frame.locator("body")).to_contain_text("This site is not among those allowed to show the assistant.")
    inner = next(inner for inner in page.frames if inner.url.startswith(page.address))
    assert inner.evaluate("document.querySelectorAll('body *').length") == 2, "the line and the script that tells it"
    assert len([url for url in page.requested if url.startswith(page.address)]) == 2, (
        "the widget's script and the frame"
    )
    assert all("403" in fault for fault in page.watch.faults)


def test_a_frame_that_comes_back_from_a_page_on_the_way_is_shown_on_a_listed_site(opened, host):
    """As where a page of another site signs people in, and what is asked for then seems to come from there."""
    page = opened()
    with hosting() as provider:
        provider.referrer = "strict-origin-when-cross-origin"
        provider.html = f"<script>location = {page.address + '?embed=1'!r}</script>"
        host.html = f'<iframe id="plain" src="{provider.origin}" width="500" height="500"></iframe>'
        host.policy = ""
        page.watch.expected = ("403", "foreign")
        page.goto(host.origin)
        expect(page.frame_locator("#plain").locator("#question textarea")).to_be_visible()
        frames = [url for url in page.requested if url == f"{page.address}?embed=1"]
        assert len(frames) == 2, "it was taken for a frame of the provider's page at first"


@pytest.mark.parametrize(
    ("site", "line"),
    [
        (
            "https://elsewhere.example/news",
            "https://elsewhere.example is not listed: add it to allowed_sites and start",
        ),
        ("https://localhost", "https://localhost is not listed, only http://localhost:"),
        ("intranet", "That is no site: give the scheme and the host"),
    ],
)
def test_a_webmaster_is_told_why_a_site_is_refused(opened, site, line):
    page = opened()
    page.goto(f"{page.address}widget")
    page.get_by_label("Address of the site").fill(site)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_contain_text(line)
    expect(page.locator("#verdict")).to_have_class("refused")

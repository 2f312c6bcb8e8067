"""A citation of a PDF in a real Chromium: the page as printed, the cited words marked, also by keyboard."""

from dataclasses import replace

import pdf_pages
import pytest
from chromium import Watch, axe_script, new_context, serious_faults, served
from playwright.sync_api import expect
from scripted_window import ScriptedAssistant, answer_to, cite, sentence

from assistant.records import Done, Draft, Written
from assistant.store import Store
from assistant.web import paging
from assistant.web.loading import Loading

pytestmark = pytest.mark.browser
TURN = "#transcript .turn:last-child"
QUOTE = "A tool that is not listed must not be used for the data of customers."
MARKS = """() => { const page = document.querySelector("#page-sheet img").getBoundingClientRect();
    return [...document.querySelectorAll(".page-mark")].map((mark) => mark.getBoundingClientRect())
        .map((box) => [(box.x - page.x) / page.width, (box.y - page.y) / page.height,
                       box.width / page.width, box.height / page.height]); }"""


class Citing(ScriptedAssistant):
    """Cites a document with pages, and then one without."""

    def __init__(self, document):
        super().__init__(pause=0, more=[document])
        self.tools = document

    def answer(self, question, history=(), cancelled=lambda: False):
        said = (
            sentence("Tools that are not listed stay away from customers' data.", QUOTE, document=self.tools),
            sentence("A second person can stop it.", pdf_pages.SECOND, document=self.tools),
            sentence("Oversight is simple.", "makes oversight simple"),
        )
        for event in super().answer(question, history, cancelled):
            if isinstance(event, Done):
                yield Done(replace(answer_to(question), sentences=said))
            elif not isinstance(event, Draft | Written):
                yield event


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    document = pdf_pages.document(folder)
    assert cite(QUOTE, document).page == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging.Pages.__init__, "__defaults__", (120.0, paging.MEMORY))
        store = Store(f"sqlite:///{folder / 'x.sqlite'}")
        with served(Loading(lambda _: Citing(document)), store) as address:
            yield address, folder / "tools.pdf"


@pytest.fixture
def visit(browser, site):
    opened = []

    def visit(path="", expected=(), **options):
        context = new_context(browser, **{"viewport": {"width": 1280, "height": 800}, **options})
        page = context.new_page()
        watch = Watch(page, site[0])
        watch.expected = expected
        opened.append((context, watch))
        page.goto(site[0] + path)
        page.wait_for_selector("body[data-ready]")
        page.fill("#question textarea", "Which tools may be used?")
        page.keyboard.press("Enter")
        expect(page.locator(TURN)).to_have_attribute("data-state", "done")
        return page

    yield visit
    for context, watch in opened:
        context.close()
        assert watch.faults == []


def as_printed(page):
    page.get_by_role("button", name="Page as printed").click()
    expect(page.locator("#page-sheet img")).to_be_visible(timeout=120_000)
    page.wait_for_function("document.querySelector('#page-sheet img').complete")


@pytest.mark.parametrize(("path", "width"), [("", 1280), ("", 320), ("?embed=1", 360)])
def test_a_citation_opens_the_page_with_a_mark_over_its_words(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 800})
    page.locator(f"{TURN} .cite").first.click()
    expect(page.locator("#source-text mark")).to_contain_text("A tool that is not listed")
    as_printed(page)
    expect(page.locator("#source-text")).to_be_hidden()
    expect(page.locator("#page-number")).to_have_text("Page 1 of 3")
    ((down, line),) = [one for one in pdf_pages.LINES if "A tool" in one[1]]
    (mark,) = page.evaluate(MARKS)
    assert pdf_pages.covers(tuple(mark), pdf_pages.box(line, QUOTE.removesuffix("."), down))
    expect(page.locator(".page-mark")).to_be_in_viewport()
    expect(page.get_by_role("img", name="Page 1 of 3")).to_be_visible()
    expect(page.locator("#page-sheet figcaption")).to_have_text(f"Marked on the page: {QUOTE}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Larger").click()
    expect(page.locator(".page-mark")).to_be_in_viewport()
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("#source-text mark")).to_be_in_viewport()
    assert page.locator("#source img").count() == 0


def test_pages_are_turned_and_sources_stepped_through_by_keyboard(visit):
    page = visit()
    page.locator(f"{TURN} .cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source-text mark")).to_be_focused()
    page.get_by_role("button", name="Page as printed").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#page-number")).to_have_text("Page 1 of 3")
    expect(page.get_by_role("button", name="Page as printed")).to_be_focused()
    page.keyboard.press("Tab")
    following = page.get_by_role("button", name="Next page")
    expect(following).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page-number")).to_have_text("Page 2 of 3")
    expect(following).to_be_focused()
    assert page.locator(".page-mark").count() == 0
    page.keyboard.press("Enter")
    expect(page.locator("#page-number")).to_have_text("Page 3 of 3")
    expect(page.get_by_role("button", name="Previous page")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#page-number")).to_have_text("Page 2 of 3")
    (mark,) = page.evaluate(MARKS)
    assert pdf_pages.covers(tuple(mark), pdf_pages.box(pdf_pages.SECOND, pdf_pages.SECOND.removesuffix("."), 100))
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#source-text mark")).to_have_text("makes oversight simple")
    expect(page.locator("#source-views")).to_be_hidden()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#page-number")).to_have_text("Page 2 of 3")
    page.keyboard.press("Escape")
    expect(page.locator(f"{TURN} .cite").first).to_be_focused()


def test_where_the_file_has_changed_the_text_says_so_and_still_shows(visit, site):
    page = visit(expected=("409",))
    raw = site[1].read_bytes()
    try:
        site[1].write_bytes(raw + b"\n")
        page.locator(f"{TURN} .cite").nth(1).click()
        page.get_by_role("button", name="Page as printed").click()
        expect(page.locator("#source-note")).to_have_text(paging.CHANGED)
        expect(page.locator("#source-text mark")).to_have_text(pdf_pages.SECOND)
        expect(page.get_by_role("button", name="Text", exact=True)).to_have_attribute("aria-pressed", "true")
    finally:
        site[1].write_bytes(raw)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_serious_on_a_page(visit, scheme, width):
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page.locator(f"{TURN} .cite").first.click()
    as_printed(page)
    assert serious_faults(page, axe_script()) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll("#source button")]
            .filter((button) => button.offsetParent && button.getBoundingClientRect().height < 44)
            .map((button) => button.id)"""
    )
    assert small == []

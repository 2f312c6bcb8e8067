"""The owner's pages in a real Chromium: uploading, removing, reading how a document was split; also without a mouse."""

import pytest
from chromium import Watch, axe_script, new_context, serious_faults, served
from owned_window import owned
from playwright.sync_api import expect
from scripted_window import EVIL, answer_to

from assistant.store import Reader, Store

pytestmark = pytest.mark.browser
TRAVEL = b"# Travel\n\n## Trains\n\nTake the train below 700 kilometres.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("owned")
    curation = owned(folder)
    (curation.folder / "evil.md").write_text(f"# {EVIL}\n\n## {EVIL}\n\n{EVIL} and words.\n")
    store = Store(f"sqlite:///{folder / 'conversations.sqlite'}")
    reader = Reader("a" * 32)
    for turn, question in (("t1", "What is the weather?"), ("t2", "what is the weather"), ("t3", f"weather {EVIL}")):
        store.begin(reader, "c1", turn, question)
        store.finish(turn, "done", answer_to(question))
    store.rate(reader, "t3", "dislike", f"Useless {EVIL}")
    with served(curation.loading, store, curation=curation) as address:
        assert curation.loading.wait(300)
        yield address, curation


@pytest.fixture(params=[(1200, 800), (375, 812)], ids=["desktop", "phone"])
def page(browser, site, request):
    context = new_context(browser, viewport=dict(zip(("width", "height"), request.param, strict=True)))
    page = context.new_page()
    page.watch = Watch(page, site[0])
    yield page
    assert page.watch.faults == []
    assert page.locator("body[data-hacked]").count() == 0
    context.close()


def files(page, *given):
    payload = [{"name": name, "mimeType": "text/markdown", "buffer": content} for name, content in given]
    page.locator("#files").set_input_files(payload)
    page.get_by_role("button", name="Upload").click()


def test_a_document_is_handed_in_read_looked_at_and_removed(page, site):
    page.goto(f"{site[0]}owner/")
    files(page, ("Travel.md", TRAVEL))
    expect(page.get_by_role("link", name="Travel")).to_be_visible()
    expect(page.locator("#line")).to_contain_text("Done: answers come from")
    page.get_by_role("link", name="Travel").click()
    expect(page.get_by_role("heading", name="Trains")).to_be_visible()
    expect(page.locator(".passage")).to_contain_text("Take the train below 700 kilometres.")
    page.get_by_role("link", name="All documents").click()
    page.get_by_label("Remove Travel", exact=True).click()
    page.get_by_role("button", name="Yes, remove Travel").click()
    expect(page.get_by_role("link", name="Travel")).to_have_count(0)
    expect(page.locator("#line")).to_contain_text("Done: answers come from")


def test_what_cannot_be_taken_is_told(page, site):
    page.watch.expected = ("409",)
    page.goto(f"{site[0]}owner/")
    page.locator("#files").evaluate("field => field.removeAttribute('accept')")
    files(page, ("run.exe", b"MZ"))
    expect(page.get_by_role("alert")).to_contain_text("of no known format")


def test_what_is_said_of_the_documents_is_handed_in_shown_and_refused_where_it_is_wrong(page, site):
    page.watch.expected = ("409",)
    page.goto(f"{site[0]}owner/")
    files(page, ("sources.toml", b'["pilots.md"]\norigin = "Board ' + b"long " * 200 + b'"\n'))
    expect(page.locator("#line")).to_contain_text("Done: answers come from")
    page.get_by_text("What sources.toml says").click()
    expect(page.locator("#sources pre")).to_contain_text("Board long")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    files(page, ("sources.toml", b"nonsense"))
    expect(page.get_by_role("alert")).to_contain_text("Not kept: sources.toml cannot be read as TOML")
    page.get_by_text("What sources.toml says").click()
    expect(page.locator("#sources pre")).to_contain_text("Board long")


def test_it_works_by_keyboard_alone(page, site):
    page.goto(f"{site[0]}owner/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
        if reached[-1] == "Remove":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("details[open] button")).to_be_focused()
    assert "Read the documents again" in reached
    assert "Upload" in reached


def test_it_needs_no_script(browser, site):
    context = new_context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site[0]}owner/")
    page.get_by_role("button", name="Read the documents again").click()
    expect(page.get_by_role("status").first).to_contain_text("The documents are being read.")
    page.get_by_role("link", name="Questions").click()
    expect(page.get_by_text("asked 2 times").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "path", ["owner/", "owner/document?name=evil.md", "owner/questions", "owner/use", "owner/conflicts"]
)
def test_nobody_is_shut_out_and_nothing_runs_over(page, site, path, tmp_path):
    page.goto(f"{site[0]}{path}")
    expect(page.get_by_role("main")).to_be_visible()
    # While documents are read or compared the page loads itself anew, under the tools of this test too.
    expect(page.locator("#work[data-running], #again")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.watch.expected = ("Content Security Policy",)  # axe itself is put into the page.
    page.context.add_init_script("")
    assert serious_faults(page, axe_script()) == []


def test_the_window_shows_owners_the_way_and_frames_never(page, site):
    page.goto(site[0])
    link = page.get_by_role("link", name="Documents and what readers asked")
    if page.viewport_size["width"] < 1241:
        page.get_by_role("button", name="Conversations").click()
    link.click()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()
    page.goto(f"{site[0]}?embed=1")
    expect(page.locator("body[data-ready]")).to_have_count(1)
    expect(page.locator("#openings button").first).to_be_visible()
    expect(page.locator("#owner")).to_be_hidden()

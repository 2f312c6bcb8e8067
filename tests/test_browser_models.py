"""The chat window in a real browser with the real guidance, index and language model."""

import pytest
from chromium import Watch, chromium, served
from playwright.sync_api import expect

from assistant.builder import build
from assistant.settings import Settings
from assistant.store import Store
from assistant.web.loading import Loading

pytestmark = [pytest.mark.browser, pytest.mark.models]
TURN = "#transcript .turn:last-child"


def test_a_leader_asks_and_reads_the_words_that_prove_the_answer(home):
    settings = Settings(home=home)
    loading = Loading(lambda report: build(settings, progress=report))
    with served(loading, Store(settings.database_url)) as address, chromium(whole=True) as browser:
        page = browser.new_page()
        watch = Watch(page, address)
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        page.fill("#question textarea", "What are the drawbacks of letting the teams lead?")
        page.keyboard.press("Enter")
        expect(page.locator(TURN)).to_have_attribute("data-status", "answered", timeout=300_000)
        page.locator(f"{TURN} .cite").first.click()
        page.wait_for_selector("#cited")
        words = " ".join(page.locator("#source mark").all_inner_texts())
        document = next(iter(page.locator(f"{TURN} .source").evaluate_all("all => all.map(one => one.dataset)")))
        assistant = loading.assistant
        assert assistant is not None
        text = assistant.document(document["document"]).text[int(document["start"]) : int(document["end"])]
        assert " ".join(words.split()) == " ".join(text.split())
        assert "Drawbacks of the bottom-up approach" in page.inner_text("#source-where")
        assert watch.faults == []

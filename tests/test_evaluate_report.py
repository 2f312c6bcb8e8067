"""The report in a real browser: nothing loads, nothing planted runs, filters work, axe finds no serious fault."""

import json
from pathlib import Path
from typing import Any

import pytest
from chromium import new_context

from assistant.evaluate.arguments import add_arguments
from assistant.evaluate.cases import load_cases
from assistant.evaluate.run import ask_and_measure, shipped_cases
from assistant.evaluate.sections import stretches
from assistant.records import (
    Advice,
    Answer,
    Cell,
    Citation,
    Comparison,
    Factor,
    History,
    Refusal,
    RetrievedPassage,
    Row,
    Sentence,
    Timings,
)
from corpus import load_all, shipped_guidance

pytestmark = pytest.mark.browser
PLANTED = "<img src=x onerror='window.planted=1'><script>window.planted=1</script>"


class Quoting:
    """Answers the shipped cases from their own evidence, now and then badly, with hostile text in every field."""

    def __init__(self, skip: str = "") -> None:
        self.cases = {case.question: (n, case) for n, case in enumerate(load_cases(shipped_cases()))}
        self.documents = load_all([shipped_guidance()]).documents
        self.skip = skip

    def ask(self, question: str, history: History = ()) -> Answer:
        number, case = self.cases[question]
        timings = Timings(retrieve=30 + number % 7, first_text=900 + 13 * number, total=2000 + 37 * number % 5000)
        sure = 0.95 - (number * 37 % 50) / 100 if case.answerable else (number * 53 % 60) / 100
        if (not case.answerable and number % 6) or (case.answerable and number % 11 == 0):
            refusal = Refusal(f"The guidance does not say. {PLANTED}")
            return Answer(question, question, "refused", refusal=refusal, timings_ms=timings, answerable=sure)
        quotes = [group[0] for group in case.evidence[: 1 + number % 3]] or ["No single approach to AI strategy"]
        citations = [self.cite(quote) for quote in quotes if self.skip not in quote or not self.skip]
        support = ("supported", "supported", "partial", "unsupported")[number % 4]
        sentences = tuple(
            Sentence(f"In short: {citation.quote} {PLANTED}", support, 0.9 - number % 5 / 10, (citation,))  # type: ignore[arg-type]
            for citation in citations
        )
        passages = tuple(
            RetrievedPassage(c.passage, c.document, c.title, c.section, 3, f"Before. {c.quote} After. {PLANTED}", 0.5)
            for c in citations
        )
        row = Row("speed", tuple(Cell("top-down", f"fast {PLANTED}", (c,)) for c in citations[:1]))
        return Answer(
            question,
            question + PLANTED,
            "answered",
            sentences,
            Comparison(("top-down",), (row,)) if case.kind == "comparison" else None,
            Advice((Factor("culture", PLANTED, "bottom-up"),), "hybrid") if case.kind == "advice" else None,
            passages=passages,
            timings_ms=timings,
            answerable=sure,
        )

    def cite(self, quote: str) -> Citation:
        for document in self.documents:
            at = document.text.find(quote)
            if at >= 0:
                section = next(s for s in document.sections if s.start <= at < s.end)
                name = " > ".join(section.path)
                return Citation("p" + str(at), document.name, document.title, name, None, quote, at, at + len(quote))
        raise AssertionError(quote)


def make(folder: Path, asked: Quoting, *more: str) -> Path:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args(["--out", str(folder), *more])
    cases = load_cases(shipped_cases())
    about = {"model": f"scripted {PLANTED}", "index": "test", "settings": {"skip": asked.skip}}
    ask_and_measure(arguments, cases, shipped_cases(), asked, about, [], stretches(asked.documents))
    return folder / "report.html"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    make(folder / "one", Quoting("executives"))
    return make(folder / "two", Quoting(), "--baseline", str(folder / "one"), "--require", "evidence_cited>=0.99")


def opened(browser: Any, report: Path, **choices: Any) -> tuple[Any, list[str]]:
    page = new_context(browser, **choices).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
    page.goto(report.as_uri())
    return page, said


def test_nothing_is_loaded_and_nothing_planted_runs(browser: Any, report: Path) -> None:
    page, said = opened(browser, report)
    page.get_by_role("button", name="Open all shown").click()
    assert page.locator("mark").count() > 100
    assert page.evaluate("window.planted") is None
    assert page.locator("main img, main script").count() == 0
    assert said == []


def test_filters_and_search(browser: Any, report: Path) -> None:
    page, _ = opened(browser, report)
    count = page.locator("#count")
    assert count.inner_text() == "191 of 191 shown"
    first = page.locator(".case").first
    assert first.get_attribute("data-grade") == "bad"
    page.select_option("#kind", "advice")
    assert count.inner_text() == "18 of 191 shown"
    page.fill("#search", "hospital")
    assert count.inner_text() == "1 of 191 shown"
    assert page.locator(".case:visible").count() == 1
    page.select_option("#kind", "")
    page.fill("#search", "")
    page.select_option("#moved", "better")
    shown = page.locator(".case:visible")
    assert shown.count() > 3
    shown.first.locator("summary").click()
    assert shown.first.locator("ins").count() >= 1


def test_links_show_the_cases_they_speak_of(browser: Any, report: Path) -> None:
    page, _ = opened(browser, report)
    wrong = page.locator("nav a[data-grade=bad]")
    wrong.click()
    shown = page.locator(".case:visible")
    assert wrong.inner_text() == f"{shown.count()} wrong"
    assert set(shown.evaluate_all("cases => cases.map((one) => one.dataset.grade)")) == {"bad"}
    section = page.locator("#map a").first
    asked = section.locator("xpath=ancestor::tr/td").first.inner_text()
    section.click()
    assert shown.count() == int(asked)
    assert page.locator("#section").input_value() == section.get_attribute("data-section")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_serious_fault_and_nothing_wider_than_the_window(browser: Any, report: Path, width: int) -> None:
    import axe_playwright_python

    page, _ = opened(browser, report, viewport={"width": width, "height": 900})
    for number in range(12):
        page.locator(".case summary").nth(number * 15).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # One closed case is like another: the checker takes seconds for each twenty of them.
    less = "cases => cases.filter((one, place) => !one.open && place % 5).forEach((one) => one.remove())"
    page.locator(".case").evaluate_all(less)
    assert page.locator(".case[open]").count() == 12
    # The page's policy lets no other script in, so the checker runs beside it, in the browser's own hands.
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, json.dumps(
            [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in serious], indent=1
        )


def test_printing_shows_what_failed_in_full(browser: Any, report: Path) -> None:
    page, _ = opened(browser, report)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    failed = page.locator(".case:not([data-grade=good])")
    assert failed.count() == page.locator(".case[open]").count() > 0
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()


def test_keyboard_alone_opens_a_case(browser: Any, report: Path) -> None:
    page, _ = opened(browser, report)
    page.locator(".case summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".case").first.get_attribute("open") is not None

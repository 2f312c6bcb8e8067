"""A turn of the conversation as HTML: question, passages, answer, citations.

Every function returns HTML on a single line in which all foreign text is escaped. Parts carry ``data-key``, by which
the page replaces only what has changed while an answer is being written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.records import Citation, Place, Refusal, RetrievedPassage, Sentence
from assistant.refusing import NOT_COVERED
from assistant.web.show import attributes, last_word, place, show
from assistant.web.speaking import ENGLISH, Language, said, speaking
from assistant.web.tables import advice_html, advice_text, comparison_html, comparison_text
from assistant.web.turn import Progress

FIRST_WORDS = 130
YOU_ASKED = "You asked: "
ADVISE = "Advise me, by a short form"
MEMO_OF = ("answered", "partial", "refused")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s")


class Numbers:
    """Numbers citations in the order in which a reader meets them; the same words keep their number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def number(self, citation: Citation) -> int:
        key = (citation.document, citation.start, citation.end)
        if key not in self._numbers:
            self.citations.append(citation)
            self._numbers[key] = len(self.citations)
        return self._numbers[key]

    def html(self, citations: Iterable[Citation]) -> str:
        """The numbers of ``citations`` as buttons that open the source panel."""
        return "".join(self._button(citation) for citation in citations)

    def _button(self, citation: Citation) -> str:
        number = self.number(citation)
        where = place(citation.title, citation.section, citation.page)
        words = f"“{' '.join(citation.quote.split())}”\n{where}"
        data = attributes(data_cite=number, aria_label=f"{said(f'Source {number}')}: {where}", title=words)
        return f'<button type="button" class="cite"{data}>{number}</button>'


def turn_html(progress: Progress, language: Language = ENGLISH) -> str:
    """The whole turn, with what the program says in ``language``."""
    with speaking(language):
        return _turn_html(progress)


def _turn_html(progress: Progress) -> str:
    numbers = Numbers()
    answer = progress.answer
    sentences = "".join(_answer_parts(progress, numbers))
    parts = [
        _question_html(progress.question),
        _found_html(progress),
        f'<div class="answer" data-key="answer" data-group aria-live="polite">{sentences}</div>',
    ]
    if progress.stage:
        parts.append(f'<p class="stage" data-key="stage" role="status">{show(said(progress.stage))}</p>')
    if answer is not None:
        if answer.comparison is not None:
            parts.append(comparison_html(answer.comparison, numbers.html))
        if answer.advice is not None:
            parts.append(advice_html(answer.advice, numbers.html))
        if answer.refusal is not None:
            parts.append(_refusal_html(answer.refusal, whole=answer.status == "refused"))
        if answer.notice:
            parts.append(f'<p class="note" data-key="notice">{show(said(answer.notice))}</p>')
    if progress.state == "stopped":
        kept = (
            said("Stopped. What had been written is kept.")
            if progress.sentences
            else said("Stopped before anything was written.")
        )
        parts.append(f'<p class="note" data-key="stopped" role="status">{show(kept)}</p>')
    if progress.note:
        wrong = "note wrong" if progress.state == "failed" else "note"
        parts.append(f'<p class="{wrong}" data-key="note" role="status">{show(said(progress.note))}</p>')
    parts.append(_sources_html(numbers.citations))
    if answer is not None:
        parts.append(_follow_ups_html(answer.follow_ups, form=answer.status == "clarify"))
    if progress.state != "asking" and progress.question:
        parts.append(_actions_html(progress, copied_text(progress)))
    head = attributes(
        data_turn=progress.id,
        data_conversation=progress.conversation,
        data_state=progress.state,
        data_question=progress.question,
        data_status=answer.status if answer else None,
        data_fleeting="" if progress.fleeting else None,
        aria_busy="true" if progress.state == "asking" else None,
    )
    return f'<article class="turn"{head} data-group>{"".join(parts)}</article>'


def _question_html(question: str) -> str:
    if not question:
        return ""
    return f'<h2 class="asked" data-key="question"><span class="sr">{show(said(YOU_ASKED))}</span>{show(question)}</h2>'


def _found_html(progress: Progress) -> str:
    """The passages as cards; put away where they did not lead to an answer."""
    passages = progress.passages
    if not passages:
        return ""
    cards = "".join(_card_html(passage, reached=passage is passages[0]) for passage in passages)
    led_to_words = progress.answer is None or progress.answer.status in ("answered", "partial")
    many = "" if len(passages) == 1 else "s"
    summary = said(f"{len(passages)} passage{many} {'found' if led_to_words else 'looked at'}")
    return (
        f'<details class="found" data-key="found"{" open" if led_to_words else ""}>'
        f"<summary>{show(summary)}</summary>"
        f'<ul class="cards" role="toolbar"{attributes(aria_label=said("Passages found"))}>{cards}</ul></details>'
    )


def _card_html(passage: RetrievedPassage, reached: bool) -> str:
    """One card of the row; the Tab key reaches but one of them, and arrow keys go on to the others."""
    words = " ".join(passage.text.split())
    first = words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"
    section = passage.section.rsplit(" > ", 1)[-1] or passage.title
    where = passage.title if passage.page is None else f"{passage.title}, page {passage.page}"
    data = attributes(
        data_document=passage.document,
        data_words=passage.text[:200],
        data_length=len(passage.text),
        tabindex=None if reached else -1,
    )
    return (
        f'<li role="none"><button type="button" class="card"{data}><span class="card-section">{show(section)}</span> '
        f'<span class="card-words">{show(first)}</span> <span class="card-where">{show(where)}</span></button></li>'
    )


def _answer_parts(progress: Progress, numbers: Numbers) -> Iterator[str]:
    judged = progress.answer is None or progress.answer.status in ("answered", "partial")
    points = _points(progress.sentences)
    for position, sentence in enumerate(progress.sentences):
        yield _sentence_html(position, sentence, numbers, judged, point=points[position])
    if progress.draft:
        unfinished = "draft" if progress.state == "asking" else "draft broken-off"
        yield (
            f'<span class="{unfinished}" data-key="draft" aria-hidden="true">{show(progress.draft)}'
            '<span class="caret"></span></span>'
        )


def _points(sentences: Sequence[Sentence]) -> list[bool]:
    """Which sentences are points of a list: those after what announces it, with numbers, or that end like no sentence.

    Of the last kind two have to follow each other.
    """
    texts = [sentence.text.strip() for sentence in sentences]
    bare = [text[-1:].isalnum() or text[-1:] in ",;" for text in texts]
    points: list[bool] = []
    announced = False
    for position, text in enumerate(texts):
        beside = bare[position - 1 : position] == [True] or bare[position + 1 : position + 2] == [True]
        announced = position > 0 and (announced or texts[position - 1].endswith(":"))
        section = _section(sentences[position])
        announced = announced and section is not None and section == _section(sentences[position - 1])
        points.append(announced or _NUMBERED.match(text) is not None or (bare[position] and beside))
    return points


def _section(sentence: Sentence) -> tuple[str, str] | None:
    return (sentence.citations[0].document, sentence.citations[0].section) if sentence.citations else None


def _sentence_html(position: int, sentence: Sentence, numbers: Numbers, judged: bool, *, point: bool = False) -> str:
    text, kind = sentence.text.strip(), "sentence item" if point else "sentence"
    if text.startswith(("- ", "* ", "• ")):
        text, kind = text[2:], "sentence item"
    elif point and _NUMBERED.match(text):
        kind += " numbered"
    mark = ""
    if judged and sentence.support != "supported":
        kind += f" {sentence.support}"
        words = show(said("partly supported") if sentence.support == "partial" else said("not in the guidance"))
        mark = f'<span class="mark">{words}</span>'
    beginning, last = last_word(text)
    end = f'<span class="words">{show(last)}</span>{numbers.html(sentence.citations)}'
    return (
        f'<span class="{kind}" data-key="s{position}"><span class="words">{show(beginning)}</span>'
        f'<span class="end">{end}</span>{mark} </span>'
    )


def _refusal_html(refusal: Refusal, whole: bool) -> str:
    heading = show(said("The guidance does not answer this") if whole else said("Not covered by the guidance"))
    nearest = ""
    if refusal.nearest:
        places = "".join(f"<li>{_place_html(spot)}</li>" for spot in refusal.nearest)
        nearest = f'<p class="nearest-lead">{show(said("Where it comes nearest:"))}</p><ul class="places">{places}</ul>'
    # The heading has said as much as the plainest reason does.
    line = said(refusal.reason)
    if whole and refusal.reason == NOT_COVERED:
        line = said("Nothing is made up in its place; other words may find more.")
    reason = f"<h3>{heading}</h3><p>{show(line)}</p>"
    return f'<section class="refusal" data-key="refusal">{reason}{nearest}</section>'


def _place_html(spot: Place) -> str:
    section = spot.section.replace(" > ", " › ") or spot.title
    title = f'<span class="place-title">{show(spot.title)}</span>' if spot.section else ""
    data = attributes(data_document=spot.document, data_section=spot.section)
    return f'<button type="button" class="place"{data}><span>{show(section)}</span> {title}</button>'


def _sources_html(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    items = "".join(_source_html(number, citation) for number, citation in enumerate(citations, 1))
    return f'<section class="sources" data-key="sources"><h3>{show(said("Sources"))}</h3><ol>{items}</ol></section>'


def _source_html(number: int, citation: Citation) -> str:
    quote = " ".join(citation.quote.split())
    data = attributes(
        data_source=number, data_document=citation.document, data_start=citation.start, data_end=citation.end
    )
    where = show(place(citation.title, citation.section, citation.page))
    return (
        f'<li><button type="button" class="source"{data}><span class="source-number">{number}</span> '
        f'<span class="source-body"><q>{show(quote)}</q> <span class="source-where">{where}</span></span></button></li>'
    )


def _follow_ups_html(questions: Sequence[str], form: bool) -> str:
    """The questions to ask next; with ``form``, the form for advice too, where the guidance has rules for one."""
    if not questions and not form:
        return ""
    items = "".join(
        f'<li><button type="button" class="ask-this">{show(question)}</button></li>' for question in questions
    )
    if form:
        items = f'<li class="offered"><button type="button" class="advise">{show(said(ADVISE))}</button></li>{items}'
    return (
        f'<section class="follow-ups" data-key="follow-ups"><h3>{show(said("Ask next"))}</h3><ul>{items}</ul></section>'
    )


def _actions_html(progress: Progress, text: str) -> str:
    tools = []
    if progress.answer is not None or progress.sentences:
        tools.append(f'<button type="button" data-do="copy"{attributes(data_text=text)}>{show(said("Copy"))}</button>')
    tools.append(f'<button type="button" data-do="retry">{show(said("Try again"))}</button>')
    tools.append(f'<button type="button" data-do="edit">{show(said("Edit question"))}</button>')
    memos = ""
    if progress.state == "done" and progress.answer and progress.answer.status in MEMO_OF:
        for form, name in (("docx", said("Memo for Word")), ("md", said("Memo as Markdown"))):
            memos += f'<button type="button" data-do="memo" data-form="{form}">{show(name)}</button>'
        memos = f'<div class="memos">{memos}</div>'
    verdict = ""
    if progress.state == "done":
        for rating, name in (("like", said("Helpful")), ("dislike", said("Not helpful"))):
            pressed = "true" if progress.rating == rating else "false"
            verdict += f'<button type="button" data-do="{rating}" aria-pressed="{pressed}">{show(name)}</button>'
    label = attributes(aria_label=said("This answer"))
    return (
        f'<div class="actions" data-key="actions" role="group"{label}><div>{"".join(tools)}</div>'
        f'<div class="verdict">{verdict}</div>{memos}</div>'
    )


def copied_text(progress: Progress) -> str:
    """The answer as plain text with its citations, as it is copied."""
    answer = progress.kept()
    numbers = Numbers()

    def cited(text: str, citations: Iterable[Citation]) -> str:
        return text + "".join(f" [{numbers.number(citation)}]" for citation in citations)

    told = ""
    for sentence, point in zip(progress.sentences, _points(progress.sentences), strict=True):
        bullet = "" if _NUMBERED.match(sentence.text) else "- "
        told += f"\n{bullet}" if point else " "
        told += cited(sentence.text, sentence.citations)
    lines = [progress.question, "", told.strip()]
    lines += comparison_text(answer.comparison, cited) + advice_text(answer.advice, cited)
    if answer.refusal is not None:
        lines += ["", answer.refusal.reason]
    if numbers.citations:
        lines += ["", "Sources"]
        for number, citation in enumerate(numbers.citations, 1):
            quote = " ".join(citation.quote.split())
            lines.append(f"[{number}] {place(citation.title, citation.section, citation.page)}: “{quote}”")
    return "\n".join(lines).replace("\n\n\n", "\n\n").strip()

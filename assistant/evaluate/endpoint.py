"""Another product's chat, asked the same cases over an OpenAI-compatible API."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from assistant.answer_json import answer_from_json
from assistant.evaluate.asking import Asked, UnreachableError
from assistant.evaluate.refusals import reads_as_refusal
from assistant.models.usage import Meter
from assistant.records import Answer, Citation, History, RetrievedPassage, Sentence, Status, Timings
from corpus import sentences
from corpus.errors import UserError

if TYPE_CHECKING:
    from assistant.support import SupportCheck

# Where products put the passages an answer rests on: beside the choices, in the message, or in its "context".
_PLACES = ("passages", "contexts", "sources", "documents", "citations")
_TEXTS = ("text", "content", "page_content", "quote")
_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_LONGEST_FAULT = 200
# Statuses by which a server refuses what was asked, and not whoever asks.
_OF_THE_QUESTION = (400, 413, 422)
_SOURCES = re.compile(r"[#*_\s]*(?:sources?|references?|citations?|quellen)[*_:\s]*", re.IGNORECASE)
_ENTRY = re.compile(r"\s*(?:[-*•]\s|\[?\d{1,3}[\].):])\s*\S")
_NUMBER = re.compile(r"\[(\d{1,3})\]")


class Endpoint:
    """Asks ``URL/chat/completions``; ``url`` ends where ``/chat/completions`` begins, such as ``https://host/v1``.

    A request that fails on the way, is one too many or meets a fault of the server is sent again ``retries`` times.

    An answer counts as refused when it has no text or its first two sentences say that it is not known or not covered
    (English). A ``[3]`` in a sentence cites the third passage returned, as a whole. ``Checked`` checks for support.
    """

    def __init__(self, url: str, model: str = "", key: str = "", timeout: float = 120.0, retries: int = 0) -> None:
        if not url.startswith(("http://", "https://")):
            raise UserError(f"--endpoint {url}: name an address such as https://host/v1")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            httpx.URL(url)
            self._client = httpx.Client(headers=headers, timeout=timeout)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UserError("--endpoint: its address or key is none that can be sent; check both") from error
        self._retries = retries
        self._url = url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self.model = model
        self.usage = Meter()

    def ask(self, question: str, history: History = ()) -> Answer:
        messages = [{"role": turn.role, "content": turn.text} for turn in history]
        messages.append({"role": "user", "content": question})
        body: dict[str, Any] = {"messages": messages, "temperature": 0, "seed": 0, "stream": False}
        if self.model:
            body["model"] = self.model
        began = time.perf_counter()
        response = self._sent(body)
        try:
            values = response.json()
            message = values["choices"][0]["message"]
            text = _text(message.get("content"))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise UserError(f"{self._url} did not answer as an OpenAI-compatible chat does") from error
        if isinstance(usage := values.get("usage"), Mapping):
            self.usage.add(usage.get("prompt_tokens"), usage.get("completion_tokens"))
        milliseconds = (time.perf_counter() - began) * 1000
        return own_answer(values, milliseconds) or answer_from(
            question, text, passages_in(values, message), milliseconds, self.model
        )

    def close(self) -> None:
        self._client.close()

    def _sent(self, body: Mapping[str, Any]) -> httpx.Response:
        """The response to a request. Raises ``UnreachableError`` where another one would fare no better now."""
        for left in range(self._retries, -1, -1):
            try:
                response = self._client.post(self._url, json=body)
            except httpx.HTTPError as error:
                if left:
                    time.sleep(_PAUSE)
                    continue
                raise UnreachableError(f"{self._url} cannot be reached: {error or type(error).__name__}") from error
            if response.is_success:
                return response
            status = response.status_code
            if left and (status == httpx.codes.TOO_MANY_REQUESTS or status >= 500):
                time.sleep(_wait(response))
                continue
            fault = f"{self._url} answered with status {status}{_said(response)}"
            raise UserError(fault) if status in _OF_THE_QUESTION else UnreachableError(fault)
        raise AssertionError


class Checked:
    """Another chat whose sentences are checked for support against the passages that came with the answer.

    A sentence is held against the passages it cites by number, or against all of them where it cites none; by our
    own check of words and vectors, without a language model. An answer without passages is left as it is, and so is one
    of an assistant of ours.
    """

    checks_sentences = True

    def __init__(self, asked: Asked, check: "SupportCheck") -> None:
        self._asked = asked
        self._check = check
        self.usage: Meter | None = getattr(asked, "usage", None)

    def ask(self, question: str, history: History = ()) -> Answer:
        answer = self._asked.ask(question, history)
        if not answer.passages or is_own(answer):
            return answer
        everything = [passage.text for passage in answer.passages]
        sentences = []
        for sentence in answer.sentences:
            verdict = self._check.score(sentence.text, [c.quote for c in sentence.citations] or everything)
            sentences.append(replace(sentence, support=verdict.support, score=verdict.score))
        return replace(answer, sentences=tuple(sentences))


def own_answer(values: Mapping[str, Any], milliseconds: float) -> Answer | None:
    """The answer as a served assistant of ours tells it beside its text, timed as it was waited for; None of others."""
    try:
        answer = answer_from_json(values["strategy_assistant"])
    except (LookupError, TypeError, AttributeError):
        return None
    return replace(answer, timings_ms=replace(answer.timings_ms, total=milliseconds))


def is_own(answer: Answer) -> bool:
    """Whether an answer comes from an assistant of ours, which has checked its sentences and names its index."""
    return bool(answer.index)


def passages_in(values: Mapping[str, Any], message: Mapping[str, Any]) -> tuple[RetrievedPassage, ...]:
    """The passages that a response carries, none where it carries none."""
    for holder in (values, message, message.get("context"), values.get("context")):
        for place in _PLACES:
            found = holder.get(place) if isinstance(holder, Mapping) else None
            if isinstance(found, list) and found:
                return tuple(p for p in (_passage(entry, n) for n, entry in enumerate(found, 1)) if p)
    return ()


def answer_from(
    question: str, text: str, passages: tuple[RetrievedPassage, ...], milliseconds: float, model: str
) -> Answer:
    """An answer's record from the text another product wrote; a list of its sources at the end is none of its words."""
    text = without_sources(text)
    spans = [text[start:end].strip() for start, end in sentences(text)]
    status: Status = "refused" if not spans or reads_as_refusal(spans) else "answered"
    written = tuple(Sentence(words, "unsupported", 0.0, _citations(words, passages)) for words in spans)
    timings = Timings(total=milliseconds)
    return Answer(question, question, status, written, passages=passages, model=model, timings_ms=timings)


def without_sources(text: str) -> str:
    """The text without a list at its end that stands under a line such as ``**Sources:**``."""
    lines = text.rstrip().splitlines()
    last = len(lines)
    while last and (not lines[last - 1].strip() or _ENTRY.match(lines[last - 1])):
        last -= 1
    under = 0 < last < len(lines) and _SOURCES.fullmatch(lines[last - 1])
    return "\n".join(lines[: last - 1]) if under else text


def _citations(words: str, passages: tuple[RetrievedPassage, ...]) -> tuple[Citation, ...]:
    # By the number it was sent under: a place in the list that holds no passage still counts.
    numbered = {p.id: p for p in passages}
    cited = [numbered[name] for number in _NUMBER.findall(words) if (name := str(int(number))) in numbered]
    return tuple(Citation(p.id, p.document, p.title, p.section, p.page, p.text, 0, len(p.text)) for p in cited)


def _text(content: object) -> str:
    """What a message says, written as a text or as a list of parts. Raises ``TypeError`` for anything else."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content)
    if content is not None and not isinstance(content, str):
        raise TypeError
    return content or ""


def _wait(response: httpx.Response) -> float:
    """Seconds until a server asks to be asked again, at most half a minute."""
    said = response.headers.get("Retry-After", "")
    return min(float(said), _LONGEST_PAUSE) if said.isascii() and said.isdigit() else _PAUSE


def _said(response: httpx.Response) -> str:
    """The server's own words on what is wrong, on one line."""
    try:
        values = response.json()
        found = values.get("error", values)
        words = found if isinstance(found, str) else found.get("message") or found.get("detail")
    except (ValueError, AttributeError):
        words = None
    line = "".join(c if c.isprintable() else " " for c in words) if isinstance(words, str) else ""
    return f": {' '.join(line.split())[:_LONGEST_FAULT]}" if line.strip() else ""


def _passage(entry: object, number: int) -> RetrievedPassage | None:
    if isinstance(entry, str):
        return RetrievedPassage(str(number), "", "", "", None, entry, 0.0)
    if not isinstance(entry, Mapping):
        return None
    text = next((entry[name] for name in _TEXTS if isinstance(entry.get(name), str)), "")
    title = entry.get("title") or entry.get("document") or entry.get("url") or ""
    return RetrievedPassage(str(number), str(title), str(title), str(entry.get("section") or ""), None, text, 0.0)

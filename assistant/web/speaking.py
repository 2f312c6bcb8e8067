"""The languages of the interface: files that give each English text in another, and which is spoken just now.

Only what the program itself says is translated. Answers are in the words of the guidance.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.types import Scope

from corpus.errors import UserError, within_line

CODE = re.compile(r"[a-z]{2,3}")
TEXT = re.compile(r"\{\{(.+?)\}\}")
# In which language a request is answered, where the answer is one of the program's own pages.
SPOKEN = "strategy_assistant.spoken"
SHIPPED = ("de", "fr", "es")
# What is shown through `said` as it was made: elsewhere, or with numbers in it.
MADE_ELSEWHERE = (
    "Searching the guidance",
    "Reading the passages found",
    "One question is before yours. Yours is number {n} in the line.",
    "{n} questions are before yours. Yours is number {n} in the line.",
    "Reading {n} statements from the guidance",
    "Reading one statement from the guidance",
    "1 passage found",
    "{n} passages found",
    "1 passage looked at",
    "{n} passages looked at",
    "Source {n}",
    "The guidance does not answer this question, so no answer is given.",
    "The answer broke off; ask again.",
    "Something went wrong while answering. Your question is kept; try again.",
    "The language model does not answer just now, so this answer is made of the guidance's own words.",
    "The language model broke off; what was missing is given in the guidance's own words.",
    "What points to which option was read in the guidance itself; nobody has written and reviewed rules for it.",
    "The guidance may not answer this directly; this is what comes nearest to the question.",
    "There is no guidance to answer from; add documents and ask again.",
    "The question is written in another alphabet than the guidance; please ask in the language of the guidance.",
    "The question is written in another language than the guidance; please ask in the language of the guidance.",
    "Sign in to use this assistant.",
    "There is no question to answer; please type one.",
    "The question has no words in it; please type it in plain words.",
    "The question has {n} characters; please ask in at most {n}, and add longer texts as documents.",
    "That is not text but binary data; ask the question in words.",
    "The assistant is busy: {n} questions are waiting. Yours is kept; try again in a minute.",
    "You have reached the limit of {n} questions in a minute; ask again in a moment.",
    "You have reached the limit of {n} questions in a minute from one address; ask again in a moment.",
    "You have reached the limit of {n} questions in a day; ask again tomorrow.",
    "The original file is not there any more, so only its text is shown.",
    "The original file has changed since it was read, so only its text is shown.",
    "The original lies inside another file, so only its text is shown.",
    "This page cannot be drawn, so only its text is shown.",
    "Other pages are being drawn just now; try again in a moment.",
    "{site} may show the assistant.",
    "That is no site: give the scheme and the host, such as https://intranet.example.",
    "{site} is not listed, only {other} is: the port differs.",
    "{site} is not listed, only {other} is: the scheme differs.",
    "{site} is not listed, only {other} is: the one has www, the other not.",
    "{site} is not listed: add it to allowed_sites and start the service again.",
    "Only who owns the content may see this.",
    "There is nothing here.",
    "That key or token is not valid, or no longer.",
    "Too many wrong keys came from your address; wait a minute.",
    "This sign-in was not begun here, or took too long; open the assistant again.",
    "The provider did not sign you in.",
    "The provider did not accept this sign-in; try again.",
    "Sign out of the assistant on this device?",
    "You are signed out of the assistant.",
)
# What the widget shows around the window, by the names its script knows them by.
WIDGET = {
    "title": "Strategy Assistant",
    "open": "Ask the assistant",
    "close": "Close",
    "loading": "The assistant is loading…",
    "retry": "Try again",
    "offline": "You are offline. The assistant needs a connection.",
    "away": "The assistant cannot be reached. It may not be running just now.",
    "refused": "This site is not among those allowed to show the assistant. Whoever runs it can add it.",
}
_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_LARGEST_FILE = 200_000
_WEIGHT = re.compile(r"q=([01](?:\.\d{0,3})?)")


@dataclass(frozen=True, slots=True)
class Language:
    """``texts`` gives English texts in this language; one that is missing stays English."""

    code: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    texts: Mapping[str, str] = field(default_factory=dict)

    def said(self, text: str) -> str:
        """An English text in this language. Where it holds numbers, ``{n}`` in a text of the file stands for each."""
        if text in self.texts:
            return self.texts[text]
        pattern = self.texts.get(_NUMBER.sub("{n}", text))
        if pattern is None:
            return text
        for number in _NUMBER.findall(text):
            pattern = pattern.replace("{n}", number, 1)
        return pattern


ENGLISH = Language()
_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def said(text: str) -> str:
    """An English text in the language that is spoken just now."""
    return _spoken.get().said(text)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Has ``said`` speak a language for as long as this lasts, in this thread."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


class Languages:
    """The languages there are: English, those that ship, and those of the files in ``folder``, which come first.

    A file is called by the language's code, such as ``ar.json``. Raises ``UserError`` for one that is not understood.
    """

    def __init__(self, folder: Path | None = None) -> None:
        own = sorted(folder.glob("*.json")) if folder is not None else []
        if folder is not None and not folder.is_dir():
            raise UserError(f"The folder of languages {folder} is not there: check the setting languages")
        shipped = [_shipped(code) for code in SHIPPED]
        self._known = {language.code: language for language in (ENGLISH, *shipped, *map(_read, own))}

    def __getitem__(self, code: str) -> Language:
        """The language of that code, with or without a region after it; English for any other."""
        found = CODE.match(code.lower())
        return self._known.get(found[0], ENGLISH) if found else ENGLISH

    def asked(self, code: str, accepted: str = "") -> Language:
        """The language of that ``code``; without one, the first that a browser accepts (``Accept-Language``)."""
        wanted = code or next((part for part in _preferred(accepted) if self._knows(part)), "")
        return self[wanted]

    def _knows(self, code: str) -> bool:
        found = CODE.match(code)
        return found is not None and found[0] in self._known

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all of them."""
        return tuple(self._known)

    def for_widget(self) -> dict[str, dict[str, str]]:
        """What the widget says, by language."""
        return {
            code: {"direction": language.direction, **{name: language.said(text) for name, text in WIDGET.items()}}
            for code, language in self._known.items()
        }


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    direction: Literal["ltr", "rtl"] = "ltr"
    texts: dict[str, str]


def _shipped(code: str) -> Language:
    file = _File.model_validate_json((files("assistant.web") / "languages" / f"{code}.json").read_bytes())
    return Language(code, file.direction, file.texts)


def _read(path: Path) -> Language:
    if not CODE.fullmatch(path.stem):
        raise UserError(f"{path} is called by no code of a language; call it such as ar.json")
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UserError(f"{path} is larger than {_LARGEST_FILE // 1000} kB, which no file of texts is")
        file = _File.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UserError(
            f"{path} is no file of texts ({where}: {within_line(first['msg'])}); see docs/widget.md"
        ) from None
    return Language(path.stem, file.direction, file.texts)


def _preferred(accepted: str) -> list[str]:
    """The codes of an ``Accept-Language``, best first (RFC 9110, 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in accepted.lower()[:1_000].split(","):
        code, _, weight = part.partition(";")
        found = _WEIGHT.fullmatch(weight.strip())
        weighed.append((float(found[1]) if found else 1.0, code.strip()))
    return [code for weight, code in sorted(weighed, key=lambda pair: -pair[0]) if weight]


def spoken_in(scope: Scope) -> Language:
    """The language in which a request is answered."""
    language: Language = scope.get(SPOKEN, ENGLISH)
    return language


def translated(page: str, language: Language) -> str:
    """A page of ours in ``language``: what stands in double braces, and the texts that its scripts say."""
    page = TEXT.sub(lambda found: escape(language.said(found[1])), page)
    page = page.replace("%LANGUAGE%", language.code).replace("%DIRECTION%", language.direction)
    return page.replace("%TEXTS%", embedded(language))


def embedded(language: Language) -> str:
    """The texts as JSON that can stand in a script element of a page."""
    return json.dumps(dict(language.texts), ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")

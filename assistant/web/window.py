"""The window's own addresses: state, conversations, sources, feedback, stopping."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.access.person import PERSON
from assistant.memo.content import memo_of
from assistant.memo.files import TYPES as TYPES_OF_MEMOS
from assistant.memo.files import Form, file_name, rendered
from assistant.records import Answer
from assistant.store import Reader, Store
from assistant.web.asking import Desk
from assistant.web.loading import Answering, Loading
from assistant.web.paging import Pages, has_pages, wanted
from assistant.web.render import turn_html
from assistant.web.show import place
from assistant.web.sources import excerpt, find_section, find_words
from assistant.web.speaking import Languages
from assistant.web.turn import progress_of
from corpus import Document, Source
from corpus.errors import UserError

PREFIX = "/window"
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

T = TypeVar("T")
Identity = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


def reader_of(
    request: Request, browser: Annotated[str, Header(alias="X-Browser", pattern=r"^[0-9a-f]{32}$")]
) -> Reader:
    """Whose conversations a request is about: by who has signed in and by the browser's number."""
    return Reader(browser, request.scope[PERSON].name)


Whose = Annotated[Reader, Depends(reader_of)]


class Spot(BaseModel):
    """A place in a document: characters (``start`` to ``end``), a passage by its first ``words``, or a ``section``."""

    model_config = ConfigDict(extra="forbid")
    document: str = Field(max_length=1000)
    start: int = Field(0, ge=0)
    end: int = Field(0, ge=0)
    section: str = Field("", max_length=2000)
    words: str = Field("", max_length=400)
    length: int = Field(0, ge=0, le=20_000)


class PageOfSpot(Spot):
    """A page of the document, counted from 1; 0 for the one on which the place begins."""

    page: int = Field(0, ge=0, le=1_000_000)


class Stop(BaseModel):
    """Which conversation's answer to stop."""

    model_config = ConfigDict(extra="forbid")
    conversation: Identity


class Verdict(BaseModel):
    """What a reader thinks of an answer."""

    model_config = ConfigDict(extra="forbid")
    turn: Identity
    rating: Literal["like", "dislike"]
    reason: str = Field("", max_length=2000)


def routes(
    loading: Loading, store: Store, desk: Desk, languages: Languages, pages: Pages, sign_out: bool = False
) -> APIRouter:
    """The addresses under ``/window``.

    A browser names itself in the header ``X-Browser``, which pages of other sites cannot send; nothing that it may
    not see is distinguishable from nothing. Errors are JSON with one line, ``detail``.
    """
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.get("/state")
    def state(request: Request) -> dict[str, Any]:
        person = request.scope[PERSON]
        told = state_of(loading)
        if told["state"] == "ready" and person.may("own"):
            told["line"] = getattr(loading.assistant, "problem", "")
        return {**told, "owner": person.may("own"), "name": person.name, "sign_out": sign_out}

    @router.get("/advice")
    def advice() -> list[dict[str, Any]]:
        return [asdict(field) for field in _told(lambda: _ready(loading)).advice_form]

    @router.get("/conversations")
    def conversations(reader: Whose) -> list[dict[str, str]]:
        return [asdict(line) for line in _told(lambda: store.conversations(reader))]

    @router.get("/conversations/{conversation}")
    def conversation(
        conversation: Identity, reader: Whose, language: Annotated[str, Query(max_length=20)] = ""
    ) -> list[str]:
        turns = _told(lambda: store.turns(reader, conversation))
        return [turn_html(progress_of(turn, conversation), languages[language]) for turn in turns]

    @router.delete("/conversations/{conversation}")
    def delete(conversation: Identity, reader: Whose) -> dict[str, bool]:
        desk.stop(reader, conversation)
        return {"deleted": _told(lambda: store.delete(reader, conversation))}

    @router.post("/stop")
    def stop(wanted: Stop, reader: Whose) -> dict[str, bool]:
        return {"stopped": desk.stop(reader, wanted.conversation)}

    @router.post("/feedback")
    def feedback(verdict: Verdict, reader: Whose) -> dict[str, bool]:
        kept = _told(lambda: store.rate(reader, verdict.turn, verdict.rating, verdict.reason.strip()))
        if not kept:
            raise HTTPException(404, "That answer is not kept any more, so neither is a verdict on it.")
        return {"kept": True}

    @router.get("/memo/{conversation}/{turn}")
    def memo(conversation: Identity, turn: Identity, reader: Whose, form: Literal["md", "docx"]) -> Response:
        turns = _told(lambda: store.turns(reader, conversation))
        answer = next((kept.answer for kept in turns if kept.id == turn and kept.state == "done"), None)
        if answer is None:
            raise HTTPException(404, "That answer is not kept any more, so there is no memo of it.")
        return _told(lambda: memo_response(answer, form, loading.assistant))

    @router.get("/source")
    def source(spot: Annotated[Spot, Query()]) -> dict[str, Any]:
        return _told(lambda: source_of(_ready(loading), spot))

    @router.get("/page")
    def page(spot: Annotated[PageOfSpot, Query()]) -> dict[str, Any]:
        return _told(lambda: page_of(_ready(loading), pages, spot))

    @router.get("/static/{name}")
    def static(name: str) -> Response:
        kind = TYPES.get(name.rsplit(".", 1)[-1])
        file = files("assistant.web") / "static" / name
        if kind is None or "/" in name or "\\" in name or not file.is_file():
            raise HTTPException(404, "There is nothing here.")
        return Response(file.read_bytes(), media_type=f"{kind}; charset=utf-8", headers={"Cache-Control": "no-cache"})

    return router


def state_of(loading: Loading) -> dict[str, Any]:
    """What the page needs to know of the assistant: how far it is, and what it is made of once it is ready."""
    assistant = loading.assistant
    if assistant is None:
        return {"state": loading.state, "line": loading.line, "model": "", "index": "", "openings": []}
    return {
        "state": "ready",
        "line": "",
        "model": assistant.model_name,
        "index": assistant.index_name,
        "openings": list(assistant.openings),
    }


def source_of(assistant: Answering, spot: Spot) -> dict[str, Any]:
    """The source panel's content for a place; ``pages`` says whether the document's pages can be asked for."""
    document, start, end = found_at(assistant, spot)
    found = excerpt(document, start, end)
    where = place("", found.section, found.page)
    return {**asdict(found), "where": where, "pages": has_pages(document)}


def page_of(assistant: Answering, pages: Pages, spot: PageOfSpot) -> dict[str, Any]:
    """A page of a document as a picture, with the rectangles over those of the place's ``words`` that it has."""
    document, start, end = found_at(assistant, spot)
    if not has_pages(document):
        raise UserError("That document has no pages to show.")
    sought = wanted(document, start, end, spot.page)
    picture = pages.picture(document, sought)
    return {
        "page": sought.page,
        "pages": picture.pages,
        "image": f"data:image/webp;base64,{b64encode(picture.image).decode('ascii')}",
        "width": picture.width,
        "height": picture.height,
        "words": " ".join(sought.words.split()),
        "marks": picture.marks,
    }


def found_at(assistant: Answering, spot: Spot) -> tuple[Document, int, int]:
    """The document of a place and the characters it begins and ends at. Raises ``UserError`` where it is not there."""
    document = assistant.document(spot.document)
    if document is None:
        raise UserError("That document is no longer in the guidance.")
    start, end = spot.start, spot.end
    if spot.words:
        start, end = find_words(document, spot.words, spot.length)
    elif end <= start:
        start, end = find_section(document, spot.section)
    if not 0 <= start <= end <= len(document.text):
        raise UserError("The document has changed since it was cited: ask again to get its present words.")
    return document, start, end


def memo_response(answer: Answer, form: Form, assistant: Answering | None) -> Response:
    """The answer as a memo to be saved; without an assistant its sources lack their origin and date."""

    def source_of(name: str) -> Source | None:
        document = assistant.document(name) if assistant else None
        return document.source if document else None

    made = memo_of(answer, datetime.now(UTC).date(), source_of)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(made, form)}"', "Cache-Control": "no-store"}
    return Response(rendered(made, form), media_type=TYPES_OF_MEMOS[form], headers=headers)


def _ready(loading: Loading) -> Answering:
    if loading.assistant is None:
        raise UserError("The documents are still being loaded; try again in a moment.")
    return loading.assistant


def _told(work: Callable[[], T]) -> T:
    """What ``work`` returns; an error meant for the reader becomes a response that says it."""
    try:
        return work()
    except UserError as error:
        raise HTTPException(409, str(error)) from error

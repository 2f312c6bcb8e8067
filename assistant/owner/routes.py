"""The addresses under ``/owner``, for those who own the content. Nothing here is shown in a frame."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect

from assistant.access.sites import host_of
from assistant.owner import pages
from assistant.owner.curation import Curation
from assistant.owner.download import packed
from assistant.owner.insight import grouped, uses
from assistant.owner.uploads import MOST_FILES
from assistant.store import Store
from corpus.errors import UserError

PREFIX = "/owner"
UPLOAD = f"{PREFIX}/upload"
NEAREST = 3
LARGEST_FIELD = 4_000

Name = Annotated[str, Query(max_length=1000)]


def routes(curation: Curation, store: Store) -> APIRouter:
    """Pages made on the server, which work without a script, and the forms on them."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)
    changing = [Depends(same_origin)]

    @router.get("")
    def beginning() -> RedirectResponse:
        return RedirectResponse("owner/", 307)

    @router.get("/")
    def documents(done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
        return page(pages.documents(curation, done))

    @router.get("/document")
    def document(name: Name, begin: Annotated[int, Query(alias="from", ge=0)] = 0) -> HTMLResponse:
        found = next((document for document in curation.documents if document.name == name), None)
        if found is None:
            return page(pages.nothing("There is no document of that name any more."), 404)
        return page(pages.document(found, begin))

    @router.get("/questions")
    def questions() -> HTMLResponse:
        try:
            groups = grouped(store.gaps(), curation.encode)
            disliked = tuple(verdict for verdict in store.feedback() if verdict.rating == "dislike")
        except UserError as error:
            return page(pages.nothing(str(error)), 503)
        return page(pages.questions(groups, disliked, nearest_documents(curation)))

    @router.get("/use")
    def use() -> HTMLResponse:
        assistant = curation.loading.assistant
        if assistant is None:
            return page(pages.nothing("The assistant is still getting ready; try again in a moment."), 503)
        try:
            found, answers = uses(assistant.covers(), store.answers())
        except UserError as error:
            return page(pages.nothing(str(error)), 503)
        return page(pages.use(found, answers))

    @router.get("/conflicts")
    def conflicts() -> HTMLResponse:
        try:
            return page(pages.conflicts(curation.conflicts()))
        except UserError as error:
            return page(pages.nothing(str(error)), 503)

    @router.get("/progress")
    def progress() -> dict[str, Any]:
        return asdict(curation.work)

    @router.get("/download")
    def download() -> Response:
        try:
            file = packed(curation, store)
        except UserError as error:
            return page(pages.nothing(str(error)), 503)
        name = f"content-{datetime.now(UTC):%Y-%m-%d}.zip"
        return FileResponse(
            file, media_type="application/zip", filename=name, background=BackgroundTask(file.unlink, missing_ok=True)
        )

    @router.post("/upload", dependencies=changing)
    async def upload(request: Request) -> Response:
        try:
            async with request.form(max_files=MOST_FILES, max_fields=0) as form:
                files = [
                    (part.filename or "", part.file) for part in form.getlist("files") if isinstance(part, UploadFile)
                ]
                files = [(name, content) for name, content in files if name]
                if not files:
                    return page(pages.documents(curation, faults=["Choose a file first."]), 422)
                return await run_in_threadpool(told, curation, lambda: curation.upload(files), "uploaded")
        except (ClientDisconnect, StarletteHTTPException):
            fault = f"That is too much at once: at most {MOST_FILES} files, 100 MB together."
            return page(pages.documents(curation, faults=[fault]), 413)

    @router.post("/remove", dependencies=changing)
    async def remove(request: Request) -> Response:
        path = await field(request, "path")
        return await run_in_threadpool(told, curation, lambda: removed(curation, path), "removed")

    @router.post("/forget", dependencies=changing)
    async def forget(request: Request) -> Response:
        path = await field(request, "path")
        return await run_in_threadpool(told, curation, lambda: curation.forget(path), "forgotten")

    @router.post("/rebuild", dependencies=changing)
    def rebuild() -> Response:
        return told(curation, curation.rebuild, "rebuilding")

    @router.get("/versions")
    def versions() -> HTMLResponse:
        return page(pages.versions(curation.versions(), curation.work))

    @router.post("/roll-back", dependencies=changing)
    async def roll_back(request: Request) -> Response:
        version = await field(request, "version")
        return await run_in_threadpool(gone_back, curation, version)

    @router.api_route("/{rest:path}", methods=["GET", "POST"])
    def nothing() -> Response:
        return page(pages.nothing("There is nothing here."), 404)

    return router


def same_origin(request: Request) -> None:
    """Lets through what this page's own forms send; a form or a script of another site never gets further."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    fetched = request.headers.get("sec-fetch-site", "same-origin")
    if not origin or host_of(origin) != host or fetched != "same-origin":
        raise HTTPException(403, "Only the owner's page itself may ask for this.")


def page(text: str, status: int = 200) -> HTMLResponse:
    """A page that is kept nowhere."""
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def told(curation: Curation, work: Callable[[], list[str] | None], done: str) -> Response:
    """Does the work and goes back to the documents, or says there what went wrong with it."""
    try:
        faults = work()
    except UserError as error:
        faults = [str(error)]
    if faults:
        return page(pages.documents(curation, faults=faults), 409)
    return RedirectResponse(f"./?done={done}", 303)


def removed(curation: Curation, path: str) -> list[str]:
    """Removes a file; no faults."""
    curation.remove(path)
    return []


def gone_back(curation: Curation, version: str) -> Response:
    """Goes back to a version, or says beside the versions why that cannot be done."""
    try:
        if not version:
            raise UserError("Choose a version first.")
        curation.roll_back(version)
    except UserError as error:
        return page(pages.versions(curation.versions(), curation.work, [str(error)]), 409)
    return RedirectResponse("./?done=rolled-back", 303)


async def field(request: Request, name: str) -> str:
    """A field of a form; empty where there is none."""
    async with request.form(max_files=0, max_fields=4, max_part_size=LARGEST_FIELD) as form:
        value = form.get(name, "")
        return value if isinstance(value, str) else ""


def nearest_documents(curation: Curation) -> Callable[[str], tuple[str, ...]]:
    """The titles of the documents nearest to a question, the nearest first."""

    def nearest(question: str) -> tuple[str, ...]:
        assistant = curation.loading.assistant
        if assistant is None:
            return ()
        try:
            found = assistant.search(question, 10)
        except UserError:
            return ()
        return tuple(dict.fromkeys(passage.title for passage in found))[:NEAREST]

    return nearest

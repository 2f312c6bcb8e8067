"""The web application: Gradio's page, the window's own addresses and the guard before both."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI

from assistant.access import signing_in
from assistant.access.door import Door, door_of
from assistant.access.gate import API, Gate
from assistant.api.mounting import PREFIXES, mount
from assistant.api.reference import SCHEMA_PATH
from assistant.models.factory import answered_at_once
from assistant.owner import routes as owner
from assistant.owner.curation import Curation, Open
from assistant.owner.uploads import MOST_REQUEST_BYTES
from assistant.settings import Settings
from assistant.store import Store
from assistant.store.retention import Retention
from assistant.watching.requests import Requests
from assistant.watching.routes import PATH as MEASURES
from assistant.watching.routes import Watching
from assistant.watching.traces import Traces
from assistant.web import widget
from assistant.web.asking import Desk
from assistant.web.line import Line
from assistant.web.loading import Loading
from assistant.web.paging import Pages
from assistant.web.security import LOOPBACK, Guard, on_this_machine
from assistant.web.speaking import Languages
from assistant.web.window import PREFIX, routes
from corpus.errors import UserError

log = logging.getLogger(__name__)


def create_app(
    loading: Loading,
    store: Store,
    *,
    curation: Curation | None = None,
    hosts: Sequence[str] = (),
    door: Door | None = None,
    line: int = 32,
    at_once: int = 1,
    retention_days: int = 0,
    languages: Languages | None = None,
    watching: Watching | None = None,
) -> FastAPI:
    """The application over an assistant that may still be loading and a store.

    ``hosts`` are the host names it answers to (empty: any), ``door`` says who may ask (None: anybody, from no other
    site), ``curation`` who builds what ``loading`` serves (None: nobody owns the documents), ``line`` how many
    questions may wait while ``at_once`` are answered, ``retention_days`` how long what people said is kept (0: for
    good), ``languages`` those of the interface, ``watching`` what the service tells whoever keeps it running. Both
    ``loading`` and ``store`` are closed when the application ends.
    """
    door = door or Door()
    languages = languages or Languages()
    watching = watching or Watching()
    waiting = Line(line, at_once)
    told, measures = watching.told(waiting, loading)
    waiting.tell(told)
    desk = Desk(loading, store, waiting)
    retention = Retention(store, retention_days)
    pages = Pages()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading.start()
        retention.start()
        async with running():
            yield
        retention.close()
        pages.close()
        loading.close()
        store.close()
        watching.close()

    app = FastAPI(title="Strategy Assistant", docs_url=None, redoc_url=None, openapi_url=SCHEMA_PATH, lifespan=lifespan)
    app.include_router(routes(loading, store, desk, languages, pages, door.provider is not None))
    app.include_router(widget.routes(door.sites, languages))
    if curation is not None:
        app.include_router(owner.routes(curation, store))
    app.include_router(measures)
    if door.provider is not None and door.sessions is not None:
        app.include_router(signing_in.routes(door.provider, door.sessions, door.prefix))
    app.state.line = waiting
    running = mount(app, loading, waiting, door)
    asyncio.run(_mount_page(app, desk, languages, door.prefix))
    app.add_middleware(Gate, door=door, here=(MEASURES,) if watching.metrics == "local" else ())
    app.add_middleware(
        Guard,
        hosts=hosts,
        ours=(f"{PREFIX}/", widget.PREFIX, owner.PREFIX, MEASURES, signing_in.SIGN_IN, signing_in.SIGN_OUT, *PREFIXES),
        sites=door.sites,
        shared=API,
        plain=(owner.PREFIX,),
        uploads={owner.UPLOAD: MOST_REQUEST_BYTES},
        languages=languages,
    )
    app.add_middleware(Requests, proxies=door.proxies)
    return app


async def _mount_page(app: FastAPI, desk: Desk, languages: Languages, prefix: str) -> None:
    """Mounts Gradio's page; in a coroutine, because without a running loop Gradio makes one and leaves it open."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from assistant.web.page import Dress, build
    from assistant.web.quick_gradio import gradio as gr

    blocks = build(desk, languages)
    gr.mount_gradio_app(
        app,
        blocks,
        "/",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        show_error=False,
        root_path=prefix or None,
    )
    app.add_middleware(Dress, languages=languages)


def serve(settings: Settings, opened: Open | None = None) -> None:
    """Serves the chat window until it is interrupted, printing its address first.

    ``opened`` opens what answers; by default it is the one of ``settings`` that every face uses. Raises
    ``UserError`` where the address cannot be had.
    """
    import uvicorn

    from assistant.web.stopping import Server

    door = door_of(settings)
    languages = Languages(settings.languages)
    traces = Traces(settings.otlp_endpoint) if settings.otlp_endpoint else None
    listening = _listen(settings, door.guarded)
    host, port = listening.getsockname()[:2]
    store = Store(settings.database_url, masking=settings.mask_personal_data)
    local = on_this_machine(host)
    curation = Curation(settings, opened)
    app = create_app(
        curation.loading,
        store,
        curation=curation,
        hosts=(*LOOPBACK, host, *filter(None, [urlsplit(settings.public_url).hostname])) if local else (),
        door=door,
        line=settings.queue_length,
        at_once=answered_at_once(settings),
        retention_days=settings.retention_days,
        languages=languages,
        watching=Watching(settings.metrics, traces, settings.log_questions),
    )
    address = f"[{host}]" if ":" in host else host
    print(f"Strategy Assistant is at http://{address}:{port}  (Ctrl+C ends it)", file=sys.stderr, flush=True)  # noqa: T201
    # What a proxy says is believed by the door alone, and only from the proxies that the settings name.
    config = uvicorn.Config(
        app,
        log_level=settings.log_level,
        timeout_graceful_shutdown=3,
        server_header=False,
        proxy_headers=False,
        access_log=False,
        http="h11",  # It bounds the size of a request's head, which httptools does not.
        log_config=None,
    )
    Server(config, app.state.line, settings.stop_seconds).run(sockets=[listening])


def _listen(settings: Settings, guarded: bool) -> socket.socket:
    """The socket to serve on; a port in use and a host that is not this machine's are the reader's to mend."""
    if not on_this_machine(settings.host) and not guarded and not settings.allow_remote:
        raise UserError(
            f"{settings.host} can be reached from other machines and nobody has to sign in: let people sign in"
            " (docs/access.md), set allow_remote if that is meant, or serve on 127.0.0.1."
        )
    listening: socket.socket | None = None
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        if listening is not None:
            listening.close()
        raise UserError(
            f"The window cannot be served on {settings.host} port {settings.port}: {error.strerror or error}."
            " Name another with --port (0 takes any free one)."
        ) from error
    return listening

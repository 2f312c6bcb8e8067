"""``chat``: the window in the browser; ``mcp``: tools for the program that started this one."""

import argparse
import os

from assistant.settings import Settings


def chat(given: argparse.Namespace, settings: Settings) -> int:
    """Serves until it is interrupted."""
    del given
    from assistant.models.factory import check_model

    # What is wrong with the model is told now, not in a window that never becomes ready.
    check_model(settings)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from assistant.web.server import serve

    serve(settings)
    return 0


def mcp(given: argparse.Namespace, settings: Settings) -> int:
    """Serves tools on standard input and output until the input ends."""
    del given
    import anyio

    from assistant.api.asking import Questions
    from assistant.api.tools import Tools, serve_stdio
    from assistant.builder import build
    from assistant.commands.output import note
    from assistant.models.factory import answered_at_once, check_model
    from assistant.web.line import Line
    from assistant.web.loading import Answering, Loading, Report

    check_model(settings)

    def made(report: Report) -> Answering:
        def told(line: str) -> None:
            note(line)
            report(line)

        return build(settings, progress=told)

    line = Line(settings.queue_length, answered_at_once(settings))
    loading = Loading(made)
    loading.start()
    try:
        anyio.run(serve_stdio, Tools(Questions(loading, line), loading))
    finally:
        loading.close()
    return 0

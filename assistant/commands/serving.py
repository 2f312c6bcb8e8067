"""``chat``: the window in the browser."""

import argparse
import os

from assistant.settings import Settings


def chat(given: argparse.Namespace, settings: Settings) -> int:
    """Serves until it is interrupted."""
    del given
    from assistant.models.factory import check_name

    # A name that means nothing is told now, not in a window that never becomes ready.
    check_name(settings.model, settings.model_url)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    from assistant.web.server import serve

    serve(settings)
    return 0

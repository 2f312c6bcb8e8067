"""Imports Gradio without the type stubs that it writes for each of its components: half of the time it takes to load.

Gradio 6 parses the source of all its components at every import, to write a ``.pyi`` beside each; where it cannot tell
a component's file it goes on without one (``gradio.component_meta.create_or_modify_pyi``). Nothing reads them here.
"""

import inspect
from typing import Any

_file_of = inspect.getfile


def _unless_gradio_s_own(of: Any) -> str:
    if getattr(of, "__module__", "").startswith("gradio."):
        raise OSError("type stubs are not written")
    return _file_of(of)


inspect.getfile = _unless_gradio_s_own  # type: ignore[assignment]
try:
    import gradio as gradio
finally:
    inspect.getfile = _file_of

import json
import subprocess
import sys

import pytest

from assistant.web.page import context_of, values_of
from corpus.errors import UserError

ANN, TALK, TURN = "a" * 32, "c" * 32, "d" * 32


def test_the_context_names_browser_conversation_and_replaced_turn():
    assert context_of(json.dumps({"browser": ANN, "conversation": TALK, "replaces": ""})) == (ANN, TALK, "")
    assert context_of(json.dumps({"browser": ANN, "conversation": TALK, "replaces": TURN})) == (ANN, TALK, TURN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        json.dumps({"browser": ANN}),
        json.dumps({"browser": ANN, "conversation": 3}),
        json.dumps({"browser": "", "conversation": ""}),
        json.dumps({"browser": ANN, "conversation": TALK, "replaces": "x' or 1=1"}),
    ],
)
def test_anything_else_asks_to_reload(text):
    with pytest.raises(UserError, match="reload"):
        context_of(text)


def test_the_values_of_a_form_come_with_the_context():
    assert values_of(json.dumps({"browser": ANN})) is None
    assert values_of(json.dumps({"advice": {"Culture": "hierarchical"}})) == {"Culture": "hierarchical"}
    assert values_of(json.dumps({"advice": {}})) == {}


@pytest.mark.parametrize(
    "values",
    [[], "x", 3, {"Culture": 3}, {"Culture": None}, {"Culture": "x" * 2_000}, {str(n): "x" for n in range(200)}],
)
def test_what_is_no_form_is_refused(values):
    with pytest.raises(UserError):
        values_of(json.dumps({"advice": values}))


def test_gradio_is_loaded_without_its_type_stubs_and_all_else_is_found_as_before():
    program = """if 1:
        import inspect, sys
        stubs, found = [], inspect.getfile
        opened = lambda event, given: event == "open" and str(given[0]).endswith(".pyi") and stubs.append(given[0])
        sys.addaudithook(opened)
        from assistant.web.quick_gradio import gradio
        assert not stubs, stubs
        assert inspect.getfile is found
        assert inspect.getfile(gradio.Textbox).endswith("textbox.py")
    """
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)

"""Imports go one way, and each heavy library has one home."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("corpus", "index", "assistant") for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level packages a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


PARTS = (
    "questions",
    "models",
    "support",
    "contents",
    "conversation",
    "evidence",
    "judging",
    "advising",
    "comparing",
    "lists",
    "answering",
    "serving",
)
"""The parts of the way from a question to an answer: each may import those before it."""
ASSEMBLED = {"pipeline", "builder", "configured"}
"""What puts the parts before serving together."""
FACES = {"cli", "commands", "web", "api", "owner", "evaluate", "store", "access", "watching", "memo"}
"""What is used from outside and uses the parts."""


def parts_imported(path: Path) -> set[str]:
    """What of the assistant a module imports, of its parts and of what stands over them, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("assistant.")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "assistant":
            _, _, below = (node.module or "").partition(".")
            found |= {below.split(".")[0]} if below else {alias.name for alias in node.names}
    return found & {*PARTS, *ASSEMBLED, *FACES}


def users(library: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in MODULES if library in imported(path)}


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    above = {"corpus": {"index", "assistant"}, "index": {"assistant"}, "assistant": set()}
    assert not imported(path) & above[path.relative_to(ROOT).parts[0]]


def test_chroma_has_one_home():
    assert users("chromadb") == {"index/store.py"}


def test_gradio_has_one_home():
    assert users("gradio")
    assert all(user.startswith("assistant/web/") for user in users("gradio"))


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_of_answering_import_one_way(part):
    modules = sorted((ROOT / "assistant" / part).rglob("*.py"))
    assert len(modules) > 1
    allowed = {*PARTS[: PARTS.index(part) + 1], *(ASSEMBLED if part == "serving" else ())}
    assert {str(path.name): parts_imported(path) - allowed for path in modules if parts_imported(path) - allowed} == {}

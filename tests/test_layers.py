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

"""The command line and its documentation say the same: every flag, no other, and only commands that parse."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from assistant import cli

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
FLAG = re.compile(r"(?<![\w/-])--[a-z][a-z-]*|(?<=`)-[a-z](?=`)")


def commands() -> dict[str, Any]:
    return next(action.choices for action in cli.parser()._actions if action.dest == "command")  # type: ignore[return-value]


def flags(parser: Any) -> set[str]:
    return {flag for action in parser._actions for flag in action.option_strings} - {"-h", "--help"}


def parts() -> dict[str, str]:
    """The page's text under each heading, and before the first one under an empty name."""
    pieces = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return {"": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}


def shared() -> set[str]:
    return set.intersection(*(flags(command) for command in commands().values()))


def command_lines() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            at = re.match(r" {4,}(?:\$ )?(?:\.venv/bin/)?(strategy-assistant .+)", line)
            if at:
                found.append((page.name, at[1]))
    return found


def test_the_sections_are_the_commands() -> None:
    assert set(parts()) - {""} == set(commands())


def test_what_all_commands_share_stands_before_the_first() -> None:
    told = set(FLAG.findall(parts()[""]))
    assert shared() == {"--home", "--settings", "--log-level"}
    assert shared() | flags(cli.parser()) <= told


@pytest.mark.parametrize("name", commands())
def test_every_flag_of_a_command_stands_in_its_section(name: str) -> None:
    text = parts()[name]
    for flag in flags(commands()[name]) - shared():
        assert f"`{flag}`" in text or f"`{flag} " in text, flag


@pytest.mark.parametrize("name", parts())
def test_every_flag_of_a_section_is_one_of_the_command(name: str) -> None:
    real = flags(commands()[name]) if name else {flag for command in commands().values() for flag in flags(command)}
    assert set(FLAG.findall(parts()[name])) <= real | flags(cli.parser()) | {"--help"}


def test_every_choice_of_a_command_stands_in_its_section() -> None:
    for name, command in commands().items():
        for action in command._actions:
            for choice in () if set(action.option_strings) & shared() else action.choices or ():
                assert re.search(rf"\b{choice}", parts()[name]), (name, choice)


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_every_command_line_in_the_documentation_parses(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    cli.parser().parse_args(words[1:])


def test_there_are_command_lines_to_parse() -> None:
    assert {page for page, _ in command_lines()} >= {"README.md", "command-line.md", "evaluating.md"}


def test_flags_named_on_other_pages_exist() -> None:
    real = {flag for command in (*commands().values(), cli.parser()) for flag in flags(command)}
    for script in (ROOT / "benchmarks").rglob("*.py"):
        real |= set(re.findall(r'"(--[a-z][a-z-]*)"', script.read_text(encoding="utf-8")))
    for page in PAGES:
        quoted = set(re.findall(r"`(--[a-z][a-z-]*)", page.read_text(encoding="utf-8")))
        assert quoted <= real | {"--help"}, page.name


def test_every_benchmark_stands_in_the_table() -> None:
    folder = ROOT / "benchmarks"
    rows = re.findall(r"^\| (`[^|]+) \|", (folder / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"((?:judge/)?\w+\.py)", row)}
    scripts = {str(path.relative_to(folder)) for path in folder.rglob("*.py")}
    # Those of the judge's folder that have no command of their own are parts of the others.
    shared = {f"judge/{name}.py" for name in ("far", "qwen", "training")}
    assert listed == scripts - shared

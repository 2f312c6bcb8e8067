"""What the documentation shows of answers is what is printed: its examples that need no language model are run."""

import re
import shlex
from pathlib import Path

import pytest

from assistant import cli

pytestmark = pytest.mark.models

PAGE = Path(__file__).parents[1] / "docs" / "command-line.md"
EXAMPLE = re.compile(
    r"^ {4}\$ strategy-assistant ((?:ask|search) .+)\n"  # The command, and what is indented below it.
    r"((?: {4}.*\n|\n(?= {4}(?! *\$)))+)",
    re.MULTILINE,
)
SCORE = re.compile(r"\(\d+\.\d\d\)")
"""The last digit of one may be another on another machine."""

EXAMPLES = [(command, re.sub(r"(?m)^ {4}", "", shown)) for command, shown in EXAMPLE.findall(PAGE.read_text("utf-8"))]


def test_there_are_such_examples() -> None:
    assert {command.split()[0] for command, _ in EXAMPLES} == {"ask", "search"}


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_an_example_prints_what_is_shown(
    command: str, shown: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = shlex.split(command)
    assert arguments[0] == "search" or "quotes" in arguments, "a language model writes otherwise on other machines"
    assert cli.main([*arguments, "--home", str(home)]) == 0
    assert SCORE.sub("", capsys.readouterr().out).strip() == SCORE.sub("", shown).strip()

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.commands import answer_text, asking
from assistant.records import (
    Advice,
    Answer,
    Cell,
    Citation,
    Comparison,
    Done,
    Event,
    Factor,
    Place,
    Refusal,
    RetrievedPassage,
    Row,
    Sentence,
    Stage,
    Written,
)
from corpus.errors import UserError

CITED = Citation("p1", "guide.md", "Guide", "Part > Start", None, "Start \x1b[31msmall.", 0, 16)
FOUND = RetrievedPassage("p1", "guide.md", "Guide", "Part > Start", None, "Start small.", 1.5)
ANSWER = Answer("q", "q", "answered", (Sentence("Start small.", "supported", 0.9, (CITED,)),), passages=(FOUND,))
REFUSED = Answer("q", "q", "refused", refusal=Refusal("Not covered.", (Place("guide.md", "Guide", "Part"),)))


class FakeAssistant:
    def __init__(self, answer: Answer) -> None:
        self.result = answer
        self.asked: list[Any] = []
        self.closed = False

    def answer(self, question: str, history: Any = ()) -> Iterator[Event]:
        self.asked.append((question, history))
        yield Stage("Reading 1 passage")
        for sentence in self.result.sentences:
            yield Written(sentence)
        yield Done(self.result)

    def ask(self, question: str, history: Any = ()) -> Answer:
        self.asked.append((question, history))
        return self.result

    def search(self, question: str, k: int = 10) -> tuple[RetrievedPassage, ...]:
        self.asked.append((question, k))
        return self.result.passages

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("STRATEGY_ASSISTANT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("STRATEGY_ASSISTANT_HOME", str(tmp_path / "home"))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    import assistant.builder

    made = FakeAssistant(ANSWER)

    def build(settings: Any, **_: Any) -> FakeAssistant:
        made.settings = settings  # type: ignore[attr-defined]
        return made

    monkeypatch.setattr(assistant.builder, "build", build)
    return made


def mendable(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_ask_as_json_prints_the_answer_and_nothing_else(
    fake: FakeAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", "How to\nbegin?", "--json", "--model", "quotes"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(ANSWER.to_json()))
    assert fake.asked == [("How to begin?", ())]
    assert fake.settings.model == "quotes"  # type: ignore[attr-defined]
    assert fake.closed


def test_ask_prints_sentences_with_numbered_quotes(fake: FakeAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "How?"]) == 0
    captured = capsys.readouterr()
    assert "Start small. [1]" in captured.out
    assert re.search(r"\[1\] Guide, Part > Start", captured.out)
    assert "\x1b" not in captured.out
    assert "Reading 1 passage" in captured.err


def test_a_refused_question_is_an_answer(fake: FakeAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    fake.result = REFUSED
    assert cli.main(["ask", "How?"]) == 0
    assert "Not covered." in (out := capsys.readouterr().out)
    assert "Guide, Part" in out


def test_documents_replace_what_is_configured(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STRATEGY_ASSISTANT_DOCUMENTS", "/configured")
    cli.main(["ask", "How?", "--json", "--documents", "/a", "--documents", "/b"])
    settings = fake.settings  # type: ignore[attr-defined]
    assert settings.documents == (Path("/a"), Path("/b"))
    assert not settings.shipped_guidance


def test_a_question_from_standard_input(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Wie anfängt man?\n".encode())))
    assert cli.main(["ask", "-", "--json"]) == 0
    assert fake.asked == [("Wie anfängt man?", ())]
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\x89PNG\xff\xfe")))
    assert "UTF-8" in mendable(capsys, "ask", "-")


@pytest.mark.parametrize("question", ["", "  \n", "x" * 100_000, "\x00\x01", "?!"])
def test_an_unreadable_question_is_one_line(
    fake: FakeAssistant, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    mendable(capsys, "ask", question)
    mendable(capsys, "search", question)
    assert fake.asked == []


def test_a_question_of_undecodable_bytes_prints_as_json(
    fake: FakeAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["search", "How \udcff begin?", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "How begin?"


def test_search_prints_the_passages(fake: FakeAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["search", "start", "-k", "3", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"question", "passages"}
    assert set(printed["passages"][0]) == {"id", "document", "title", "section", "page", "text", "score"}
    assert fake.asked == [("start", 3)]
    assert fake.settings.model == "quotes"  # type: ignore[attr-defined]
    assert cli.main(["search", "start"]) == 0
    assert "Start small." in capsys.readouterr().out


def test_a_history_is_read_and_a_bad_one_is_one_line(
    fake: FakeAssistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "history.json"
    file.write_text('[["user", "What is fragmentation?"], ["assistant", "Duplicates."]]', encoding="utf-8")
    assert cli.main(["ask", "And then?", "--history", str(file), "--json"]) == 0
    assert [turn.role for turn in fake.asked[0][1]] == ["user", "assistant"]
    capsys.readouterr()
    for text in ("", "{}", '[["robot", "x"]]', "[" * 100_000, '[["user"]]'):
        file.write_text(text, encoding="utf-8")
        assert "history.json" in mendable(capsys, "ask", "And?", "--history", str(file))
    file.write_bytes(b"\xff\xfe\xff")
    mendable(capsys, "ask", "And?", "--history", str(file))
    mendable(capsys, "ask", "And?", "--history", str(tmp_path / "absent"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "How?", "--model", "qwen2.5-coder-1.5"], "did you mean qwen2.5-coder-1.5b"),
        (["chat", "--model", "nonsense"], "Unknown model nonsense"),
        (["chat", "--port", "99999"], "port"),
        (["ask", "How?", "--model", "quotes", "--documents", "/not/there"], "/not/there"),
        (["ask", "How?", "--settings", "/not/there.toml"], "/not/there.toml"),
        (["models", "pull", "nonsense"], "nonsense"),
        (["index", "/not/there"], "/not/there"),
    ],
)
def test_what_a_user_can_mend_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert words in mendable(capsys, *arguments)


def test_other_machines_are_not_served_unless_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "sign in" in mendable(capsys, "chat", "--host", "0.0.0.0", "--port", "0", "--model", "quotes")


def test_a_port_in_use_is_named_with_the_flag_for_another(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = mendable(capsys, "chat", "--port", str(port), "--model", "quotes")
    assert str(port) in line
    assert "--port" in line


def test_an_interrupt_and_a_closed_pipe_are_quiet(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(asking, "ask", interrupt)
    assert cli.main(["ask", "How?"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m assistant paths | true"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, 141)


def test_a_fault_of_the_program_keeps_its_traceback(fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(asking, "ask", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main(["ask", "How?"])


def test_paths_are_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["paths", "--json"]) == 0
    places = json.loads(capsys.readouterr().out)
    assert places["home"] == str(tmp_path / "home")
    assert set(places) == {"home", "settings", "models", "indexes", "database", "documents"}
    assert cli.main(["paths"]) == 0
    assert str(tmp_path / "home" / "indexes") in capsys.readouterr().out


def test_the_password_of_a_database_is_not_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRATEGY_ASSISTANT_DATABASE", "postgresql://me:pass@word@db/x")
    cli.main(["paths", "--json"])
    assert json.loads(capsys.readouterr().out)["database"] == "postgresql://***@db/x"


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "list", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["models"]}
    assert rows["qwen2.5-coder-1.5b"]["used"]
    assert not rows["qwen2.5-coder-0.5b"]["used"]
    assert rows["minilm"]["state"] == "missing"
    assert cli.main(["models", "list"]) == 0
    assert "qwen2.5-coder-0.5b" in capsys.readouterr().out


def test_a_comparison_is_a_table() -> None:
    cell = Cell("top-down", "Clear direction from leadership and a long text that has to be wrapped", (CITED,))
    comparison = Comparison(("top-down", "bottom-up"), (Row("Speed", (cell, None)),))
    out = io.StringIO()
    answer_text.Printer(out, 60).rest(Answer("q", "q", "answered", comparison=comparison))
    lines = out.getvalue().splitlines()
    rows = [line for line in lines if " | " in line]
    assert rows[0].split(" | ")[1].strip() == "top-down"
    assert "not said" in rows[1]
    assert max(map(len, lines)) <= 60
    assert "[1]" in out.getvalue()


def test_what_would_change_advice_stands_under_a_line_of_its_own() -> None:
    advice = Advice((Factor("Pace", "slow", ""),), "top-down", ("If your pace were fast, it would not.",))
    out = io.StringIO()
    answer_text.Printer(out, 60).rest(Answer("q", "q", "answered", advice=advice))
    assert out.getvalue().endswith("\nWhat would change this\n- If your pace were fast, it would not.\n")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom assistant import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pydantic', 'torch', 'gradio', 'httpx', 'langchain', 'chromadb', 'numpy', 'corpus'} & set(sys.modules)),"  # noqa: E501
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "examples:" in done.stdout


def commands() -> dict[str, Any]:
    return next(action.choices for action in cli.parser()._actions if action.dest == "command")  # type: ignore[return-value]


def test_the_examples_of_the_help_are_commands_that_parse() -> None:
    import shlex

    for command in commands().values():
        assert command.epilog.startswith("examples:")
        for line in command.epilog.splitlines()[1:]:
            words = shlex.split(line.rpartition("|")[2])
            assert words[0] == cli.PROGRAM
            cli.parser().parse_args(words[1:])


def test_a_user_error_of_several_lines_becomes_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> int:
        raise UserError("first\nsecond")

    monkeypatch.setattr(asking, "ask", fail)
    assert "first second" in mendable(capsys, "ask", "How?")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "What?", "--documents", ""], "argument --documents: an empty name; name a file or a folder"),
        (["index", " "], "argument PATH: an empty name"),
        (["paths", "--home", ""], "argument --home: an empty name"),
        (["evaluate", "--out", ""], "argument --out: an empty name"),
        (["evaluate", "--out", "x", "--limit", "none"], "argument --limit: must be a number from 1 on"),
        (["evaluate", "--out", "x", "--limit", "9" * 5000], "argument --limit: must be a number from 1 on"),
        (["search", "What?", "-k", "x"], "argument -k: must be a number from 1 to 1000"),
        (["ask"], "the following arguments are required: QUESTION; see strategy-assistant ask --help"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        ([], "required: COMMAND"),
    ],
)
def test_what_cannot_be_understood_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("strategy-assistant: ")
    assert says in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("openai:gpt-4o", "needs a key"),
        ("missing.gguf", "missing.gguf cannot be read"),
        ("no-such-model", "Unknown model no-such-model"),
    ],
)
@pytest.mark.parametrize("command", [["ask", "What?"], ["evaluate", "--out", "out"], ["mcp"], ["chat", "--port", "0"]])
def test_a_model_that_cannot_be_had_is_told_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: list[str],
    model: str,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert says in mendable(capsys, *command, "--model", model, "--documents", "not-even-there")
    assert not (tmp_path / "home" / "indexes").exists()


def test_what_is_no_place_for_it_is_one_line(
    fake: FakeAssistant, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, folder = tmp_path / "file", tmp_path / "memo.docx"
    file.write_bytes(b"\xff\xfe no text")
    folder.mkdir()
    assert "is a file or lies in one: name a folder" in mendable(capsys, "paths", "--home", str(file))
    assert "is a folder" in mendable(capsys, "ask", "How?", "--memo", str(folder))
    assert "is no folder; name another with --out" in mendable(capsys, "evaluate", "--out", str(file))
    assert "not UTF-8" in mendable(capsys, "evaluate", "--claims", str(file), "--out", str(tmp_path / "out"))
    assert "does not exist" in mendable(capsys, "index", "x" * 100_000)
    assert fake.asked == []


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="this system has no such device")
def test_what_never_ends_is_not_read_whole(fake: FakeAssistant, capsys: pytest.CaptureFixture[str]) -> None:
    assert "larger than 1 MB" in mendable(capsys, "ask", "How?", "--history", "/dev/zero")
    assert "larger than 1 MB" in mendable(capsys, "paths", "--settings", "/dev/zero")


@pytest.mark.parametrize(
    ("command", "code", "line"),
    [
        ("paths > /dev/full", 2, "The output cannot be written (No space left on device)"),
        ("paths --json >&-", 2, "The output cannot be written (Bad file descriptor)"),
        ("--help > /dev/full", 2, "The output cannot be written (No space left on device)"),
        ("ask - <&-", 2, "There is no question to answer"),
        ("paths > /dev/full 2>&-", 2, ""),
    ],
)
def test_streams_that_are_full_or_closed_are_told_in_one_line(command: str, code: int, line: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    shell = ["bash", "-c", f"{sys.executable} -m assistant {command}"]
    done = subprocess.run(shell, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert done.stderr.count("\n") == bool(line)
    assert line in done.stderr


def test_a_database_whose_address_has_no_port_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STRATEGY_ASSISTANT_DATABASE", "postgresql://a:s3cret@host:abc/x")
    assert cli.main(["data", "export", "ann"]) == 2
    told = capsys.readouterr().err
    assert "The database setting is no URL" in told
    assert "s3cret" not in told


def test_a_notice_that_was_a_stage_is_not_told_again(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.result = replace(ANSWER, notice="Reading 1 passage")
    assert cli.main(["ask", "How to begin?"]) == 0
    assert capsys.readouterr().err.count("Reading 1 passage") == 1
    fake.result = replace(ANSWER, notice="Something else")
    assert cli.main(["ask", "How to begin?"]) == 0
    assert capsys.readouterr().err.count("Something else") == 1


def test_a_flag_before_the_command_is_told_as_that(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--home", "folder", "ask", "Why?"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "--home stands before the command" in told
    assert "invalid choice" not in told


@pytest.mark.parametrize("given", [["--documents", "policies"], ["--json", "--documents=policies"]])
def test_index_says_that_its_documents_need_no_flag(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["index", *given])
    assert ended.value.code == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert "index takes files and folders without a flag: leave out --documents" in told

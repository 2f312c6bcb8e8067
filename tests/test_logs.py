import logging
import subprocess
import sys

import pytest
from scripted_window import ScriptedAssistant

from assistant.logs import configure
from assistant.store import Reader, Store
from assistant.web.asking import Desk
from assistant.web.line import Line
from assistant.web.loading import Loading

SECRET = "Should we dismiss Ms Example?"


@pytest.fixture
def log(capsys):
    """Configures the log as the program does, and gives what stands in it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def begin(level: str, *, questions: bool = False):
        for handler in root.handlers[:]:
            root.removeHandler(handler)
        configure(level, questions=questions)
        return lambda: capsys.readouterr().err

    yield begin
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


def fail() -> None:
    try:
        raise ValueError(f"cannot read {SECRET}")
    except ValueError as error:
        raise RuntimeError(SECRET) from error


def test_an_exception_is_logged_by_kind_and_place_without_its_words(log):
    read = log("warning")
    try:
        fail()
    except RuntimeError:
        logging.getLogger("assistant.web").exception("Answering failed")
    told = read()
    assert "Answering failed" in told
    assert "RuntimeError" in told
    assert "ValueError" in told
    assert told.count("in fail") == 2
    assert SECRET not in told


def test_with_questions_wanted_it_is_logged_whole(log):
    read = log("warning", questions=True)
    try:
        fail()
    except RuntimeError:
        logging.getLogger("assistant.web").exception("Answering failed")
    assert SECRET in read()


@pytest.mark.parametrize("questions", [False, True])
def test_what_other_packages_log_of_requests_is_left_out_unless_wanted(log, questions):
    read = log("debug", questions=questions)
    logging.getLogger("openai._base_client").debug("Request options: %s", SECRET)
    logging.getLogger("openai._base_client").info("HTTP 200")
    logging.getLogger("assistant.pipeline").debug("ours")
    told = read()
    assert (SECRET in told) == questions
    assert "HTTP 200" in told
    assert "ours" in told


class Crashing(ScriptedAssistant):
    def answer(self, question, history=(), cancelled=lambda: False):
        raise ValueError(f"a mistake with {question}")


def test_a_question_that_fails_is_not_in_the_log(log, tmp_path):
    read = log("debug")
    store = Store(f"sqlite:///{tmp_path / 'c.sqlite'}")
    loading = Loading(lambda _: Crashing())
    desk = Desk(loading, store, Line(2))
    turn = list(desk.ask(Reader("a" * 32), "c" * 32, SECRET))[-1]
    loading.close()
    store.close()
    assert turn.state == "failed"
    told = read()
    assert "Answering failed" in told
    assert "Example" not in told


def test_the_program_logs_so(tmp_path):
    """The command line's own set-up, with a hosted model that cannot be reached, at the most talkative level."""
    arguments = ["ask", SECRET, "--model", "openai:none", "--log-level", "debug", "--home", str(tmp_path)]
    environment = {"STRATEGY_ASSISTANT_MODEL_URL": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin"}
    program = (
        "import sys; from assistant import commands, logs; from assistant.cli import parser\n"
        "import assistant.commands.asking as asking, logging\n"
        "asking.ask = lambda given, settings: logging.getLogger('httpx').debug(given.question) or 0\n"
        "sys.exit(commands.run(parser().parse_args(sys.argv[1:])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=".",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stderr

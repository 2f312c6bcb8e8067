"""A served assistant that is told to stop: what is being answered is finished, and nothing else is begun."""

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import httpx
import pytest
from test_api_native import events, until

PROGRAM = """
import sys
from pathlib import Path
from scripted_window import ScriptedAssistant
from assistant.owner.curation import Curation
from assistant.settings import Settings
from assistant.web import server
from assistant.web.loading import Loading

loading = Loading(lambda _: ScriptedAssistant(pause=0.02))
Curation.loading = property(lambda self: loading)
server.serve(Settings(home=Path(sys.argv[1]), port=0, stop_seconds=float(sys.argv[2])))
"""


def readiness(address):
    """The status that says whether the server is ready for a question; 0 while it is not reached."""
    try:
        return httpx.get(f"{address.rstrip('/')}/health/ready").status_code
    except httpx.TransportError:
        return 0


def listens(address):
    """Whether the server is reached; it says its address a moment before."""
    return readiness(address) > 0


def answers(address):
    """Whether the server is ready for a question."""
    return readiness(address) == 200


@pytest.fixture
def served(tmp_path):
    running = []

    def serve(seconds):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(seconds)],
            cwd=Path(__file__).parent,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        for line in process.stderr:
            if "is at http" in line:
                address = line.split(" is at ")[1].split()[0]
                assert any(until(partial(listens, address)) for _ in range(3))
                return process, address
        raise AssertionError("the server ended before it began")

    yield serve
    for process in running:
        process.kill()
        process.communicate()


def test_running_answers_are_finished_and_new_questions_refused(served):
    process, address = served(60)
    with (
        httpx.Client(base_url=address, timeout=60) as client,
        httpx.Client(base_url=address, timeout=60) as other,
    ):
        assert until(lambda: other.get("/health/ready").status_code == 200)
        with client.stream("POST", "/api/ask/stream", json={"question": "Should we lead from the top?"}) as response:
            lines = response.iter_lines()
            got = [next(events(lines))]
            process.send_signal(signal.SIGTERM)
            assert until(lambda: other.get("/health/ready").json() == {"status": "ending"})
            refused = other.post("/api/ask", json={"question": "Another?"})
            got += events(lines)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "stopped or restarted" in refused.json()["detail"]
    assert got[-1][0] == "done"
    assert process.wait(60) == 0


def test_an_answer_that_takes_too_long_does_not_keep_it(served):
    process, address = served(0)
    with httpx.Client(base_url=address, timeout=60) as client:
        assert until(lambda: client.get("/health/ready").status_code == 200)
        with client.stream("POST", "/api/ask/stream", json={"question": "forever"}) as response:
            going_on = events(response.iter_lines())
            assert next(going_on)[0] == "stage"
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


@pytest.mark.models
def test_it_ends_cleanly_as_soon_as_it_is_ready(home, tmp_path):
    """Just then the vectors of the statements are being made."""
    told = tmp_path / "told"
    with told.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "chat", "--model", "quotes", "--port", "0", "--home", str(home)],
            stderr=written,
        )
    try:
        assert any(until(lambda: " is at http" in told.read_text()) for _ in range(10))
        address = told.read_text().split(" is at ")[1].split()[0]
        assert any(until(partial(answers, address)) for _ in range(10))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    assert len(told.read_text().splitlines()) == 1

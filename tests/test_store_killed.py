"""A process that is killed while it writes has lost nothing that it had said was kept."""

import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from postgres_server import postgres

from assistant.store import Reader, Store

KILLS = 8
WRITERS = 4
PROGRAM = (
    textwrap.dedent("""
    import sys, threading
    sys.path.insert(0, sys.argv[2])
    from scripted_window import answer_to
    from assistant.store import Reader, Store
    store, lock = Store(sys.argv[1]), threading.Lock()

    def say(line):
        with lock:
            sys.stdout.write(line + "\\n")
            sys.stdout.flush()

    def write(writer):
        reader, answer = Reader(f"{writer:032x}"), answer_to("What is the weather?")
        for number in range(100_000):
            turn = f"{sys.argv[3]}-{writer}-{number}"
            store.begin(reader, f"{sys.argv[3]}-{writer}", turn, "What is the weather?")
            say(f"asked {writer} {turn}")
            store.finish(turn, "done", answer)
            say(f"done {writer} {turn}")
            assert store.rate(reader, turn, "dislike", "no")
            say(f"rated {writer} {turn}")

    for writer in range(%d):
        threading.Thread(target=write, args=(writer,)).start()
    """)
    % WRITERS
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'conversations.sqlite'}"
    else:
        with postgres() as server:
            yield server.new_database()


def killed_after(url: str, run: int, lines: int) -> list[tuple[str, str, str]]:
    """What a writer had said was kept when it was killed, ``lines`` lines after it began."""
    command = [sys.executable, "-c", PROGRAM, url, str(Path(__file__).parent), str(run)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(lines)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL
    complete = [line for line in [*said, *rest.splitlines(keepends=True)] if line.endswith("\n")]
    return [tuple(line.split()) for line in complete]  # type: ignore[misc]


def test_nothing_that_was_kept_is_lost(url):
    chance = random.Random(5)
    said = [line for run in range(KILLS) for line in killed_after(url, run, chance.randrange(1, 120))]
    assert len(said) > KILLS
    store = Store(url)
    kept = {}
    for writer in range(WRITERS):
        reader = Reader(f"{writer:032x}")
        for line in store.conversations(reader):
            kept |= {turn.id: turn for turn in store.turns(reader, line.id)}
    for what, _, turn in said:
        assert turn in kept, f"{turn} was asked and is gone"
        if what in ("done", "rated"):
            assert kept[turn].state == "done"
            assert kept[turn].answer is not None
        if what == "rated":
            assert kept[turn].rating == "dislike"
    done = {turn for what, _, turn in said if what == "done"}
    assert len(store.gaps()) >= len(done)
    assert {verdict.message for verdict in store.feedback()} >= {turn for what, _, turn in said if what == "rated"}
    store.close()
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        connection.close()

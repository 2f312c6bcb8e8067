"""Many people asking at once: errors, waiting times, memory, and whether everybody gets their turn.

    python benchmarks/load.py [--people 50] [--seconds 300] [--pause 0] [--new] [--model quotes] [--home DATA]
    python benchmarks/load.py --queue [--people 31] [--model qwen2.5-coder-1.5b] [--home DATA]

Starts a server of its own and asks it over the API. By default each of the people asks again as soon as they are
answered, after ``--pause`` seconds, with the questions that ship, for so many seconds; with ``--new`` a number stands
in each, so that none comes twice. With ``--queue`` they all ask once, at the same moment; it says how many were
answered or told that too many wait, whether those who were told a place were answered in that order, and how fast a
page came meanwhile. Memory is the server's resident memory, read twice a second. The clients run on the same machine
and take a share of it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import httpx

from assistant.evaluate.cases import load_cases
from assistant.settings import default_home

TIMEOUT_S = 900.0


@contextmanager
def server(home: Path, model: str, queue: int) -> Iterator[tuple[str, int]]:
    """The address and the process id of a server with the models of ``home`` and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        (Path(folder) / "models").symlink_to((home / "models").resolve())
        names = {"HOME": folder, "QUEUE_LENGTH": queue, "QUESTIONS_PER_MINUTE": 0, "QUESTIONS_PER_ADDRESS": 0}
        environment = os.environ | {f"STRATEGY_ASSISTANT_{name}": str(value) for name, value in names.items()}
        command = [sys.executable, "-m", "assistant", "chat", "--port", "0", "--model", model]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        try:
            assert process.stderr is not None
            address = next(line for line in process.stderr if " is at " in line).split(" is at ")[1].split()[0]
            threading.Thread(target=process.stderr.read, daemon=True).start()
            while httpx.get(f"{address}/health/ready", timeout=20).status_code != 200:
                time.sleep(0.2)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait(60)


class Memory:
    """Resident memory of a process in MB, read twice a second while it is used in a ``with``."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.read: list[float] = []

    def _watch(self) -> None:
        while True:
            fields = dict(line.split(":", 1) for line in self._status.read_text().splitlines())
            self.read.append(int(fields["VmRSS"].split()[0]) / 1024)
            if self._done.wait(0.5):
                return

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def line(self) -> str:
        """Where it began and ended, and the most there was; the first tenth, in which caches fill, apart."""
        tenth = self.read[len(self.read) // 10 :]
        most = max(self.read)
        return f"{self.read[0]:.0f} MB at first, {tenth[0]:.0f} after a tenth, {tenth[-1]:.0f} at last, most {most:.0f}"


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies, by the nearest rank."""
    return sorted(values)[max(0, round(share * len(values)) - 1)] if values else float("nan")


def together(people: int, work: Callable[[int], None]) -> None:
    """Has everybody do the same work, beginning at one moment."""
    barrier = threading.Barrier(people)

    def one(number: int) -> None:
        barrier.wait()
        work(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def steady(address: str, pid: int, people: int, seconds: float, pause: float, questions: list[str], new: bool) -> None:
    """Everybody asks again and again, with ``new`` never the same."""
    took: list[float] = []
    ended: Counter[str] = Counter()
    lock = threading.Lock()
    until = time.monotonic() + seconds

    def ask(number: int) -> None:
        with httpx.Client(base_url=address, timeout=TIMEOUT_S) as client:
            turn = number
            while time.monotonic() < until:
                question = questions[turn % len(questions)]
                asked = f"{question} This is for our team {turn}." if new else question
                since = time.monotonic()
                try:
                    response = client.post("/api/ask", json={"question": asked})
                    how = response.json()["status"] if response.status_code == 200 else str(response.status_code)
                except httpx.HTTPError as error:
                    how = type(error).__name__
                with lock:
                    took.append(time.monotonic() - since)
                    ended[how] += 1
                turn += people
                time.sleep(pause)

    with Memory(pid) as memory:
        together(people, ask)
    print(f"{people} people for {seconds:g} s, {pause:g} s between two questions: {len(took)} questions")
    print("how they ended:", ", ".join(f"{count} {how}" for how, count in ended.most_common()))
    print(
        f"seconds to the answer: median {statistics.median(took):.2f}, "
        f"95th percentile {percentile(took, 0.95):.2f}, most {max(took):.2f}"
    )
    print("memory of the server:", memory.line())


def queued(address: str, pid: int, people: int, questions: list[str]) -> None:
    """Everybody asks once, at the same moment."""
    lock = threading.Lock()
    ended: Counter[str] = Counter()
    answered: list[tuple[float, int]] = []
    page: list[float] = []
    waiting = threading.Event()
    waiting.set()

    def ask(number: int) -> None:
        since, place, how = time.monotonic(), 1, "broken off"
        question = {"question": questions[number % len(questions)]}
        with httpx.stream("POST", f"{address}/api/ask/stream", json=question, timeout=TIMEOUT_S) as response:
            how = "answered" if response.status_code == 200 else str(response.status_code)
            told: set[int] = set()
            for line in response.iter_lines():
                if line.startswith("data: ") and "in the line" in line:
                    told.add(int(json.loads(line[6:])["text"].split()[1]))
            place = max(told, default=1)
        with lock:
            ended[how] += 1
            if how == "answered":
                answered.append((time.monotonic() - since, place))

    def look() -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while waiting.is_set():
                since = time.monotonic()
                client.get("/").raise_for_status()
                client.get("/window/state").raise_for_status()
                page.append(time.monotonic() - since)
                time.sleep(0.5)

    looking = threading.Thread(target=look)
    with Memory(pid) as memory:
        looking.start()
        together(people, ask)
        waiting.clear()
        looking.join()
    places = [place for _, place in sorted(answered)]
    print(f"{people} people at once:", ", ".join(f"{count} {how}" for how, count in ended.most_common()))
    print(f"answered in the order of the places told: {'yes' if places == sorted(places) else f'no, {places}'}")
    print(f"seconds to the answer: first {min(answered)[0]:.1f}, last {max(answered)[0]:.1f}")
    print(f"seconds of the page meanwhile: median {statistics.median(page):.2f}, most {max(page):.2f}")
    print("memory of the server:", memory.line())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pause", type=float, default=0)
    parser.add_argument("--new", action="store_true", help="no question comes twice")
    parser.add_argument("--queue", action="store_true")
    parser.add_argument("--model")
    parser.add_argument("--home", type=Path, default=os.environ.get("STRATEGY_ASSISTANT_HOME") or default_home())
    given = parser.parse_args()
    cases = load_cases(Path(str(files("assistant.evaluate") / "cases" / "guidance.jsonl")))
    questions = [case.question for case in cases if not case.history]
    people = given.people or (31 if given.queue else 50)
    model = given.model or ("qwen2.5-coder-1.5b" if given.queue else "quotes")
    with server(Path(given.home), model, 30 if given.queue else max(people, 32)) as (address, pid):
        if given.queue:
            queued(address, pid, people, questions)
        else:
            steady(address, pid, people, given.seconds, given.pause, questions, given.new)


if __name__ == "__main__":
    main()

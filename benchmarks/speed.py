"""How long a leader waits: the command, the server, the passages, the first words and the whole answer.

    python benchmarks/speed.py [--home DATA] [--questions 12] [--model qwen2.5-coder-1.5b]

Medians, each question asked once, with the models warm; beside each figure the slowest. The questions are every n-th of
the direct cases that ship, and each is followed by "What are the drawbacks of that?" as the second question of a
conversation. The machine should have nothing else to do: a busy program beside llama.cpp's threads slows it several
times. Needs `strategy-assistant models pull`; takes about five minutes on two cores.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import httpx

from assistant.builder import build
from assistant.evaluate.cases import load_cases
from assistant.pipeline import Assistant
from assistant.records import Done, Draft, Found, History, Turn, Written
from assistant.settings import read

FOLLOW_UP = "What are the drawbacks of that?"
COMMAND = [sys.executable, "-m", "assistant"]


def command_seconds(runs: int) -> list[float]:
    """Wall seconds of ``--help``, a new process each time."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([*COMMAND, "--help"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return times


def ready(address: str) -> bool:
    """Whether the server listens already and takes questions."""
    try:
        return bool(httpx.get(f"{address}/window/state", trust_env=False, timeout=20).json()["state"] == "ready")
    except httpx.ConnectError:
        return False


def server_seconds(home: Path | None, model: str) -> float:
    """From the start of ``chat`` to the window saying that it is ready for a question."""
    environment = dict(os.environ) | ({"STRATEGY_ASSISTANT_HOME": str(home)} if home else {})
    start = time.perf_counter()
    server = subprocess.Popen(
        [*COMMAND, "chat", "--port", "0", "--model", model], stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert server.stderr is not None
        address = ""
        for line in server.stderr:
            if found := re.search(r"http://[\d.:]+", line):
                address = found.group()
                break
        while not ready(address):
            time.sleep(0.1)
        return time.perf_counter() - start
    finally:
        server.terminate()
        server.wait(30)


def ask(assistant: Assistant, question: str, history: History = ()) -> tuple[float, float, float, History]:
    """Seconds to the passages, to the first words and to the end; and the conversation so far."""
    start = time.perf_counter()
    passages = words = 0.0
    answer = None
    for event in assistant.answer(question, history):
        now = time.perf_counter() - start
        if isinstance(event, Found):
            passages = passages or now
        elif isinstance(event, Draft | Written):
            words = words or now
        elif isinstance(event, Done):
            answer = event.answer
    total = time.perf_counter() - start
    assert answer is not None
    said = " ".join(sentence.text for sentence in answer.sentences)
    turns = (*history, Turn("user", question), Turn("assistant", said))
    return passages, words or total, total, turns


def row(name: str, times: list[float]) -> None:
    print(f"{name:42} {statistics.median(times):8.2f} s   slowest {max(times):6.2f} s   of {len(times)}", flush=True)


def measure(home: Path | None, model: str, questions: list[str]) -> None:
    flags: dict[str, object] = {"model": model} | ({"home": home} if home else {})
    start = time.perf_counter()
    assistant = build(read(flags))
    print(f"\n{model}: loaded in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    assistant.learn()
    print(f"vectors of all statements, which the server makes while nobody asks: {time.perf_counter() - start:.1f} s")
    ask(assistant, "What is this guidance about?")
    firsts, seconds = [], []
    for question in questions:
        *times, turns = ask(assistant, question)
        firsts.append(times)
        *times, _ = ask(assistant, FOLLOW_UP, turns)
        seconds.append(times)
    for place, rows in (("first question", firsts), ("second question", seconds)):
        for name, column in zip(("passages", "first words", "whole answer"), zip(*rows, strict=True), strict=True):
            row(f"{place}: {name}", list(column))
    assistant.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--questions", type=int, default=12)
    parser.add_argument("--model", default="qwen2.5-coder-1.5b")
    parser.add_argument("--server", action="store_true", help="time the start of the server as well")
    arguments = parser.parse_args()
    cases = load_cases(Path(str(files("assistant").joinpath("evaluate", "cases", "guidance.jsonl"))))
    direct = [case.question for case in cases if case.kind == "direct"]
    step = max(1, len(direct) // arguments.questions)
    questions = direct[::step][: arguments.questions]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    row("strategy-assistant --help", command_seconds(5))
    if arguments.server:
        row("chat: ready for a question", [server_seconds(arguments.home, arguments.model) for _ in range(3)])
    measure(arguments.home, "quotes", questions)
    measure(arguments.home, arguments.model, questions)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GB")


if __name__ == "__main__":
    main()

"""A builder beside a busy server: threads ask it without a pause while other processes build and are killed."""

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.builder import open_configured
from assistant.serving.keeping import Kept, build_kept
from assistant.settings import Settings
from corpus.records import Document

ASKING = 3
_PATIENCE = 120.0

Apart = Callable[..., tuple[str | None, bool]]


def busy(
    home: Path,
    models: tuple[str, str],
    documents: Callable[[str], list[Document]],
    times: int,
    chance: random.Random,
    apart: Apart,
) -> tuple[list[str], Counter[str]]:
    """Changes a document ``times`` times and has builders, every other one killed, at work beside a server.

    ``models`` names the encoders, ``documents`` makes the texts that say a word, and ``apart`` runs a builder. Each
    answer must be whole, of one version, and never of an older one than the answer before it. What was wrong, and the
    counts.
    """
    folder = home / "guidance"
    folder.mkdir()
    settings = Settings(
        home=home,
        documents=(folder,),
        shipped_guidance=False,
        model="quotes",
        embedding=models[0],
        sparse=models[1],
        watch_seconds=0.2,
    )
    words = [f"word{number}" for number in range(times + 1)]

    def write(word: str) -> None:
        for document in documents(word):
            place = folder / document.name
            if not place.exists() or place.read_text() != document.text:
                place.with_suffix(".tmp").write_text(document.text)
                place.with_suffix(".tmp").replace(place)

    def build() -> str:
        opened = open_configured(settings, fresh=True)
        opened.index.close()
        return opened.index.name

    write(words[0])
    began = time.monotonic()
    apart(build)
    seconds = time.monotonic() - began
    server = _Server(settings, words, len(documents("")))
    counts: Counter[str] = Counter()
    for number, word in enumerate(words[1:]):
        write(word)
        counts["killed"] += apart(build, chance.uniform(0, seconds) if number % 2 else None)[1]
    apart(build)
    told = server.ended()
    counts["answers"], counts["versions"] = told["answers"], told["versions"]
    return told["wrong"], counts


class _Server:
    """A server in a process of its own, which is asked without a pause until it is told to end."""

    def __init__(self, settings: Settings, words: list[str], size: int) -> None:
        ending, self._end = os.pipe()
        self._told, telling = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._end)
            said: dict[str, Any] = {"answers": 0, "versions": 0, "wrong": ["the server broke"]}
            try:
                said = _served(settings, words, size, ending, telling)
            except BaseException as error:  # noqa: BLE001  whatever it is, the parent is told and counts it
                said["wrong"] = [repr(error)]
            os.write(telling, json.dumps(said).encode())
            os._exit(0)
        os.close(ending)
        os.close(telling)
        os.read(self._told, 1)

    def ended(self) -> dict[str, Any]:
        """Has it end once it answers with the last word; what it answered by then."""
        os.close(self._end)
        with os.fdopen(self._told, "rb") as pipe:
            told: dict[str, Any] = json.loads(pipe.read())
        os.waitpid(self._child, 0)
        return told


def _served(settings: Settings, words: list[str], size: int, ending: int, telling: int) -> dict[str, Any]:
    kept = build_kept(settings, lambda _: None)
    wrong: list[str] = []
    seen: list[set[int]] = [set() for _ in range(ASKING)]
    answers = [0] * ASKING
    stop = threading.Event()

    def ask(asking: int) -> None:
        last = 0
        while not stop.is_set():
            try:
                now = words.index(_word(kept, size))
            except Exception as error:  # noqa: BLE001  a question that fails is what is looked for
                wrong.append(repr(error))
                return
            if now < last:
                wrong.append(f"{words[now]!r} after {words[last]!r}")
            last = now
            seen[asking].add(now)
            answers[asking] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(ASKING)]
    for thread in threads:
        thread.start()
    os.write(telling, b"+")
    with suppress(OSError):
        os.read(ending, 1)
    until = time.monotonic() + _PATIENCE
    while _word(kept, size) != words[-1] and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.2)
    stop.set()
    for thread in threads:
        thread.join()
    if _word(kept, size) != words[-1]:
        wrong.append(f"the last document is not answered from: {kept.problem or kept.rebuilding.line}")
    if kept.held_open != 1:
        wrong.append(f"{kept.held_open} indexes are open")
    kept.close()
    return {"answers": sum(answers), "versions": len(set().union(*seen)), "wrong": wrong}


def _word(kept: Kept, size: int) -> str:
    """The word that answers now, out of a passage and a document that say the same."""
    with kept.in_use() as assistant:
        found = assistant.search("What is the present word?", 3)
        document = assistant.document("changing.md")
        whole = len(assistant.index.passages) == size
    text = next((passage.text for passage in found if passage.document == "changing.md"), "")
    if document is None or document.text != text or not whole:
        raise AssertionError("an index that is not whole")
    return text.removeprefix("The present word is ").removesuffix(".")

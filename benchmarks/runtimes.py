"""The default model run by PyTorch and by llama.cpp: how quick each is, what memory it takes, whether they agree.

    .venv/bin/python benchmarks/runtimes.py [--prompts 24]

Each runs in a process of its own, one after the other, over the same prompts: statements of the shipped guidance with
a question and the judge's task. Printed are seconds to open the model; tokens read a second for short prompts
(one statement) and long ones (ten), each new but for its beginning; tokens written a second for text in the model's own
words and for a copied one; the most memory of the process; and how far the two lie apart in the log odds of their yes.
Needs `strategy-assistant models pull`.
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from growth import most_memory

from assistant.contents import prompting
from assistant.contents.statements import split_statements
from assistant.judging.answerability import task
from assistant.models import LanguageModel, Message, complete_text, yes_probability
from assistant.models.calibrated import logit
from assistant.models.factory import open_model
from assistant.settings import read
from corpus import load_all, shipped_guidance, split

_QUESTIONS = (
    "Who pays for it, and from which budget?",
    "What happens when nobody at the top takes it up?",
    "How long does it take until teams see something?",
    "Why do the tools of two departments not work together?",
)
_LONG = 10
_WORDS = 60
_OWN = "In your own words, explain what this guidance means for a hospital."
_COPY = "Copy the first three statements of the guidance word for word."


def prompts(count: int) -> tuple[list[list[Message]], list[list[Message]], list[Message], list[Message]]:
    """Short and long prompts for the judge, one to write from and one to copy from."""
    passages = [passage for document in load_all([shipped_guidance()]).documents for passage in split(document)]
    statements = [one for passage in passages for one in split_statements(passage)]
    statements = statements[:: max(1, len(statements) // count)][:count]

    def asked(chosen: Sequence[Any], place: int) -> list[Message]:
        return list(prompting.messages(chosen, _QUESTIONS[place % len(_QUESTIONS)], task()))

    short = [asked([one], place) for place, one in enumerate(statements)]
    groups = [statements[at : at + _LONG] for at in range(0, len(statements), _LONG)]
    long = [asked(group, place) for place, group in enumerate(groups)]
    lines = list(prompting.messages(statements[:_LONG], _OWN, "Answer in five sentences."))
    copied = list(prompting.messages(statements[:_LONG], _COPY, "Copy them now."))
    return short, long, lines, copied


def measure(runtime: str, count: int, results: Any) -> None:
    settings = read({"model": "qwen2.5-coder-1.5b", "model_runtime": runtime})
    since = time.perf_counter()
    model = open_model(settings)
    assert model is not None
    opened = time.perf_counter() - since
    short, long, own, copied = prompts(count)
    yes_probability(model, short[0])
    yes, quick = judged(model, short[1:])
    _, slow = judged(model, long)
    found = {
        "open": opened,
        "short": quick,
        "long": slow,
        "own": written(model, own),
        "copied": written(model, copied),
        "memory": most_memory(resource.RUSAGE_SELF) / 1e9,
        "yes": yes,
    }
    model.close()
    results.put(json.dumps(found))


def judged(model: LanguageModel, asked: Sequence[Sequence[Message]]) -> tuple[list[float], float]:
    """The yes to each prompt, and the median of tokens a second, those counted too that were read before."""
    found, speeds = [], []
    for messages in asked:
        before = _read(model)
        since = time.perf_counter()
        found.append(yes_probability(model, messages) or 0.0)
        speeds.append((_read(model) - before) / (time.perf_counter() - since))
    return found, statistics.median(speeds)


def written(model: LanguageModel, messages: Sequence[Message]) -> float:
    """Tokens written a second, once the prompt is read."""
    complete_text(model, messages, max_tokens=1)
    before = model.usage.total.written  # type: ignore[attr-defined]
    since = time.perf_counter()
    complete_text(model, messages, max_tokens=_WORDS)
    return float((model.usage.total.written - before) / (time.perf_counter() - since))  # type: ignore[attr-defined]


def _read(model: LanguageModel) -> int:
    return int(model.usage.total.read)  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompts", type=int, default=24)
    given = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    found: dict[str, dict[str, Any]] = {}
    for runtime in ("pytorch", "llama.cpp"):
        results = spawn.Queue()
        process = spawn.Process(target=measure, args=(runtime, given.prompts, results))
        process.start()
        found[runtime] = json.loads(results.get())
        process.join()
    print("| | PyTorch | llama.cpp | ratio |\n|---|---|---|---|")
    rows = {
        "seconds to open": "open",
        "tokens read a second, short prompts": "short",
        "tokens read a second, long prompts": "long",
        "tokens written a second, own words": "own",
        "tokens written a second, copied": "copied",
        "GB of memory": "memory",
    }
    for title, name in rows.items():
        here, there = found["pytorch"][name], found["llama.cpp"][name]
        print(f"| {title} | {here:.1f} | {there:.1f} | {here / there:.1f} |")
    odds = np.array([[logit(yes) for yes in found[runtime]["yes"]] for runtime in found])
    apart = odds[0] - odds[1]
    print(
        f"\nLog odds of the yes over {odds.shape[1]} prompts: PyTorch's minus llama.cpp's {apart.mean():+.2f}, "
        f"apart by {abs(apart).mean():.2f}, correlation {np.corrcoef(odds)[0, 1]:.3f}"
    )


if __name__ == "__main__":
    main()

"""How fast the embedded model is on this machine, and whether other llama.cpp settings change it.

    .venv/bin/python benchmarks/embedded_model.py MODEL.gguf [--runs 3] [--only NAME ...]

For each variant: seconds to load, tokens read and written a second, and seconds to the first token of a prompt of about
300 tokens of which about 100 are cached. Medians of several runs; every prompt is new but for its beginning.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xllamacpp

from assistant.models import Message, embedded
from assistant.models.embedded import EmbeddedModel


def flash(params: Any, value: str) -> None:
    params.flash_attn_type = getattr(xllamacpp.llama_flash_attn_type, f"LLAMA_FLASH_ATTN_TYPE_{value}")


def batch(params: Any, size: int) -> None:
    params.n_batch = params.n_ubatch = size


def quantised_cache(params: Any) -> None:
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_Q8_0


def threads(params: Any, count: int) -> None:
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = count


def lookup(params: Any) -> None:
    params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]


VARIANTS: dict[str, Callable[[Any], None]] = {
    "as shipped": lambda _: None,
    "batch 512": lambda params: batch(params, 512),
    "flash attention on": lambda params: flash(params, "ENABLED"),
    "flash attention off": lambda params: flash(params, "DISABLED"),
    "cache in 8 bits": quantised_cache,
    "1 thread": lambda params: threads(params, 1),
    "n-gram lookup": lookup,
}


def measure(path: Path, change: Callable[[Any], None], runs: int) -> list[float]:
    real = xllamacpp.Server

    def changed(params: Any) -> Any:
        change(params)
        return real(params)

    xllamacpp.Server = changed
    try:
        began = time.perf_counter()
        model = EmbeddedModel(path)
        loaded = time.perf_counter() - began
    finally:
        xllamacpp.Server = real
    beginning = "Guidance: " + "Teams near a problem know it best and adopt what they shaped themselves. " * 6
    model.warm([Message("system", "You are brief."), Message("user", beginning)])
    firsts, reading, writing = [], [], []
    for run in range(runs):
        rest = " ".join(
            f"Point {number} of {run} says that unit {number * 7 + run} reports later." for number in range(12)
        )
        task = "Copy the first two sentences of the guidance, then explain them."
        body = model_timings(model, [Message("system", "You are brief."), Message("user", f"{beginning}{rest} {task}")])
        firsts.append(body["first"])
        reading.append(body["prompt_per_second"])
        writing.append(body["predicted_per_second"])
    model.close()
    median = statistics.median
    return [loaded, median(reading), median(writing), median(firsts), body["prompt_n"], body["cache_n"]]


def model_timings(model: EmbeddedModel, messages: list[Message]) -> dict[str, float]:
    """The server's own timings, and the seconds to the first token as the caller sees them."""
    seen: dict[str, Any] = {}
    receive = embedded._Generation._receive

    def watched(self: Any, event: Any) -> None:
        seen.update(event.get("timings", {}))
        receive(self, event)

    embedded._Generation._receive = watched  # type: ignore[method-assign]
    try:
        began = time.perf_counter()
        for number, _ in enumerate(model.complete(messages, max_tokens=48)):
            if number == 0:
                seen["first"] = time.perf_counter() - began
    finally:
        embedded._Generation._receive = receive  # type: ignore[method-assign]
    return seen


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--only", nargs="*", default=list(VARIANTS))
    given = arguments.parse_args()
    print(f"{'variant':<20} load s  read/s  write/s  first s  new tokens  cached")
    for name in given.only:
        loaded, reading, writing, first, new, cached = measure(given.model, VARIANTS[name], given.runs)
        print(
            f"{name:<20} {loaded:6.1f} {reading:7.1f} {writing:8.1f} {first:8.2f} {new:11.0f} {cached:7.0f}", flush=True
        )


if __name__ == "__main__":
    main()

"""Measures in the form that Prometheus reads."""

from collections.abc import Callable
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from assistant.notices import stood_in
from assistant.watching.ended import Ended

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160)

Serving = Callable[[], tuple[str, str] | None]


class Metrics:
    """``length`` says how many wait, ``serving`` which model and which index answer, None while there is none."""

    def __init__(self, length: Callable[[], int], serving: Serving) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "strategy_assistant_questions", "Questions by how they ended.", ["outcome"], registry=self._registry
        )
        self._stood_in = Counter(
            "strategy_assistant_fallbacks",
            "Answers in quotes because the language model failed.",
            registry=self._registry,
        )
        self._stages = Histogram(
            "strategy_assistant_stage_seconds",
            "Time of an answer's stages; first_text counts from its beginning.",
            ["stage"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._waited = Histogram(
            "strategy_assistant_queue_seconds", "Time in the queue.", buckets=_SECONDS, registry=self._registry
        )
        Gauge("strategy_assistant_queue_length", "Questions that wait.", registry=self._registry).set_function(length)
        self._registry.register(_Served(serving))
        ProcessCollector(registry=self._registry)

    def told(self, ended: Ended) -> None:
        """Counts a question that has ended."""
        self._questions.labels(ended.outcome).inc()
        if ended.outcome == "busy":
            return
        self._waited.observe(ended.waited)
        if ended.answer is None:
            return
        if stood_in(ended.answer):
            self._stood_in.inc()
        for stage, milliseconds in asdict(ended.answer.timings_ms).items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def page(self) -> bytes:
        """Everything measured so far."""
        return generate_latest(self._registry)


class _Served(Collector):
    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def collect(self) -> list[GaugeMetricFamily]:
        served = self._serving()
        family = GaugeMetricFamily(
            "strategy_assistant_serving_info", "The model and the index that answer.", labels=["model", "index"]
        )
        if served is not None:
            family.add_metric(list(served), 1)
        ready = GaugeMetricFamily(
            "strategy_assistant_ready", "Whether questions can be answered.", value=float(served is not None)
        )
        return [family, ready]

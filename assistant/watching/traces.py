"""Traces by OpenTelemetry: one for each question, sent to the address that the settings name."""

import time
from typing import TYPE_CHECKING

from assistant.watching.ended import Ended
from corpus.errors import UserError

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

SERVICE = "strategy-assistant"


class Traces:
    """Sends to an OTLP collector over HTTP, such as ``http://127.0.0.1:4318``, in the background.

    Raises ``UserError`` where the packages for it are not installed.
    """

    def __init__(self, endpoint: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise UserError("otlp_endpoint needs more packages: pip install 'strategy-assistant[otel]'") from error
        self._provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer: Tracer = self._provider.get_tracer(SERVICE)

    def told(self, ended: Ended) -> None:
        """Makes the trace of a question that has ended: its wait, then its stages one after the other."""
        from opentelemetry.trace import set_span_in_context

        now = time.time_ns()
        answering = now - _ns(ended.took)
        attributes = {"outcome": ended.outcome, "request": ended.request}
        if ended.answer is not None:
            attributes |= {"model": ended.answer.model, "index": ended.answer.index}
        whole = self._tracer.start_span("question", start_time=answering - _ns(ended.waited), attributes=attributes)
        inside = set_span_in_context(whole)
        parts = [("queue", ended.waited)]
        if ended.answer is not None:
            timings = ended.answer.timings_ms
            parts += [("rewrite", timings.rewrite / 1000), ("retrieve", timings.retrieve / 1000)]
        begins = answering - _ns(ended.waited)
        for name, seconds in parts:
            self._tracer.start_span(name, inside, start_time=begins).end(begins + _ns(seconds))
            begins += _ns(seconds)
        if ended.answer is not None:
            shares = {"generate_ms": timings.generate, "verify_ms": timings.verify}
            last = self._tracer.start_span("write and verify", inside, start_time=begins, attributes=shares)
            last.end(max(begins, now))
        whole.end(now)

    def close(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()


def _ns(seconds: float) -> int:
    return int(seconds * 1_000_000_000)

"""The address at which measures are read, and who is told of each question that has ended."""

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Response

from assistant.watching.ended import Ended, Told, all_told
from assistant.watching.metrics import TYPE, Metrics
from assistant.watching.requests import log_answer
from assistant.watching.traces import Traces
from assistant.web.line import Line
from assistant.web.loading import Loading

PATH = "/metrics"


@dataclass(frozen=True, slots=True)
class Watching:
    """What the settings say of it: who may read measures, where traces go (empty: nowhere), what may be logged."""

    metrics: Literal["off", "owners", "local"] = "owners"
    traces: Traces | None = None
    log_questions: bool = False

    def told(self, line: Line, loading: Loading) -> tuple[Told, APIRouter]:
        """Who is to be told of the questions of that line, and the address of its measures."""
        router = APIRouter(include_in_schema=False)

        def logged(ended: Ended) -> None:
            log_answer(ended, questions=self.log_questions)

        def serving() -> tuple[str, str] | None:
            assistant = loading.assistant
            return None if assistant is None else (assistant.model_name, assistant.index_name)

        metrics = Metrics(lambda: line.length, serving)

        def page() -> Response:
            return Response(metrics.page(), headers={"Content-Type": TYPE, "Cache-Control": "no-store"})

        if self.metrics != "off":
            router.add_api_route(PATH, page)
        traced = [self.traces.told] if self.traces else []
        return all_told([logged, metrics.told, *traced]), router

    def close(self) -> None:
        """Sends what is left to send."""
        if self.traces is not None:
            self.traces.close()

"""Wall times of the stages of one answer."""

import time
from dataclasses import dataclass, field

from assistant.records import Timings


@dataclass(slots=True)
class Clock:
    """The wall time of the stages of one answer, in milliseconds."""

    started: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    def since_start(self) -> float:
        return round((time.perf_counter() - self.started) * 1000, 1)

    def add(self, stage: str, since: float) -> None:
        self.marks[stage] = round(self.marks.get(stage, 0.0) + (time.perf_counter() - since) * 1000, 1)

    def first_text(self) -> None:
        self.marks.setdefault("first_text", self.since_start())

    def timings(self) -> Timings:
        return Timings(**self.marks, total=self.since_start())

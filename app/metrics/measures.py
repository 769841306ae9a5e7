"""Measures of one process: counters and times, in a registry of their own."""

import threading
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from app.answering.answer import Answer

STAGES = ("queue", "encode", "search", "read", "whole")
_BUCKETS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10)  # seconds

Given = ParamSpec("Given")
Made = TypeVar("Made")


class _Spent(threading.local):
    """Seconds of the present answer of a thread, by stage."""

    def __init__(self) -> None:
        self.began = 0.0
        self.seconds = {"encode": 0.0, "read": 0.0}


class Measures:
    """Answers by verdict, seconds by stage, questions that wait, and responses by status; threads may share it."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # times of creation, a sample for each count
        registry = CollectorRegistry()
        self.registry = registry
        self._answers = Counter("citewell_answers", "Answers by verdict.", ["verdict"], registry=registry)
        text = "Seconds of an answer by stage; whole is without the queue."
        self._stages = Histogram("citewell_stage_seconds", text, ["stage"], buckets=_BUCKETS, registry=registry)
        text = "Questions that wait for their turn."
        self.waiting = Gauge("citewell_waiting", text, registry=registry, multiprocess_mode="livesum")
        text = "Responses by status; 503 is a full queue, or an index that cannot be read."
        self._responses = Counter("citewell_responses", text, ["status"], registry=registry)
        self._spent = _Spent()
        for verdict in ("answer", "related", "none"):  # so that a rate can be told from the first on
            self._answers.labels(verdict)
        self._responses.labels("503")

    def begin(self) -> None:
        """An answer of this thread begins."""
        self._spent.began = time.perf_counter()
        self._spent.seconds = dict.fromkeys(self._spent.seconds, 0.0)

    def end(self, answer: Answer) -> None:
        """Count the answer of this thread, and the seconds of its stages."""
        spent = self._spent.seconds
        whole = time.perf_counter() - self._spent.began
        for stage, seconds in {**spent, "search": whole - sum(spent.values()), "whole": whole}.items():
            self.observe(stage, seconds)
        self._answers.labels(answer.verdict).inc()

    def observe(self, stage: str, seconds: float) -> None:
        """Note the seconds of a stage."""
        self._stages.labels(stage).observe(seconds)

    def responded(self, status: int) -> None:
        """Count a response."""
        self._responses.labels(str(status)).inc()

    def timed(self, stage: str, work: Callable[Given, Made]) -> Callable[Given, Made]:
        """The same work, whose seconds belong to this stage of the thread's answer."""

        @wraps(work)
        def measured(*args: Given.args, **kwargs: Given.kwargs) -> Made:
            began = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                self._spent.seconds[stage] += time.perf_counter() - began

        return measured


class Timed:
    """An object, one method of which is measured; all else is the object's own."""

    def __init__(self, inner: object, method: str, stage: str) -> None:
        self._inner = inner
        setattr(self, method, measures().timed(stage, getattr(inner, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@cache
def measures() -> Measures:
    """The measures of this process."""
    return Measures()

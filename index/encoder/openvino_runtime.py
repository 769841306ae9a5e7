"""OpenVINO runtime for exported models on CPUs."""

import math
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock, local
from typing import Any

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_CROWDED = 1.0  # seconds after a collision during which more concurrent calls are expected


@cache
def openvino() -> Any:
    """The package without its telemetry. Raises ImportError if this machine cannot run it."""
    # The conversion tools send telemetry when imported; None lets their import fail.
    sys.modules.setdefault("openvino.tools", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def cores() -> int:
    """The number of cores for this process: its CPU affinity, or the quota of its container if smaller."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(bound, granted(_QUOTA))


def granted(quota: Path) -> int:
    """The cores of a control group's `cpu.max`, rounded up; `sys.maxsize` without a file or a limit."""
    try:
        most, _, period = quota.read_text("ascii").partition(" ")
    except OSError:
        return sys.maxsize
    return sys.maxsize if most == "max" else max(math.ceil(int(most) / int(period)), 1)


@cache
def precision() -> str:
    """The inference precision: bf16 if the processor supports it, else f32."""
    capabilities = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in capabilities else "f32"


class Network:
    """An OpenVINO model, compiled on first use; threads may share it without waiting for each other.

    It calculates in bfloat16 if the processor supports it, else in float32.
    """

    def __init__(self, model: Any, options: Mapping[str, Any] | None = None) -> None:
        """`options` are further properties of the runtime's CPU device."""
        self._model, self._options = model, dict(options or {})
        self._compiled: dict[int, Any] = {}
        self._compiling = Lock()
        self._thread = local()
        self._lone, self._crowded_until = Lock(), 0.0

    @classmethod
    def read(cls, file: Path) -> "Network":
        """The model in an XML file. Raises ImportError without a runtime, RuntimeError for an unsuitable file."""
        return cls(openvino().Core().read_model(str(file)))

    @contextmanager
    def lone_or_shared_request(self) -> Iterator[Any]:
        """An inference request: a lone caller gets all cores, a caller that arrives meanwhile gets one core at once.

        After such a collision every call uses one core for `_CROWDED` seconds, which raises throughput.
        """
        crowded = time.monotonic() < self._crowded_until
        if not crowded and self._lone.acquire(blocking=False):
            try:
                yield self.request(1)
            finally:
                self._lone.release()
            return
        if not crowded:
            self._crowded_until = time.monotonic() + _CROWDED
        yield self.request(cores())

    def request(self, at_once: int) -> Any:
        """This thread's inference request; `at_once` requests of all threads share the cores, others wait.

        Raises RuntimeError if the processor is unsuitable.
        """
        requests: Any = vars(self._thread)
        if at_once not in requests:
            requests[at_once] = self.compiled(at_once).create_infer_request()
        return requests[at_once]

    def compiled(self, at_once: int) -> Any:
        """The model compiled for `at_once` concurrent requests. Raises RuntimeError if the processor is unsuitable."""
        options = {
            "INFERENCE_PRECISION_HINT": precision(),
            "NUM_STREAMS": at_once,
            "INFERENCE_NUM_THREADS": cores(),
            "ENABLE_CPU_PINNING": False,  # else two processes would use the same cores
            **self._options,
        }
        with self._compiling:
            if at_once not in self._compiled:
                self._compiled[at_once] = openvino().Core().compile_model(self._model, "CPU", options)
            return self._compiled[at_once]

"""OpenVINO runtime for exported models on CPUs."""

import math
import os
import sys
from functools import cache
from pathlib import Path
from threading import Lock, local
from typing import Any

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


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
    """The model in an XML file, compiled on first use; threads may share it.

    It calculates in bfloat16 if the processor supports it, else in float32. Raises ImportError
    without a runtime, RuntimeError for an unsuitable file.
    """

    def __init__(self, file: Path) -> None:
        self._model = openvino().Core().read_model(str(file))
        self._compiled: dict[int, Any] = {}
        self._compiling = Lock()
        self._thread = local()

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
        }
        with self._compiling:
            if at_once not in self._compiled:
                self._compiled[at_once] = openvino().Core().compile_model(self._model, "CPU", options)
            return self._compiled[at_once]

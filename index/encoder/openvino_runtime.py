"""OpenVINO, which runs exported models on CPUs."""

import math
import os
import sys
from functools import cache
from pathlib import Path
from threading import Lock, local
from typing import Any

# Imported with the package, its conversion tools send a message to a host of the internet. Nothing here needs them.
_REPORTING = "openvino.tools"
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


@cache
def openvino() -> Any:
    """The package, without what reports. Raises ImportError where this machine cannot run it."""
    sys.modules.setdefault(_REPORTING, None)  # type: ignore[arg-type]  # None: an import of it fails
    import openvino

    return openvino


def cores() -> int:
    """How many cores this process may use: those it is bound to, or the fewer that its container is granted."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(bound, granted(_QUOTA))


def granted(quota: Path) -> int:
    """The cores of a control group's `cpu.max`, rounded up; without a file or a limit as many as there may be."""
    try:
        most, _, period = quota.read_text("ascii").partition(" ")
    except OSError:
        return sys.maxsize
    return sys.maxsize if most == "max" else max(math.ceil(int(most) / int(period)), 1)


def precision() -> str:
    """What models are run in here: bf16 where the processor can calculate in it, else f32."""
    can = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in can else "f32"


class _Own(local):
    """What each thread has for itself."""

    def __init__(self) -> None:
        self.requests: dict[int, Any] = {}


class Network:
    """The model in an XML file, made ready to run when it is first asked for; threads may share it.

    It calculates in bfloat16 where the processor can (or as `bf16` says), else in float32. Raises
    ImportError without a runtime, RuntimeError where the file will not do.
    """

    def __init__(self, file: Path, *, bf16: bool | None = None) -> None:
        self._model = openvino().Core().read_model(str(file))
        self._precision = precision() if bf16 is None else "bf16" if bf16 else "f32"
        self._compiled: dict[int, Any] = {}
        self._compiling = Lock()
        self._own = _Own()

    def request(self, at_once: int) -> Any:
        """This thread's own request: so many of all threads run at once and share the cores, further ones wait.

        Raises RuntimeError where the processor will not do.
        """
        if at_once not in self._own.requests:
            self._own.requests[at_once] = self.compiled(at_once).create_infer_request()
        return self._own.requests[at_once]

    def compiled(self, at_once: int) -> Any:
        """The model ready to run so many requests at once. Raises RuntimeError where the processor will not do."""
        options = {
            "INFERENCE_PRECISION_HINT": self._precision,
            "NUM_STREAMS": at_once,
            "INFERENCE_NUM_THREADS": cores(),
            "ENABLE_CPU_PINNING": False,  # else two processes would keep to the same cores
        }
        with self._compiling:
            if at_once not in self._compiled:
                self._compiled[at_once] = openvino().Core().compile_model(self._model, "CPU", options)
            return self._compiled[at_once]

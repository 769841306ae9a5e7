"""OpenVINO, which runs exported models on CPUs."""

import math
import os
import sys
from functools import cache
from pathlib import Path
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


def compiled(network: Path, *, bf16: bool | None = None) -> Any:
    """The model in an XML file, ready to run: each request on a thread of its own, as many at once as there are cores.

    It calculates in bfloat16 where the processor can (or as `bf16` says), else in float32. Raises
    ImportError without a runtime, RuntimeError where the file or the processor will not do.
    """
    options = {
        "INFERENCE_PRECISION_HINT": precision() if bf16 is None else "bf16" if bf16 else "f32",
        "NUM_STREAMS": cores(),
        "INFERENCE_NUM_THREADS": cores(),
        "ENABLE_CPU_PINNING": False,  # else two processes would keep to the same cores
    }
    return openvino().Core().compile_model(str(network), "CPU", options)

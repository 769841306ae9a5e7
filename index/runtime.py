"""OpenVINO, which runs exported models on CPUs."""

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

# Imported with the package, its conversion tools send a message to a host of the internet. Nothing here needs them.
_REPORTING = "openvino.tools"


@cache
def openvino() -> Any:
    """The package, without what reports. Raises ImportError where this machine cannot run it."""
    sys.modules.setdefault(_REPORTING, None)  # type: ignore[arg-type]  # None: an import of it fails
    import openvino

    return openvino


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def compiled(network: Path, *, bf16: bool | None = None) -> Any:
    """The model in an XML file, ready to run: each request on a thread of its own, as many at once as there are cores.

    It calculates in bfloat16 where the processor can (or as `bf16` says), else in float32. Raises
    ImportError without a runtime, RuntimeError where the file or the processor will not do.
    """
    core = openvino().Core()
    if bf16 is None:
        bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    options = {
        "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
        "NUM_STREAMS": cores(),
        "INFERENCE_NUM_THREADS": cores(),
        "ENABLE_CPU_PINNING": False,  # else two processes would keep to the same cores
    }
    return core.compile_model(str(network), "CPU", options)

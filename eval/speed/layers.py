"""Which kinds of layers of the exported encoder take the time, by OpenVINO's own clock."""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.contender import last_words
from eval.speed.race import Say
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.encoder.openvino_encoder import NETWORK
from index.encoder.openvino_runtime import openvino

_TEXTS, _RUNS = 5, 20  # of one batch, as encoding makes them of 200-token passages


def layer_shares(tokens: int, say: Say) -> dict[str, float]:
    """The share of each kind of layer in the time of running texts of so many tokens on one core, greatest first.

    Empty where the model cannot be exported for OpenVINO; `say` hears why.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "model")
        if not exports(model_folder(DEFAULT_MODEL), target, say):
            return {}
        core = openvino().Core()
        options: dict[str, Any] = {"INFERENCE_NUM_THREADS": 1, "PERF_COUNT": True}
        if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            options["INFERENCE_PRECISION_HINT"] = "bf16"
        request = core.compile_model(str(target / NETWORK), "CPU", options).create_infer_request()
    ids = np.random.default_rng(0).integers(1_000, 20_000, (_TEXTS, tokens))
    spent: Counter[str] = Counter()
    for _ in range(_RUNS):
        request.infer([ids, np.ones_like(ids)])
        for node in request.profiling_info:
            spent[node.node_type] += node.real_time.total_seconds()
    return shares(spent)


def exports(model: Path, target: Path, say: Say) -> bool:
    """Whether the model could be exported to `target`; `say` hears the last line of what failed."""
    command = [sys.executable, "-m", "index.encoder.export", str(model), str(target)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if ended.returncode:
        say(f"no profile of the layers: {last_words(ended.stderr + ended.stdout)}")
    return not ended.returncode


def shares(spent: Counter[str], least: float = 0.01) -> dict[str, float]:
    """Each kind's share of the whole, greatest first; those below `least` together as others."""
    whole = sum(spent.values())
    found = {kind: seconds / whole for kind, seconds in spent.most_common() if whole}
    kept = {kind: share for kind, share in found.items() if share >= least}
    others = sum(found.values()) - sum(kept.values())
    return {**kept, "others": others} if others > 1e-9 else kept

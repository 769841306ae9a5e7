"""How fast this processor multiplies matrices, by OpenVINO on all cores: the limit of what any encoder can reach."""

import time
from typing import Any

import numpy as np

from index.encoder.openvino_runtime import cores, openvino

PRECISIONS = ("f32", "bf16")
_RUNS, _LAYERS = 8, 4


def capable() -> list[str]:
    """The precisions that this processor has instructions for."""
    found = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ["f32", *(["bf16"] if "BF16" in found else [])]


def rate(rows: int, shapes: list[tuple[int, int]], precision: str) -> float:
    """The best rate in FLOP/s of multiplying `rows` rows by matrices of these shapes, one after another, in layers.

    Each core works on a request of its own. A multiplication and an addition are two operations.
    """
    options = {"INFERENCE_PRECISION_HINT": precision, "NUM_STREAMS": cores(), "INFERENCE_NUM_THREADS": cores()}
    compiled = openvino().Core().compile_model(_network(rows, shapes), "CPU", options)
    queue = openvino().AsyncInferQueue(compiled, cores())
    given = np.random.default_rng(1).standard_normal((rows, shapes[0][0])).astype(np.float32)
    at_once = 2 * cores()  # none waits for the next request
    best = float("inf")
    for _ in range(_RUNS):
        begin = time.perf_counter()
        for _ in range(at_once):
            queue.start_async({0: given})
        queue.wait_all()
        best = min(best, (time.perf_counter() - begin) / at_once)
    return 2 * rows * _LAYERS * sum(a * b for a, b in shapes) / best


def _network(rows: int, shapes: list[tuple[int, int]]) -> Any:
    """A chain of products with constant matrices; each keeps the numbers at the size they have."""
    runtime = openvino()
    operations = runtime.opset13
    draw = np.random.default_rng(0)
    given = operations.parameter([rows, shapes[0][0]], np.float32)
    chain = given
    for _ in range(_LAYERS):
        for height, width in shapes:
            matrix = draw.standard_normal((height, width)) / np.sqrt(height)
            chain = operations.matmul(chain, operations.constant(matrix.astype(np.float32)), False, False)
    return runtime.Model([operations.result(chain)], [given], "products")

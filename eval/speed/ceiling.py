"""Encoding against the processor's limit: the rate of matrix products, and the share that encoding reaches of it."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.contenders.competition import ARTICLES
from eval.speed.contenders.corpus import filled, plain_sentences
from eval.speed.contenders.race import Say
from eval.speed.stage import timed
from index.encoder.encoder import load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify, model_folder
from index.encoder.openvino_runtime import cores, openvino
from index.passages.sentences import sentence_spans

_PASSAGES, _TOKENS = 240, 200
_ROUNDS = 3
_MARKERS = 2  # tokens of beginning and end that an encoder adds
_SEED = 5
_ROWS = 1_024  # tokens that are multiplied at once
_RUNS, _REPEATS = 8, 4  # of a layer's products

Shapes = list[tuple[int, int]]


def measure_ceiling(say: Say) -> dict[str, Any]:
    """Matrix rates in GFLOP/s (None for a precision that the processor lacks), and the share that encoding reaches."""
    layers, shapes = matrices(model_folder(DEFAULT_MODEL))
    say("measuring matrix rates")
    able = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    rates = {name: _rate(shapes, name) if name.upper() in {"F32", *able} else None for name in ("f32", "bf16")}
    encoder = load_encoder(identify(DEFAULT_MODEL))
    sentences = plain_sentences(ARTICLES)
    sizes = dict(zip(sentences, encoder.count_tokens(sentences), strict=True))
    draw = random.Random(_SEED)  # noqa: S311 - a shuffle that is the same in every run
    texts = [filled(draw, sizes, _TOKENS - _MARKERS) for _ in range(_PASSAGES)]
    spans = [sentence_spans(text) for text in texts]
    tokens = sum(encoder.count_tokens(texts)) + _MARKERS * len(texts)
    say(f"encoding {len(texts)} passages of {_TOKENS} tokens")
    seconds = min(timed(lambda: encoder.passages(texts, spans)) for _ in range(_ROUNDS))
    mflop = operations(layers, shapes, tokens / len(texts)) / 1e6
    limit = max(rate or 0 for rate in rates.values()) * 1e3 / mflop / tokens * len(texts)
    return {
        **rates,
        "passages": len(texts),
        "tokens": tokens / len(texts),
        "mflop": mflop,
        "limit": limit,
        "rate": len(texts) / seconds,
        "share": len(texts) / seconds / limit,
    }


def matrices(folder: Path) -> tuple[int, Shapes]:
    """The number of layers of a model, and the matrices of a layer.

    They are query, key, value and output, and the two of the feed-forward part.
    """
    config = json.loads((folder / "config.json").read_text("utf-8"))
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    return config["num_hidden_layers"], [(hidden, hidden)] * 4 + [(hidden, inner), (inner, hidden)]


def operations(layers: int, shapes: Shapes, length: float) -> float:
    """Floating-point operations a token in a text of `length` tokens: its matrices, and attention to each token."""
    products = sum(height * width for height, width in shapes)
    return 2 * layers * (products + 2 * length * shapes[0][0])


def _rate(shapes: Shapes, precision: str) -> float:
    """The best rate in GFLOP/s of multiplying rows by matrices of these shapes, one after another.

    Each core works on a request of its own. A multiplication and an addition are two operations.
    """
    operators, numbers = openvino().opset13, np.random.default_rng(0)
    parameter = operators.parameter([_ROWS, shapes[0][0]], np.float32)
    chain = parameter
    for height, width in shapes * _REPEATS:
        matrix = numbers.standard_normal((height, width)) / np.sqrt(height)  # scaled, so that results keep their size
        chain = operators.matmul(chain, operators.constant(matrix.astype(np.float32)), False, False)
    model = openvino().Model([operators.result(chain)], [parameter], "products")
    options = {"INFERENCE_PRECISION_HINT": precision, "NUM_STREAMS": cores(), "INFERENCE_NUM_THREADS": cores()}
    queue = openvino().AsyncInferQueue(openvino().Core().compile_model(model, "CPU", options), cores())
    inputs = numbers.standard_normal((_ROWS, shapes[0][0])).astype(np.float32)
    requests = 2 * cores()  # no core waits for its next request

    def multiply() -> None:
        for _ in range(requests):
            queue.start_async({0: inputs})
        queue.wait_all()

    best = min(timed(multiply) for _ in range(_RUNS)) / requests
    return 2 * _ROWS * _REPEATS * sum(height * width for height, width in shapes) / best / 1e9

"""Encoding against the processor's limit: rates of matrix products, the share that encoding reaches, a profile."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.contenders.competition import ARTICLES
from eval.speed.contenders.race import Say
from eval.speed.stage import timed
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify, model_folder
from index.encoder.openvino_runtime import cores, openvino
from index.passages.sentences import Span, sentence_spans
from index.reading.folder import read_folder

_PASSAGES, _TOKENS = 240, 200
_ROUNDS = 3
_MARKERS = 2  # tokens of beginning and end that an encoder adds
_SEED = 5
_ROWS = 1_024  # tokens that are multiplied at once
_RUNS, _LAYERS = 8, 4  # of a network of matrix products


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of an encoder's layers."""

    layers: int
    hidden: int
    inner: int

    @classmethod
    def of(cls, folder: Path) -> "Shape":
        """Of a model's own description."""
        config = json.loads((folder / "config.json").read_text("utf-8"))
        return cls(config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"])

    @property
    def matrices(self) -> list[tuple[int, int]]:
        """What a layer multiplies each token by: query, key, value, output, and the two of the feed-forward part."""
        return [(self.hidden, self.hidden)] * 4 + [(self.hidden, self.inner), (self.inner, self.hidden)]

    def operations(self, length: float) -> float:
        """Floating-point operations a token in a text of so many tokens: its matrices, and attention to each token."""
        products = sum(height * width for height, width in self.matrices)
        return 2 * self.layers * (products + 2 * length * self.hidden)


def measure_ceiling(say: Say) -> dict[str, Any]:
    """Matrix rates, the share of them that encoding reaches, and a profile."""
    shape = Shape.of(model_folder(DEFAULT_MODEL))
    rates = matrix_rates(shape, say)
    encoder = load_encoder(identify(DEFAULT_MODEL))
    texts = passages_of(encoder, _PASSAGES, _TOKENS)
    spans = [sentence_spans(text) for text in texts]
    tokens = [count + _MARKERS for count in encoder.count_tokens(texts)]
    say(f"encoding {len(texts)} passages of {_TOKENS} tokens")
    parts = [times(encoder, texts, spans) for _ in range(_ROUNDS)]
    best = {name: min(part[name] for part in parts) for name in parts[0]}
    precision = max(rates["the encoder's shapes"], key=lambda name: rates["the encoder's shapes"][name] or 0)
    limit = max(own[precision] or 0 for own in rates.values()) * 1e9
    length = sum(tokens) / len(tokens)
    work = shape.operations(length) * sum(tokens)
    return {
        "rates": rates,
        "reached": {
            "passages": len(texts),
            "tokens": length,
            "mflop": shape.operations(length) / 1e6,
            "precision": precision,
            "limit": limit / work * len(texts),
            "rate": len(texts) / best["all"],
            "share": work / limit / best["all"],
        },
        "profile": profile(best, work / limit),
    }


def matrix_rates(shape: Shape, say: Say) -> dict[str, dict[str, float | None]]:
    """GFLOP/s of each precision, None of one that the processor lacks: the encoder's shapes, and large squares."""
    say("measuring matrix rates")
    kinds = {"the encoder's shapes": (_ROWS, shape.matrices), "2,048 × 2,048": (2_048, [(2_048, 2_048)])}
    able = _precisions()
    return {
        name: {
            precision: _rate(rows, shapes, precision) / 1e9 if precision in able else None
            for precision in ("f32", "bf16")
        }
        for name, (rows, shapes) in kinds.items()
    }


def _precisions() -> list[str]:
    """The precisions that this processor has instructions for."""
    capabilities = openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ["f32", *(["bf16"] if "BF16" in capabilities else [])]


def _rate(rows: int, shapes: list[tuple[int, int]], precision: str) -> float:
    """The best rate in FLOP/s of multiplying `rows` rows by matrices of these shapes, one after another, in layers.

    Each core works on a request of its own. A multiplication and an addition are two operations.
    """
    options = {"INFERENCE_PRECISION_HINT": precision, "NUM_STREAMS": cores(), "INFERENCE_NUM_THREADS": cores()}
    compiled = openvino().Core().compile_model(_network(rows, shapes), "CPU", options)
    queue = openvino().AsyncInferQueue(compiled, cores())
    inputs = np.random.default_rng(1).standard_normal((rows, shapes[0][0])).astype(np.float32)
    requests = 2 * cores()  # no core waits for its next request

    def multiply() -> None:
        for _ in range(requests):
            queue.start_async({0: inputs})
        queue.wait_all()

    best = min(timed(multiply) for _ in range(_RUNS)) / requests
    return 2 * rows * _LAYERS * sum(a * b for a, b in shapes) / best


def _network(rows: int, shapes: list[tuple[int, int]]) -> Any:
    """A chain of products with constant matrices, scaled so that the numbers keep their size."""
    runtime = openvino()
    operations = runtime.opset13
    random_numbers = np.random.default_rng(0)
    inputs = operations.parameter([rows, shapes[0][0]], np.float32)
    chain = inputs
    for _ in range(_LAYERS):
        for height, width in shapes:
            matrix = random_numbers.standard_normal((height, width)) / np.sqrt(height)
            chain = operations.matmul(chain, operations.constant(matrix.astype(np.float32)), False, False)
    return runtime.Model([operations.result(chain)], [inputs], "products")


def times(encoder: Encoder, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> dict[str, float]:
    """Seconds of all of it, of the same without sentences, and of reading the texts as tokens alone."""
    none: list[list[Span]] = [[] for _ in texts]
    return {
        "all": timed(lambda: encoder.passages(texts, spans)),
        "without sentences": timed(lambda: encoder.passages(texts, none)),
        "tokens": timed(lambda: encoder.count_tokens(texts)),
    }


def profile(seconds: dict[str, float], products: float) -> dict[str, float]:
    """Shares of the whole time; `products` is what the matrix products take at the best rate measured."""
    whole = seconds["all"]
    sentences = max(0.0, whole - seconds["without sentences"])
    shares = {
        "matrix products at the best rate measured": products / whole,
        "reading texts as tokens": seconds["tokens"] / whole,
        "sentence vectors from token states": sentences / whole,
    }
    rest = "the rest: softmax, normalisation, padding, memory, threads that wait"
    return {**shares, rest: max(0.0, 1 - sum(shares.values()))}


def passages_of(encoder: Encoder, count: int, tokens: int) -> list[str]:
    """So many texts of shuffled sentences of the articles, of just so many tokens or a few fewer."""
    read = (article.text for article in read_folder(ARTICLES).articles)
    plain = list(
        dict.fromkeys(text[start:end] for text in read if text.isascii() for start, end in sentence_spans(text))
    )
    sizes = dict(zip(plain, encoder.count_tokens(plain), strict=True))
    draw = random.Random(_SEED)  # noqa: S311 - a shuffle that is the same in every run
    return [" ".join(_filled(draw.sample(plain, len(plain)), sizes, tokens - _MARKERS)) for _ in range(count)]


def _filled(sentences: Sequence[str], sizes: dict[str, int], tokens: int) -> Iterator[str]:
    """Sentences in order, those that do not fit any more left out, until nothing fits."""
    left = tokens
    for sentence in sentences:
        if sizes[sentence] <= left:
            left -= sizes[sentence]
            yield sentence

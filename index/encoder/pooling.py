"""Vectors from token states: means, unit vectors, their 8-bit form, and each token's contribution to a cosine."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import Bytes, Offsets, Scales, Vectors
from index.passages.sentences import Span

Part: TypeAlias = tuple[Span, float]  # a token's span, and its contribution to the cosine

_LEAST_LENGTH = 1e-12  # lower bound for norms that are divided by


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    """The rows scaled to length 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(norms, _LEAST_LENGTH), dtype=np.float32)


def in_bytes(vectors: Vectors) -> tuple[Bytes, Scales]:
    """The vectors as int8 rows and their scales: a vector is its row times its scale."""
    most = np.abs(vectors).max(axis=1, initial=0)
    scales = np.where(most > 0, most, 1).astype(np.float32) / np.float32(127)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def mean_state(states: Vectors) -> Vectors:
    """The mean of a text's token states; zeros for a text without tokens."""
    return np.asarray(states.sum(axis=0) / max(len(states), 1), np.float32)


def sentence_means(states: Vectors, offsets: Offsets, spans: Sequence[Span], whole: Vectors) -> list[Vectors]:
    """The mean of the token states inside each span; `whole` for a span without tokens."""
    starts, ends = offsets[:, 0], offsets[:, 1]
    means = []
    for start, end in spans:
        inside = (starts >= start) & (ends <= end) & (ends > starts)
        means.append(states[inside].mean(axis=0, dtype=np.float32) if inside.any() else whole)
    return means


def cosine_parts(states: Vectors, offsets: Offsets, question: Vectors) -> list[Part]:
    """The contribution of each token to the cosine: `h · q / (n |mean h|)` for the state h of one of n tokens."""
    states64 = states.astype(np.float64)
    length = max(float(np.linalg.norm(states64.mean(axis=0))), _LEAST_LENGTH)
    products = states64 @ question.astype(np.float64) / (len(states64) * length)
    return [((int(start), int(end)), float(part)) for (start, end), part in zip(offsets, products, strict=True)]

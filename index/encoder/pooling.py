"""Token states to unit vectors: of a text, of its sentences, and of what each token adds to a cosine."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import Offsets, Vectors
from index.passages.sentences import Span

Part: TypeAlias = tuple[Span, float]  # of a text's tokens: where it stands, and what it adds to the cosine

_LEAST_LENGTH = 1e-12  # of a vector that is made a unit vector


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    """The rows at length 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(norms, _LEAST_LENGTH), dtype=np.float32)


def mean_state(states: Vectors) -> Vectors:
    """The mean of a text's token states; zeros for a text without tokens, whose direction nobody knows."""
    return np.asarray(states.sum(axis=0) / max(len(states), 1), np.float32)


def sentence_means(states: Vectors, offsets: Offsets, spans: Sequence[Span], whole: Vectors) -> list[Vectors]:
    """For each span the mean of the token states inside it; `whole` where no token lies in it."""
    starts, ends = offsets[:, 0], offsets[:, 1]
    means = []
    for start, end in spans:
        inside = (starts >= start) & (ends <= end) & (ends > starts)
        means.append(states[inside].mean(axis=0, dtype=np.float32) if inside.any() else whole)
    return means


def cosine_parts(states: Vectors, offsets: Offsets, question: Vectors) -> list[Part]:
    """What each token adds to the cosine: `h · q / (n |mean h|)` of its state h among n."""
    own = states.astype(np.float64)
    length = max(float(np.linalg.norm(own.mean(axis=0))), _LEAST_LENGTH)
    added = own @ question.astype(np.float64) / (len(own) * length)
    return [((int(start), int(end)), float(part)) for (start, end), part in zip(offsets, added, strict=True)]

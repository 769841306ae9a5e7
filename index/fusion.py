"""Three signals to one score: each scaled over the candidates, then summed by weight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the passage's cosine, the best sentence's cosine and BM25; they add up to 1."""

    passage: float = 0.3
    sentence: float = 0.3
    bm25: float = 0.4


# Rankings by name, for measuring what each signal is worth.
SIGNALS = {
    "dense": Weights(1, 0, 0),
    "bm25": Weights(0, 0, 1),
    "dense+bm25": Weights(0.5, 0, 0.5),
    "all": Weights(),
}

Fusion: TypeAlias = Callable[[Scores, Scores, Scores, Weights], Scores]

_RRF_K = 60


def fuse(passage: Scores, sentence: Scores, bm25: Scores, weights: Weights) -> Scores:
    """The weighted sum of the min-max scaled signals, in [0, 1], one a candidate."""
    fused = weights.passage * scale(passage) + weights.sentence * scale(sentence) + weights.bm25 * scale(bm25)
    return np.asarray(fused, np.float32)


def reciprocal_ranks(passage: Scores, sentence: Scores, bm25: Scores, weights: Weights) -> Scores:
    """The usual other way: the sum of 1 / (60 + rank) over the signals that have a weight.

    Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). What the keyword leg did not match
    has no rank there.
    """
    fused = np.zeros_like(passage)
    for scores, weight in ((passage, weights.passage), (sentence, weights.sentence), (bm25, weights.bm25)):
        if weight:
            ranks = np.empty_like(scores)
            ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
            fused += np.where((scores > 0) | (scores is not bm25), 1 / (_RRF_K + ranks), 0)
    return fused


def scale(scores: Scores) -> Scores:
    """Scores moved to [0, 1]; all 0 where they are all alike, for then they tell nothing."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)

"""Three signals to one score: each on a scale of its own, then summed by weight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from index.arrays import Scores
from index.search.query import Measured


@dataclass(frozen=True, slots=True)
class Weights:
    """What the cosine of the passage, that of its best sentence and BM25 count, and a sentence's own words."""

    passage: float = 0.5
    sentence: float = 1.0
    words: float = 0.5
    bm25: float = 1.0

    @property
    def total(self) -> float:
        """The most that a question of the usual length can bring."""
        return self.passage + self.sentence + self.words + self.bm25


# Rankings by name, for measuring what each signal is worth.
SIGNALS = {
    "dense": Weights(1, 0, 0, 0),
    "bm25": Weights(0, 0, 0, 1),
    "dense+bm25": Weights(1, 0, 0, 1),
    "all": Weights(),
}

Fusion: TypeAlias = Callable[[Measured, Weights], Scores]

_RRF_K = 60


def fuse(found: Measured, weights: Weights) -> Scores:
    """The weighted sum of the signals as they are, one a candidate, in [-1, 1] but for long questions.

    Cosines and shares need no scaling by what else was found: a question that shares no rare word
    with any passage gets little from BM25, and is ranked by meaning; one whose tokens the encoder
    does not know is ranked by its words. A sentence counts by its meaning and its words together.
    """
    meaning = weights.sentence * found.known * found.sentences
    sentence = found.best(meaning + weights.words * found.known * found.stretch * found.words)
    fused = weights.passage * found.known * found.passages + sentence + weights.bm25 * found.stretch * found.bm25
    return np.asarray(fused / weights.total, np.float32)


def scaled_sum(found: Measured, weights: Weights) -> Scores:
    """Another way: the signals moved to [0, 1] over the candidates, then summed by weight."""
    columns = ((weights.passage, found.passages), (weights.sentence, found.best(found.sentences)))
    fused = sum(weight * scale(scores) for weight, scores in (*columns, (weights.bm25, found.bm25)))
    return np.asarray(fused, np.float32)


def reciprocal_ranks(found: Measured, weights: Weights) -> Scores:
    """The usual other way: the sum of 1 / (60 + rank) over the signals that have a weight.

    Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). What the keyword leg did not match
    has no rank there.
    """
    fused = np.zeros_like(found.passages)
    columns = ((found.passages, weights.passage), (found.best(found.sentences), weights.sentence))
    for scores, weight in (*columns, (found.bm25, weights.bm25)):
        if weight:
            ranks = np.empty_like(scores)
            ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
            fused += np.where((scores > 0) | (scores is not found.bm25), 1 / (_RRF_K + ranks), 0)
    return fused


def scale(scores: Scores) -> Scores:
    """Scores moved to [0, 1]; all 0 where they are all alike, for then they tell nothing."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)

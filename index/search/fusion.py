"""Three signals to one score: each on a scale of its own, then summed by weight."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import Scores


@dataclass(frozen=True, slots=True)
class Measured:
    """The signals of some passages, and how they compare with the most that there could be.

    `passages` and `bm25` have one value a passage: cosines, and BM25 as a share of what a passage of
    all the question's words would have. `sentences` (cosines) and `words` (share of the question's
    words, by idf) have one a sentence; those of passage n begin at `first[n]`. `known` in [0, 1] is
    how far the encoder can read the question, `stretch` from 1 up how much longer it is than usual.
    """

    passages: Scores
    sentences: Scores
    words: Scores
    first: npt.NDArray[np.int64]
    bm25: Scores
    known: float = 1.0
    stretch: float = 1.0

    def best(self, of_sentences: Scores) -> Scores:
        """For each passage the highest of its sentences' values."""
        return np.asarray(np.maximum.reduceat(of_sentences, self.first), np.float32)


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

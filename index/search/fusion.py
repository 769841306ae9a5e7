"""Fusion: the signals of a passage weighted and summed to one score."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from index.arrays import Scores
from index.search.questions.query import Signals


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the passage's cosine, of its best sentence's cosine and terms, and of BM25."""

    passage: float = 0.5
    sentence: float = 1.0
    words: float = 0.5
    bm25: float = 1.0

    @property
    def total(self) -> float:
        """The maximum of the weighted sum for a question of the usual length."""
        return self.passage + self.sentence + self.words + self.bm25


# Weights by name, to measure the worth of each signal.
WEIGHTINGS = {
    "dense": Weights(1, 0, 0, 0),
    "bm25": Weights(0, 0, 0, 1),
    "dense+bm25": Weights(1, 0, 0, 1),
    "all": Weights(),
}

Fusion: TypeAlias = Callable[[Signals, Weights], Scores]

_RRF_K = 60
_NEAR = 0.6  # of the best score, from which an article of weight 1 comes first


def fuse(signals: Signals, weights: Weights) -> Scores:
    """The weighted sum of the signals, without scaling over the candidates; in [-1, 1] but for long questions.

    A question that shares no rare term with any passage gets little from BM25 and is ranked by
    meaning; a question with tokens that the encoder does not know is ranked by its terms. A
    sentence counts by its meaning and its terms together.
    """
    dense, terms = signals.vocabulary_coverage, signals.length_factor
    meaning = weights.sentence * dense * signals.sentences
    sentence = signals.best(meaning + weights.words * dense * terms * signals.words)
    fused = weights.passage * dense * signals.passages + sentence + weights.bm25 * terms * signals.bm25
    return np.asarray(fused / weights.total, np.float32)


def scaled_sum(signals: Signals, weights: Weights) -> Scores:
    """The weighted sum of the signals after min-max scaling over the candidates."""
    columns = ((weights.passage, signals.passages), (weights.sentence, signals.best(signals.sentences)))
    fused = sum(weight * scale(scores) for weight, scores in (*columns, (weights.bm25, signals.bm25)))
    return np.asarray(fused, np.float32)


def reciprocal_ranks(signals: Signals, weights: Weights) -> Scores:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009) of the signals with a weight: sum of 1 / (60 + rank).

    A passage without a term of the question has no rank by BM25.
    """
    fused = np.zeros_like(signals.passages)
    columns = ((signals.passages, weights.passage), (signals.best(signals.sentences), weights.sentence))
    for scores, weight in (*columns, (signals.bm25, weights.bm25)):
        if weight:
            ranks = np.empty_like(scores)
            ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
            fused += np.where((scores > 0) | (scores is not signals.bm25), 1 / (_RRF_K + ranks), 0)
    return fused


def boosted(scores: Scores, weights: Scores) -> Scores:
    """The scores with a bonus by the weights of boosted passages, in [0, 1], divided to stay in [0, 1].

    A passage of weight 1 comes before all passages of weight 0 if its score is at least 0.6 of the best.
    """
    bonus = (1 - _NEAR) * max(float(scores.max(initial=0)), 0) if weights.any() else 0.0
    return np.asarray((scores + bonus * weights) / (1 + bonus), np.float32)


def scale(scores: Scores) -> Scores:
    """Scores min-max scaled to [0, 1]; all 0 if they are equal."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)

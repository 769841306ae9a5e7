"""The verdict: the best passages answer, are related, or the articles do not say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from index.ingestion.background import UNKNOWN, Background
from index.search.hits import Hit

Verdict: TypeAlias = Literal["answer", "related", "none"]

_NOTHING = -100.0
LOOKED_AT = 5  # hits
_SHARPNESS = 15.0  # a hit whose score is a tenth below the best weighs a quarter in the mean relevance


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a decision: the highest sentence cosine, term coverage and contrast of several hits, the least
    `missing`.

    `relevance` is the mean of the reader's logits of "it answers", and None where nothing was read.
    """

    sentence: float
    coverage: float
    missing: float
    contrast: float = 0.0
    relevance: float | None = None


FEATURES = ("sentence", "coverage", "missing", "contrast")


@dataclass(frozen=True, slots=True)
class ReadRule:
    """The second step of a rule where passages were read.

    The support is `bias` plus the weighted support of the first step and the weighted relevance.
    """

    bias: float
    found: float
    relevance: float
    related: float = 0.0

    def support(self, found: float, relevance: float) -> float:
        """The log-odds that the passages hold the answer; `found` is the support before they were read."""
        return self.bias + self.found * found + self.relevance * relevance


@dataclass(frozen=True, slots=True)
class Rule:
    """A logistic rule: `bias` plus the weighted features is the support, in log-odds.

    The first passage holds the answer from a support of 0; passages are related from a support of `related`.
    Where passages were read, `read` is the second step, with a threshold of its own.
    """

    bias: float
    sentence: float
    coverage: float
    missing: float
    contrast: float = 0.0
    related: float = 0.0
    read: ReadRule | None = None

    def verdict(self, features: Features | None) -> Verdict:
        """The verdict on hits with these features; None without hits."""
        support, step = self.support(features), self._step(features)
        least = step.related if step else self.related
        return "answer" if support >= 0 else "related" if support >= least else "none"

    def support(self, features: Features | None) -> float:
        """The log-odds that hits with these features hold the answer; -100 without hits."""
        if features is None:
            return _NOTHING
        found, step = self.found(features), self._step(features)
        return found if step is None or features.relevance is None else step.support(found, features.relevance)

    def nearness(self, features: Features | None) -> float:
        """The support without the contrast: that compares passages of one reading, and tells nothing between two."""
        return self.support(replace(features, contrast=0.0) if features else None)

    def found(self, features: Features) -> float:
        """The support of the first step, without what the reader found."""
        return self.bias + sum(float(getattr(self, name) * getattr(features, name)) for name in FEATURES)

    def _step(self, features: Features | None) -> ReadRule | None:
        return None if features is None or features.relevance is None else self.read


# Fitted as `python -m eval calibrate --default SQUAD2 MTRAG --default-read DEV MTRAG` does it. The first weights are of
# the two public sets, each answerable question asked once more with its article hidden, and questions of the other
# set; those of the reader's step likewise of MTRAG and the dev split of its training set. The project's own questions
# choose the thresholds, too.
DEFAULT = Rule(
    bias=-8.169,
    sentence=9.657,
    coverage=1.766,
    missing=-0.701,
    contrast=1.698,
    related=-2.368,
    read=ReadRule(bias=0.451, found=0.969, relevance=0.17, related=-1.942),
)


def features(hits: Sequence[Hit], background: Background = UNKNOWN) -> Features:
    """The features of an answer by its first five hits, of which there must be one.

    The cosine is standardised by the `background` of the encoder.
    """
    decisive = [hit.features for hit in hits[:LOOKED_AT]]
    cosines = np.array([each.sentence for each in decisive], np.float32)
    return Features(
        sentence=float(background.standardised(cosines).max()),
        coverage=max(each.coverage for each in decisive),
        missing=min(each.missing for each in decisive),
        contrast=max(each.contrast for each in decisive),
    )


def relevance(hits: Sequence[Hit]) -> float | None:
    """The mean of the reader's logits of "it answers", the best hits weighing most; None where nothing was read."""
    read = [(hit.score, hit.reading.relevance) for hit in hits if hit.reading]
    if not read:
        return None
    scores, logits = np.array(read).T
    weights = np.exp(_SHARPNESS * (scores - scores.max()))
    return float(weights @ logits / weights.sum())

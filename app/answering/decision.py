"""The verdict: the best passages answer, are related, or the articles do not say."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

import numpy as np

from index.ingestion.background import UNKNOWN, Background
from index.search.hits import Hit

Verdict: TypeAlias = Literal["answer", "related", "none"]

_NOTHING = -100.0
LOOKED_AT = 5  # hits


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a decision: the highest sentence cosine and term coverage of several hits, the least `missing`."""

    sentence: float
    coverage: float
    missing: float


FEATURES = tuple(each.name for each in fields(Features))


@dataclass(frozen=True, slots=True)
class Rule:
    """A logistic rule: `bias` plus the weighted features is the support, in log-odds.

    The first passage holds the answer from a support of 0; passages are related from a support of `related`.
    """

    bias: float
    sentence: float
    coverage: float
    missing: float
    related: float = 0.0

    def verdict(self, support: float) -> Verdict:
        """The verdict at this support."""
        return "answer" if support >= 0 else "related" if support >= self.related else "none"

    def support(self, features: Features | None) -> float:
        """The log-odds that hits with these features hold the answer; -100 without hits."""
        if features is None:
            return _NOTHING
        return self.bias + sum(float(getattr(self, name) * getattr(features, name)) for name in FEATURES)


# Printed by `python -m eval calibrate --default SQUAD2 MTRAG`: the weights are of the two public sets, each answerable
# question asked once more with its article hidden, and of questions of the other set; the project's own questions
# choose the thresholds, too.
DEFAULT = Rule(bias=-7.517, sentence=9.308, coverage=2.075, missing=-0.68, related=-2.145)


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
    )

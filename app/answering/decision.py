"""The verdict: the best passages answer, are related, or the articles do not say."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from index.search.hits import Hit

Verdict: TypeAlias = Literal["answer", "related", "none"]

_NOTHING = -100.0
LOOKED_AT = 5  # hits, one of which should hold all the names


@dataclass(frozen=True, slots=True)
class Features:
    """What the decision is made of: the first hit's best cosine, word coverage and contrast, and how
    rare a name the best of the first hits still lacks."""

    sentence: float
    coverage: float
    contrast: float
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
    contrast: float
    missing: float
    related: float = 0.0

    def verdict(self, support: float) -> Verdict:
        """The verdict at this support."""
        return "answer" if support >= 0 else "related" if support >= self.related else "none"

    def support(self, hits: Sequence[Hit]) -> float:
        """How far the hits are above what an answer needs, in log-odds; -100 without any."""
        if not hits:
            return _NOTHING
        return self.weighed(features(hits))

    def weighed(self, found: Features) -> float:
        """The same of the features."""
        return self.bias + sum(float(getattr(self, name) * getattr(found, name)) for name in FEATURES)


# Printed by `python -m eval calibrate --default` for the project's own questions and two public sets
# (SQuAD 2, MTRAG), each answerable question asked once more with its article hidden.
DEFAULT = Rule(bias=-1.923, sentence=4.257, coverage=0.174, contrast=9.715, missing=-1.774)


def features(hits: Sequence[Hit]) -> Features:
    """The features of an answer's hits, of which there must be one."""
    first = hits[0].features
    missing = min(hit.features.missing for hit in hits[:LOOKED_AT])
    return Features(first.sentence, first.coverage, first.contrast, missing)


def evidence(hits: Sequence[Hit], *, by_first: bool) -> list[Hit]:
    """The hits that the decision rests on, from the first ones found.

    Where a preferred hit may stand before a better one, the best score goes first instead.
    """
    hits = hits[:LOOKED_AT]
    if by_first or not hits:
        return list(hits)
    return [max(hits, key=lambda hit: hit.features.contrast), *hits]

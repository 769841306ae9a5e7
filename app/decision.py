"""Whether the best passage answers, or the articles do not say."""

from collections.abc import Sequence

from index.hits import Hit

# Best sentence's cosine plus share of the question's words covered. Of the project's own answerable
# questions 6 % lie below, and all of those worded without a single word of their passage.
_LEAST = 0.8


def support(hits: Sequence[Hit]) -> float:
    """How far the first hit is above what an answer needs; the articles are silent below 0.

    It lies in [-1.8, 1.2]; without hits it is the lowest.
    """
    best = hits[0].signals if hits else None
    return (best.sentence + best.coverage if best else -1.0) - _LEAST

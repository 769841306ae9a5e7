"""Hits that are as a question wants them, before alike ones that are not."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from index.search.hits import Hit

ALIKE = 0.85  # of the score of another hit, from which a hit that fits better comes before it
_FIRST = 10  # hits that are ordered


def fitting_first(hits: Sequence[Hit], fits: Callable[[Hit], bool], alike: float = ALIKE) -> list[Hit]:
    """The first ten hits with those that fit before alike ones that do not, and the other hits behind them."""
    first = hits[:_FIRST]
    # Not all hits are in the order of their scores, and those that stand first for a reason are to stay there.
    scores = accumulate((hit.score for hit in first), min)
    ranks = [score * (1 if fits(hit) else alike) for hit, score in zip(first, scores, strict=True)]
    order = sorted(range(len(first)), key=lambda row: -ranks[row])
    return [*(first[row] for row in order), *hits[_FIRST:]]

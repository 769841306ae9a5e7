"""Alike passages: hits on the same subject that would answer the same question."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from app.answering.ways.way import Known
from index.articles.dates import is_year
from index.search.hits import Hit

# Share of the best hit's score and nearness that an alike hit has at least. Chosen from .5 to .9: passages on the same
# subject in other words begin at .74, passages on another subject of the same town end at .68.
_SHARE = 0.72
# With a value in the question that has changed, the passage with the old value comes nearer.
_CHANGED = 0.65
_BELOW = 0.12  # by which the share of the score alone may be less; an encoder that cannot read a text finds all near


def alike(hits: Sequence[Hit], known: Known, *, has_changed: bool = False) -> list[int]:
    """The positions of the hits that are alike: nearly as near to the question as the best, and with its names.

    Where a value that the question gives may have changed ("still 15 euros?"), hits with another number count as well.
    """
    if not hits:
        return []
    best = max(hits, key=lambda hit: hit.score)
    nearest = _nearness(best, known)

    def is_alike(hit: Hit) -> bool:
        more = hit.lacks - best.lacks
        changed = has_changed and bool(more) and all(map(_is_value, more))
        least, score = _CHANGED if changed else _SHARE, hit.score / max(best.score, 1e-6)
        share = (score + _nearness(hit, known) / max(nearest, 1e-6)) / 2
        return (changed or not more) and share >= least and score >= least - _BELOW

    return [position for position, hit in enumerate(hits) if is_alike(hit)]


def _is_value(term: str) -> bool:
    """Whether an index term is a number and no year."""
    return term[0].isdecimal() and not is_year(term)


def reordered(hits: list[Hit], positions: Sequence[int], key: Callable[[Hit], Any]) -> list[Hit]:
    """The hits with those at the positions sorted by the key among themselves; the others keep their places."""
    ordered = list(hits)
    for position, hit in zip(positions, sorted((hits[position] for position in positions), key=key), strict=True):
        ordered[position] = hit
    return ordered


def article_days(hit: Hit, known: Known) -> tuple[int, int]:
    """The first and last day of the hit's article as `date.toordinal` counts them; zeros without a date."""
    row = known.articles.row(hit.passage.article.id)
    return (0, 0) if row is None else (int(known.facets.first[row]), int(known.facets.last[row]))


def _nearness(hit: Hit, known: Known) -> float:
    """The standardised cosines of passage and best sentence together."""
    cosines = np.array([hit.features.passage, hit.features.sentence], np.float32)
    return float(known.background.standardised(cosines).sum())

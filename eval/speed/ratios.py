"""Figures of several rounds, and how many times better one contender is than another, with the spread."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some values, the least and the greatest."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread | None:
    """The spread; None of nothing."""
    return Spread(statistics.median(values), min(values), max(values)) if values else None


def times_better(ours: Sequence[float], theirs: Sequence[float], *, more_is_better: bool = False) -> Spread | None:
    """The ratios, round by round: what slows a round down slows both. Above 1 where ours is better.

    Rounds that one of the two did not reach are left out.
    """
    pairs = zip(ours, theirs, strict=False)
    return spread([own / other if more_is_better else other / own for own, other in pairs])


def quantiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    return float(np.quantile(milliseconds, 0.5)), float(np.quantile(milliseconds, 0.95))

"""The arithmetic of the evaluation: ranks of needed parts, spans, bounds, intervals."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, nbinom

Ranked = Sequence[frozenset[int]]  # for each hit, best first, the numbers of the needed parts it holds
Values = npt.NDArray[np.float64]

CONFIDENCE = 0.95  # of the bound of a certificate, one-sided
_RESAMPLES = 2_000
_SEED = 7


def recall(ranked: Ranked, parts: int, k: int) -> float:
    """Share of the needed parts that the first `k` hits hold between them."""
    return len(frozenset[int]().union(*ranked[:k])) / parts


def reciprocal_rank(ranked: Ranked, k: int = 10) -> float:
    """1 / rank of the first hit that holds a needed part, 0 if none of the first `k` does."""
    return next((1 / rank for rank, held in enumerate(ranked[:k], 1) if held), 0.0)


def ndcg(ranked: Ranked, parts: int, k: int = 10) -> float:
    """nDCG@k where each part counts once, at the first hit that holds it.

    Gain 1, discount log2(1 + rank) (Järvelin and Kekäläinen 2002); the ideal has one part a rank,
    and a single hit that holds several parts cannot score above it.
    """
    gained, seen = 0.0, frozenset[int]()
    for rank, held in enumerate(ranked[:k], 1):
        gained += len(held - seen) / math.log2(1 + rank)
        seen |= held
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(parts, k) + 1))
    return min(1.0, gained / ideal)


def covered_share(gold: tuple[int, int], spans: Sequence[tuple[int, int]]) -> float:
    """Share of the characters of `gold` that lie in any of the spans."""
    covered = {offset for start, end in spans for offset in range(max(start, gold[0]), min(end, gold[1]))}
    return len(covered) / (gold[1] - gold[0])


def auroc(positive: Sequence[float] | Values, negative: Sequence[float] | Values) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not len(positive) or not len(negative):
        return None
    low = np.sort(np.asarray(negative, float))
    below = np.searchsorted(low, positive, "left") + np.searchsorted(low, positive, "right")
    return float(below.mean() / 2 / len(low))


def error_bound(wrong: int, answers: int, confidence: float = CONFIDENCE) -> float:
    """The share of wrong answers that is exceeded with no more than this confidence's remainder.

    One-sided and exact (Clopper and Pearson 1934); 1 if all are wrong, or without answers.
    """
    return float(beta.ppf(confidence, wrong + 1, answers - wrong)) if wrong < answers else 1.0


def answers_needed(wrong: int, risk: float, confidence: float = CONFIDENCE) -> int:
    """The least number of answers, `wrong` of them wrong, for an `error_bound` of at most `risk`."""
    return wrong + 1 + int(nbinom.ppf(confidence, wrong + 1, risk))


def interval(rows: Values, statistic: Callable[[Values], float | None]) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval (Efron 1979) of a statistic of rows; None if it never applies.

    The draws are the same at every call, so that equal rows give equal intervals.
    """
    random, count = np.random.default_rng(_SEED), len(rows)
    drawn = [statistic(rows[random.integers(0, count, count)]) for _ in range(_RESAMPLES if count else 0)]
    values = [value for value in drawn if value is not None]
    if not values:
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)

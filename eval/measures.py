"""The arithmetic of the evaluation: ranks of needed parts, spans, refusals, intervals."""

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, nbinom

Ranked = Sequence[frozenset[int]]  # for each hit, best first, the numbers of the needed parts it holds
Values = npt.NDArray[np.float64]

CONFIDENCE = 0.95  # of the bound of a certificate, one-sided
_RESAMPLES = 2_000
_SEED = 7
_ENGLISH_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def recall(ranked: Ranked, parts: int, k: int) -> float:
    """Share of the needed parts that the first `k` hits hold between them."""
    return len(frozenset[int]().union(*ranked[:k])) / parts


def lists_right(
    total: int, articles: Collection[str], expected_total: int, expected_articles: Collection[str] | None
) -> bool:
    """Whether a list states the expected total and holds exactly the expected articles, in any order.

    Without expected articles the total alone counts.
    """
    same = expected_articles is None or set(articles) == set(expected_articles)
    return total == expected_total and same


def reciprocal_rank(ranked: Ranked, k: int = 10) -> float:
    """1 / rank of the first hit that holds a needed part, 0 where none of the first `k` does."""
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
    held = {place for start, end in spans for place in range(max(start, gold[0]), min(end, gold[1]))}
    return len(held) / (gold[1] - gold[0])


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Chance that a positive scores above a negative, ties counting half (Mann and Whitney 1947)."""
    if not positive or not negative:
        return None
    low = np.sort(np.asarray(negative, float))
    below = np.searchsorted(low, positive, "left") + np.searchsorted(low, positive, "right")
    return float(below.mean() / 2 / len(low))


def refusals(answerable: Sequence[bool], refused: Sequence[bool]) -> dict[str, float | None]:
    """Precision, recall and F1 of refusing unanswerable questions, and the share of answerable ones refused.

    None where no question counts. From counts, since an interval asks 2,000 times and a call of
    scikit-learn's takes 2.6 ms; a test holds the values against it.
    """
    pairs = Counter(zip(answerable, refused, strict=True))
    right, missed, wrong, kept = pairs[False, True], pairs[False, False], pairs[True, True], pairs[True, False]
    return {
        "precision": _share(right, right + wrong),
        "recall": _share(right, right + missed),
        "f1": _share(2 * right, 2 * right + wrong + missed) if right + missed else None,
        "refused_answerable": _share(wrong, wrong + kept),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def error_bound(wrong: int, answers: int, confidence: float = CONFIDENCE) -> float:
    """The share of wrong answers that is exceeded with no more than this confidence's remainder.

    One-sided and exact (Clopper and Pearson 1934); 1 where all are wrong, or there is none.
    """
    return float(beta.ppf(confidence, wrong + 1, answers - wrong)) if wrong < answers else 1.0


def answers_needed(wrong: int, risk: float, confidence: float = CONFIDENCE) -> int:
    """The number of answers, so many of them wrong, from which on `error_bound` is at most `risk`."""
    return wrong + 1 + int(nbinom.ppf(confidence, wrong + 1, risk))


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return float(np.mean(values)) if len(values) else None


def interval(count: int, statistic: Callable[[npt.NDArray[np.int64]], float | None]) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval (Efron 1979) of a statistic of `count` questions.

    `statistic` is given the places of the questions drawn, with replacement; the draws are the same
    at every call, so equal inputs give equal intervals.
    """
    random = np.random.default_rng(_SEED)
    drawn = [statistic(random.integers(0, count, count)) for _ in range(_RESAMPLES if count else 0)]
    values = [value for value in drawn if value is not None]
    if not values:
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def mean_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of a mean."""
    array: Values = np.asarray(values, float)
    return interval(len(array), lambda places: float(array[places].mean()))


def span_f1(text: str, gold: str) -> float:
    """F1 of the words of two answers (SQuAD, Rajpurkar et al. 2016), in [0, 1]; two empty ones are alike."""
    said, right = Counter(answer_words(text)), Counter(answer_words(gold))
    common = (said & right).total()
    return 2 * common / (said.total() + right.total()) if common else float(said == right)


def answer_words(text: str) -> list[str]:
    """The words of an answer without case, punctuation and English articles, as SQuAD compares them."""
    return _ENGLISH_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()

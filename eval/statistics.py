"""Measures of a run: the values of the outcomes for each measure, and the statistic of these values."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.answering.answer import K
from eval.measures import auroc
from eval.run import Outcome

Numbers: TypeAlias = npt.NDArray[np.float64]

RANKING = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")
CITATIONS = ("verbatim", "span_recall", "highlight")
NO_ANSWER = ("precision", "recall", "f1", "auroc", "refused_answerable")
SELECTIVE = (
    *("coverage", "correct", "correct_first", "correct_highlight"),
    *("outside", "outside_after_history", "near_miss", "near_miss_after_history", "aurc"),
)
LESS_IS_BETTER = frozenset({"outside", "outside_after_history", "near_miss", "near_miss_after_history", "aurc"})


def _first_holds(outcome: Outcome, citations: int) -> bool:
    """Whether one of the first citations holds a needed part."""
    return outcome.rank is not None and 1 <= outcome.rank <= citations


def _of_answers(holds: Callable[[Outcome], bool]) -> Callable[[Outcome], bool | None]:
    return lambda outcome: holds(outcome) if outcome.answerable and outcome.answered else None


def _of_kind(kind: str, *, later: bool) -> Callable[[Outcome], bool | None]:
    """Whether a question of this kind is answered, asked alone or `later` than others."""
    return lambda outcome: outcome.answered if outcome.kind == kind and bool(outcome.history) == later else None


_VALUES: dict[str, Callable[[Outcome], float | None]] = {
    **{name: attrgetter(name.replace("@", "_at_")) for name in (*RANKING, *CITATIONS)},
    "decided_right": lambda outcome: outcome.answered == outcome.answerable,
    "precision": lambda outcome: None if outcome.answered else not outcome.answerable,
    "recall": lambda outcome: None if outcome.answerable else not outcome.answered,
    "refused_answerable": lambda outcome: not outcome.answered if outcome.answerable else None,
    "coverage": lambda outcome: outcome.answered if outcome.answerable else None,
    "correct": _of_answers(lambda outcome: _first_holds(outcome, K)),
    "correct_first": _of_answers(lambda outcome: _first_holds(outcome, 1)),
    "correct_highlight": _of_answers(lambda outcome: bool(outcome.highlight)),
    "outside": _of_kind("outside", later=False),
    "outside_after_history": _of_kind("outside", later=True),
    "near_miss": _of_kind("near-miss", later=False),
    "near_miss_after_history": _of_kind("near-miss", later=True),
}
"""The value of an outcome for each measure that is a mean; None if the measure does not apply to it."""

_PAIRS: dict[str, Callable[[Outcome], tuple[float, float]]] = {
    "f1": lambda outcome: (not outcome.answered, not outcome.answerable),
    "auroc": lambda outcome: (outcome.support, outcome.answerable),
    "aurc": lambda outcome: (outcome.support, not outcome.answerable or not _first_holds(outcome, K)),
}
"""The two values of an outcome for each measure that is no mean."""


def rows_of(outcomes: Sequence[Outcome], measure: str) -> Numbers:
    """The values of the outcomes for a measure, as `statistic` reads them: nan if the measure does not apply."""
    if measure in _PAIRS:
        return np.array([_PAIRS[measure](outcome) for outcome in outcomes], float).reshape(-1, 2)
    values = map(_VALUES[measure], outcomes)
    return np.array([np.nan if value is None else value for value in values], float)


def statistic(measure: str, rows: Numbers) -> float | None:
    """The measure of these rows; None if it applies to none of them."""
    match measure:
        case "f1":
            refused, unanswerable = rows.T
            return float(2 * (refused @ unanswerable) / rows.sum()) if unanswerable.any() else None
        case "auroc":
            answerable = rows[:, 1] == 1
            return auroc(rows[answerable, 0], rows[~answerable, 0])
        case "aurc":
            return float(risk_coverage(rows)[1].mean()) if len(rows) else None
        case _:
            values = rows[~np.isnan(rows)]
            return float(values.mean()) if len(values) else None


def risk_coverage(rows: Numbers) -> tuple[Numbers, Numbers]:
    """The share of all questions answered, and the share of those that are wrong, from the surest question on.

    An answer is wrong if the articles do not answer, or none of the first five citations holds a needed part.
    The mean of the risks is the area under the curve (Geifman and El-Yaniv 2017). Equal supports share
    their risk, so that their order does not matter.
    """
    _, blocks, counts = np.unique(-rows[:, 0], return_inverse=True, return_counts=True)
    wrong = np.repeat(np.bincount(blocks, rows[:, 1]) / counts, counts)
    answered = np.arange(1, len(rows) + 1)
    return answered / len(rows), np.cumsum(wrong) / answered

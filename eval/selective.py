"""Measures of selective answering: how much is answered, how much of it is right, which unanswerable questions pass."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.answering.answer import K
from eval.run import Outcome

Numbers: TypeAlias = npt.NDArray[np.float64]


def _first_holds(outcome: Outcome, citations: int) -> bool:
    """Whether one of the first citations holds a needed part."""
    return outcome.rank is not None and 1 <= outcome.rank <= citations


def _of_answers(holds: Callable[[Outcome], bool]) -> Callable[[Outcome], bool | None]:
    return lambda outcome: holds(outcome) if outcome.answerable and outcome.answered else None


def _of_kind(kind: str, *, later: bool) -> Callable[[Outcome], bool | None]:
    """Whether a question of this kind is answered, asked alone or `later` than others."""
    return lambda outcome: outcome.answered if outcome.kind == kind and bool(outcome.history) == later else None


SHARES: dict[str, Callable[[Outcome], bool | None]] = {
    "coverage": lambda outcome: outcome.answered if outcome.answerable else None,
    "correct": _of_answers(lambda outcome: _first_holds(outcome, K)),
    "correct_first": _of_answers(lambda outcome: _first_holds(outcome, 1)),
    "correct_highlight": _of_answers(lambda outcome: bool(outcome.highlight)),
    "answer_in_gold": _of_answers(lambda outcome: bool(outcome.answer_in_gold)),
    "answer_exact": lambda outcome: outcome.answer_exact,
    "outside": _of_kind("outside", later=False),
    "outside_after_history": _of_kind("outside", later=True),
    "near_miss": _of_kind("near-miss", later=False),
    "near_miss_after_history": _of_kind("near-miss", later=True),
}
"""The measures that are shares: whether a question counts for the share, None for one that has no part in it."""

AURC = "aurc"
SELECTIVE = (*SHARES, AURC)
LESS_IS_BETTER = frozenset({"outside", "outside_after_history", "near_miss", "near_miss_after_history", AURC})


def rows_of(outcomes: Sequence[Outcome], name: str) -> Numbers:
    """The rows that `statistic` reads for a measure of SELECTIVE, one an outcome.

    Of a share its value, nan where the outcome has no part in it; of the AURC support and whether an
    answer is wrong.
    """
    if name == AURC:
        wrong = [not outcome.answerable or not _first_holds(outcome, K) for outcome in outcomes]
        return np.array([[outcome.support for outcome in outcomes], wrong], float).T
    values = (SHARES[name](outcome) for outcome in outcomes)
    return np.array([np.nan if value is None else float(value) for value in values])


def statistic(rows: Numbers) -> float | None:
    """A measure of its rows; None where no question counts."""
    if rows.ndim == 2:
        return float(risk_coverage(rows)[1].mean()) if len(rows) else None
    known = rows[~np.isnan(rows)]
    return float(known.mean()) if len(known) else None


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

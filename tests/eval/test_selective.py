from dataclasses import replace

import numpy as np
import pytest

from eval.run import Outcome
from eval.selective import AURC, SHARES, risk_coverage, rows_of, statistic
from tests.eval.test_compare import GOOD, NONE

REFUSED = replace(GOOD, answered=False, verdict="none", highlight=None)
OUTSIDE = replace(NONE, kind="outside")
NEAR_MISS = replace(NONE, kind="near-miss")
LATER = ("What is it?",)


def measure(name: str, *outcomes: Outcome) -> float | None:
    return statistic(rows_of(outcomes, name))


def answered(outcome: Outcome) -> Outcome:
    return replace(outcome, answered=True, verdict="answer")


def test_coverage_is_the_share_of_answerable_questions_that_are_answered() -> None:
    assert measure("coverage", GOOD, GOOD, GOOD, REFUSED, answered(OUTSIDE)) == 0.75


def test_correctness_is_a_share_of_the_answerable_questions_that_are_answered() -> None:
    fifth, sixth = replace(GOOD, rank=5, highlight=False), replace(GOOD, rank=6, highlight=False)
    missed = replace(GOOD, rank=0, highlight=False)
    outcomes = (GOOD, fifth, sixth, missed, replace(REFUSED, rank=0), answered(OUTSIDE))
    assert [measure(name, *outcomes) for name in ("correct", "correct_first", "correct_highlight")] == [0.5, 0.25, 0.25]


@pytest.mark.parametrize(("kind", "asked"), [("outside", OUTSIDE), ("near_miss", NEAR_MISS)])
def test_unanswerable_questions_count_by_kind_alone_and_after_others(kind: str, asked: Outcome) -> None:
    later = replace(asked, history=LATER)
    outcomes = (answered(asked), asked, answered(later), later, later, later, GOOD)
    assert (measure(kind, *outcomes), measure(f"{kind}_after_history", *outcomes)) == (0.5, 0.25)
    others = {"outside", "near_miss"} - {kind}
    assert [measure(name, *outcomes) for name in others] == [None]


def test_a_measure_of_no_question_is_none() -> None:
    assert [measure(name) for name in (*SHARES, AURC)] == [None] * 11
    assert measure("correct", REFUSED) is None


def test_the_risk_grows_as_less_sure_questions_are_answered() -> None:
    outcomes = [
        replace(OUTSIDE, support=1.0),
        replace(GOOD, support=3.0),
        replace(GOOD, support=0.0, rank=6),
        replace(REFUSED, support=2.0),
    ]
    coverage, risk = risk_coverage(rows_of(outcomes, AURC))
    assert (coverage.tolist(), risk.tolist()) == ([0.25, 0.5, 0.75, 1.0], [0.0, 0.0, 1 / 3, 0.5])
    assert measure(AURC, *outcomes) == pytest.approx((1 / 3 + 1 / 2) / 4)


def test_equal_supports_share_their_risk_in_any_order() -> None:
    outcomes = [replace(OUTSIDE, support=1.0), replace(GOOD, support=1.0)]
    for order in (outcomes, outcomes[::-1]):
        assert np.allclose(risk_coverage(rows_of(order, AURC))[1], [0.5, 0.5])

"""Two results against each other, question by question: what fell, what rose, what flipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.measures import interval
from eval.run import Outcome
from eval.statistics import LESS_IS_BETTER, Numbers, rows_of, statistic
from index.errors import UserError

# How far each measure may fall without a reason being asked for; a significant fall always counts.
ALLOWANCES = {
    "recall@1": 0.02,
    "recall@5": 0.01,
    "recall@10": 0.01,
    "mrr@10": 0.01,
    "ndcg@10": 0.01,
    "span_recall": 0.01,
    "recall@3": 0.01,
    "decided_right": 0.01,
    "verbatim": 0.0,
    "auroc": 0.01,
    "precision": 0.02,
    "recall": 0.02,
    "f1": 0.02,
    "coverage": 0.01,
    "correct": 0.01,
    "correct_first": 0.02,
    "correct_highlight": 0.02,
    "outside": 0.01,
    "outside_after_history": 0.01,
    "near_miss": 0.02,
    "near_miss_after_history": 0.02,
    "aurc": 0.01,
}
_TINY = 1e-12


class NothingCommon(UserError):
    """The two results share no question."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both results, and the 95 % interval of the paired difference (b - a)."""

    measure: str
    a: float
    b: float
    low: float
    high: float

    @property
    def fell(self) -> bool:
        """Whether the measure became worse significantly, or by more than its allowance."""
        gain, most = (self.a - self.b, -self.low) if self.measure in LESS_IS_BETTER else (self.b - self.a, self.high)
        return most < -_TINY or gain < -ALLOWANCES[self.measure] - _TINY


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and the questions that turned from failure to success or back.

    A question whose words or gold differ is another question, of `only_a` and of `only_b`.
    """

    differences: list[Difference]
    mended: list[str]
    broken: list[str]
    only_a: list[str]
    only_b: list[str]

    @property
    def fell(self) -> bool:
        """Whether any measure fell, or questions were dropped or changed."""
        return bool(self.only_a) or any(difference.fell for difference in self.differences)


def compare(a: Sequence[Outcome], b: Sequence[Outcome]) -> Comparison:
    """The comparison over the questions that both results hold, by their kinds in the newer. Raises NothingCommon."""
    before, after = {_identity(o): o for o in a}, {_identity(o): o for o in b}
    pairs = [
        (replace(before[identity], kind=newer.kind, history=newer.history), newer)
        for identity, newer in after.items()
        if identity in before
    ]
    if not pairs:
        raise NothingCommon("the two results share no question. Compare runs of the same set")
    return Comparison(
        differences=[line for measure in ALLOWANCES if (line := _difference(measure, pairs))],
        mended=[y.id for x, y in pairs if x.faults and not y.faults],
        broken=[y.id for x, y in pairs if y.faults and not x.faults],
        only_a=[o.id for identity, o in before.items() if identity not in after],
        only_b=[o.id for identity, o in after.items() if identity not in before],
    )


def _identity(outcome: Outcome) -> tuple[str, str, tuple[tuple[str, ...], ...]]:
    return outcome.id, outcome.question, outcome.gold


def _difference(measure: str, pairs: list[tuple[Outcome, Outcome]]) -> Difference | None:
    """The difference; None if the measure applies to no question of one result."""
    both = np.stack([rows_of(outcomes, measure) for outcomes in zip(*pairs, strict=True)], axis=1)

    def change(drawn: Numbers) -> float | None:
        first, second = statistic(measure, drawn[:, 0]), statistic(measure, drawn[:, 1])
        return None if first is None or second is None else second - first

    a, b, bounds = statistic(measure, both[:, 0]), statistic(measure, both[:, 1]), interval(both, change)
    return None if a is None or b is None or bounds is None else Difference(measure, a, b, *bounds)

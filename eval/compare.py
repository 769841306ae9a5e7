"""Two results against each other, question by question: what fell, what rose, what flipped."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.measures import mean_interval
from eval.run import Outcome
from index.errors import UserError

# How far each measure may fall without a reason being asked for; a significant fall always counts.
ALLOWANCES = {
    "recall@1": 0.02,
    "recall@5": 0.01,
    "recall@10": 0.01,
    "mrr@10": 0.01,
    "ndcg@10": 0.01,
    "span_recall": 0.01,
    "highlight": 0.02,
    "decided_right": 0.01,
    "refused_answerable": 0.01,
    "verbatim": 0.0,
}
_TINY = 1e-12


class NothingCommon(UserError):
    """The two results share no question."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure's mean in both results and the paired difference with its 95 % interval (b - a).

    For every measure more is better: `refused_answerable` is counted as answerable questions kept.
    """

    measure: str
    a: float
    b: float
    low: float
    high: float
    questions: int

    @property
    def fell(self) -> bool:
        """Whether it fell significantly, or by more than its allowance."""
        return self.high < -_TINY or self.b - self.a < -ALLOWANCES[self.measure] - _TINY


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and the questions that turned from failure to success or back."""

    differences: list[Difference]
    mended: list[str]
    broken: list[str]
    only_a: list[str]
    only_b: list[str]

    @property
    def fell(self) -> bool:
        """Whether any measure fell."""
        return any(difference.fell for difference in self.differences)


def compare(a: Sequence[Outcome], b: Sequence[Outcome]) -> Comparison:
    """The comparison over the questions that both results hold. Raises NothingCommon."""
    before, after = {o.id: o for o in a}, {o.id: o for o in b}
    common = [name for name in before if name in after]
    if not common:
        raise NothingCommon("the two results share no question. Compare runs of the same set")
    pairs = [(before[name], after[name]) for name in common]
    return Comparison(
        differences=[found for measure in ALLOWANCES if (found := _difference(measure, pairs))],
        mended=[y.id for x, y in pairs if x.faults and not y.faults],
        broken=[y.id for x, y in pairs if y.faults and not x.faults],
        only_a=[name for name in before if name not in after],
        only_b=[name for name in after if name not in before],
    )


def _difference(measure: str, pairs: list[tuple[Outcome, Outcome]]) -> Difference | None:
    both = [(x, y) for a, b in pairs if (x := _value(measure, a)) is not None and (y := _value(measure, b)) is not None]
    if not both:
        return None
    first, second = np.array(both, float).T
    low, high = mean_interval(list(second - first)) or (0.0, 0.0)
    return Difference(measure, float(first.mean()), float(second.mean()), low, high, len(both))


def _value(measure: str, outcome: Outcome) -> float | None:
    match measure:
        case "decided_right":
            return float(outcome.answered == outcome.answerable)
        case "refused_answerable":
            return float(outcome.answered) if outcome.answerable else None
        case "highlight":  # a question that is no longer answered has lost its highlight
            return float(bool(outcome.highlight)) if outcome.answerable else None
        case _:
            value = getattr(outcome, measure.replace("@", "_at_"))
            return None if value is None else float(value)

"""Two results against each other, question by question: what fell, what rose, what flipped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from app.answering.labelled.questions import WAY_KINDS
from eval.measures import interval, mean_interval
from eval.results import plain, refusing
from eval.run import Outcome
from eval.selective import LESS_IS_BETTER, SELECTIVE, rows_of, statistic
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
    "recall@3": 0.01,
    "decided_right": 0.01,
    "refused_answerable": 0.01,
    "verbatim": 0.0,
    "auroc": 0.01,
    "auroc_near_miss": 0.02,
    "precision": 0.02,
    "recall": 0.02,
    "f1": 0.02,
    "coverage": 0.01,
    "correct": 0.01,
    "correct_first": 0.02,
    "correct_highlight": 0.02,
    "answer_in_gold": 0.02,
    "answer_exact": 0.02,
    "outside": 0.01,
    "outside_after_history": 0.01,
    "near_miss": 0.02,
    "near_miss_after_history": 0.02,
    "aurc": 0.01,
}
_FIRST = {f"first: {kind}": kind for kind in WAY_KINDS}  # measures of right at first place, by kind
ALLOWANCES |= dict.fromkeys(_FIRST, 0.07)  # one question of 15
# Of refusing: statistics of all questions, not means.
_OF_ALL = ("auroc", "auroc_near_miss", "precision", "recall", "f1")
_TINY = 1e-12

Pair: TypeAlias = tuple[Outcome, Outcome]
Places: TypeAlias = npt.NDArray[np.int64]


class NothingCommon(UserError):
    """The two results share no question."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure's mean in both results and the paired difference with its 95 % interval (b - a).

    More is better but in LESS_IS_BETTER: `refused_answerable` is counted as answerable questions kept.
    """

    measure: str
    a: float
    b: float
    low: float
    high: float
    questions: int

    @property
    def fell(self) -> bool:
        """Whether it became worse significantly, or by more than its allowance."""
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
    """The comparison over the questions that both results hold. Raises NothingCommon."""
    before, after = {_identity(o): o for o in a}, {_identity(o): o for o in b}
    common = [identity for identity in before if identity in after]
    if not common:
        raise NothingCommon("the two results share no question. Compare runs of the same set")
    pairs = [(_labelled_as(after[identity], before[identity]), after[identity]) for identity in common]
    counted = {outcome.id for outcome in plain([newer for _, newer in pairs])}
    overall = [pair for pair in pairs if pair[1].id in counted]
    return Comparison(
        differences=[
            found
            for measure in ALLOWANCES
            if (found := _difference(measure, _of_kind(_FIRST[measure], pairs) if measure in _FIRST else overall))
        ],
        mended=[y.id for x, y in pairs if x.faults and not y.faults],
        broken=[y.id for x, y in pairs if y.faults and not x.faults],
        only_a=[o.id for identity, o in before.items() if identity not in after],
        only_b=[o.id for identity, o in after.items() if identity not in before],
    )


def _of_kind(kind: str, pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair[1].kind == kind]


def _identity(outcome: Outcome) -> tuple[str, str, tuple[tuple[str, ...], ...]]:
    return outcome.id, outcome.question, outcome.gold


def _labelled_as(newer: Outcome, outcome: Outcome) -> Outcome:
    """The outcome under the kind and history that the newer result gives its question."""
    return replace(outcome, kind=newer.kind, history=newer.history)


def _difference(measure: str, pairs: list[Pair]) -> Difference | None:
    if measure in SELECTIVE:
        rows = [rows_of(outcomes, measure) for outcomes in zip(*pairs, strict=True)]
        return _difference_of_all(measure, len(pairs), lambda places: [statistic(own[places]) for own in rows])
    if measure in _OF_ALL:
        return _difference_of_all(measure, len(pairs), partial(_refusing_of_both, measure, pairs))
    both = [(x, y) for a, b in pairs if (x := _value(measure, a)) is not None and (y := _value(measure, b)) is not None]
    if not both:
        return None
    first, second = np.array(both, float).T
    low, high = mean_interval(list(second - first)) or (0.0, 0.0)
    return Difference(measure, float(first.mean()), float(second.mean()), low, high, len(both))


def _refusing_of_both(measure: str, pairs: list[Pair], places: Places) -> list[float | None]:
    drawn = [pairs[place] for place in places]
    return [refusing(outcomes, measure) for outcomes in zip(*drawn, strict=True)]


def _difference_of_all(
    measure: str, count: int, of_both: Callable[[Places], Sequence[float | None]]
) -> Difference | None:
    """The same questions are drawn for both results, so that the difference is paired."""

    def difference(places: Places) -> float | None:
        first, second = of_both(places)
        return None if first is None or second is None else second - first

    first, second = of_both(np.arange(count))
    bounds = interval(count, difference)
    if first is None or second is None or bounds is None:
        return None
    return Difference(measure, first, second, *bounds, count)


def _value(measure: str, outcome: Outcome) -> float | None:
    match measure.partition(":")[0]:
        case "first":
            return None if outcome.first is None else float(outcome.first)
        case "decided_right":
            return float(outcome.answered == outcome.answerable)
        case "refused_answerable":
            return float(outcome.answered) if outcome.answerable else None
        case "highlight":  # a question that is no longer answered has lost its highlight
            return float(bool(outcome.highlight)) if outcome.answerable else None
        case _:
            value = getattr(outcome, measure.replace("@", "_at_"))
            return None if value is None else float(value)

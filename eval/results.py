"""The result of a run: measures with intervals, overall and per kind, as one JSON file."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.measures import auroc, interval, mean, mean_interval, refusals
from eval.questions import KINDS
from eval.run import Outcome
from index.errors import UserError

RANKING = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")
NO_ANSWER = ("precision", "recall", "f1", "auroc", "refused_answerable")


class BadResult(UserError):
    """A result file is missing or is none."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What was measured: the questions' file, the build and its encoder, and the date (ISO)."""

    questions: str
    build: str
    encoder: str
    date: str
    cold_ms: float | None = None


def summary(outcomes: Sequence[Outcome], setting: Setting) -> dict[str, Any]:
    """Everything that `eval run --json` prints: measures, intervals, failures, outcomes.

    Ranking measures are means over the questions with gold; a question without hits counts 0.
    """
    times = [outcome.ms for outcome in outcomes]
    return {
        **dataclasses.asdict(setting),
        "n": len(outcomes),
        **_ranking(outcomes),
        "by_kind": {
            kind: {"n": len(own), **_ranking(own), **_decision_share(own)}
            for kind in KINDS
            if (own := [outcome for outcome in outcomes if outcome.kind == kind])
        },
        "citations": _citations(outcomes),
        "no_answer": _no_answer(outcomes),
        "p50_ms": round(float(np.quantile(times, 0.5)), 2),
        "p95_ms": round(float(np.quantile(times, 0.95)), 2),
        "failures": [_failure(outcome) for outcome in outcomes if outcome.faults],
        "outcomes": [dataclasses.asdict(outcome) for outcome in outcomes],
    }


def write_result(result: dict[str, Any], path: Path) -> None:
    """Write a result so that equal results give equal files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_result(path: Path) -> dict[str, Any]:
    """A result with its outcomes. Raises BadResult."""
    try:
        result = json.loads(path.read_text("utf-8"))
        result["outcomes"] = [outcome_of(fields) for fields in result["outcomes"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadResult(
            f"{path} is no result of a run ({error}). Make one: python -m eval run --save {path}"
        ) from error
    return dict(result)


def outcome_of(fields: dict[str, Any]) -> Outcome:
    """An outcome as it was before it was written."""
    return Outcome(**{**fields, "gold": tuple(tuple(part) for part in fields["gold"])})


def values(outcomes: Sequence[Outcome], measure: str) -> list[float]:
    """One value for each outcome that has the measure."""
    name = measure.replace("@", "_at_")
    return [float(value) for outcome in outcomes if (value := getattr(outcome, name)) is not None]


def _ranking(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    if not any(outcome.answerable for outcome in outcomes):
        return {}
    measured = {name: values(outcomes, name) for name in RANKING}
    return {
        **{name: _round(mean(own)) for name, own in measured.items()},
        "intervals": {name: _rounded(mean_interval(own)) for name, own in measured.items()},
    }


def _decision_share(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    right = [float(outcome.answered == outcome.answerable) for outcome in outcomes]
    return {"decided_right": _round(mean(right)), "decided_right_interval": _rounded(mean_interval(right))}


def _citations(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    measured = {name: values(outcomes, name) for name in ("verbatim", "span_recall", "highlight")}
    return {
        **{name: _round(mean(own)) for name, own in measured.items()},
        "intervals": {name: _rounded(mean_interval(own)) for name, own in measured.items()},
    }


def _no_answer(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    statistics: dict[str, Callable[[Sequence[Outcome]], float | None]] = {
        name: lambda own, name=name: _refusing(own, name)  # type: ignore[misc]  # a default binds the name
        for name in NO_ANSWER
    }
    return {
        **{name: _round(statistic(outcomes)) for name, statistic in statistics.items()},
        "intervals": {
            name: _rounded(interval(len(outcomes), lambda places, s=statistic: s([outcomes[i] for i in places])))  # type: ignore[misc]
            for name, statistic in statistics.items()
        },
    }


def _refusing(outcomes: Sequence[Outcome], name: str) -> float | None:
    if name == "auroc":
        answerable = [outcome.support for outcome in outcomes if outcome.answerable]
        return auroc(answerable, [outcome.support for outcome in outcomes if not outcome.answerable])
    measured = refusals([o.answerable for o in outcomes], [not o.answered for o in outcomes])
    value: float | None = getattr(measured, name)
    return value


def _failure(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "kind": outcome.kind,
        "question": outcome.question,
        "why": outcome.faults,
        "gold": outcome.gold,
        "returned": outcome.returned,
        "returned_from": outcome.returned_from,
        "rank": outcome.rank,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _rounded(bounds: tuple[float, float] | None) -> list[float] | None:
    return None if bounds is None else [round(bound, 4) for bound in bounds]

"""The result of a run: measures with intervals, overall and per kind, as one JSON file."""

import dataclasses
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.answering.questions import KINDS
from eval.measures import interval
from eval.run import Outcome
from eval.statistics import CITATIONS, NO_ANSWER, RANKING, SELECTIVE, Numbers, rows_of, statistic
from index.errors import UserError


class BadResult(UserError):
    """A result file is missing or is none."""


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The measures overall and per kind, the failures and the outcomes.

    Ranking measures are means over the questions with gold; a question without hits counts 0. A measure that
    does not apply is null.
    """
    kinds = {kind: [outcome for outcome in outcomes if outcome.kind == kind] for kind in KINDS}
    return {
        **_measures(outcomes),
        "by_kind": {kind: _measures(own) for kind, own in kinds.items() if own},
        "failures": [_failure(outcome) for outcome in outcomes if outcome.faults],
        "outcomes": [dataclasses.asdict(outcome) for outcome in outcomes],
    }


def _measures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    times = np.array([outcome.ms for outcome in outcomes])
    quantiles = {name: partial(_quantile, share=share) for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95))}
    return {
        "n": len(outcomes),
        **_group(outcomes, (*RANKING, "decided_right")),
        "citations": _group(outcomes, CITATIONS),
        "no_answer": _group(outcomes, NO_ANSWER),
        "selective": _group(outcomes, SELECTIVE),
        **{name: round(quantile(times), 2) for name, quantile in quantiles.items()},
        "time_intervals": {name: _rounded(interval(times, quantile)) for name, quantile in quantiles.items()},
    }


def _quantile(times: Numbers, share: float) -> float:
    return float(np.quantile(times, share))


def _group(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, Any]:
    """Measures by name, and their intervals."""
    measures, intervals = dict[str, float | None](), dict[str, list[float] | None]()
    for name in names:
        rows = rows_of(outcomes, name)
        value = statistic(name, rows)
        measures[name] = None if value is None else round(value, 4)
        intervals[name] = _rounded(interval(rows, partial(statistic, name)))
    return {**measures, "intervals": intervals}


def write_result(result: dict[str, Any], path: Path) -> None:
    """Write a result so that equal results give equal files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_result(path: Path) -> dict[str, Any]:
    """A result with its outcomes. Raises BadResult."""
    try:
        result: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if missing := {"n", "by_kind", "citations", "no_answer", *RANKING} - set(result):
            raise ValueError(f"without {', '.join(sorted(missing))}")
        outcomes = result["outcomes"] = [_outcome(fields) for fields in result["outcomes"]]
        for kind, measures in (("", result), *result["by_kind"].items()):
            if "selective" not in measures:  # of a former version
                measures["selective"] = _group([o for o in outcomes if kind in ("", o.kind)], SELECTIVE)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadResult(
            f"{path} is no result of a run ({error}). Make one: python -m eval run --save {path}"
        ) from error
    return result


def _outcome(fields: dict[str, Any]) -> Outcome:
    """An outcome as it was before it was written; one of a former version has no verdict but `answered`."""
    gold, history = tuple(tuple(part) for part in fields["gold"]), tuple(fields.get("history", ()))
    verdict = "answer" if fields["answered"] else "none"
    return Outcome(**{"verdict": verdict, **fields, "gold": gold, "history": history})


def _failure(outcome: Outcome) -> dict[str, Any]:
    names = ("id", "kind", "question", "gold", "returned", "returned_from", "rank")
    return {**{name: getattr(outcome, name) for name in names}, "why": outcome.faults}


def _rounded(bounds: tuple[float, float] | None) -> list[float] | None:
    return None if bounds is None else [round(bound, 4) for bound in bounds]

"""The result of a run: measures with intervals, overall and per kind, as one JSON file."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.answering.labelled.questions import KINDS, PLAIN_KINDS, WAY_KINDS
from eval.measures import auroc, interval, mean, mean_interval, refusals
from eval.run import Outcome
from eval.selective import SELECTIVE, rows_of, statistic
from index.errors import UserError

RANKING = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")
CITATIONS = ("verbatim", "span_recall", "highlight")
NO_ANSWER = ("precision", "recall", "f1", "auroc", "auroc_near_miss", "refused_answerable")


class BadResult(UserError):
    """A result file is missing or is none."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Subject of a measurement: the questions' file, the build and its encoder, the reranker if any, the date (ISO),
    and the certificate of the collection as a sentence.
    """

    questions: str
    build: str
    encoder: str
    date: str
    cold_ms: float | None = None
    reader: str = ""
    reranker: str = ""
    certificate: str = ""


def summary(outcomes: Sequence[Outcome], setting: Setting) -> dict[str, Any]:
    """A whole result: the setting, the measures overall and per kind, failures, outcomes.

    Ranking measures are means over the questions with gold; a question without hits counts 0. What
    does not apply is null. Measures overall are of the `plain` outcomes; `first_by_kind` has the share of
    questions right at first place for each kind of WAY_KINDS.
    """
    kinds = {kind: [outcome for outcome in outcomes if outcome.kind == kind] for kind in KINDS}
    return {
        **dataclasses.asdict(setting),
        **_measures(plain(outcomes)),
        "by_kind": {kind: _measures(own) for kind, own in kinds.items() if own},
        "first_by_kind": {kind: _means(kinds[kind], ("first",)) for kind in WAY_KINDS if kinds[kind]},
        "failures": [_failure(outcome) for outcome in outcomes if outcome.faults],
        "outcomes": [dataclasses.asdict(outcome) for outcome in outcomes],
    }


def plain(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes that measures overall are of: those of PLAIN_KINDS, or all where there are none.

    Results of sets that gain questions of other kinds can therefore be compared with former ones.
    """
    return [outcome for outcome in outcomes if outcome.kind in PLAIN_KINDS] or list(outcomes)


def _measures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    times = np.array([outcome.ms for outcome in outcomes])
    quantiles = {"p50_ms": 0.5, "p95_ms": 0.95}
    right = [float(outcome.answered == outcome.answerable) for outcome in outcomes]
    return {
        "n": len(outcomes),
        **_means(outcomes, RANKING),
        "decided_right": _round(mean(right)),
        "decided_right_interval": _rounded(mean_interval(right)),
        "citations": _means(outcomes, CITATIONS),
        "no_answer": _no_answer(outcomes),
        "selective": _selective(outcomes),
        **{name: round(float(np.quantile(times, share)), 2) for name, share in quantiles.items()},
        "time_intervals": {
            name: _rounded(interval(len(times), partial(_quantile, times, share))) for name, share in quantiles.items()
        },
    }


def _quantile(times: npt.NDArray[np.float64], share: float, places: npt.NDArray[np.int64]) -> float:
    return float(np.quantile(times[places], share))


def _means(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, Any]:
    measured = {name: values(outcomes, name) for name in names}
    return {
        **{name: _round(mean(own)) for name, own in measured.items()},
        "intervals": {name: _rounded(mean_interval(own)) for name, own in measured.items()},
    }


def write_result(result: dict[str, Any], path: Path) -> None:
    """Write a result so that equal results give equal files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_result(path: Path) -> dict[str, Any]:
    """A result with its outcomes. Raises BadResult."""
    try:
        result = json.loads(path.read_text("utf-8"))
        if missing := {"n", "by_kind", "citations", "no_answer", *RANKING} - set(result):
            raise ValueError(f"without {', '.join(sorted(missing))}")
        outcomes = result["outcomes"] = [outcome_of(fields) for fields in result["outcomes"]]
        for kind, measures in (("", result), *result["by_kind"].items()):  # results of former versions lack them
            if set(SELECTIVE) - set(measures.get("selective", ())):
                measures["selective"] = _selective([o for o in outcomes if kind in ("", o.kind)])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadResult(
            f"{path} is no result of a run ({error}). Make one: python -m eval run --save {path}"
        ) from error
    return dict(result)


def outcome_of(fields: dict[str, Any]) -> Outcome:
    """An outcome as it was before it was written; one of a former version has no verdict but `answered`."""
    gold, history = tuple(tuple(part) for part in fields["gold"]), tuple(fields.get("history", ()))
    verdict = "answer" if fields["answered"] else "none"
    return Outcome(**{"verdict": verdict, **fields, "gold": gold, "history": history})


def values(outcomes: Sequence[Outcome], measure: str) -> list[float]:
    """One value for each outcome that has the measure."""
    name = measure.replace("@", "_at_")
    return [float(value) for outcome in outcomes if (value := getattr(outcome, name)) is not None]


def _no_answer(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    def of_drawn(name: str, places: npt.NDArray[np.int64]) -> float | None:
        return refusing([outcomes[place] for place in places], name)

    return {
        **{name: _round(refusing(outcomes, name)) for name in NO_ANSWER},
        "intervals": {name: _rounded(interval(len(outcomes), partial(of_drawn, name))) for name in NO_ANSWER},
    }


def _selective(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    rows = {name: rows_of(outcomes, name) for name in SELECTIVE}
    return {
        **{name: _round(statistic(own)) for name, own in rows.items()},
        "intervals": {name: _rounded(interval(len(own), partial(_of_drawn, own))) for name, own in rows.items()},
    }


def _of_drawn(rows: npt.NDArray[np.float64], places: npt.NDArray[np.int64]) -> float | None:
    return statistic(rows[places])


def refusing(outcomes: Sequence[Outcome], name: str) -> float | None:
    """Measure of refusing with this name; None where it does not apply.

    `auroc_near_miss` tells near misses from answerable questions, riddles aside.
    """
    if name == "auroc_near_miss":
        plain = [outcome.support for outcome in outcomes if outcome.answerable and outcome.kind != "riddle"]
        return auroc(plain, [outcome.support for outcome in outcomes if outcome.kind == "near-miss"])
    if name == "auroc":
        answerable = [outcome.support for outcome in outcomes if outcome.answerable]
        return auroc(answerable, [outcome.support for outcome in outcomes if not outcome.answerable])
    return refusals([o.answerable for o in outcomes], [not o.answered for o in outcomes])[name]


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

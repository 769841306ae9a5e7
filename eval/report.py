"""The report of a run as one HTML page that opens offline: plots, tables, and every failure beside its gold."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure
from sklearn.metrics import roc_curve

from eval.run import DEPTH, Outcome
from eval.statistics import CITATIONS, NO_ANSWER, RANKING, SELECTIVE, risk_coverage, rows_of, statistic

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
_SIZE = (6.4, 3.4)  # inches
_BLUE, _ORANGE = "#2457c5", "#c9701a"

mpl.rcParams["svg.hashsalt"] = "citewell"  # equal results, equal pictures


def report_html(result: dict[str, Any]) -> str:
    """The page for a result as `read_result` gives it."""
    outcomes: list[Outcome] = result["outcomes"]
    return _PAGES.get_template("report.html").render(
        result=result,
        ranking=RANKING,
        groups={
            "citations": (result["citations"], CITATIONS),
            "no answer": (result["no_answer"], NO_ANSWER),
            "selective answering": (result["selective"], SELECTIVE),
        },
        plots={
            "Recall by kind of question": _svg(_recall_by_kind(result)),
            "The refusal trade-off": _svg(_trade_off(outcomes)),
            "Risk and coverage": _svg(_risk_coverage(outcomes)),
            "Rank of the first passage with an answer": _svg(_ranks(outcomes)),
            "Time of an answer": _svg(_times(outcomes)),
        },
    )


def trade_off(outcomes: list[Outcome]) -> list[tuple[float, float]]:
    """For every threshold of the decision: share of answerable questions refused, of unanswerable ones refused."""
    unanswerable = [not outcome.answerable for outcome in outcomes]
    if len({*unanswerable}) < 2:
        return []
    *rates, _ = roc_curve(unanswerable, [-outcome.support for outcome in outcomes], drop_intermediate=False)
    return list(zip(*(rate.tolist() for rate in rates), strict=True))


def _recall_by_kind(result: dict[str, Any]) -> Figure:
    kinds = {kind: own for kind, own in result["by_kind"].items() if own["recall@5"] is not None}
    figure, axes = _figure("", "share of needed parts found")
    places = np.arange(len(kinds))
    for offset, measure, colour in ((-0.2, "recall@1", _ORANGE), (0.2, "recall@5", _BLUE)):
        heights = np.array([own[measure] for own in kinds.values()])
        bounds = np.array([own["intervals"][measure] for own in kinds.values()]).reshape(-1, 2).T
        axes.bar(places + offset, heights, 0.38, label=measure, color=colour)
        axes.errorbar(places + offset, heights, [heights - bounds[0], bounds[1] - heights], fmt="none", ecolor="#555")
    axes.set_xticks(places, [f"{kind}\n{own['n']}" for kind, own in kinds.items()])
    axes.set_ylim(0, 1.05)
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return figure


def _trade_off(outcomes: list[Outcome]) -> Figure:
    points = trade_off(outcomes)
    refused = [statistic(name, rows_of(outcomes, name)) for name in ("refused_answerable", "recall")]
    now = (refused[0], refused[1]) if points else None
    return _curve("answerable questions refused", "unanswerable questions refused", [*zip(*points, strict=True)], now)


def _risk_coverage(outcomes: list[Outcome]) -> Figure:
    answered = [outcome for outcome in outcomes if outcome.answered]
    now = (len(answered) / len(outcomes), rows_of(answered, "aurc")[:, 1].mean()) if answered else None
    return _curve("questions answered", "wrong among them", risk_coverage(rows_of(outcomes, "aurc")), now)


def _curve(x: str, y: str, points: Sequence[Any], now: tuple[float | None, float | None] | None) -> Figure:
    """A curve between 0 and 1, and the point of the decision in use."""
    figure, axes = _figure(x, y)
    axes.plot(*points, color=_BLUE)
    if now:
        axes.plot(*now, "o", color=_ORANGE, label="the decision in use")
        axes.legend(loc="best")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    return figure


def _ranks(outcomes: list[Outcome]) -> Figure:
    figure, axes = _figure("rank", "questions")
    ranks = [outcome.rank for outcome in outcomes if outcome.rank is not None]
    axes.bar(range(1, DEPTH + 1), [ranks.count(rank) for rank in range(1, DEPTH + 1)], color=_BLUE)
    axes.bar(DEPTH + 1, ranks.count(0), color=_ORANGE)
    axes.set_xticks(range(1, DEPTH + 2), [*map(str, range(1, DEPTH + 1)), "none"])
    return figure


def _times(outcomes: list[Outcome]) -> Figure:
    figure, axes = _figure("milliseconds", "questions")
    axes.hist([outcome.ms for outcome in outcomes], bins=40, color=_BLUE)
    return figure


def _figure(x: str, y: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> Markup:
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return Markup(file.getvalue()[file.getvalue().index("<svg") :])  # noqa: S704 - drawn from numbers and kinds

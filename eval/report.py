"""The report of a run as one HTML page that opens offline: plots, tables, and every question by how bad it is."""

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import matplotlib as mpl
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from matplotlib.figure import Figure
from sklearn.metrics import roc_curve

from eval.results import NO_ANSWER, RANKING
from eval.run import DEPTH, Outcome, Severity
from eval.selective import AURC, SELECTIVE, risk_coverage, rows_of

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPT = (_TEMPLATES / "report.js").read_text("utf-8")
_SHOWN, _LONGEST = 700_000, 300  # characters of all rows together, and of one text in them: the page is under 1 MB
_PAGES = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
_SIZE = (6.4, 3.4)  # inches
_BLUE, _ORANGE = "#2457c5", "#c9701a"

mpl.rcParams["svg.hashsalt"] = "citewell"  # equal results, equal pictures


def report_html(result: dict[str, Any], chat: str) -> str:
    """The page for a result as `read_result` gives it, with links that ask its questions of the chat again."""
    outcomes: list[Outcome] = result["outcomes"]
    return _PAGES.get_template("report.html").render(
        result=result,
        sections=sections_of(outcomes, chat),
        script=Markup(_SCRIPT),  # noqa: S704 - a file of ours
        allowed=base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode(),
        ranking=RANKING,
        no_answer=NO_ANSWER,
        selective=SELECTIVE,
        plots={
            "Recall by kind of question": _svg(_recall_by_kind(result)),
            "The refusal trade-off": _svg(_trade_off(outcomes)),
            "Risk and coverage": _svg(_risk_coverage(outcomes)),
            "Rank of the first passage with an answer": _svg(_ranks(outcomes)),
            "Time of an answer": _svg(_times(outcomes)),
        },
    )


def sections_of(outcomes: Iterable[Outcome], chat: str) -> dict[str, tuple[int, list[dict[str, Any]]]]:
    """The number of outcomes of each severity, the worst first, and rows of them as far as the page has room."""
    sections: dict[str, tuple[int, list[dict[str, Any]]]] = {}
    room, every = _SHOWN, list(outcomes)
    for severity in get_args(Severity):
        own, rows = [outcome for outcome in every if outcome.severity == severity], []
        for outcome in own:
            row = _row(outcome, chat)
            room -= sum(len(escape(text)) for text in _texts(row)) + _LONGEST
            if room < 0:
                break
            rows.append(row)
        sections[severity] = (len(own), rows)
    return sections


def _row(outcome: Outcome, chat: str) -> dict[str, Any]:
    asked = [("q", outcome.question), *(("after", question) for question in outcome.history)]
    return {
        "question": _cut(outcome.question),
        "again": f"{chat.rstrip('/')}/#{urlencode(asked)}",
        "about": f"{outcome.id}{': ' if outcome.faults else ''}{'; '.join(outcome.faults)}",
        "kind": outcome.kind,
        "gold": [_cut(" · or · ".join(part)) for part in outcome.gold[:5]],
        "returned": _cut(outcome.returned),
        "returned_from": outcome.returned_from,
        "rank": str(outcome.rank or "–"),
        "ms": f"{outcome.ms:.0f}",
    }


def _texts(row: dict[str, Any]) -> Iterator[str]:
    for value in row.values():
        yield from value if isinstance(value, list) else [value]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def trade_off(outcomes: list[Outcome]) -> list[tuple[float, float]]:
    """For every threshold of the decision: share of answerable questions refused, of unanswerable ones refused."""
    unanswerable = [not outcome.answerable for outcome in outcomes]
    if len({*unanswerable}) < 2:
        return []
    doubts = [-outcome.support for outcome in outcomes]
    answerable_refused, unanswerable_refused, _ = roc_curve(unanswerable, doubts, drop_intermediate=False)
    return list(zip(answerable_refused.tolist(), unanswerable_refused.tolist(), strict=True))


def _recall_by_kind(result: dict[str, Any]) -> Figure:
    kinds = {kind: own for kind, own in result["by_kind"].items() if own["recall@5"] is not None}
    figure, axes = _figure("", "share of needed parts found")
    places = np.arange(len(kinds))
    for offset, measure, colour in ((-0.2, "recall@1", _ORANGE), (0.2, "recall@5", _BLUE)):
        heights = np.array([own[measure] for own in kinds.values()])
        bounds = np.array([own["intervals"][measure] for own in kinds.values()]).reshape(-1, 2).T
        axes.bar(places + offset, heights, 0.38, label=measure, color=colour)
        axes.errorbar(places + offset, heights, [heights - bounds[0], bounds[1] - heights], fmt="none", ecolor="#555")
    axes.set_xticks(places, [f"{kind} {own['n']}" for kind, own in kinds.items()], rotation=45, ha="right")
    axes.set_ylim(0, 1.05)
    figure.legend(loc="outside upper right", ncols=2, frameon=False)
    return figure


def _trade_off(outcomes: list[Outcome]) -> Figure:
    figure, axes = _figure("answerable questions refused", "unanswerable questions refused")
    points = trade_off(outcomes)
    if points:
        axes.plot(*zip(*points, strict=True), color=_BLUE)
        kept = [o.answered for o in outcomes if o.answerable]
        hopeless = [o.answered for o in outcomes if not o.answerable]
        now = (1 - sum(kept) / len(kept), 1 - sum(hopeless) / len(hopeless))
        axes.plot(*now, "o", color=_ORANGE, label="the decision in use")
        axes.legend(loc="lower right")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    return figure


def _risk_coverage(outcomes: list[Outcome]) -> Figure:
    figure, axes = _figure("questions answered", "wrong among them")
    axes.plot(*risk_coverage(rows_of(outcomes, AURC)), color=_BLUE)
    answered = [outcome for outcome in outcomes if outcome.answered]
    if answered:
        risk = rows_of(answered, AURC)[:, 1].mean()
        axes.plot(len(answered) / len(outcomes), risk, "o", color=_ORANGE, label="the decision in use")
        axes.legend(loc="upper left")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
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
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure) -> Markup:
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return Markup(file.getvalue()[file.getvalue().index("<svg") :])  # noqa: S704 - drawn from numbers and kinds

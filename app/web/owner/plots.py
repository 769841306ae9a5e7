"""Plots of the owner's page as SVG pictures."""

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.web.owner.overview import VERDICTS, Week

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (6.4, 2.6)  # inches
_COLOURS = {"answer": "#2457c5", "related": "#e0a030", "none": "#a03040"}


def plots_of(weeks: Sequence[Week]) -> dict[str, str]:
    """The addresses of pictures by their captions: questions and times by week. None without questions."""
    if not weeks:
        return {}
    from matplotlib.figure import Figure  # slow to import, and only this page needs it

    labels = [week.monday.isoformat() for week in weeks]
    pictures = {}
    for caption, draw in (("Questions by week", _counts), ("Milliseconds by week", _times)):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.subplots()
        draw(axes, labels, weeks)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params("x", rotation=45)
        figure.legend(loc="outside upper right", ncols=len(VERDICTS), frameon=False)
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
        pictures[caption] = f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"
    return pictures


def _counts(axes: "Axes", labels: Sequence[str], weeks: Sequence[Week]) -> None:
    below = [0] * len(weeks)
    for verdict in VERDICTS:
        heights = [week.counts[verdict] for week in weeks]
        axes.bar(labels, heights, bottom=below, color=_COLOURS[verdict], label=verdict)
        below = [low + height for low, height in zip(below, heights, strict=True)]


def _times(axes: "Axes", labels: Sequence[str], weeks: Sequence[Week]) -> None:
    for name, style in (("p50", "o-"), ("p95", "o--")):
        axes.plot(labels, [getattr(week, name) for week in weeks], style, color=_COLOURS["answer"], label=name)

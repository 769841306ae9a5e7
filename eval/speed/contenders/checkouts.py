"""This checkout beside another one in the same run: whether it has become slower."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.measures import interval
from eval.speed.contender import PROJECT, module
from eval.speed.contenders.competition import race_of
from eval.speed.contenders.race import Entry, Say
from index.encoder.model_files import DEFAULT_MODEL
from index.errors import UserError

ALLOWED = 1.10  # times the time of the other checkout
MEASURES = {"p50": "answer, p50", "p95": "answer, p95", "cold": "cold start", "build": "build"}
_HERE, _THERE = "this checkout", "the other one"


@dataclass(frozen=True, slots=True)
class Change:
    """The median of this checkout's time divided by the other's, turn by turn, with its 95 % interval."""

    measure: str
    ratio: float
    low: float
    high: float

    @property
    def is_slower(self) -> bool:
        """Whether it takes over a tenth longer, and no chance of the turns explains it."""
        return self.ratio > ALLOWED and self.low > 1


@contextmanager
def checkout(name: str) -> Iterator[Path]:
    """A folder that holds a checkout, or a commit checked out for a while. Raises UserError."""
    if Path(name).is_dir():
        yield Path(name).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "checkout")
        made = _git("worktree", "add", "--quiet", "--detach", place, name)
        if made.returncode:
            raise UserError(f"{name!r} is neither a folder nor a commit: {made.stderr.strip()}")
        try:
            yield Path(place)
        finally:
            _git("worktree", "remove", "--force", place)


def compare(other: Path, rounds: int, passages: int, say: Say) -> list[Change]:
    """The change of each measure from another checkout to this one. Raises UserError if either fails."""
    cold = [sys.executable, "-m", "app", "ask", "--reader", "none", "--index", "{folder}", "--", "{question}"]
    command = module("contenders.ours", "answer", DEFAULT_MODEL)
    entries = {_HERE: Entry(command, cold), _THERE: Entry(command, cold, at=other)}
    with race_of(entries, rounds, passages, say) as race:
        figures = race.run()
    if race.failed:
        raise UserError("; ".join(f"{name} failed: {reason}" for name, reason in race.failed.items()))
    return changes(figures[_HERE], figures[_THERE])


def changes(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[Change]:
    """The change of each measure between the figures of two contenders of one race."""
    pairs = {measure: zip(here[measure], there[measure], strict=True) for measure in MEASURES}
    ratios = {
        measure: [b / a if measure == "build" else a / b for a, b in pair]  # a build is told by passages a second
        for measure, pair in pairs.items()
    }
    return [_change(measure, values) for measure, values in ratios.items()]


def _change(measure: str, ratios: Sequence[float]) -> Change:
    values = np.array(ratios)
    low, high = interval(len(values), lambda drawn: float(np.median(values[drawn]))) or (0.0, 0.0)
    return Change(measure, float(np.median(values)), low, high)


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603, S607

"""The memory of processes that share pages, as the system accounts for it in /proc."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Held:
    """MB of a process or of several: `own` is in no other process, `shared` is in one more at least.

    `part` is `own` and of each shared page the share of one of those that have it: over all processes
    of a machine it sums to what they take together.
    """

    own: float
    shared: float
    part: float

    def __add__(self, other: "Held") -> "Held":
        return Held(self.own + other.own, self.shared + other.shared, self.part + other.part)


NOTHING = Held(0.0, 0.0, 0.0)


def held(process: int, proc: Path = PROC) -> Held:
    """What a process holds now."""
    lines = (proc / str(process) / "smaps_rollup").read_text("utf-8").splitlines()[1:]
    values = {name: int(value.split()[0]) for name, value in (line.split(":", 1) for line in lines)}
    own = values["Private_Clean"] + values["Private_Dirty"]
    return Held(*(kilobytes * 1024 / 1e6 for kilobytes in (own, values["Rss"] - own, values["Pss"])))


def all_of(processes: Iterable[int], proc: Path = PROC) -> Held:
    """What they hold together."""
    return sum((held(process, proc) for process in processes), NOTHING)


def children(process: int, proc: Path = PROC) -> list[int]:
    """The processes that a process has started and that still run."""
    tasks = (proc / str(process) / "task").glob("*/children")
    return sorted(int(child) for task in tasks for child in task.read_text("utf-8").split())


def parent(process: int, proc: Path = PROC) -> int:
    """The process that started a process."""
    lines = (proc / str(process) / "status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("PPid:"))

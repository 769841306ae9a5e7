"""The memory of processes that share pages, as the system accounts for it in /proc."""

from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def memory_of(processes: Iterable[int], proc: Path = PROC) -> dict[str, float]:
    """MB of processes together: `own` is in no other process, `shared` is in one more at least.

    `part` is `own` plus each shared page divided by the number of its processes: over all processes of a machine it
    sums to their memory.
    """
    sums = dict.fromkeys(("own", "shared", "part"), 0.0)
    for process in processes:
        lines = (proc / str(process) / "smaps_rollup").read_text("utf-8").splitlines()[1:]
        values = {name: int(value.split()[0]) * 1024 / 1e6 for name, value in (line.split(":", 1) for line in lines)}
        own = values["Private_Clean"] + values["Private_Dirty"]
        sums["own"] += own
        sums["shared"] += values["Rss"] - own
        sums["part"] += values["Pss"]
    return sums


def children(process: int, proc: Path = PROC) -> list[int]:
    """The running processes that a process has started."""
    tasks = (proc / str(process) / "task").glob("*/children")
    return sorted(int(child) for task in tasks for child in task.read_text("utf-8").split())


def parent(process: int, proc: Path = PROC) -> int:
    """The process that started a process."""
    lines = (proc / str(process) / "status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("PPid:"))

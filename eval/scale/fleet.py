"""The application by several workers on one build: what each holds, what all hold, how fast they answer."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.scale.smaps import all_of, children, held
from eval.speed.contenders.race import Say
from eval.speed.load import ROUTES, Asking, served

WORKERS = (1, 2, 4)
_ASKERS, _REQUESTS = 16, 512
_BEGUN_BY_SPAWNING = b"spawn_main"  # stands in the command of a worker


def man(
    name: str,
    index: Path,
    passages: int,
    questions: Sequence[str],
    say: Say,
    *,
    workers: Sequence[int] = WORKERS,
    requests: int = _REQUESTS,
) -> Iterator[dict[str, Any]]:
    """A row for each number of workers over the index. Raises NotServed."""
    for count in workers:
        with served(index, {"CHAT_WORKERS": str(count)}) as (address, process):
            for number in (requests // 8 * count, requests):  # the first of a process are slow
                asking = Asking(address, ROUTES[0], questions, process, kept=False)  # as a proxy asks
                load = asyncio.run(asking.asked(_ASKERS, number))
            row = {"index": name, "passages": passages, "workers": count, **_memory(process, count)}
        say(f"{name}, {count} workers: {row['all_mb']:,.0f} MB, {load.throughput:.0f} answers a second")
        yield {**row, "throughput": load.throughput, "p50": load.p50, "p95": load.p95, "failures": load.failures}


def _memory(process: int, count: int) -> dict[str, float]:
    """What one worker holds in the mean, and what all processes take together."""
    started = children(process)
    workers = [child for child in started if _is_worker(child)] or [process]
    if len(workers) != count:
        raise ValueError(f"{len(workers)} workers run, not {count}")
    together, beside = all_of(workers), all_of({process, *started} - {*workers})
    return {
        "own_mb": together.own / count,
        "shared_mb": together.shared / count,
        "all_mb": together.part + beside.part,
        "beside_mb": beside.part,
        "most_own_mb": max(held(worker).own for worker in workers),
    }


def _is_worker(process: int) -> bool:
    return _BEGUN_BY_SPAWNING in Path(f"/proc/{process}/cmdline").read_bytes()

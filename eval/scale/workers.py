"""The application by several workers on one build: memory of each and of all, and speed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.scale.smaps import children, held
from eval.speed.contenders.race import Say
from eval.speed.load import ROUTES, Load, served

WORKERS = (1, 2, 4)
_ASKERS, REQUESTS = 16, 512
_SPAWNED = b"spawn_main"  # stands in the command of a worker


def serve(
    name: str,
    index: Path,
    questions: Sequence[str],
    say: Say,
    *,
    workers: Sequence[int] = WORKERS,
    requests: int = REQUESTS,
) -> Iterator[dict[str, Any]]:
    """A row for each number of workers over the index. Raises NotServed."""
    for count in workers:
        with served(index, {"CHAT_WORKERS": str(count)}) as (address, process):
            for number in (requests // 8 * count, requests):  # the first answers of a process are slow
                load = Load(address, ROUTES[0], questions, keep_alive=False)  # as a proxy asks
                asked = load.run(process, _ASKERS, number)
            memory = _memory(process, count)
        say(f"{name}, {count} workers: {memory['all_mb']:,.0f} MB, {asked['throughput']:.0f} answers a second")
        yield {**asked, "index": name, "workers": count, **memory}


def _memory(process: int, count: int) -> dict[str, float]:
    """The mean memory of a worker, that of the other processes, and that of all together."""
    started = children(process)
    workers = [child for child in started if _SPAWNED in Path(f"/proc/{child}/cmdline").read_bytes()] or [process]
    if len(workers) != count:
        raise ValueError(f"{len(workers)} workers run, not {count}")
    together, beside = held(workers), held({process, *started} - {*workers})["part"]
    return {
        "own_mb": together["own"] / count,
        "shared_mb": together["shared"] / count,
        "all_mb": together["part"] + beside,
        "beside_mb": beside,
    }

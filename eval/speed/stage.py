"""The child side of a measured process: it performs the actions that its standard input names.

Standard library only, so that it runs in the environment of any contender.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Reply = dict[str, Any]
Action = Callable[..., Reply]


def play(make: Callable[[], Mapping[str, Action]]) -> None:
    """Read `{"do": name, …}` lines until there are no more; answer each with the reply of its action, as JSON.

    The output of libraries goes to stderr, also while `make` makes the actions.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    actions = make()
    for line in sys.stdin:
        told = json.loads(line)
        reply = actions[told.pop("do")](**told)
        out.write(json.dumps(reply) + "\n")
        out.flush()


def perform(make: Callable[[str], Any], model: str, folder: str = "", question: str = "") -> None:
    """Run a pipeline that has `build(texts, folder)`, `open(folder)` and `ask(question)`: the rows of five passages.

    With a folder and a question it answers that question from the saved index and ends.
    """

    def actions() -> dict[str, Action]:
        pipeline = make(model)

        def build(passages: str, folder: str, **_: str) -> Reply:
            texts = [text for text, *_ in json.loads(Path(passages).read_text("utf-8"))]
            return {"seconds": timed(lambda: pipeline.build(texts, folder))}

        return {
            "build": build,
            "open": lambda folder, **_: {"seconds": timed(lambda: pipeline.open(folder))},
            "ask": lambda questions: asked(pipeline.ask, questions),
            "memory": memory,
        }

    if folder:
        pipeline = make(model)
        pipeline.open(folder)
        sys.stdout.write(f"{pipeline.ask(question)}\n")
    else:
        play(actions)


def asked(ask: Callable[[str], object], questions: Sequence[str]) -> Reply:
    """The result of each question, its milliseconds, and those of processors that each took on average."""
    milliseconds, results = [], []
    busy = time.process_time()
    for question in questions:
        begin = time.perf_counter()
        results.append(ask(question))
        milliseconds.append((time.perf_counter() - begin) * 1000)
    cpu = (time.process_time() - busy) * 1000 / max(len(questions), 1)
    return {"ms": milliseconds, "cpu_ms": cpu, "found": results}


def timed(work: Callable[[], object]) -> float:
    """The seconds that the work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def quantiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95, interpolated."""
    if len(milliseconds) == 1:
        return milliseconds[0], milliseconds[0]
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return cuts[9], cuts[18]


def memory(process: int | str = "self") -> Reply:
    """A process's memory in MB: the peak, and the present sizes of its own and of its mapped files.

    Of /proc, not of getrusage: that counts the parent's memory before this program was started.
    """
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    names = {"peak_mb": "VmHWM", "own_mb": "RssAnon", "file_mb": "RssFile"}
    return {name: int(values[field].split()[0]) * 1024 / 1e6 for name, field in names.items()}


def start(log: str, *command: str) -> dict[str, float]:
    """The command's seconds from start to end, its peak memory in MB and its exit code; stderr goes to `log`.

    To be run in a process of its own, `python -m eval.speed.stage LOG COMMAND…`: Linux counts the memory of whoever
    starts a program as the program's own.
    """
    with Path(log).open("w", encoding="utf-8") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)  # noqa: S603 - as told
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"seconds": seconds, "peak_mb": usage.ru_maxrss * 1024 / 1e6, "code": process.returncode}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(start(*sys.argv[1:])))

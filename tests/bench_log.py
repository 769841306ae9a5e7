"""The log of questions: its cost to an answer, and processes that write it and are killed: make bench-log."""

import json
import statistics
import tempfile
import time
from pathlib import Path

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.bench_web import ask_api, timed
from tests.conftest import PROJECT
from tests.killed import check, run
from tests.serving import served

_QUESTIONS = 300
_LINES, _WRITERS, _KILLS = 10_000, 8, 20


def _loaded() -> str:
    """The whole load, told in a line."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        acknowledged, killed = run(Path(folder), _LINES, _WRITERS, _KILLS)
        seconds = time.perf_counter() - began
        held = check(Path(folder), acknowledged)
    return (
        f"{len(acknowledged):,} lines acknowledged to {_WRITERS} processes, {killed} of which were killed, in "
        f"{seconds:.0f} s: all are there, and {held - len(acknowledged)} that were not yet acknowledged; none is "
        "there twice; integrity_check: ok"
    )


def _cost() -> str:
    """Cost of the log for an answer: three servers, one with the log, are asked each question in turns.

    The two without it are the same, so that their ratio shows how exact the measure is.
    """
    lines = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][: _QUESTIONS + 1]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "index")
        build(PROJECT / "source_texts", root, identify(DEFAULT_MODEL))
        with served(root) as off, served(root, {"CHAT_LOG": f"{folder}/log"}) as on, served(root) as same:
            rows = [_asked([off, on, same], number, question) for number, question in enumerate(questions)][1:]
    without, with_log, _ = (statistics.median(times) for times in zip(*rows, strict=True))
    costs = [statistics.median(row[side] / row[0] for row in rows) - 1 for side in (1, 2)]
    return (
        f"POST /api/ask, {len(rows)} questions: p50 {without:.1f} ms without the log, {with_log:.1f} ms with it. "
        f"The median question costs {costs[0]:+.1%} with it, and {costs[1]:+.1%} where both servers have none"
    )


def _asked(servers: list[str], number: int, question: str) -> list[float]:
    """The time of each server, who take turns in being the first."""
    order = [(number + place) % len(servers) for place in range(len(servers))]
    times = {side: timed(ask_api, servers[side], question) for side in order}
    return [times[side] for side in sorted(times)]


def main() -> None:
    """Measure and print both."""
    print(_cost())
    print(_loaded())


if __name__ == "__main__":
    main()

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
    """Median times of an answer without and with the log: two servers, asked each question in turns."""
    lines = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    times: tuple[list[float], list[float]] = [], []
    with tempfile.TemporaryDirectory() as folder:
        build(PROJECT / "source_texts", Path(folder, "index"), identify(DEFAULT_MODEL))
        log = {"CHAT_LOG": f"{folder}/log"}
        with served(Path(folder, "index")) as off, served(Path(folder, "index"), log) as on:
            for number, question in enumerate([questions[0], *questions]):
                for side in (0, 1) if number % 2 else (1, 0):
                    times[side].append(timed(ask_api, (off, on)[side], question))
    without, with_log = (statistics.median(side[1:]) for side in times)  # the first answer also loads what it needs
    return (
        f"POST /api/ask, p50 of {len(questions)} questions to two servers in turns: {without:.1f} ms without the log, "
        f"{with_log:.1f} ms with it, {with_log / without - 1:+.1%}"
    )


def main() -> None:
    """Measure and print both."""
    print(_cost())
    print(_loaded())


if __name__ == "__main__":
    main()

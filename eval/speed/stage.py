"""Where a contender performs: it does what its standard input says, one line at a time, and is silent in between.

Standard library only, so that it runs in the environment of any contender.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

Reply = dict[str, Any]
Action = Callable[..., Reply]


class Pipeline(Protocol):
    """A way to index passages and to find them again. Passages are known by their place in the list."""

    def build(self, texts: list[str], folder: str) -> None:
        """Index the texts, keep the index in `folder`, and be ready to be asked."""

    def open(self, folder: str) -> None:
        """Be ready to be asked what `folder` holds."""

    def ask(self, question: str) -> list[int]:
        """The five nearest passages, best first."""


def play(make: Callable[[], Mapping[str, Action]]) -> None:
    """Read `{"do": name, …}` lines until there are no more; answer each by what its action returns, as JSON.

    What libraries print goes to stderr, also while `make` makes the actions.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    actions = make()
    for line in sys.stdin:
        told = json.loads(line)
        reply = actions[told.pop("do")](**told)
        out.write(json.dumps(reply) + "\n")
        out.flush()


def perform(make: Callable[[str], Pipeline]) -> None:
    """Run a rival: told what to do on its standard input, or with `--cold` for one question from a saved index."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", help="folder of the encoder")
    parser.add_argument("--cold", nargs=2, metavar=("FOLDER", "QUESTION"))
    arguments = parser.parse_args()
    if arguments.cold:
        folder, question = arguments.cold
        pipeline = make(arguments.model)
        pipeline.open(folder)
        sys.stdout.write(f"{pipeline.ask(question)}\n")
        return
    play(lambda: _actions(make(arguments.model)))


def _actions(pipeline: Pipeline) -> dict[str, Action]:
    """What a rival can be told to do."""

    def build(passages: str, folder: str, **_: str) -> Reply:
        texts = [text for text, *_ in json.loads(Path(passages).read_text("utf-8"))]
        return {"seconds": timed(lambda: pipeline.build(texts, folder))}

    def open_(folder: str, **_: str) -> Reply:
        return {"seconds": timed(lambda: pipeline.open(folder))}

    return {
        "build": build,
        "open": open_,
        "ask": lambda questions: asked(pipeline.ask, questions),
        "memory": memory,
    }


def asked(ask: Callable[[str], list[int]], questions: list[str]) -> Reply:
    """What each question found, and the milliseconds that it took."""
    milliseconds, found = [], []
    for question in questions:
        begin = time.perf_counter()
        found.append(ask(question))
        milliseconds.append((time.perf_counter() - begin) * 1000)
    return {"ms": milliseconds, "found": found}


def timed(work: Callable[[], object]) -> float:
    """The seconds that the work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def memory(process: int | str = "self") -> Reply:
    """A process's memory in MB: the most it ever held, and what it holds now, its own and mapped from files.

    Of /proc, not of getrusage: that counts what the parent held before this program was started.
    """
    lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    names = {"peak_mb": "VmHWM", "own_mb": "RssAnon", "file_mb": "RssFile"}
    return {name: int(values[field].split()[0]) * 1024 / 1e6 for name, field in names.items()}

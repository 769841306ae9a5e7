"""Our BM25 beside the library bm25s with mapped files: `python -m eval.speed keywords`."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.contender import Contender, module, told
from eval.speed.contenders.competition import ARTICLES, asked_alone
from eval.speed.contenders.race import Say
from eval.speed.growth.synthetic import paragraphs, vocabulary
from eval.speed.stage import Action, Reply, memory, play, quantiles, timed
from index.keywords.bm25 import K1, B, Bm25
from index.keywords.postings import write_keywords
from index.keywords.tokenizer import tokenise

PASSAGES = 100_000
_OPENINGS, _TURNS = 5, 9
_BEST, _SCORED = 100, 200  # passages: searched for, and scored by their rows
_SEED = 3


class _Ours:
    """`index.keywords`. An engine gets passages as tokens, a line each, and gives the best rows and scores of rows."""

    def build(self, passages: Path, folder: Path) -> None:
        write_keywords(_lines(passages), folder)

    def open(self, folder: Path) -> None:
        self._index = Bm25.read(folder)

    def best(self, tokens: list[str]) -> Any:
        return self._index.best(tokens, _BEST)

    def scores(self, tokens: list[str], rows: list[int]) -> Any:
        return self._index.scores(tokens, rows)


class _Library:
    """bm25s with the same formula and constants, and files that are mapped."""

    def __init__(self) -> None:
        import bm25s

        self._index: Any = bm25s.BM25(method="lucene", k1=K1, b=B)

    def build(self, passages: Path, folder: Path) -> None:
        numbers: dict[str, int] = {}
        rows = [[numbers.setdefault(token, len(numbers)) for token in tokens] for tokens in _lines(passages)]
        self._index.index((rows, numbers), show_progress=False)
        self._index.save(folder, show_progress=False)

    def open(self, folder: Path) -> None:
        self._index = self._index.load(folder, mmap=True)

    def best(self, tokens: list[str]) -> Any:
        return self._index.retrieve([tokens], k=_BEST, show_progress=False)[0]

    def scores(self, tokens: list[str], rows: list[int]) -> Any:
        return self._index.get_scores(tokens)[rows]  # it scores all passages


ENGINES: dict[str, type[_Ours | _Library]] = {"ours": _Ours, "bm25s": _Library}


def compare_keywords(passages: int, work: Path | None, say: Say) -> list[dict[str, Any]]:
    """The figures of both engines over synthetic passages, each part in fresh processes and in turns."""
    with tempfile.TemporaryDirectory(dir=work) as temporary, ExitStack() as stack:
        folder = Path(temporary)
        say(f"writing {passages:,} passages")
        with (folder / "tokens").open("w", encoding="utf-8") as file:
            file.writelines(f"{' '.join(tokenise(text))}\n" for text in paragraphs(passages, vocabulary(ARTICLES)))
        questions = [tokenise(question.question) for question in asked_alone() if question.kind != "chinese"]
        figures: dict[str, dict[str, Any]] = {name: {"engine": name} for name in ENGINES}
        for name, row in figures.items():
            say(f"{name} builds")
            paths = {"passages": str(folder / "tokens"), "folder": str(folder / name)}
            row.update(told(module("keywords", name), folder / f"{name}.log", "build", **paths))
        running: dict[str, Contender] = {}
        opened: dict[str, list[float]] = {name: [] for name in ENGINES}
        for name in [*ENGINES] * _OPENINGS:
            running[name] = stack.enter_context(Contender(module("keywords", name), folder / f"{name}.log"))
            opened[name].append(1000 * running[name].tell("open", folder=str(folder / name))["seconds"])
        say(f"{len(questions)} questions in {_TURNS} turns")
        rows = np.random.default_rng(_SEED).integers(0, passages, _SCORED).tolist()
        replies: dict[str, dict[str, list[Any]]] = {name: {} for name in ENGINES}
        for turn in range(_TURNS):
            for name in sorted(running, reverse=bool(turn % 2)):  # another one begins in each turn
                for part, values in running[name].tell("ask", questions=questions[turn::_TURNS], rows=rows).items():
                    replies[name].setdefault(part, []).extend(values)
        difference = float(np.abs(np.subtract(replies["ours"]["values"], replies["bm25s"]["values"])).max())
        counts = {"passages": passages, "questions": len(questions), "score_difference": difference}
        for name, row in figures.items():
            row |= {"open_ms": float(np.median(opened[name])), **running[name].tell("memory"), **counts}
            row |= {part: quantiles(replies[name][part]) for part in ("best", "scores")}
        return list(figures.values())


def _lines(passages: Path) -> Iterator[list[str]]:
    with passages.open(encoding="utf-8") as file:
        yield from map(str.split, file)


def actions(engine: _Ours | _Library) -> dict[str, Action]:
    """The actions of a process that runs an engine."""

    def build(passages: str, folder: str) -> Reply:
        before = memory()
        seconds = timed(lambda: engine.build(Path(passages), Path(folder)))
        disk = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        peak = memory()["peak_mb"] - before["own_mb"] - before["file_mb"]
        return {"build_s": seconds, "build_mb": peak, "disk_mb": disk}

    def ask(questions: list[list[str]], rows: list[int]) -> Reply:
        reply: Reply = {part: [] for part in ("best", "scores", "values")}
        for tokens in questions:
            reply["best"].append(1000 * timed(lambda: engine.best(tokens)))  # noqa: B023 - called at once
            reply["scores"].append(1000 * timed(lambda: engine.scores(tokens, rows)))  # noqa: B023 - the same
            reply["values"].append([float(score) for score in engine.scores(tokens, rows)])
        return reply

    return {
        "build": build,
        "open": lambda folder: {"seconds": timed(lambda: engine.open(Path(folder)))},
        "ask": ask,
        "memory": memory,
    }


if __name__ == "__main__":
    play(lambda: actions(ENGINES[sys.argv[1]]()))

"""Our BM25 beside the library bm25s with mapped files: `python -m eval.speed keywords`."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import numpy as np

from eval.speed.contender import module, told
from eval.speed.contenders.competition import ARTICLES, asked_alone
from eval.speed.contenders.race import Say
from eval.speed.growth.synthetic import paragraphs, vocabulary
from eval.speed.stage import Reply, memory, play, quantiles, timed
from index.keywords.bm25 import K1, B, Bm25
from index.keywords.postings import write_keywords
from index.keywords.tokenizer import tokenise

PASSAGES = 100_000
_TURNS = 9
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


Engine: TypeAlias = _Ours | _Library
ENGINES: dict[str, type[Engine]] = {"ours": _Ours, "bm25s": _Library}


def compare_keywords(passages: int, work: Path, say: Say) -> list[dict[str, Any]]:
    """The figures of both engines over synthetic passages, each part in a fresh process and in turns."""
    path = work / "tokens"
    say(f"writing {passages:,} passages")
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{' '.join(tokenise(text))}\n" for text in paragraphs(passages, vocabulary(ARTICLES)))
    questions = [tokenise(question.question) for question in asked_alone() if question.kind != "chinese"]
    rows = np.random.default_rng(_SEED).integers(0, passages, _SCORED).tolist()

    def perform(name: str, do: str, **values: Any) -> dict[str, Any]:
        return told(module("keywords", name), work / f"{name}.log", do, folder=str(work / name), **values)

    figures: dict[str, dict[str, Any]] = {}
    for name in ENGINES:
        say(f"{name} builds")
        figures[name] = {"engine": name, **perform(name, "build", passages=str(path))}
    say(f"{len(questions)} questions in {_TURNS} turns")
    replies: dict[str, list[dict[str, Any]]] = {name: [] for name in ENGINES}
    for turn in range(_TURNS):
        for name in sorted(ENGINES, reverse=bool(turn % 2)):  # another one begins in each turn
            replies[name].append(perform(name, "ask", questions=questions[turn::_TURNS], rows=rows))
    ours, others = ([reply["values"] for reply in replies[name]] for name in ENGINES)
    difference = max(float(np.abs(np.subtract(*pair)).max()) for pair in zip(ours, others, strict=True))
    for name, row in figures.items():
        times = {part: [ms for reply in replies[name] for ms in reply[part]] for part in ("best", "scores")}
        row.update(
            replies[name][-1]["memory"],
            passages=passages,
            questions=len(questions),
            score_difference=difference,
            open_ms=median(reply["open_ms"] for reply in replies[name]),
            **{part: quantiles(milliseconds) for part, milliseconds in times.items()},
        )
    return list(figures.values())


def _lines(passages: Path) -> Iterator[list[str]]:
    with passages.open(encoding="utf-8") as file:
        yield from map(str.split, file)


def build(engine: Engine, passages: str, folder: str) -> Reply:
    """Build the index; its time, its memory above that of a process that has imported everything, and its disk."""
    before = memory()
    seconds = timed(lambda: engine.build(Path(passages), Path(folder)))
    disk = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    peak = memory()["peak_mb"] - before["own_mb"] - before["file_mb"]
    return {"build_s": seconds, "build_mb": peak, "disk_mb": disk}


def ask(engine: Engine, folder: str, questions: list[list[str]], rows: list[int]) -> Reply:
    """Open the index and ask; the first question is asked once more, as the first answer of a process is slow."""
    opened = timed(partial(engine.open, Path(folder)))
    engine.best(questions[0])
    return {
        "open_ms": 1000 * opened,
        "best": [1000 * timed(partial(engine.best, tokens)) for tokens in questions],
        "scores": [1000 * timed(partial(engine.scores, tokens, rows)) for tokens in questions],
        "values": [[float(score) for score in engine.scores(tokens, rows)] for tokens in questions],
        "memory": memory(),
    }


if __name__ == "__main__":
    engine = ENGINES[sys.argv[1]]()
    play(lambda: {"build": partial(build, engine), "ask": partial(ask, engine)})

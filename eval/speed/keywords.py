"""Our BM25 beside the library bm25s with mapped files: `python -m eval.speed keywords`."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
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


class Ours:
    """`index.keywords`. Passages are given to an engine as tokens, a line each."""

    def build(self, passages: Path, folder: Path) -> None:
        """As an index is built: passages are read one by one."""
        write_keywords(_lines(passages), folder)

    def open(self, folder: Path) -> None:
        """As a build is opened."""
        self._index = Bm25.read(folder)

    def best(self, tokens: list[str]) -> Any:
        """The rows of the best passages, by MaxScore."""
        return self._index.best(tokens, _BEST)

    def scores(self, tokens: list[str], rows: list[int]) -> Any:
        """The scores of the passages in these rows, looked up in the lists of postings."""
        return self._index.scores(tokens, rows)


class Library:
    """bm25s with the same formula and constants, and files that are mapped."""

    def __init__(self) -> None:
        import bm25s

        self._index: Any = bm25s.BM25(method="lucene", k1=K1, b=B)

    def build(self, passages: Path, folder: Path) -> None:
        """Tokens as numbers, all in memory: it takes nothing else."""
        numbers: dict[str, int] = {}
        rows = [[numbers.setdefault(token, len(numbers)) for token in tokens] for tokens in _lines(passages)]
        self._index.index((rows, numbers), show_progress=False)
        self._index.save(folder, show_progress=False)

    def open(self, folder: Path) -> None:
        """Map the scores; the vocabulary is read as JSON."""
        self._index = self._index.load(folder, mmap=True)

    def best(self, tokens: list[str]) -> Any:
        """Scores of all passages, partitioned."""
        return self._index.retrieve([tokens], k=_BEST, show_progress=False)[0]

    def scores(self, tokens: list[str], rows: list[int]) -> Any:
        """It scores all passages; these are chosen afterwards."""
        return self._index.get_scores(tokens)[rows]


ENGINES: dict[str, type[Ours | Library]] = {"ours": Ours, "bm25s": Library}


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
        replies = _asked(running, questions, passages)
        difference = float(np.abs(np.subtract(replies["ours"]["values"], replies["bm25s"]["values"])).max())
        counts = {"passages": passages, "questions": len(questions), "score_difference": difference}
        for name, row in figures.items():
            row |= {"open_ms": float(np.median(opened[name])), **running[name].tell("memory"), **counts}
            row |= {part: quantiles(replies[name][part]) for part in ("best", "scores")}
        return list(figures.values())


def _asked(
    running: dict[str, Contender], questions: Sequence[list[str]], passages: int
) -> dict[str, dict[str, list[Any]]]:
    """Times and scores of every question from each engine; another one begins in each turn."""
    rows = np.random.default_rng(_SEED).integers(0, passages, _SCORED).tolist()
    replies: dict[str, dict[str, list[Any]]] = {name: {} for name in ENGINES}
    for turn in range(_TURNS):
        for name in sorted(running, reverse=bool(turn % 2)):
            for part, values in running[name].tell("ask", questions=questions[turn::_TURNS], rows=rows).items():
                replies[name].setdefault(part, []).extend(values)
    return replies


def _lines(passages: Path) -> Iterator[list[str]]:
    with passages.open(encoding="utf-8") as file:
        yield from map(str.split, file)


def actions(engine: Ours | Library) -> dict[str, Action]:
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

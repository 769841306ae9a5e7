"""Our BM25 beside the library bm25s with mapped files: `python -m eval.speed keywords`."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from eval.speed.contender import Contender, module
from eval.speed.contenders.competition import ARTICLES, asked_alone
from eval.speed.contenders.race import Say
from eval.speed.growth.synthetic import vocabulary, write_articles
from eval.speed.ratios import quantiles
from eval.speed.stage import Action, Reply, memory, play, timed
from index.keywords.bm25 import K1, B, Bm25
from index.keywords.postings import write_keywords
from index.keywords.tokenizer import tokenise
from index.reading.folder import read_folder

PASSAGES = 100_000
_OPENINGS, _TURNS = 5, 9
_BEST, _SCORED = 100, 200  # passages: searched for, and scored by their rows
_SEED = 3


class Engine(Protocol):
    """BM25 over passages that are given as tokens, a line each."""

    def build(self, passages: Path, folder: Path) -> None:
        """Index the passages of a file, and write the index into a new folder."""

    def open(self, folder: Path) -> None:
        """Map the index in a folder."""

    def best(self, tokens: list[str]) -> Any:
        """The rows of the best passages."""

    def scores(self, tokens: list[str], rows: list[int]) -> Any:
        """The scores of the passages in these rows."""

    def frequencies(self, tokens: list[str]) -> list[int]:
        """In how many passages each of these tokens stands."""


class Ours:
    """`index.keywords`."""

    def build(self, passages: Path, folder: Path) -> None:
        """As an index is built: passages are read one by one."""
        write_keywords(_lines(passages), folder)

    def open(self, folder: Path) -> None:
        """As a build is opened."""
        self._index = Bm25.read(folder)

    def best(self, tokens: list[str]) -> Any:
        """By MaxScore."""
        return self._index.best(tokens, _BEST)

    def scores(self, tokens: list[str], rows: list[int]) -> Any:
        """Looked up in the lists of postings."""
        return self._index.scores(tokens, rows)

    def frequencies(self, tokens: list[str]) -> list[int]:
        """The lengths of the lists of postings."""
        return list(self._index.document_frequencies(tokens).values())


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

    def frequencies(self, tokens: list[str]) -> list[int]:
        """Undocumented: distances in the array that says where each word's scores begin."""
        first = self._index.scores["indptr"]
        numbers = [self._index.vocab_dict[token] for token in tokens]
        return [int(first[number + 1] - first[number]) for number in numbers]


ENGINES: Mapping[str, type[Engine]] = {"ours": Ours, "bm25s": Library}


def compare_keywords(passages: int, work: Path | None, say: Say) -> dict[str, Any]:
    """The figures of both engines over synthetic passages, each part in fresh processes and in turns."""
    with tempfile.TemporaryDirectory(dir=work) as place, ExitStack() as stack:
        folder = Path(place)
        say(f"writing {passages:,} passages")
        words = _write_tokens(folder, passages)
        questions = [known for text in asked_alone() if (known := [t for t in tokenise(text.question) if t in words])]
        figures: dict[str, dict[str, Any]] = {name: {"open_ms": []} for name in ENGINES}
        for name, own in figures.items():
            say(f"{name} builds")
            with _started(name, folder) as builder:
                own.update(builder.tell("build", passages=str(folder / "tokens"), folder=str(folder / name)))
        running: dict[str, Contender] = {}
        for _ in range(_OPENINGS):
            for name, own in figures.items():
                running[name] = stack.enter_context(_started(name, folder))
                own["open_ms"].append(1000 * running[name].tell("open", folder=str(folder / name))["seconds"])
        say(f"{len(questions)} questions in {_TURNS} turns")
        replies = _asked(running, questions, passages)
        for name, own in figures.items():
            own.update({part: quantiles(replies[name][part]) for part in ("best", "scores", "frequencies")})
            own.update(running[name].tell("memory"))
    return {"passages": passages, "questions": len(questions), "engines": figures, **_differences(replies)}


def _write_tokens(folder: Path, passages: int) -> set[str]:
    """Write the tokens of synthetic passages, a line each; all of their words."""
    texts = [article.text for article in read_folder(ARTICLES).articles]
    write_articles(folder / "texts", passages, vocabulary(texts))
    words: set[str] = set()
    with (folder / "tokens").open("w", encoding="utf-8") as file:
        for path in sorted((folder / "texts").iterdir()):
            for line in path.read_text("utf-8").splitlines():
                for paragraph in json.loads(line)["text"].split("\n\n"):
                    words.update(tokens := tokenise(paragraph))
                    file.write(f"{' '.join(tokens)}\n")
    return words


def _started(name: str, folder: Path) -> Contender:
    return Contender(name, module("keywords", name), folder / f"{name}.log")


def _asked(
    running: Mapping[str, Contender], questions: Sequence[list[str]], passages: int
) -> dict[str, dict[str, list[Any]]]:
    """Times and values of every question from each engine; which one begins changes from turn to turn."""
    rows = np.random.default_rng(_SEED).integers(0, passages, _SCORED).tolist()
    replies: dict[str, dict[str, list[Any]]] = {name: {} for name in running}
    for turn in range(_TURNS):
        for name in sorted(running, reverse=bool(turn % 2)):
            for part, values in running[name].tell("ask", questions=questions[turn::_TURNS], rows=rows).items():
                replies[name].setdefault(part, []).extend(values)
    return replies


def _differences(replies: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, float]:
    """How far the engines' scores of equal passages lie apart at most, and how many document frequencies differ."""
    first, second = ([*chain.from_iterable(own["values"])] for own in replies.values())
    counts = [[*chain.from_iterable(own["counts"])] for own in replies.values()]
    return {
        "score_difference": float(np.abs(np.subtract(first, second)).max()),
        "frequency_differences": sum(one != other for one, other in zip(*counts, strict=True)),
    }


def _lines(passages: Path) -> Iterator[list[str]]:
    with passages.open(encoding="utf-8") as file:
        yield from map(str.split, file)


def actions(engine: Engine) -> dict[str, Action]:
    """The actions of a process that runs an engine."""

    def build(passages: str, folder: str) -> Reply:
        before = memory()
        seconds = timed(lambda: engine.build(Path(passages), Path(folder)))
        disk = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        peak = memory()["peak_mb"] - before["own_mb"] - before["file_mb"]
        return {"build_s": seconds, "build_mb": peak, "disk_mb": disk}

    def ask(questions: list[list[str]], rows: list[int]) -> Reply:
        reply: Reply = {part: [] for part in ("best", "scores", "frequencies", "values", "counts")}
        for tokens in questions:
            reply["best"].append(1000 * timed(lambda: engine.best(tokens)))  # noqa: B023 - called at once
            reply["scores"].append(1000 * timed(lambda: engine.scores(tokens, rows)))  # noqa: B023 - the same
            distinct = list(dict.fromkeys(tokens))
            reply["frequencies"].append(1000 * timed(lambda: engine.frequencies(distinct)))  # noqa: B023 - the same
            reply["values"].append([float(score) for score in engine.scores(tokens, rows)])
            reply["counts"].append(engine.frequencies(distinct))
        return reply

    return {
        "build": build,
        "open": lambda folder: {"seconds": timed(lambda: engine.open(Path(folder)))},
        "ask": ask,
        "memory": memory,
    }


if __name__ == "__main__":
    play(lambda: actions(ENGINES[sys.argv[1]]()))

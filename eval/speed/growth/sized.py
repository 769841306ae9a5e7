"""A collection of a given size, built in one process and asked in another: `python -m eval.speed.growth.sized`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from app.answering.answer import K
from app.answering.collection import Collection
from eval.speed.growth.synthetic import BlendedEncoder, vocabulary, write_articles
from eval.speed.ratios import quantiles
from eval.speed.stage import Action, Reply, asked, memory, play, timed
from index.arrays import Vectors
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.encoder.torch_encoder import encode_on_one_thread
from index.passages.sentences import sentence_spans
from index.reading.folder import read_folder
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import Snapshot, read_snapshot

_NEAREST, _WARM = 10, 10
_PIECE = 20_000  # vectors compared at once


def write(articles: str, folder: str, passages: int) -> Reply:
    """Write a synthetic folder of articles from the words of a real one."""
    texts = [article.text for article in read_folder(Path(articles)).articles]
    write_articles(Path(folder), passages, vocabulary(texts))
    return {}


def make(articles: str, source: str, folder: str, synthetic: bool) -> Reply:
    """Build the articles of `source`; blends are of sentences of `articles`. Loading the encoder is not counted."""
    identity = identify(DEFAULT_MODEL)
    encoder: Encoder = load_encoder(identity)
    if synthetic:
        encoder = BlendedEncoder(identity, _sentences(Path(articles)), real=encoder)
        encoder.passages(["warm"], [[]])
    seconds = timed(partial(build, Path(source), Path(folder), identity, load=lambda _: encoder))
    live = live_build(Path(folder))
    disk = sum(path.stat().st_size for path in live.rglob("*") if path.is_file())
    return {"build_s": seconds, "disk_mb": disk / 1e6, "build_mb": memory()["peak_mb"]}


def ask(folder: str, questions: list[str]) -> Reply:
    """Open the index and ask, whole answers and searches in turns; then what the process holds."""
    identity = identify(DEFAULT_MODEL)
    encoder = load_encoder(identity)
    encode_on_one_thread()
    opened: list[Searcher] = []
    open_s = timed(lambda: opened.append(Searcher.open(open_location(folder).open(), load=lambda _: encoder)))
    searcher = opened[0]
    collection = Collection.calibrated(searcher, open_location(Path(folder)))

    def answer(question: str) -> list[int]:
        collection.answer(Question(question), K)
        return []

    def search(question: str) -> list[int]:
        searcher.search(Question(question), K)
        return []

    for question in questions[:_WARM]:
        answer(question)
    times = {"answer": list[float](), "search": list[float]()}
    for place, question in enumerate(questions[_WARM:]):
        way, do = (("answer", answer), ("search", search))[place % 2]
        times[way] += asked(do, [question])["ms"]
    return {
        "passages": searcher.manifest.counts.passages,
        "open_s": open_s,
        **memory(),
        **{way: quantiles(milliseconds) for way, milliseconds in times.items()},
    }


def recall(folder: str, questions: list[str]) -> Reply:
    """The share of the ten nearest passages, found one by one, that the vector leg finds among its ten."""
    vectors = load_encoder(identify(DEFAULT_MODEL)).questions(questions)
    snapshot = read_snapshot(live_build(Path(folder)))
    return {"recall": share_found(nearest(snapshot, vectors), leg(snapshot, vectors))}


def leg(snapshot: Snapshot, vectors: Vectors) -> list[list[int]]:
    """For each vector the rows that the vector leg finds."""
    return [snapshot.vectors.search(vector, _NEAREST).tolist() for vector in vectors]


def nearest(snapshot: Snapshot, vectors: Vectors) -> list[list[int]]:
    """For each vector the rows of the passages nearest to it, by comparing it with every one of the build."""
    best = [list[tuple[float, int]]() for _ in vectors]
    for first in range(0, count := snapshot.manifest.counts.passages, _PIECE):
        rows = np.arange(first, min(first + _PIECE, count))
        cosines = vectors @ snapshot.vectors.at(rows).T
        for own, piece in zip(best, cosines, strict=True):
            top = np.argsort(-piece, kind="stable")[:_NEAREST]
            own += [(-float(piece[place]), int(rows[place])) for place in top]
    return [[row for _, row in sorted(own)[:_NEAREST]] for own in best]


def share_found(exact: Sequence[Sequence[int]], found: Sequence[Sequence[int]]) -> float:
    """Mean share of the exact rows that were found."""
    return float(np.mean([len({*own} & {*other}) / len(other) for own, other in zip(found, exact, strict=True)]))


def _sentences(folder: Path) -> list[str]:
    found = (a.text[start:end] for a in read_folder(folder).articles for start, end in sentence_spans(a.text))
    return [text for text in dict.fromkeys(found) if text.isascii() and len(text.split()) > 5]


ACTIONS: dict[str, Action] = {"write": write, "make": make, "ask": ask, "recall": recall}

if __name__ == "__main__":
    play(lambda: ACTIONS)

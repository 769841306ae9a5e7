"""A collection of a given size, built in one process and asked in others: `python -m eval.speed.growth.collection`."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import TypeAlias

import numpy as np

from app.answering.answer import K
from app.answering.reply import answer_of
from eval.speed.contenders.corpus import plain_sentences
from eval.speed.contenders.ours import open_collection
from eval.speed.growth.synthetic import BlendedEncoder, vocabulary, write_articles
from eval.speed.stage import Action, Reply, memory, play, quantiles, timed
from index.arrays import Vectors
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.passages.chunking import Passage
from index.reading.shards import Shard
from index.search.questions.query import EncodedQuery, encode_queries
from index.search.questions.question import Question
from index.search.store import Scope
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import Snapshot, read_snapshot

Place: TypeAlias = tuple[str, int]
"""A passage by its article's id and its start: the same in every store."""

_BASE = 512  # real vectors that synthetic ones are blended of
_BEST, _WARM = 10, 20
_PIECE = 20_000  # vectors compared at once
LIMITS = (10, 100)  # candidates of a retriever: as few as are looked for, and as many as a search asks for


def write(articles: str, folder: str, passages: int) -> Reply:
    """Write a synthetic folder of articles from the words of a real one."""
    write_articles(Path(folder), passages, vocabulary(Path(articles)))
    return {}


def make(articles: str, source: str, folder: str, synthetic: bool) -> Reply:
    """Build the articles of `source`; blends are of sentences of `articles`. Loading the encoder is not counted."""
    identity = identify(DEFAULT_MODEL)
    encoder: Encoder = load_encoder(identity)
    if synthetic:
        encoder = BlendedEncoder(encoder, [text for text in plain_sentences(Path(articles)) if text.isascii()][:_BASE])
    seconds = timed(partial(build, Path(source), Path(folder), identity, load=lambda _: encoder))
    return {"load_s": seconds, "load_mb": memory()["peak_mb"], "disk_mb": open_location(folder).bytes() / 1e6}


def copy(source: str, target: str, part: str = "0/1") -> Reply:
    """Fill a store with the content of another one, or with a shard `I/N` of it."""
    store, to, shard = open_location(source).open(), open_location(target), Shard.parse(part)
    articles = (each for each in store.encoded() if shard.has(each.article.id))
    seconds = timed(lambda: to.replace(articles, store.manifest))
    return {"load_s": seconds, "load_mb": memory()["peak_mb"], "disk_mb": to.bytes() / 1e6}


def ask(where: str, questions: list[str]) -> Reply:
    """Open a store and ask, searches and whole answers in turns.

    `alone` is a search without the time that the encoder takes for the question by itself.
    """
    encoder = load_encoder(identify(DEFAULT_MODEL))
    encoder.questions(["warm"])
    began = time.perf_counter()
    collection = open_collection(where, encoder)
    open_s = time.perf_counter() - began
    times: dict[str, list[float]] = {"search": [], "answer": [], "alone": []}
    for number, text in enumerate(questions):
        way, do = (("search", collection.searcher.search), ("answer", partial(answer_of, collection)))[number % 2]
        seconds = timed(partial(do, Question(text), K))
        encoding = timed(partial(encoder.questions, [text])) + timed(partial(encoder.known_shares, [text]))
        if number >= _WARM:
            times[way].append(1000 * seconds)
            if way == "search":
                times["alone"].append(1000 * (seconds - encoding))
    figures = {way: quantiles(milliseconds) for way, milliseconds in times.items()}
    return {"passages": collection.searcher.manifest.counts.passages, "open_s": open_s, **memory(), **figures}


def recall(where: str, source: str, questions: list[str]) -> Reply:
    """The recall of each retriever of a store among its first candidates.

    It is the share of the ten best passages, by comparing all of the build in `source`.
    """
    store, exact = open_location(where).open(), read_snapshot(live_build(Path(source)))
    queries = encode_queries(questions, store.vocabulary, load_encoder(identify(DEFAULT_MODEL)), {})
    alone = {
        "vectors": [replace(query, tokens=[], words={}) for query in queries],
        "words": [replace(query, vocabulary_coverage=0.0) for query in queries],
    }
    figures = {}
    for name, places in best_places(exact, queries).items():
        for limit in LIMITS:
            results = [store.candidates([query], limit, Scope()) for query in alone[name]]
            returned = [_places(passage for _, passage in own.passages(range(len(own)))) for own in results]
            figures[f"{name}_{limit}"] = share(places, returned)
    return figures


def best_places(exact: Snapshot, queries: Sequence[EncodedQuery]) -> dict[str, list[set[Place]]]:
    """The ten best passages of a build for each query by comparing all, by `vectors` and by `words`."""
    ranked = {
        "vectors": nearest(exact, np.stack([query.vector for query in queries])),
        "words": [exact.bm25.best(query.tokens, _BEST).tolist() for query in queries],
    }
    return {name: [_places(map(exact.passage, rows)) for rows in lists] for name, lists in ranked.items()}


def nearest(snapshot: Snapshot, vectors: Vectors) -> list[list[int]]:
    """For each vector the rows of the ten passages nearest to it, by comparing it with every one of the build."""
    best = [list[tuple[float, int]]() for _ in vectors]
    for first in range(0, count := snapshot.manifest.counts.passages, _PIECE):
        rows = np.arange(first, min(first + _PIECE, count))
        cosines = vectors @ snapshot.vectors.at(rows).T
        for ranked, piece in zip(best, cosines, strict=True):
            top = np.argsort(-piece, kind="stable")[:_BEST]
            ranked += [(-float(piece[place]), int(rows[place])) for place in top]
    return [[row for _, row in sorted(ranked)[:_BEST]] for ranked in best]


def share(exact: Sequence[set[Place]], returned: Sequence[set[Place]]) -> float:
    """Mean share of the exact passages that were returned, over the questions that have any."""
    return fmean(len(best & places) / len(best) for best, places in zip(exact, returned, strict=True) if best)


def _places(passages: Iterable[Passage]) -> set[Place]:
    return {(passage.article.id, passage.start) for passage in passages}


ACTIONS: dict[str, Action] = {"write": write, "make": make, "copy": copy, "ask": ask, "recall": recall}

if __name__ == "__main__":
    play(lambda: ACTIONS)

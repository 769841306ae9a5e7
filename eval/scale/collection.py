"""A store filled from another one and asked, in a process of its own: `python -m eval.scale.collection`."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from app.answering.answer import K
from eval.speed.growth.sized import make, nearest, write
from eval.speed.ratios import quantiles
from eval.speed.stage import Action, Reply, asked, memory, play, timed
from index.arrays import Vectors
from index.encoder.encoder import Encoder, load_encoder
from index.encoder.model_files import DEFAULT_MODEL, Identity, identify
from index.encoder.pooling import Part
from index.encoder.torch_encoder import encode_on_one_thread
from index.passages.sentences import Span
from index.search.questions.query import EncodedQuery, encode_queries
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.store import Scope, Store
from index.stores.address import open_location
from index.stores.builds.directory import live_build, whole_manifest
from index.stores.builds.snapshot import Snapshot, read_snapshot

_BEST, _WARM = 10, 20
LIMITS = (10, 100)  # candidates of a leg: as few as are looked for, and as many as a search asks for

Place: TypeAlias = tuple[str, int]
"""A passage by its article's id and its start: the same in every store."""


class Clocked:
    """An encoder that counts the seconds that reading questions takes."""

    def __init__(self, identity: Identity) -> None:
        self._real: Encoder = load_encoder(identity)
        self.dimension, self.max_tokens = self._real.dimension, self._real.max_tokens
        self.seconds = 0.0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Those of the encoder."""
        return self._real.count_tokens(texts)

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        """Those of the encoder."""
        return self._real.passages(texts, sentences)

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        """Those of the encoder."""
        return self._real.parts(text, question)

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        """Those of the encoder, counted."""
        began = time.perf_counter()
        found = self._real.known_shares(texts)
        self.seconds += time.perf_counter() - began
        return found

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Those of the encoder, counted."""
        began = time.perf_counter()
        found = self._real.questions(texts)
        self.seconds += time.perf_counter() - began
        return found


def whole(folder: str, passages: int) -> Reply:
    """Whether a whole build of so many passages stands in a folder."""
    manifest = whole_manifest(live_build(Path(folder))) if (Path(folder) / "CURRENT").exists() else None
    return {"whole": manifest is not None and manifest.counts.passages == passages}


def copy(source: str, target: str) -> Reply:
    """Fill a store with what another one holds."""
    store, to = open_location(source).open(), open_location(target)
    seconds = timed(lambda: to.replace(store.encoded(), store.manifest))
    disk = to.bytes() / 1e6
    return {"load_s": seconds, "load_mb": memory()["peak_mb"], "disk_mb": disk}


def ask(where: str, questions: list[str]) -> Reply:
    """Open a store and search it; the time that the encoder takes is left out.

    Then what the process holds, and how much of it more than with the encoder alone.
    """
    encoder = Clocked(identify(DEFAULT_MODEL))
    encoder.questions(["warm"])
    encode_on_one_thread()
    opened, before = list[Searcher](), memory()
    open_s = timed(lambda: opened.append(Searcher.open(open_location(where).open(), load=lambda _: encoder)))
    searcher, encoding = opened[0], list[float]()

    def search(question: str) -> list[int]:
        before = encoder.seconds
        searcher.search(Question(question), K)
        encoding.append(1000 * (encoder.seconds - before))
        return []

    asked(search, questions[:_WARM])
    encoding.clear()
    whole = asked(search, questions[_WARM:])["ms"]
    alone = [all_of_it - own for all_of_it, own in zip(whole, encoding, strict=True)]
    now = memory()
    grown = {f"grown_{name}": after - before[name] for name, after in now.items()}
    return {"dimension": encoder.dimension, "open_s": open_s, **now, **grown, "search": quantiles(alone)}


def legs(where: str, source: str, questions: list[str]) -> Reply:
    """Which share of the ten passages that are best by each leg, as `source` has them exactly, a store's leg finds."""
    store, exact = open_location(where).open(), read_snapshot(live_build(Path(source)))
    views = encode_queries(questions, store.vocabulary, load_encoder(identify(DEFAULT_MODEL)), {})
    by_meaning = nearest(exact, _rows(views))
    by_words = [exact.bm25.best(view.tokens, _BEST).tolist() for view in views]
    silent = {
        "vectors": (by_meaning, [replace(view, tokens=[], words={}) for view in views]),
        "words": (by_words, [replace(view, vocabulary_coverage=0.0) for view in views]),
    }
    return {
        f"{leg}_{limit}": share([_places(exact, rows) for rows in best], [found(store, view, limit) for view in own])
        for leg, (best, own) in silent.items()
        for limit in LIMITS
    }


def found(store: Store, view: EncodedQuery, limit: int) -> set[Place]:
    """The candidates of a store for one way to read a question."""
    candidates = store.candidates([view], limit, Scope())
    return {(passage.article.id, passage.start) for _, passage in candidates.passages(range(len(candidates)))}


def share(exact: Sequence[set[Place]], own: Sequence[set[Place]]) -> float:
    """Mean share of the exact ones that were found, over the questions that have any. Raises ValueError without."""
    shares = [len(best & places) / len(best) for best, places in zip(exact, own, strict=True) if best]
    if not shares:
        raise ValueError("no question has a passage to find")
    return sum(shares) / len(shares)


def _places(snapshot: Snapshot, rows: Sequence[int]) -> set[Place]:
    passages = [snapshot.passage(row) for row in rows]
    return {(passage.article.id, passage.start) for passage in passages}


def _rows(views: Sequence[EncodedQuery]) -> Vectors:
    return np.stack([view.vector for view in views])


ACTIONS: dict[str, Action] = {
    "write": write,
    "make": make,
    "whole": whole,
    "copy": copy,
    "ask": ask,
    "legs": legs,
}

if __name__ == "__main__":
    play(lambda: ACTIONS)

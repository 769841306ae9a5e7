"""LanceDB with the content of a build: what it costs to fill, keep and search it, and what it finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.contender import PROJECT, told
from eval.speed.contenders.competition import install
from eval.speed.contenders.race import Say
from eval.speed.growth.collection import LIMITS, Place, nearest, share
from index.encoder.encoder import load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.keywords.sentence_terms import passage_terms
from index.search.questions.query import EncodedQuery, encode_queries
from index.search.store import Store
from index.stores.address import open_location
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import Snapshot, read_snapshot

ENVIRONMENT, PINS = PROJECT / ".venv-lance", Path(__file__).parent / "lance.txt"
_BEST = 10


def side(say: Say) -> list[str]:
    """The command of LanceDB's side, whose environment is made first. Raises Failed."""
    return [str(install(say, ENVIRONMENT, PINS)), "-m", "eval.scale.lance_side"]


def measure_lance(source: Path, questions: Sequence[str], work: Path, command: Sequence[str]) -> dict[str, Any]:
    """The figures of LanceDB with the passages of the build in `source`. Raises Failed."""
    store, exact = open_location(source).open(), read_snapshot(live_build(source))
    queries = encode_queries(list(questions), store.vocabulary, load_encoder(identify(DEFAULT_MODEL)), {})
    files = _Files.in_folder(work)
    places = files.write(store, queries)
    filled = told(
        command, work / "fill.log", "fill", vectors=str(files.vectors), words=str(files.words), folder=str(files.table)
    )
    words = [" ".join(query.tokens) for query in queries]
    asked = {"folder": str(files.table), "vectors": str(files.asked), "words": words, "limits": list(LIMITS)}
    figures = told(command, work / "ask.log", "ask", **asked)
    found = {
        name: [{places[number] for number in numbers} for numbers in rows]
        for name, rows in figures.pop("found").items()
    }
    best = _best(exact, queries)
    recalls = {name: share(best[name.partition("_")[0]], returned) for name, returned in found.items()}
    return {"passages": len(places), **filled, **figures, **recalls}


@dataclass(frozen=True, slots=True)
class _Files:
    """What LanceDB's side reads and writes."""

    vectors: Path
    words: Path
    table: Path
    asked: Path

    @classmethod
    def in_folder(cls, work: Path) -> "_Files":
        return cls(*(work / f"lance-{name}" for name in ("vectors.npy", "words.txt", "table", "asked.npy")))

    def write(self, store: Store, queries: Iterable[EncodedQuery]) -> list[Place]:
        """Write the passages and the questions; the place of each passage."""
        places: list[Place] = []
        vectors, lines = [], []
        for each in store.encoded():
            places += [(each.article.id, chunk.span[0]) for chunk in each.chunks]
            lines += [" ".join(passage_terms(each.article, *chunk.span)) for chunk in each.chunks]
            vectors.append(each.vectors)
        np.save(self.vectors, np.concatenate(vectors).astype(np.float32))
        self.words.write_text("\n".join(lines), "utf-8")
        np.save(self.asked, np.stack([query.vector for query in queries]))
        return places


def _best(exact: Snapshot, queries: Sequence[EncodedQuery]) -> dict[str, list[set[Place]]]:
    """The ten best passages of each question by comparing all, by vectors and by words."""
    ranked = {
        "vectors": nearest(exact, np.stack([query.vector for query in queries])),
        "words": [exact.bm25.best(query.tokens, _BEST).tolist() for query in queries],
    }
    return {
        name: [{(passage.article.id, passage.start) for passage in map(exact.passage, rows)} for rows in lists]
        for name, lists in ranked.items()
    }

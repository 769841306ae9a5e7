"""LanceDB with the content of a build: what it costs to fill, keep and search it, and what it finds."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.contender import PROJECT, told
from eval.speed.contenders.competition import install
from eval.speed.contenders.race import Say
from eval.speed.growth.collection import LIMITS, Place, best_places, share
from index.encoder.encoder import load_encoder
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.keywords.sentence_terms import passage_terms
from index.search.questions.query import encode_queries
from index.search.store import Store
from index.stores.address import open_location
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import read_snapshot

ENVIRONMENT, PINS = PROJECT / ".venv-lance", Path(__file__).parent / "lance.txt"


def side(say: Say) -> list[str]:
    """The command of LanceDB's side, whose environment is made first. Raises Failed."""
    return [str(install(say, ENVIRONMENT, PINS)), "-m", "eval.scale.lance_side"]


def measure_lance(source: Path, questions: Sequence[str], work: Path, command: Sequence[str]) -> dict[str, Any]:
    """The figures of LanceDB with the passages of the build in `source`; files and table are made anew in `work`.

    Raises Failed.
    """
    store = open_location(source).open()
    queries = encode_queries(list(questions), store.vocabulary, load_encoder(identify(DEFAULT_MODEL)), {})
    vectors, words, table, asked = (
        work / f"lance-{part}" for part in ("vectors.npy", "words.txt", "table", "asked.npy")
    )
    shutil.rmtree(table, ignore_errors=True)
    places = _write(store, vectors, words)
    np.save(asked, np.stack([query.vector for query in queries]))
    filled = told(command, work / "fill.log", "fill", vectors=str(vectors), words=str(words), folder=str(table))
    given = {"vectors": str(asked), "words": [" ".join(query.tokens) for query in queries], "limits": list(LIMITS)}
    figures = told(command, work / "ask.log", "ask", folder=str(table), **given)
    best = best_places(read_snapshot(live_build(source)), queries)
    recalls = {
        name: share(best[name.partition("_")[0]], [{places[number] for number in numbers} for numbers in rows])
        for name, rows in figures.pop("found").items()
    }
    return {"passages": len(places), **filled, **figures, **recalls}


def _write(store: Store, vectors: Path, words: Path) -> list[Place]:
    """Write the vectors of all passages, and their index terms, a line each; the place of each passage."""
    places: list[Place] = []
    rows, lines = [], []
    for each in store.encoded():
        places += [(each.article.id, chunk.span[0]) for chunk in each.chunks]
        lines += [" ".join(passage_terms(each.article, *chunk.span)) for chunk in each.chunks]
        rows.append(each.vectors)
    np.save(vectors, np.concatenate(rows).astype(np.float32))
    words.write_text("\n".join(lines), "utf-8")
    return places

"""Filtered search among 20,000 clustered passages finds what an exact scan finds, however little passes."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import numpy.typing as npt
import psycopg
import pytest

from index.articles.filters import Filters
from index.encoder.pooling import unit
from index.search.questions.query import EncodedQuery
from index.search.store import Scope
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.location import Database
from index.stores.postgresql.rows import labels
from index.stores.postgresql.schema import make_indexes, ready
from index.stores.postgresql.search.store import DatabaseStore
from tests.hashing import HashingEncoder
from tests.postgres import Server
from tests.stored import COLLECTION, PATIENCE, article

ARTICLES, EACH, CLUSTERS, QUESTIONS = 2_000, 10, 100, 20
PASSAGES = ARTICLES * EACH

# Of every hundred articles, which are one cluster, so many are a publisher's; "far" is whole clusters.
PUBLISHERS = {"four": range(4), "two": range(4, 6), "most": range(10, 70)}

_PASSAGES = """
INSERT INTO passages SELECT article, start, start + 1, 'one', 1, day, day, labels::text[], vector::halfvec, '',
    '', %s, '', %s, %s
FROM unnest(%s::text[], %s::int[], %s::int[], %s::text[], %s::text[]) AS own (article, start, day, labels, vector)
"""


def cluster(number: int) -> int:
    return number // (ARTICLES // CLUSTERS)


def fields(number: int) -> dict[str, str]:
    named = next((name for name, own in PUBLISHERS.items() if number % 100 in own), "others")
    if number in (7, 1_007):
        return {"publisher": "few", "language": "en"}
    return {
        "publisher": named,
        "language": "fr" if cluster(number) < 35 else "en",
        "published": f"{2000 + number % 20}",
    }


@pytest.fixture(scope="module")
def vectors() -> npt.NDArray[np.float16]:
    """Passages in clusters, in the order of their articles."""
    draw = np.random.default_rng(8)
    centres = draw.normal(size=(CLUSTERS, HashingEncoder.dimension))
    owners = np.repeat([cluster(number) for number in range(ARTICLES)], EACH)
    return unit(centres[owners] + 0.6 * draw.normal(size=(PASSAGES, HashingEncoder.dimension))).astype(np.float16)


@pytest.fixture(scope="module")
def store(postgres: Server, vectors: npt.NDArray[np.float16]) -> Iterator[DatabaseStore]:
    dsn = postgres.database()
    connections = Connections(dsn)
    ready(connections, COLLECTION, PATIENCE)
    articles = [article(f"a{number:04}", "x" * EACH, **fields(number)) for number in range(ARTICLES)]
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        lines = [
            {name: own for name, own in asdict(each).items() if name not in ("text", "blocks")} for each in articles
        ]
        texts = [(each.id, json.dumps(line), each.text, EACH) for each, line in zip(articles, lines, strict=True)]
        cursor.executemany("INSERT INTO articles VALUES (%s, 'one', %s, %s, '[]', %s)", texts)
        owners = [each for each in articles for _ in range(EACH)]
        days = [730_120 + 366 * int(each.published[2:]) if each.published else 0 for each in owners]
        sentence = [np.array([0, 1], "<i4").tobytes(), np.ones(1, "<f4").tobytes(), bytes(HashingEncoder.dimension)]
        columns = (
            [each.id for each in owners],
            list(range(EACH)) * ARTICLES,
            days,
            ["{" + ",".join(f'"{label}"' for label in labels(each)) + "}" for each in owners],
            ["[" + ",".join(map(str, vector)) + "]" for vector in vectors.tolist()],
        )
        cursor.execute(_PASSAGES, [*sentence, *columns])
        cursor.execute("UPDATE counts SET articles = %s, passages = %s", [ARTICLES, PASSAGES])
        make_indexes(connection)
    yield Database(dsn).open()
    connections.close()


def questions(vectors: npt.NDArray[np.float16]) -> list[EncodedQuery]:
    """Questions near passages of every fifth cluster."""
    draw = np.random.default_rng(9)
    rows = np.arange(0, PASSAGES, PASSAGES // QUESTIONS)
    near = unit(vectors[rows].astype(np.float64) + 0.05 * draw.normal(size=(QUESTIONS, HashingEncoder.dimension)))
    return [EncodedQuery([], {}, vector, 0.0, 1.0, 1.0) for vector in near]


FILTERS = {
    "all": (Filters(), 1.0),
    "60 %, by the graph": (Filters(publishers=("most",)), 0.6),
    "whole clusters, far from most questions": (Filters(languages=("fr",)), 0.35),
    "a range of days": (Filters(since="2003", until="2004"), 0.1),
    "4 %": (Filters(publishers=("four",)), 0.04),
    "2 %": (Filters(publishers=("two",)), 0.02),
    "0.1 %": (Filters(publishers=("few",)), 0.001),
}


@pytest.mark.parametrize("kept", FILTERS)
def test_recall_at_ten_against_an_exact_scan(store: DatabaseStore, vectors: npt.NDArray[np.float16], kept: str) -> None:
    filters, share = FILTERS[kept]
    passing = np.repeat(store.facets.passing(filters), EACH)
    assert passing.mean() == pytest.approx(share, rel=0.06)
    places = [(f"a{row // EACH:04}", row % EACH) for row in range(PASSAGES)]
    found = 0
    for view in questions(vectors):
        cosines = np.where(passing, vectors.astype(np.float32) @ view.vector, -2)
        exact = {places[row] for row in np.argsort(-cosines, kind="stable")[:10]}
        candidates = store.candidates([view], 10, Scope(filters))
        nearest = np.argsort(-candidates.signals[0].passages, kind="stable")[:10]
        got = {(passage.article.id, passage.start) for _, passage in candidates.passages(nearest.tolist())}
        assert len(got) == 10
        found += len(exact & got)
    recall = found / (10 * QUESTIONS)
    assert recall >= 0.97, recall

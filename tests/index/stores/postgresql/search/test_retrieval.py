"""The keyword leg in SQL finds what BM25 finds, and stays bounded where words are common."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from index.articles.filters import Filters
from index.search.questions.query import EncodedQuery, encode_queries
from index.stores.builds.build import build
from index.stores.builds.location import BuildsFolder
from index.stores.builds.store import SnapshotStore
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.location import Database
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.schema import ready
from index.stores.postgresql.search.retrieval import Subset, _together, _tsqueries, filtered, retrieve
from index.stores.postgresql.search.scoring import Keywords, PassageId
from index.stores.postgresql.search.vocabulary import Totals, statistics
from tests.conftest import PROJECT
from tests.hashing import IDENTITY, HashingEncoder
from tests.postgres import Server
from tests.stored import COLLECTION, PATIENCE

_LINES = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
LIMIT = 20
HALF = 21_000
_CROWD = """
INSERT INTO passages SELECT lpad(number::text, 5, '0'), 0, 1, 'one', 3, 0, 0,
    CASE WHEN number < %(half)s THEN '{l:en}'::text[] ELSE '{l:zh}' END, array_fill(1, ARRAY[%(width)s])::halfvec,
    to_tsvector('simple', concat(CASE WHEN number < %(half)s THEN 'united states' ELSE 'tea' END,
        CASE WHEN number %% %(half)s >= %(half)s - %(limit)s THEN ' gold' END)), '', '', '', '', ''
FROM generate_series(0, 2 * %(half)s - 1) AS own (number)
"""


def test_the_best_by_words_are_those_of_bm25_in_their_order(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("legs")
    build(PROJECT / "source_texts", root, IDENTITY, load=HashingEncoder)
    store = BuildsFolder(root).open()
    assert isinstance(store, SnapshotStore)
    database = Database(postgres.database())
    database.replace(store.encoded(), store.manifest)
    snapshot = store._snapshot
    places = [
        (store.articles.column("id")[article], start)
        for article, start in snapshot.rows.passages[["article", "start"]].tolist()
    ]
    for line in _LINES[::15]:
        (view,) = encode_queries([json.loads(line)["question"]], store.vocabulary, HashingEncoder(), {})

        def by_words(connection: Connection) -> list[PassageId]:
            keywords = Keywords(*statistics(view.tokens, connection))  # noqa: B023 - called at once
            return retrieve(connection, [view], keywords, [Subset()], LIMIT)[0]  # noqa: B023

        if len(rows := snapshot.bm25.best(view.tokens, LIMIT)):
            assert database.connections.read(by_words) == [places[row] for row in rows]
    database.connections.close()


@pytest.fixture(scope="module")
def crowded(postgres: Server) -> Iterator[Connections]:
    """As many English passages as Chinese ones, with words that more have than are ranked; the last ones hold gold."""
    connections = Connections(postgres.database())
    ready(connections, COLLECTION, PATIENCE)
    wanted = {"half": HALF, "limit": LIMIT, "width": COLLECTION.dimension}
    connections.write(lambda own: own.execute(_CROWD, wanted), PATIENCE)
    yield connections
    connections.close()


@pytest.mark.parametrize(
    ("question", "language", "best"),
    [
        ("united states gold", None, range(HALF - LIMIT, HALF)),
        ("tea gold", "zh", range(2 * HALF - LIMIT, 2 * HALF)),  # a half of them pass, and all that have the word
    ],
)
def test_common_words_crowd_no_rare_one_out(
    crowded: Connections, question: str, language: str | None, best: range
) -> None:
    document_frequencies = {"united": HALF, "states": HALF, "tea": HALF, "gold": 2 * LIMIT}
    keywords = Keywords(document_frequencies, Totals(1, 2 * HALF, 2 * HALF, 2 * HALF, 6 * HALF))
    conditions = filtered(Filters(languages=(language,))) if language else ()
    query = EncodedQuery(question.split(), {}, np.zeros(0, np.float32), 0.0, 0.0, 1.0)
    subset = Subset(conditions, HALF, 2 * HALF)
    rare, *_ = crowded.read(lambda own: retrieve(own, [query], keywords, [subset], LIMIT))
    assert rare == [(f"{number:05}", 0) for number in best]


MILLION = 1_000_000


@pytest.mark.parametrize(
    ("frequencies", "passing", "queries"),
    [
        ([10, 20, 15_000], MILLION, ["'a' | 'b' | 'c'"]),
        ([20, 500_000, 500_000], MILLION, ["'a'", "'b' & 'c'"]),
        ([19, 500_000], MILLION, ["'a'", "'b'"]),
        ([300_000, 300_000], 20_000, ["'a' | 'b'"]),  # all that pass have room
        ([10, 60_000, 60_000], 230_000, ["'a'", "'b' & 'c'", "'b'"]),  # both are expected to be in 13,800, or in 60,000
        ([160_000, 160_000], 50_000, ["'a' & 'b'", "'a' | 'b'"]),
    ],
)
def test_words_are_rare_that_are_so_whatever_passes(frequencies: list[int], passing: int, queries: list[str]) -> None:
    conditions = filtered(Filters(languages=("zh",))) if passing < MILLION else ()
    assert [*_tsqueries("abc"[: len(frequencies)], frequencies, Subset(conditions, passing, MILLION), LIMIT)] == queries


@pytest.mark.parametrize(
    ("matches", "room", "words"),
    [
        ([], 20_000, 0),
        ([300_000], 20_000, 0),
        ([100_000, 100_000], 20_000, 2),  # a tenth of a tenth of a million
        ([500_000, 500_000, 600_000], 20_000, 3),  # as few as can be had, though they are more
        ([300_000, 400_000, 500_000], 130_000, 2),
    ],
)
def test_common_words_are_asked_for_together(matches: list[float], room: float, words: int) -> None:
    assert _together(matches, room, Subset((), 1_000_000, 1_000_000)) == words

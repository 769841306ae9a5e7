"""The keyword leg in SQL finds what BM25 finds, and stays bounded where words are common."""

import json

import pytest

from index.build import build
from index.location import BuildsFolder
from index.postgresql.connection import Connection
from index.postgresql.database import Database
from index.postgresql.legs import Leg, Subset, _together, found
from index.postgresql.measured import Keywords, Place
from index.postgresql.words import having, totals
from index.signals import asked
from index.snapshotstore import SnapshotStore
from tests.conftest import PROJECT
from tests.hashing import IDENTITY, HashingEncoder
from tests.postgres import Server

_LINES = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
LIMIT = 20


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
    for line in _LINES[::12]:
        (view,) = asked([json.loads(line)["question"]], store.vocabulary, HashingEncoder(), {})

        def by_words(connection: Connection) -> list[Place]:
            keywords = Keywords(having(view.tokens, connection), totals(connection))  # noqa: B023 - called at once
            return found(connection, [Leg(view, keywords, Subset(), LIMIT)])[0]  # noqa: B023

        assert database.connections.read(by_words) == [places[row] for row in snapshot.bm25.best(view.tokens, LIMIT)]
    database.connections.close()


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

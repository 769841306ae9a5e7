"""The tables of a database: made once, whoever comes first, and never for vectors that do not fit."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from index.errors import ForeignIndex, NoIndex
from index.ingestion.manifest import Manifest
from index.passages.chunking import Chunking
from index.stores.address import open_location
from index.stores.postgresql import schema
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.schema import VERSION, ready
from index.stores.postgresql.writer import writing
from tests.postgres import Server
from tests.stored import COLLECTION, PATIENCE, article, encoded, stored

MOON = encoded(article("moon", "Lunar soil is dry."))


def test_whoever_looked_before_another_made_the_tables_makes_no_others(postgres: Server, database: str) -> None:
    """A session remembers that a table was not there, and while it waits for a lock nobody tells it otherwise."""
    connections, other = Connections(database), Connections(database)
    for _ in range(4):  # each connection of the pool may be the one that waits
        with pytest.raises(NoIndex):
            connections.read(lambda own: schema.read(own, connections))
    with ThreadPoolExecutor(1) as threads, psycopg.connect(database) as first:
        first.execute("SELECT pg_advisory_xact_lock(%s)", [schema.MAKING])
        waits = threads.submit(ready, connections, COLLECTION, PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while not postgres.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)
        schema.make(first, COLLECTION)
        first.commit()
        there = waits.result()
    assert there == ready(other, COLLECTION, PATIENCE)
    connections.close()
    other.close()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (replace(COLLECTION, dimension=65), r"hashing \(64 wide.*not of hashing \(65 wide"),
        (replace(COLLECTION, identity=replace(COLLECTION.identity, model="other")), "not of other"),
        (replace(COLLECTION, chunking=Chunking(100, 200)), "passages of 160 tokens.*passages of 100"),
    ],
)
def test_vectors_of_another_encoder_or_splitting_are_never_mixed_in(database: str, wanted: Manifest, told: str) -> None:
    connections = stored(database, [MOON])
    with pytest.raises(ForeignIndex, match=told), writing(connections, wanted, PATIENCE):
        pytest.fail("it was let in")
    connections.close()


def test_another_schema_is_refused_by_readers_and_writers(postgres: Server, database: str) -> None:
    connections = stored(database, [MOON])
    postgres.execute("UPDATE collection SET version = '0.0'", database.rpartition("/")[2])
    with pytest.raises(
        ForeignIndex,
        match=rf"is of schema 0\.0; this program reads schema {VERSION}\. Build in a new",
    ):
        open_location(database).open()
    with pytest.raises(ForeignIndex, match=r"is of schema 0\.0"):
        ready(connections, COLLECTION, PATIENCE)
    connections.close()

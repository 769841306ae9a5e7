"""Writing into a database: whole batches, as often as one likes, by many at once, and counts that stay exact."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import psycopg
import pytest

from index.errors import BadRecord
from index.ingestion.encoded_article import EncodedArticle
from index.stores.address import open_location
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import record_hash
from index.stores.postgresql.schema import ready
from index.stores.postgresql.search.vocabulary import Totals, fold, statistics, totals
from index.stores.postgresql.verification import misfits
from index.stores.postgresql.writer import Writer, writing
from tests.postgres import Server
from tests.stored import COLLECTION, PATIENCE, article, encoded, record_hashes, stored

BEES = encoded(article("bees", "A honey bee visits many flowers.", "Ivy feeds bees in October."))
MOON = encoded(article("moon", "Lunar soil is dry.", publisher="Night Sky", language="en-GB", published="2024-06"))
WORDS = ["bee", "honey", "soil", "wax"]
HOSTILE = [
    "x'] or id not in ['q",
    "' OR 1=1 --",
    "%s %(a)s {} \\",
    "a\\'b",
    "$$;DROP TABLE articles",
    "{a,b}",
    'NULL"',
    "茶/é",
]


def writer(connections: Connections) -> Writer:
    return Writer(connections, ready(connections, COLLECTION, PATIENCE), PATIENCE)


def counts(connections: Connections) -> tuple[Totals, dict[str, int]]:
    """The totals, how many passages have some words, and that neither differs from what the rows say."""
    assert connections.read(misfits) == []
    return connections.read(lambda own: (replace(totals(own), changes=0), statistics(WORDS, own)[0]))


def test_what_was_written_is_read_back_as_it_was(database: str) -> None:
    stored(database, [MOON, BEES]).close()
    back = list(open_location(database).open().encoded())
    assert [own.article for own in back] == [BEES.article, MOON.article]
    assert [own.chunks for own in back] == [BEES.chunks, MOON.chunks]
    for own, given in zip(back, [BEES, MOON], strict=True):
        assert own.vectors.tobytes() == given.vectors.tobytes()
        assert own.sentences.tobytes() == given.sentences.tobytes()
        assert own.scales.tobytes() == given.scales.tobytes()


def test_counts_follow_every_change_folded_or_not(database: str) -> None:
    connections = stored(database, [MOON, BEES])
    own = writer(connections)
    both = (Totals(0, 2, 2, 3, 13), {"bee": 1, "honey": 1, "soil": 1})
    assert counts(connections) == both
    own.upsert([BEES])
    own.upsert([encoded(article("bees", "Bees make wax."))])
    own.delete(["moon", "nothing"])
    changed = (Totals(0, 1, 1, 1, 4), {"bee": 1, "wax": 1})
    assert counts(connections) == changed
    assert connections.write(fold, PATIENCE)
    assert counts(connections) == changed
    own.upsert([MOON, BEES])
    assert counts(connections) == both
    assert record_hashes(connections) == {"bees": record_hash(BEES.article), "moon": record_hash(MOON.article)}
    connections.close()


def test_every_change_changes_the_stamp_and_folding_does_not(database: str) -> None:
    connections = stored(database, [MOON])
    stamps = [open_location(database).stamp()]
    writer(connections).upsert([BEES])
    stamps.append(open_location(database).stamp())
    writer(connections).delete(["moon"])
    stamps.append(open_location(database).stamp())
    assert len(set(stamps)) == 3
    connections.write(fold, PATIENCE)
    assert open_location(database).stamp() == stamps[-1]
    connections.close()


def test_the_last_of_one_id_in_a_batch_counts(database: str) -> None:
    connections = stored(database, [BEES, replace(MOON, article=replace(MOON.article, id="bees"))])
    assert counts(connections) == (Totals(0, 1, 1, 1, 4), {"soil": 1})
    connections.close()


@pytest.mark.parametrize("article_id", HOSTILE)
def test_a_hostile_id_is_an_id_like_any_other(database: str, article_id: str) -> None:
    other = replace(MOON, article=replace(MOON.article, id=article_id, publisher=article_id, groups=(article_id,)))
    connections = stored(database, [BEES, other])
    assert set(record_hashes(connections)) == {"bees", article_id}
    store = open_location(database).open()
    found = store.articles.by_id(article_id)
    assert found == other.article
    assert store.facets.publishers[article_id.casefold()].name == article_id
    writer(connections).delete([article_id])
    assert set(record_hashes(connections)) == {"bees"}
    writer(connections).delete(["\0", "\ud800", "a\tb"])
    assert set(record_hashes(connections)) == {"bees"}
    connections.close()


def wrong(**changes: Any) -> EncodedArticle:
    fields = {name: changes.pop(name) for name in ("vectors", "scales", "sentences") if name in changes}
    return replace(MOON, article=replace(MOON.article, **changes), **fields)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (wrong(id="a\0b"), "characters that cannot be shown"),
        (wrong(id="a\tb"), "characters that cannot be shown"),
        (wrong(id="x" * 256), "256 characters"),
        (wrong(text=MOON.article.text + "\0"), "NUL at character 18"),
        (wrong(text=MOON.article.text + "\ud800"), "lone surrogate at character 18"),
        (wrong(text="Lunar soil is dry." + "x" * 50_000_000), "at most 50,000,000 are stored"),
        (wrong(title="a\0b"), "does not take a record"),
        (wrong(title="a\ud800b"), "lone surrogate"),
        (wrong(vectors=MOON.vectors * np.float16("nan")), "not of unit length"),
        (wrong(vectors=MOON.vectors * np.float16(0)), "not of unit length"),
        (wrong(vectors=MOON.vectors[:, :8]), "have the shapes"),
        (wrong(scales=MOON.scales * np.float32("nan")), "holds what is no number"),
    ],
)
def test_what_no_store_takes_is_refused_with_its_whole_batch(database: str, bad: EncodedArticle, told: str) -> None:
    connections = stored(database, [MOON])
    with pytest.raises(BadRecord, match=told):
        writer(connections).upsert([BEES, bad])
    assert record_hashes(connections) == {"moon": record_hash(MOON.article)}
    assert counts(connections) == (Totals(0, 1, 1, 1, 4), {"soil": 1})
    connections.close()


def test_a_word_that_is_too_long_for_an_index_is_kept(database: str) -> None:
    long = "x" * 30_000
    connections = stored(database, [encoded(article("long", f"{long} is said {'bee ' * 300}", publisher=long))])
    assert connections.read(lambda own: statistics([long, "bee"], own)[0]) == {long: 1, "bee": 2}
    assert connections.read(misfits) == []
    connections.close()


def test_writers_of_the_same_articles_in_two_orders_neither_deadlock_nor_double(database: str) -> None:
    texts = [f"Bee number {number} likes honey of kind {number % 3}." for number in range(12)]
    versions = [
        [encoded(article(f"a{n}", text, *(["More soil."] * v))) for n, text in enumerate(texts)] for v in (0, 1)
    ]
    connections = stored(database, versions[0])

    def write(order: Sequence[EncodedArticle]) -> None:
        for start in range(0, len(order), 5):
            writer(connections).upsert(order[start : start + 5])
            writer(connections).delete([own.article.id for own in order[start : start + 2]])
            writer(connections).upsert(order[start : start + 2])

    orders = [versions[0], versions[0][::-1], versions[1], versions[1][::-1]] * 3
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, orders))
    writer(connections).upsert(versions[1])
    assert counts(connections)[1] == {"bee": 12, "honey": 12, "soil": 12}
    assert record_hashes(connections) == {own.article.id: record_hash(own.article) for own in versions[1]}
    connections.close()


def test_whoever_ends_last_makes_the_indexes(postgres: Server, database: str) -> None:
    def indexes() -> set[str]:
        name = database.rpartition("/")[2]
        found = {
            row[0] for row in postgres.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'", name)
        }
        return {"passages_vector", "passages_keywords", "passages_labels", "passages_days"} & found

    connections = Connections(database)
    with writing(connections, COLLECTION, PATIENCE) as first:
        first.upsert([MOON])
        with writing(connections, COLLECTION, PATIENCE) as other:
            other.upsert([BEES])
        assert indexes() == set()
    assert indexes() == {"passages_vector", "passages_keywords", "passages_labels", "passages_days"}
    connections.close()


def test_a_batch_is_there_as_a_whole_or_not_at_all(database: str) -> None:
    """A transaction that ends half-way leaves neither rows nor counts."""
    connections = stored(database, [MOON])

    def half(connection: Connection) -> None:
        from index.stores.postgresql.rows import ArticleRows
        from index.stores.postgresql.writer import put_articles, put_passages

        rows = [ArticleRows(BEES)]
        put_articles(connection, rows)
        put_passages(connection, rows)
        raise psycopg.errors.CheckViolation("stopped here")

    with pytest.raises(psycopg.errors.CheckViolation):
        connections.write(half, PATIENCE)
    assert counts(connections) == (Totals(0, 1, 1, 1, 4), {"soil": 1})
    connections.close()

"""All of a database's content replaced while others read it and build into it."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from index.errors import BuildFailed, ForeignIndex, NoIndex, Unavailable
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Counts, Manifest
from index.search.questions.question import Question
from index.stores.address import open_location
from index.stores.location import BuildWork
from index.stores.postgresql.build import build_into
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.replacing import replace as replace_all
from index.stores.postgresql.schema import ready
from index.stores.postgresql.writer import Writer, writing
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.ingestion import built
from tests.postgres import Server
from tests.stored import COLLECTION, PATIENCE, article, encoded, record_hashes, stored

BEES = encoded(article("bees", "A honey bee visits many flowers."))
MOON = encoded(article("moon", "Lunar soil is dry."))
TEA = encoded(article("tea", "Tea is dry, too.", file="tea.md"))
OTHER = replace(COLLECTION, identity=replace(IDENTITY, weights="1" * 64, model="other"))


HELD_UP = """
SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE NOT granted AND datname = current_database()
"""


def waiting(dsn: str, number: int = 1) -> None:
    """Wait until so many are held up by a lock."""
    deadline = time.monotonic() + 120
    with psycopg.connect(dsn, autocommit=True) as connection:
        while connection.execute(HELD_UP).fetchone() != (number,):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def replacing(dsn: str, articles: Sequence[EncodedArticle], during: Callable[[], None], wanted: Manifest) -> None:
    """Replace all that a database holds; something happens once the replacement has begun."""

    def coming() -> Iterator[EncodedArticle]:
        during()
        yield from articles

    replace_all(Connections(dsn), coming(), wanted)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_who_waits_while_all_is_replaced_sees_what_is_new(database: str, threads: ThreadPoolExecutor) -> None:
    stored(database, [BEES]).close()
    searcher, place = searcher_of(database), open_location(database)
    with psycopg.connect(database) as holder:
        holder.execute("SELECT FROM count_changes")  # which is dropped when all but it are gone already
        replaced = threads.submit(replacing, database, [MOON, TEA], lambda: None, COLLECTION)
        waiting(database)
        found = threads.submit(searcher.search, Question("dry soil"))
        opened = threads.submit(open_location(database).open)
        stamp = threads.submit(open_location(database).stamp)
        waiting(database, 4)
        holder.rollback()
    replaced.result()
    assert [hit.passage.article.id for hit in found.result()] == ["moon", "tea"]
    assert opened.result().manifest.counts == Counts(2, 2, 2)
    assert stamp.result() == place.stamp()


def test_a_reader_and_a_replacement_do_not_wait_for_each_other(database: str, threads: ThreadPoolExecutor) -> None:
    connections = stored(database, [BEES])
    begun: list[Future[None]] = []

    def counted(connection: Connection) -> list[object]:
        words = connection.execute("SELECT count(*) FROM words").fetchone()
        begun.append(threads.submit(replacing, database, [MOON], lambda: None, COLLECTION))
        waiting(database)
        return [words, connection.execute("SELECT article FROM passages").fetchone()]

    assert connections.read(counted) == [(5,), ("bees",)]
    assert len(begun) == 1
    begun[0].result()
    connections.close()


def test_time_is_limited_for_whoever_asks_a_collection_alone(database: str) -> None:
    def limits(connection: Connection) -> list[str]:
        names = ("statement_timeout", "lock_timeout", "transaction_isolation", "transaction_read_only")
        return [connection.execute(f"SHOW {name}".encode()).fetchall()[0][0] for name in names]

    connections = Connections(database)
    limited, free = ["10s", "10s", "repeatable read", "on"], ["0", "0", "repeatable read", "on"]
    with pytest.raises(NoIndex):
        connections.ask(limits)
    assert connections.read(limits) == free
    ready(connections, COLLECTION, PATIENCE)
    assert (connections.ask(limits), connections.read(limits)) == (limited, free)
    connections.close()


FOREIGN = [
    ("CREATE TABLE articles (title text)", r"\(articles\)"),
    ("CREATE TABLE notes (body text); CREATE VIEW words AS SELECT 1", r"\(notes, words\)"),
    ("CREATE TABLE collection (generation text)", r"\(collection\)"),
]


@pytest.mark.parametrize(("statements", "told"), FOREIGN, ids=[told for _, told in FOREIGN])
def test_tables_of_something_else_are_not_replaced(postgres: Server, database: str, statements: str, told: str) -> None:
    name = database.rpartition("/")[2]
    postgres.execute(statements, name)
    tables = "SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
    before = postgres.execute(tables, name)
    with pytest.raises(ForeignIndex, match=rf"has tables of something else {told}\. Name an empty database"):
        replacing(database, [MOON], lambda: None, COLLECTION)
    assert postgres.execute(tables, name) == before


@pytest.mark.parametrize(("statements", "told"), FOREIGN[:2], ids=[told for _, told in FOREIGN[:2]])
def test_tables_of_something_else_are_not_built_into(
    postgres: Server, database: str, statements: str, told: str
) -> None:
    postgres.execute(statements, database.rpartition("/")[2])
    with (
        pytest.raises(ForeignIndex, match=rf"has tables of something else {told}\. Name an empty database"),
        writing(Connections(database), COLLECTION, PATIENCE),
    ):
        pytest.fail("it was let in")


def test_a_build_that_waited_for_vectors_of_another_encoder_is_refused(
    database: str, threads: ThreadPoolExecutor
) -> None:
    connections = stored(database, [BEES])
    builds: list[Future[None]] = []

    def build() -> None:
        with writing(connections, COLLECTION, 30) as writer:
            writer.upsert([TEA])

    def during() -> None:
        builds.append(threads.submit(build))
        waiting(database)

    replacing(database, [MOON], during, OTHER)
    with pytest.raises(ForeignIndex, match="holds vectors of other"):
        builds[0].result()
    assert record_hashes(connections).keys() == {"moon"}
    connections.close()


def test_a_build_waits_for_a_replacement_as_long_as_it_is_told_to(database: str) -> None:
    connections = stored(database, [BEES])

    def build() -> None:
        with (
            pytest.raises(BuildFailed, match=r"another process copies into .*Wait until it has ended: --wait SECONDS"),
            writing(connections, COLLECTION, 0.2),
        ):
            pytest.fail("it was let in")

    replacing(database, [MOON], build, COLLECTION)
    connections.close()


def test_what_was_replaced_under_a_writer_takes_nothing_from_it(database: str) -> None:
    connections = stored(database, [BEES])
    writer = Writer(connections, ready(connections, COLLECTION, PATIENCE), PATIENCE)
    replacing(database, [MOON], lambda: None, OTHER)
    told = r"was replaced while this build was writing to it\. Build again"
    with pytest.raises(BuildFailed, match=told):
        writer.upsert([TEA])
    with pytest.raises(BuildFailed, match=told):
        writer.delete(["moon"])
    assert record_hashes(connections).keys() == {"moon"}
    connections.close()


def test_a_build_that_waited_for_a_replacement_follows_what_came_with_it(
    folder: Path, database: str, threads: ThreadPoolExecutor
) -> None:
    built(database, folder)
    builds: list[Future[object]] = []

    def during() -> None:
        connections = Connections(database)
        work = BuildWork(folder, IDENTITY, wait=30)
        builds.append(threads.submit(build_into, open_location(database), connections, work, HashingEncoder))
        waiting(database)

    replacing(database, [TEA], during, COLLECTION)
    builds[0].result()
    assert [own.article.id for own in open_location(database).open().encoded()] == ["garden/bees", "moon", "zh/tea"]


def test_extensions_in_a_schema_further_along_the_path_are_found(postgres: Server, database: str) -> None:
    name = database.rpartition("/")[2]
    postgres.execute('CREATE SCHEMA extensions; CREATE SCHEMA "Own ""one"""', name)
    postgres.execute("CREATE EXTENSION vector SCHEMA extensions", name)
    postgres.execute(f'ALTER DATABASE {name} SET search_path = "Own ""one""", public, extensions', name)
    for articles in ([BEES], [MOON, TEA]):
        replacing(database, articles, lambda: None, COLLECTION)
        store = open_location(database).open()
        assert [own.article for own in store.encoded()] == [own.article for own in articles]
    homes = "SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    assert postgres.execute(homes, name) == [('Own "one"',)]


def test_a_server_that_is_lost_at_the_very_end_is_told_in_words(postgres: Server, database: str) -> None:
    """A deferred trigger ends the session while it commits."""
    stored(database, [BEES]).close()
    postgres.execute(
        """
        CREATE TABLE last (one int);
        CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER lost AFTER INSERT ON last DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION lose();
        CREATE FUNCTION dropped() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO last VALUES (1); END';
        CREATE EVENT TRIGGER dropped ON ddl_command_end WHEN TAG IN ('DROP SCHEMA') EXECUTE FUNCTION dropped();
        """,
        database.rpartition("/")[2],
    )
    with pytest.raises(Unavailable, match=r"went away; it holds all of the old content, or all of the new\. Try again"):
        replacing(database, [MOON], lambda: None, COLLECTION)
    assert [own.article.id for own in open_location(database).open().encoded()] == ["bees"]

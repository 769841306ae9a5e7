"""Writing of articles to a database: each batch is one transaction, and writing it again changes nothing."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import errors

from index.errors import BuildFailed, Unavailable, UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.reading.shards import Shard
from index.stores.postgresql import schema
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.export import stored_articles
from index.stores.postgresql.joined import sharding
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import COLUMNS, TYPES, ArticleRows
from index.stores.postgresql.schema import Collection
from index.stores.postgresql.search import textsearch
from index.stores.postgresql.search.vocabulary import fold

_log = logging.getLogger(__name__)

_FOLD_AFTER = 200_000  # appended changes of words, by one writer
_READ_AT_ONCE = 5_000  # rows

_STORED = "SELECT article, record_hash, metadata->>'sha256', metadata->>'file' FROM articles"

_PUT = """
INSERT INTO articles VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (article) DO UPDATE SET
    record_hash = excluded.record_hash,
    metadata = excluded.metadata, text = excluded.text, blocks = excluded.blocks, passages = excluded.passages
"""
_LOCK = "SELECT FROM articles WHERE article = %s FOR UPDATE"  # one at a time: Citus locks no rows of several shards
_TAKE_OUT = """
WITH gone AS (
    DELETE FROM passages WHERE article = ANY(%s)
    RETURNING article, length, octet_length(scales) / 4 AS sentences, keywords
), counted AS (
    INSERT INTO count_changes
    SELECT -count(DISTINCT article), -count(*), -sum(sentences), -sum(length) FROM gone HAVING count(*) > 0
)
INSERT INTO word_changes SELECT word, -count(*) FROM gone, unnest(tsvector_to_array(keywords)) AS word GROUP BY word
"""
_COUNT = "INSERT INTO count_changes VALUES (%s, %s, %s, %s)"
_COUNT_WORDS = "INSERT INTO word_changes SELECT * FROM unnest(%s::text[], %s::bigint[])"


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """A stored article: `record_hash` changes with any of its fields, `sha256` with the file alone."""

    record_hash: str
    sha256: str
    file: str


class Writer:
    """A writer to an existing collection; `patience` is the time in seconds to retry.

    A finished write is on the disks of the database and of its synchronous standbys. Raises BuildFailed
    if all content has been replaced meanwhile, after the server lost the lock of `writing`.
    """

    def __init__(self, connections: Connections, collection: Collection, patience: float) -> None:
        self._connections = connections
        self.collection = collection
        self._patience = patience
        self._appended = 0
        self._unchanged = True  # this writer has changed nothing so far

    def stored(self, shard: Shard) -> dict[str, StoredArticle]:
        """The stored articles of a shard's files, by id."""

        def read(connection: Connection) -> dict[str, StoredArticle]:
            with connection.cursor(name="stored") as cursor:
                cursor.itersize = _READ_AT_ONCE
                rows = cursor.execute(_STORED)
                return {article: StoredArticle(*row) for article, *row in rows if shard.has(row[-1])}

        return self._connections.read(read, self._patience)

    def encoded(self, ids: Sequence[str]) -> list[EncodedArticle]:
        """The articles with these ids in order, with passages and vectors; deleted ones are left out."""
        return self._connections.read(lambda connection: stored_articles(connection, ids), self._patience)

    def upsert(self, batch: Iterable[EncodedArticle]) -> None:
        """Insert articles, or replace those with the same ids: all of them, or none.

        Of several with the same id the last one counts. Raises BadRecord for an article that no store
        accepts, and Unavailable.
        """
        articles = {encoded.article.id: encoded.checked(self.collection.manifest.dimension) for encoded in batch}
        ids = sorted(articles)  # the same order for all writers: no deadlock
        rows = [ArticleRows(articles[article_id]) for article_id in ids]

        def put(connection: Connection) -> int:
            put_articles(connection, rows)
            connection.execute(_TAKE_OUT, [ids])
            put_passages(connection, rows)
            textsearch.put_words(connection, ids)
            return append_counts(connection, rows)

        if rows:
            self._change(put)

    def delete(self, article_ids: Iterable[str]) -> None:
        """Delete articles; unknown ids are no error. Raises Unavailable."""
        ids = sorted(article_id for article_id in set(article_ids) if article_id.isprintable())

        def remove(connection: Connection) -> int:
            with connection.cursor() as cursor:
                cursor.executemany(_LOCK, [[article_id] for article_id in ids])
            changes = connection.execute(_TAKE_OUT, [ids]).rowcount
            textsearch.put_words(connection, ids)
            connection.execute("DELETE FROM articles WHERE article = ANY(%s)", [ids])
            return changes

        if ids:
            self._change(remove)

    def finish(self, patience: float) -> None:
        """Create the search indexes and fold the counters, unless other writers are active: the last one does it."""

        def finished(connection: Connection) -> None:
            if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [schema.BUILDERS]).fetchone() == (True,):
                schema.make_indexes(connection)
                fold(connection)

        self._connections.write(finished, patience)

    def _change(self, work: Callable[[Connection], int]) -> None:
        """Run `work` in a transaction; it returns the number of changes of words that it has appended."""

        def checked(connection: Connection) -> int:
            # Reading the collection also locks it against replacement until the transaction ends.
            generation = connection.execute("SELECT generation FROM collection").fetchone()
            if generation != (self.collection.generation,):
                raise BuildFailed(f"{self._connections} was replaced while this build was writing to it. Build again")
            return work(connection)

        if self._unchanged:
            self._connections.write(textsearch.drop_outdated, self._patience)
            self._unchanged = False
        self._appended += self._connections.write(checked, self._patience)
        if self._appended >= _FOLD_AFTER:
            self._appended = 0
            self._connections.write(fold, self._patience)


@contextmanager
def writing(connections: Connections, requested: Manifest, patience: float) -> Iterator[Writer]:
    """A writer to the collection, which is created if the database is empty; the last writer makes the indexes.

    It makes them also after an error, since others may have left them to it. Raises ForeignIndex for
    another collection, BuildFailed if all content is still being replaced or indexed after `patience`
    seconds, UserError for an unsuitable database, and Unavailable.
    """
    with closing(connections.alone()) as holding:
        _hold(holding, connections, patience)
        # Only now: the content may have been replaced during the wait.
        connections.read(lambda connection: sharding.check_writable(connection, connections), patience)
        writer = Writer(connections, schema.ready(connections, requested, patience), patience)
        try:
            yield writer
        except (Exception, KeyboardInterrupt):
            _release(holding)
            _log.warning("making the search indexes of the stored articles; interrupt to leave that to the next build")
            with suppress(UserError, psycopg.Error):  # the first error is the one to report
                writer.finish(patience=0)
            raise
        _release(holding)
    writer.finish(patience)


def _hold(connection: Connection, connections: Connections, patience: float) -> None:
    """Lock the collection against replacement and indexing by others, until the transaction ends."""
    milliseconds = max(round(patience * 1_000), 1)
    try:
        connection.execute("SELECT set_config('lock_timeout', %s, true)", [str(milliseconds)])
        # A lock of the transaction, not of the session, so that it also holds behind a pooler.
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [schema.BUILDERS])
    except errors.LockNotAvailable as error:
        raise BuildFailed(
            f"another process copies into {connections} or makes its indexes. Wait until it has ended: --wait SECONDS"
        ) from error
    except psycopg.OperationalError as error:
        raise Unavailable(f"{connections} went away. Try again") from error


def _release(holding: Connection) -> None:
    with suppress(psycopg.Error):  # a broken connection has lost the lock, too
        holding.rollback()  # waits until the lock is released, unlike closing


def put_articles(connection: Connection, rows: Sequence[ArticleRows]) -> None:
    """Write the rows of `articles`, in this order."""
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [article.article for article in rows])


def put_passages(connection: Connection, rows: Sequence[ArticleRows]) -> None:
    """Insert the rows of `passages`."""
    with connection.cursor() as cursor, cursor.copy(f"COPY passages ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(TYPES)
        for article in rows:
            for row in article.passages():
                copy.write_row(row)


def append_counts(connection: Connection, rows: Sequence[ArticleRows]) -> int:
    """Append the counts of the rows. Returns the number of appended changes of words."""
    words = sum((article.words for article in rows), Counter[str]())
    connection.execute(_COUNT, [sum(column) for column in zip(*(article.counts for article in rows), strict=True)])
    connection.execute(_COUNT_WORDS, [list(words), list(words.values())])
    return len(words)

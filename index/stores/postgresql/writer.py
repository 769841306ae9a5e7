"""Articles into a database and out of it: every batch is one transaction, and may be written twice."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress

import psycopg
from psycopg import errors

from index.errors import BuildFailed, Unavailable, UserError
from index.ingestion.encoded_article import EncodedArticle
from index.stores.postgresql import schema
from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.rows import COLUMNS, COPY_END, COPY_HEAD, ArticleRows
from index.stores.postgresql.schema import Collection
from index.stores.postgresql.search.vocabulary import fold

_log = logging.getLogger(__name__)

_LONGEST_WAIT = 2**31 - 1  # milliseconds
_FOLD_AFTER = 200_000  # appended changes of words, by one writer

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


class Writer:
    """Writes into a collection that is there; `patience` is for how many seconds it tries again.

    What has returned is on the database's disk, and on its synchronous standbys'. Where all content has been
    replaced since, which it can be only where the server lost what `writing` holds, nothing is written.
    """

    def __init__(self, connections: Connections, collection: Collection, patience: float) -> None:
        self._connections = connections
        self.collection = collection
        self._patience = patience
        self._appended = 0

    def kept(self) -> dict[str, str]:
        """The record hash of each stored article, by id; see `index.stores.postgresql.rows.record_hash`."""

        def record_hashes(connection: Connection) -> dict[str, str]:
            return dict(connection.execute("SELECT article, record_hash FROM articles").fetchall())

        return self._connections.read(record_hashes, self._patience)

    def upsert(self, batch: Iterable[EncodedArticle]) -> None:
        """Put articles in the place of those with their ids: all of them, or none.

        The last of several with one id counts. Raises BadRecord for what no store takes, and Unavailable.
        """
        wanted = {encoded.article.id: encoded.checked(self.collection.dimension) for encoded in batch}
        rows = [ArticleRows(wanted[article_id]) for article_id in sorted(wanted)]  # one order for all: no deadlock

        def put(connection: Connection) -> int:
            put_articles(connection, rows)
            connection.execute(_TAKE_OUT, [sorted(wanted)])
            put_passages(connection, rows)
            return append_counts(connection, rows)

        if rows:
            self._change(put)

    def delete(self, article_ids: Iterable[str]) -> None:
        """Remove articles; those that are not there are no error. Raises Unavailable."""
        ids = sorted(article_id for article_id in set(article_ids) if article_id.isprintable())

        def remove(connection: Connection) -> int:
            with connection.cursor() as cursor:
                cursor.executemany(_LOCK, [[article_id] for article_id in ids])
            gone = connection.execute(_TAKE_OUT, [ids]).rowcount
            connection.execute("DELETE FROM articles WHERE article = ANY(%s)", [ids])
            return gone

        if ids:
            self._change(remove)

    def finish(self, patience: float | None = None) -> bool:
        """Make what search is quick by, and add the counts up; False where others still write and will do it.

        `patience` is the writer's unless another is given.
        """

        def finished(connection: Connection) -> bool:
            row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [schema.BUILDERS]).fetchone()
            if row != (True,):
                return False
            schema.make_indexes(connection)
            return fold(connection)

        return self._connections.write(finished, self._patience if patience is None else patience)

    def _change(self, work: Callable[[Connection], int]) -> None:
        """Do what tells how many changes of words it has appended."""

        def checked(connection: Connection) -> int:
            # To read the collection also keeps it from being replaced until the transaction ends.
            found = connection.execute("SELECT generation FROM collection").fetchone()
            if found != (self.collection.generation,):
                raise BuildFailed(f"{self._connections} was replaced while this build was writing to it. Build again")
            return work(connection)

        self._appended += self._connections.write(checked, self._patience)
        if self._appended >= _FOLD_AFTER:
            self._appended = 0
            self._connections.write(fold, self._patience)


@contextmanager
def writing(connections: Connections, wanted: Collection, patience: float) -> Iterator[Writer]:
    """A writer into the collection, which is made where there is none; whoever ends last makes the indexes.

    They are made also where that fails, as others may have left them to it. Raises ForeignIndex where
    another collection is there, BuildFailed where all is still being replaced or indexed after `patience`
    seconds, UserError where the database will not do, and Unavailable.
    """
    with closing(connections.alone()) as holding:
        _hold(holding, connections, patience)
        # Only now: what was there before it waited may have been replaced.
        writer = Writer(connections, schema.ready(connections, wanted, patience), patience)
        try:
            yield writer
        except (Exception, KeyboardInterrupt):
            _release(holding)
            _log.warning(
                "what is stored is made quick to search, unless others do; interrupt to leave that to the next build"
            )
            with suppress(UserError, psycopg.Error):  # the first error is the one to tell
                writer.finish(patience=0)
            raise
        _release(holding)
    writer.finish()


def _hold(connection: Connection, connections: Connections, patience: float) -> None:
    """Keep others from replacing the collection, and from taking it for finished, until the transaction ends."""
    longest = min(max(round(patience * 1_000), 1), _LONGEST_WAIT)
    try:
        connection.execute("SELECT set_config('lock_timeout', %s, true)", [str(longest)])
        # The lock is the transaction's, not the session's, so that it holds behind a pooler, too.
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [schema.BUILDERS])
    except errors.LockNotAvailable as error:
        raise BuildFailed(
            f"another process copies into {connections} or makes its indexes. Wait until it has ended: --wait SECONDS"
        ) from error
    except psycopg.OperationalError as error:
        raise Unavailable(f"{connections} went away. Try again") from error


def _release(holding: Connection) -> None:
    with suppress(psycopg.Error):  # where it broke, the lock went with it
        holding.rollback()  # which waits until the lock is gone, as closing does not


def put_articles(connection: Connection, rows: Sequence[ArticleRows]) -> None:
    """Write the rows of `articles`, in this order."""
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [own.article for own in rows])


def put_passages(connection: Connection, rows: Sequence[ArticleRows]) -> None:
    """Write the rows of `passages`; none of them may be there."""
    with connection.cursor() as cursor, cursor.copy(f"COPY passages ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(COPY_HEAD)
        for own in rows:
            for row in own.passages():
                copy.write(row)
        copy.write(COPY_END)


def append_counts(connection: Connection, rows: Sequence[ArticleRows]) -> int:
    """Append what the rows add to the counts, and tell how many changes of words those are."""
    words = sum((own.words for own in rows), Counter[str]())
    connection.execute(_COUNT, [sum(column) for column in zip(*(own.counts for own in rows), strict=True)])
    connection.execute(_COUNT_WORDS, [list(words), list(words.values())])
    return len(words)

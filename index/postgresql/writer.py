"""Articles into a database and out of it: every batch is one transaction, and may be written twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress

import psycopg

from index.encoded import EncodedArticle
from index.errors import Unavailable
from index.postgresql import schema
from index.postgresql.connection import Connection, Connections
from index.postgresql.rows import COLUMNS, COPY_END, COPY_HEAD, ArticleRows
from index.postgresql.schema import Collection
from index.postgresql.words import fold

_FOLD_AFTER = 200_000  # appended changes of words, by one writer

_PUT = """
INSERT INTO articles VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (article) DO UPDATE SET edition = excluded.edition,
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

    What has returned is on the database's disk, and on its synchronous standbys'.
    """

    def __init__(self, connections: Connections, collection: Collection, patience: float) -> None:
        self._connections = connections
        self.collection = collection
        self._patience = patience
        self._appended = 0

    def kept(self) -> dict[str, str]:
        """The edition (`index.postgresql.rows.edition`) of each article that is there, by id."""

        def editions(connection: Connection) -> dict[str, str]:
            return dict(connection.execute("SELECT article, edition FROM articles").fetchall())

        return self._connections.read(editions, self._patience)

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
            self._changed(self._connections.write(put, self._patience))

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
            self._changed(self._connections.write(remove, self._patience))

    def finish(self) -> bool:
        """Make what search is quick by, and add the counts up; False where others still write and will do it."""

        def finished(connection: Connection) -> bool:
            row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [schema.BUILDERS]).fetchone()
            if row != (True,):
                return False
            schema.make_indexes(connection)
            return fold(connection)

        return self._connections.write(finished, self._patience)

    def _changed(self, appended: int) -> None:
        self._appended += appended
        if self._appended >= _FOLD_AFTER:
            self._appended = 0
            self._connections.write(fold, self._patience)


@contextmanager
def writing(connections: Connections, wanted: Collection, patience: float) -> Iterator[Writer]:
    """A writer into the collection, which is made where there is none; whoever ends last makes the indexes.

    Raises ForeignIndex where another one is there, UserError where the database will not do, and Unavailable.
    """
    writer = Writer(connections, schema.ready(connections, wanted, patience), patience)
    with closing(_holding(connections)) as holding:
        yield writer
        with suppress(psycopg.OperationalError):  # where it broke, the lock went with it
            holding.rollback()  # which waits until the lock is gone, as closing does not
    writer.finish()


def _holding(connections: Connections) -> Connection:
    """A connection that keeps others from taking the collection for finished, until its transaction ends."""
    connection = connections.alone()
    try:
        # The lock is the transaction's, not the session's, so that it holds behind a pooler, too.
        connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [schema.BUILDERS])
    except psycopg.OperationalError as error:
        connection.close()
        raise Unavailable(f"{connections} went away. Try again") from error
    return connection


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

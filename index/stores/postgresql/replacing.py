"""Replacement of a database's content: the old content is searched until the new content is complete."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

import psycopg
from psycopg import sql
from tqdm import tqdm

from index.errors import BuildFailed, Unavailable, UserError
from index.ingestion.encoded_article import EncodedArticle, in_order
from index.ingestion.manifest import Manifest
from index.stores.postgresql import schema
from index.stores.postgresql.connection import Connections, lost_behind_a_pooler
from index.stores.postgresql.joined import sharding
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import ArticleRows
from index.stores.postgresql.writer import put_articles, put_passages

_AT_ONCE = 64  # articles in memory
_BESIDE = "citewell_next"  # schema of the new tables while they are filled
_FIRST = "SELECT set_config('search_path', concat_ws(', ', %s::text, current_setting('search_path')), true)"
_COUNTS = "UPDATE counts SET changes = 1, articles = %s, passages = %s, sentences = %s, tokens = %s"


def replace(
    connections: Connections,
    articles: Iterable[EncodedArticle],
    manifest: Manifest,
    *,
    show_progress: bool = False,
) -> None:
    """Replace all content with these articles, given in order of id, in one transaction.

    Raises BadRecord, BuildFailed while another build is running, ForeignIndex if foreign tables have
    the same names, and Unavailable.
    """
    with connections.alone() as connection:
        try:
            with lost_behind_a_pooler():
                home = _begin(connection, connections, manifest)
                _fill(connection, in_order(articles, manifest.dimension), show_progress=show_progress)
                schema.make_indexes(connection)
                _move(connection, home)
                connection.commit()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Unavailable(
                f"{connections} went away; it holds all of the old content, or all of the new. Try again"
            ) from error
        except psycopg.Error as error:
            raise connections.user_error(error) from error


def _begin(connection: Connection, connections: Connections, manifest: Manifest) -> str:
    """Create empty tables in a schema of their own. Returns the name of the live schema."""
    row = connection.execute("SELECT current_schema(), pg_try_advisory_xact_lock(%s)", [schema.BUILDERS]).fetchone()
    if row is None or row[0] is None:
        raise UserError(f"{connections} names no schema that exists. Make one, or set the search path of the role")
    if not row[1]:
        raise BuildFailed(f"another build is writing to {connections}. Wait until it has ended")
    sharding.check_writable(connection, connections)
    schema.check_free(connection, connections)
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")  # not into the schema that is dropped at the end
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(_BESIDE)))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(_BESIDE)))
    connection.execute(_FIRST, [_BESIDE])
    schema.make(connection, manifest)
    return str(row[0])


def _fill(connection: Connection, articles: Iterator[EncodedArticle], *, show_progress: bool) -> None:
    words, counts = Counter[str](), Counter[int]()
    with tqdm(unit="article", desc="copying", disable=not show_progress) as bar:
        while rows := [ArticleRows(encoded) for encoded in islice(articles, _AT_ONCE)]:
            put_articles(connection, rows)
            put_passages(connection, rows)
            for article in rows:
                words.update(article.words)
                counts.update(dict(enumerate(article.counts)))
            bar.update(len(rows))
    with connection.cursor() as cursor, cursor.copy("COPY words FROM STDIN") as copy:
        for pair in words.items():
            copy.write_row(pair)
    connection.execute(_COUNTS, [counts[column] for column in range(4)])


def _move(connection: Connection, home: str) -> None:
    """Swap the new tables in for the old ones; notes stay.

    The first table is the one that readers and writers lock, so that waiting for it holds no other lock.
    """
    beside, live = sql.Identifier(_BESIDE), sql.Identifier(home)
    exists = connection.execute("SELECT to_regclass(format('%%I.notes', %s::text)) IS NOT NULL", [home]).fetchone()
    for table in schema.TABLES[:-1] if exists == (True,) else schema.TABLES:
        name = sql.Identifier(table)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}.{}").format(live, name))
        connection.execute(sql.SQL("ALTER TABLE IF EXISTS {}.{} SET SCHEMA {}").format(beside, name, live))
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(beside))

"""Keyword retrieval by pg_textsearch, a BM25 index, in a database that has that extension.

The index needs a column of text, so the index terms of each passage stand in a table of their own, as words of
ASCII letters that PostgreSQL's parser leaves alone.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from psycopg import Cursor, sql

from index.keywords.bm25 import K1, B
from index.stores.postgresql.connection import LOCK_OUT
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.search.vocabulary import key

_KEPT_UP = (1, 3)  # the first version whose index follows concurrent changes, and does so on standbys
_REPLICATED = "replicated"  # comment of an index made by such a version; that of another names its timeline of the log
_RANKED_BY = 64  # words of a question, the rarest ones first
_SPARE = 16  # passages beyond the limit and a quarter of it: the index rounds the lengths of passages
_PLAIN = re.compile("[a-z]+")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")

_INSTALLED = """
SELECT extversion FROM pg_extension
WHERE extname = 'pg_textsearch' AND current_setting('pg_textsearch.library_version', true) IS NOT NULL
"""
_STATE = """
SELECT obj_description(indexrelid, 'pg_class'),
    CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = to_regclass('passage_words') AND relname = 'passage_words_bm25'
    AND current_setting('pg_textsearch.library_version', true) IS NOT NULL
"""
_TIMELINE = "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)"
_EXISTS = """
SELECT to_regclass('passage_words') IS NOT NULL
    AND current_setting('pg_textsearch.library_version', true) IS NOT NULL
"""
_TABLE = """
CREATE TABLE IF NOT EXISTS passage_words (
    article text COLLATE "C" NOT NULL,
    start int NOT NULL,
    first_day int NOT NULL,
    last_day int NOT NULL,
    labels text[] COLLATE "C" NOT NULL,
    words text NOT NULL,
    PRIMARY KEY (article, start)
)
"""
_OUTDATED = """
SELECT DISTINCT article FROM (SELECT article, start, 1 AS one FROM passages) AS stored
FULL JOIN (SELECT article, start, 2 AS two FROM passage_words) AS indexed USING (article, start)
WHERE one IS NULL OR two IS NULL
"""
_REMOVE = "DELETE FROM passage_words WHERE article = ANY(%s)"
_PUT = """
INSERT INTO passage_words SELECT article, start, first_day, last_day, labels, (
    SELECT coalesce(string_agg(repeat(CASE
        WHEN lexeme COLLATE "C" ~ '^[a-z]+$' THEN lexeme
        ELSE 'x' || translate(left(encode(sha256(convert_to(lexeme, 'UTF8')), 'hex'), 16), '0123456789', 'ghijklmnop')
    END || ' ', cardinality(positions)), ''), '') FROM unnest(keywords)
) FROM passages WHERE article = ANY(%s)
"""
_MAKE = """
CREATE INDEX IF NOT EXISTS passage_words_bm25 ON passage_words USING bm25 (words)
    WITH (text_config = 'simple', k1 = {}, b = {})
"""
_BEST = """
SELECT article, start FROM passage_words WHERE {where}
ORDER BY words <@> to_bm25query({words}, 'passage_words_bm25') LIMIT {ahead}
"""


def make(connection: Connection) -> None:
    """Bring the table of words up to date with the passages, and make the index if it is missing or outdated."""
    if (installed := connection.execute(_INSTALLED).fetchone()) is None:
        return
    connection.execute(_TABLE)
    if articles := outdated(connection):
        drop_outdated(connection)
        put_words(connection, articles)
    if not usable(state(connection)):
        drop_outdated(connection)
        connection.execute(sql.SQL(_MAKE).format(sql.Literal(K1), sql.Literal(B)))
        ((timeline,),) = connection.execute(_TIMELINE)
        comment = _REPLICATED if _numbers(installed[0]) >= _KEPT_UP else timeline
        connection.execute(sql.SQL("COMMENT ON INDEX passage_words_bm25 IS {}").format(sql.Literal(comment)))
    connection.execute("ANALYZE passage_words")


def outdated(connection: Connection) -> list[str]:
    """The articles whose words are not those of their passages, where there is a table of words."""
    if connection.execute(_EXISTS).fetchone() != (True,):
        return []
    return [article for (article,) in connection.execute(_OUTDATED)]


def state(connection: Connection) -> Cursor[Any]:
    """A row for the index, if there is one, for `usable`."""
    return connection.execute(_STATE)


def usable(index: Cursor[Any]) -> bool:
    """Whether there is an index that holds all words: one that is replicated, or was made on this very server."""
    row = index.fetchone()
    return row is not None and row[0] is not None and row[0] in (_REPLICATED, row[1])


def name(connection: Connection) -> str:
    """The extension with its version if searches use its index, else `tsvector`."""
    row = connection.execute(_INSTALLED).fetchone()
    return f"pg_textsearch {row[0]}" if row and usable(state(connection)) else "tsvector"


def drop_outdated(connection: Connection) -> None:
    """Drop the index before a change that it would not follow safely: the last builder makes it again.

    Searches that run are waited for, and those that come later do without it.
    """
    index = state(connection).fetchone()
    if index is not None and index[0] != _REPLICATED:
        connection.execute(LOCK_OUT)
        connection.execute("DROP INDEX IF EXISTS passage_words_bm25")


def put_words(connection: Connection, articles: Sequence[str]) -> None:
    """Replace the words of these articles' passages, also of deleted ones, where there is a table of them."""
    if connection.execute(_EXISTS).fetchone() == (True,):
        connection.execute(_REMOVE, [list(articles)])
        connection.execute(_PUT, [list(articles)])


def best(words: Sequence[str], where: sql.Composed, limit: int) -> sql.Composed:
    """Query for somewhat more than `limit` passages with the highest BM25 for these words, best first."""
    return sql.SQL(_BEST).format(
        where=where,
        words=sql.Literal(" ".join(_plain(key(word)) for word in words[:_RANKED_BY])),
        ahead=sql.Literal(limit + limit // 4 + _SPARE),
    )


def _plain(word: str) -> str:
    """A word of ASCII letters for an index term, as in `_PUT`."""
    if _PLAIN.fullmatch(word):
        return word
    return "x" + hashlib.sha256(word.encode()).hexdigest()[:16].translate(_LETTERS)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))

"""Export of a database: its articles with their passages and vectors."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from index.ingestion.encoded_article import EncodedArticle
from index.passages.chunking import Chunk
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import article_of, spans_of, vectors_of

_AT_ONCE = 64  # articles in memory

_IDS = "SELECT article FROM articles ORDER BY article"
_ARTICLES = "SELECT article, metadata, text, blocks FROM articles WHERE article = ANY(%s) ORDER BY article"
_PASSAGES = """
SELECT article, start, "end", vector, spans, scales, sentences FROM passages WHERE article = ANY(%s)
ORDER BY article, start
"""


def encoded_articles(connections: Connections) -> Iterator[EncodedArticle]:
    """All articles in order of id, each as of the time when it is read. Raises Unavailable."""
    ids = connections.read(lambda connection: [str(article) for (article,) in connection.execute(_IDS)])
    for start in range(0, len(ids), _AT_ONCE):
        yield from connections.read(partial(stored_articles, ids=ids[start : start + _AT_ONCE]))


def stored_articles(connection: Connection, ids: Sequence[str]) -> list[EncodedArticle]:
    """The articles with these ids in order; deleted ones are left out."""
    articles = {article: fields for article, *fields in connection.execute(_ARTICLES, [list(ids)])}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(_PASSAGES, [list(ids)]).fetchall()
    return [_encoded(articles[article], columns) for article, columns in groupby(rows, key=itemgetter(0))]


def _encoded(fields: list[Any], rows: Iterable[tuple[Any, ...]]) -> EncodedArticle:
    _, starts, ends, vectors, spans, scales, sentences = zip(*rows, strict=True)
    halves = vectors_of(vectors)
    return EncodedArticle(
        article_of(*fields),
        tuple(Chunk((start, end), spans_of(raw)) for start, end, raw in zip(starts, ends, spans, strict=True)),
        halves,
        np.frombuffer(b"".join(sentences), np.int8).reshape(-1, halves.shape[1]),
        np.frombuffer(b"".join(scales), "<f4"),
    )

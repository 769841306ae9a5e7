"""A database read back as what was written into it."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from index.ingestion.encoded_article import EncodedArticle
from index.passages.chunking import Chunk
from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.rows import article_of, spans_of, vectors_of

_AT_ONCE = 64  # articles in memory

_IDS = "SELECT article FROM articles ORDER BY article"
_ARTICLES = "SELECT article, metadata, text, blocks FROM articles WHERE article = ANY(%s) ORDER BY article"
_PASSAGES = """
SELECT article, start, "end", vector, spans, scales, sentences FROM passages WHERE article = ANY(%s)
ORDER BY article, start
"""


def encoded_articles(connections: Connections) -> Iterator[EncodedArticle]:
    """Every article in order of id, as it is when it is reached. Raises Unavailable."""
    ids = connections.read(lambda connection: [str(article) for (article,) in connection.execute(_IDS)])
    for start in range(0, len(ids), _AT_ONCE):
        yield from connections.read(partial(stored_articles, ids=ids[start : start + _AT_ONCE]))


def stored_articles(connection: Connection, ids: Sequence[str]) -> list[EncodedArticle]:
    """The articles with these ids in order; one that is not there is left out."""
    articles = {article: fields for article, *fields in connection.execute(_ARTICLES, [list(ids)])}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(_PASSAGES, [list(ids)]).fetchall()
    return [_encoded(articles[article], list(own)) for article, own in groupby(rows, key=itemgetter(0))]


def _encoded(fields: list[Any], rows: list[tuple[Any, ...]]) -> EncodedArticle:
    _, starts, ends, vectors, spans, scales, sentences = zip(*rows, strict=True)
    halves = vectors_of(vectors)
    return EncodedArticle(
        article_of(*fields),
        tuple(Chunk((start, end), spans_of(own)) for start, end, own in zip(starts, ends, spans, strict=True)),
        halves,
        np.frombuffer(b"".join(sentences), np.int8).reshape(-1, halves.shape[1]),
        np.frombuffer(b"".join(scales), "<f4"),
    )

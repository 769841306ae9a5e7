"""Small articles as stores take them, and databases that hold them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from index.articles.article import Article, join_blocks
from index.encoder.pooling import in_bytes
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import PassageVectors
from index.ingestion.manifest import Counts, Manifest
from index.ingestion.pipeline import chunk_articles
from index.passages.chunking import Chunk, Chunking
from index.reading.formats.programs import Programs
from index.stores.builds.files.catalogue import ArticlesWriter
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.writer import writing
from tests.hashing import IDENTITY, HashingEncoder

_CREATED = "2026-01-01T00:00:00+00:00"
COLLECTION = Manifest(
    "",
    IDENTITY,
    Chunking(),
    Counts(0, 0, 0),
    HashingEncoder.dimension,
    "",
    "articles",
    _CREATED,
    max_file_bytes=1_000,
    programs=Programs(libreoffice=True, ocr="eng"),
)
PATIENCE = 60.0  # seconds: only a fault uses it up, never a busy machine


def article(article_id: str, *paragraphs: str, **fields: Any) -> Article:
    text, blocks = join_blocks([("paragraph", paragraph) for paragraph in paragraphs])
    return Article(article_id, **{"title": "Untitled", "sha256": "0" * 64, **fields}, text=text, blocks=blocks)


def write_texts(articles: Iterable[Article], folder: Path) -> None:
    """Write articles as a build has them."""
    with ArticlesWriter(folder) as writer:
        for own in articles:
            writer.add(own)


def encoded(own: Article) -> EncodedArticle:
    """An article, cut and encoded."""
    encoder = HashingEncoder()
    (chunks,) = chunk_articles([own], encoder, Chunking())
    vectors = [_vectors(own, chunk, encoder) for chunk in chunks]
    return EncodedArticle(
        own,
        tuple(chunks),
        np.stack([each.passage for each in vectors]),
        np.concatenate([each.sentences for each in vectors]),
        np.concatenate([each.scales for each in vectors]),
    )


def _vectors(own: Article, chunk: Chunk, encoder: HashingEncoder) -> PassageVectors:
    start, end = chunk.span
    spans = [(a - start, b - start) for a, b in chunk.sentences]
    whole, parts = encoder.passages([own.text[start:end]], [spans])
    return PassageVectors(whole[0].astype(np.float16), *in_bytes(parts))


def stored(dsn: str, articles: Iterable[EncodedArticle]) -> Connections:
    """A database that holds these articles, and connections to it."""
    connections = Connections(dsn)
    with writing(connections, COLLECTION, PATIENCE) as writer:
        writer.upsert(articles)
    return connections


def record_hashes(connections: Connections) -> dict[str, str]:
    """The record hash of each stored article, by id."""
    return connections.read(lambda own: dict(own.execute("SELECT article, record_hash FROM articles").fetchall()))

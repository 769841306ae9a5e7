"""An opened build: its tables and vectors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError

import numpy as np

from index.arrays import mapped
from index.errors import REBUILD, DamagedIndex
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Counts, Manifest, read_manifest
from index.keywords.bm25 import Bm25
from index.keywords.sentence_terms import WordTable
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.passages.tables import BM25, PASSAGES, SENTENCES, Tables, chunks_of, fit
from index.stores.builds.files.catalogue import BuildCatalogue
from index.stores.builds.files.passage_vectors import VectorIndex
from index.stores.builds.files.sentence_vectors import SentenceVectors


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A build, read-only and memory-mapped; it stays usable after its files are deleted."""

    manifest: Manifest
    articles: BuildCatalogue
    rows: Tables
    vectors: VectorIndex
    sentence_vectors: SentenceVectors
    bm25: Bm25
    words: WordTable  # of the sentences

    def passage(self, row: int) -> Passage:
        """The passage in this row."""
        article, start, end, *_ = self.rows.passages[row].item()
        return Passage(self.articles[article], start, end)

    def row_of(self, article: int, start: int, end: int) -> int | None:
        """The row of the passage with this article row and span, or None."""
        rows = self.rows.passages
        same = (rows["article"] == article) & (rows["start"] == start) & (rows["end"] == end)
        return int(same.argmax()) if same.any() else None

    def sentences_of(self, row: int) -> list[Span]:
        """The spans of the sentences of the passage in this row."""
        *_, first, count = self.rows.passages[row].item()
        spans: list[Span] = self.rows.sentences[first : first + count].tolist()
        return spans


def read_snapshot(folder: Path) -> Snapshot:
    """Open the build in `folder`.

    Raises FileNotFoundError for a missing file, ForeignIndex for another format and DamagedIndex
    for a malformed file.
    """
    manifest = read_manifest(folder)
    with damage_told(folder):
        snapshot = Snapshot(
            manifest=manifest,
            articles=BuildCatalogue(folder),
            rows=Tables(mapped(folder / PASSAGES), mapped(folder / SENTENCES)),
            vectors=VectorIndex(folder),
            sentence_vectors=SentenceVectors.read(folder),
            bm25=Bm25.read(folder / BM25),
            words=WordTable.read(folder),
        )
    _check(snapshot, folder)
    return snapshot


def encoded_articles(snapshot: Snapshot) -> Iterator[EncodedArticle]:
    """All articles of a build with passages and their vectors, in order of id, for another store."""
    owners = snapshot.rows.passages["article"]
    for row in range(len(snapshot.articles)):
        first, end = (int(bound) for bound in np.searchsorted(owners, [row, row + 1]))
        if first == end:
            continue
        last = snapshot.rows.passages[end - 1]
        sentences = slice(int(snapshot.rows.passages["first"][first]), int(last["first"] + last["count"]))
        yield EncodedArticle(
            snapshot.articles[row],
            chunks_of(snapshot.rows, first, end),
            snapshot.vectors.at(slice(first, end)).astype(np.float16),
            snapshot.sentence_vectors.rows[sentences],
            snapshot.sentence_vectors.scales[sentences],
        )


@contextmanager
def damage_told(folder: Path) -> Iterator[None]:
    """Raise DamagedIndex instead of errors of reading a malformed file."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, RuntimeError, TokenError) as error:
        raise DamagedIndex(f"{folder} is damaged ({error}). {REBUILD} --force") from error


def _check(snapshot: Snapshot, folder: Path) -> None:
    manifest, rows, dense = snapshot.manifest, snapshot.rows, snapshot.vectors
    counts = Counts(len(snapshot.articles), len(rows.passages), len(rows.sentences))
    passages = {dense.passages, snapshot.bm25.passages}
    sentences = {len(snapshot.sentence_vectors), len(snapshot.words)}
    dimensions = {dense.dimension, snapshot.sentence_vectors.dimension}
    parts = counts, dense.kind, passages, sentences, dimensions
    whole = manifest.counts, manifest.vectors, {counts.passages}, {counts.sentences}, {manifest.dimension}
    if parts != whole or not fit(rows, counts.articles):
        raise DamagedIndex(f"{folder} is damaged (its tables do not fit each other). {REBUILD} --force")

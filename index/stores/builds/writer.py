"""A build filled from a stream of encoded articles: those of a folder, or those of another store."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from index.arrays import ArrayFile
from index.articles.article import Article
from index.ingestion.encoded_article import EncodedArticle, in_order
from index.ingestion.encoding import PassageVectors
from index.ingestion.manifest import Counts, Manifest, build_name
from index.keywords.sentence_terms import write_words
from index.passages.tables import PASSAGE, PASSAGES, SENTENCE, SENTENCES, Tables, article_rows
from index.reading.loader import Reading
from index.reading.spool import Lazy, Spool
from index.stores.builds.directory import finish, swap, unfinished, writing
from index.stores.builds.files.catalogue import ArticlesWriter
from index.stores.builds.files.passage_vectors import kind_of, vectors_file, write_coarse
from index.stores.builds.files.sentence_vectors import sentence_files


class BuildWriter:
    """The files of a build that grow with every article; a context manager, after which they are whole.

    Raises OSError where they find no room.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        self._count = 0
        with ExitStack() as files:
            self._articles = files.enter_context(ArticlesWriter(folder))
            self._passages = files.enter_context(ArrayFile(folder / PASSAGES, PASSAGE))
            self._sentences = files.enter_context(ArrayFile(folder / SENTENCES, SENTENCE))
            self._vectors = files.enter_context(vectors_file(folder, dimension))
            self._parts, self._scales = map(files.enter_context, sentence_files(folder, dimension))
            self._files = files.pop_all()

    def __enter__(self) -> "BuildWriter":
        return self

    def __exit__(self, *error: Any) -> None:
        self._files.__exit__(*error)

    def add(self, encoded: EncodedArticle) -> None:
        """Append an article with its passages and vectors."""
        rows = article_rows(encoded.chunks, self._count, len(self._sentences))
        self._articles.add(encoded.article)
        self._passages.add(rows.passages)
        self._sentences.add(rows.sentences)
        self._vectors.add(encoded.vectors)
        self._parts.add(encoded.sentences)
        self._scales.add(encoded.scales)
        self._count += 1

    def vectors(self, row: int) -> PassageVectors | None:
        """The vectors of the passage in this row, None before they are written."""
        if row >= len(self._passages):
            return None
        passage = self._passages.read(row, row + 1)[0]
        first, end = int(passage["first"]), int(passage["first"] + passage["count"])
        vector = self._vectors.read(row, row + 1)[0]
        return PassageVectors(vector, self._parts.read(first, end), self._scales.read(first, end))


def write_indexes(articles: Sequence[Article], dimension: int, folder: Path) -> tuple[Counts, str]:
    """Write what is made of all articles together, once a `BuildWriter` has ended.

    Returns the counts, and the FAISS factory string of the passages' vectors.
    """
    rows = Tables(*(np.asarray(np.load(folder / name, mmap_mode="r")) for name in (PASSAGES, SENTENCES)))
    kind = kind_of(len(rows.passages), dimension)
    write_coarse(folder, kind)
    write_words(articles, rows, folder)
    return Counts(len(articles), len(rows.passages), len(rows.sentences)), kind


def write_encoded(
    articles: Iterable[EncodedArticle], manifest: Manifest, root: Path, *, show_progress: bool = False
) -> None:
    """Make a build of these articles the live one below `root`; nothing is encoded.

    The manifest says what they were made of. Only spans and ids are in memory. Raises BadRecord for
    what no store takes, articles that are not in order of id, or none at all, and BuildFailed as
    `writing` does; the live build then stays as it was.
    """
    with writing(root), unfinished(root) as folder, Spool() as spool:
        counted = tqdm(articles, "copying", manifest.counts.articles, unit="article", disable=not show_progress)
        with BuildWriter(folder, manifest.dimension) as writer:
            for encoded in in_order(counted, manifest.dimension):
                spool.add(Reading(encoded.article, "", 0))
                writer.add(encoded)
        readings = spool.readings()
        held = Lazy(len(readings), lambda row: readings[row].article)
        swap(root, finish(root, folder, _manifest(manifest, held, *write_indexes(held, manifest.dimension, folder))))


def _manifest(manifest: Manifest, articles: Sequence[Article], counts: Counts, kind: str) -> Manifest:
    return replace(
        manifest,
        name=build_name(articles, manifest.identity, manifest.chunking, manifest.folder),
        counts=counts,
        vectors=kind,
        files={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )

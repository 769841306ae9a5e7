"""Writer of a build: files that grow with each encoded article, then indexes over all of them."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from tqdm import tqdm

from index.arrays import ArrayFile, Halves, mapped
from index.articles.article import Article
from index.ingestion.background import sample_rows
from index.ingestion.encoded_article import EncodedArticle, in_order
from index.ingestion.encoding import PassageVectors
from index.ingestion.manifest import Counts, Manifest, build_name
from index.ingestion.passage_keys import FirstRow, first_rows
from index.keywords.sentence_terms import write_words
from index.passages.tables import PASSAGE, PASSAGES, SENTENCE, SENTENCES, Tables, article_rows
from index.reading.folder import Folder
from index.reading.loader import Reading
from index.reading.spool import Spool
from index.stores.builds.directory import finish, swap, unfinished, writing
from index.stores.builds.files.catalogue import ArticlesWriter
from index.stores.builds.files.passage_vectors import kind_of, vectors_file, write_coarse
from index.stores.builds.files.sentence_vectors import sentence_files


class BuildWriter(ExitStack):
    """The files of a build that grow with each article; complete once it is closed.

    `row_of` looks up all passages that will be added. Raises OSError on a full disk.
    """

    def __init__(self, folder: Path, dimension: int, row_of: FirstRow) -> None:
        super().__init__()
        self._row_of = row_of
        self._count = 0
        self._articles = self.enter_context(ArticlesWriter(folder))
        self._passages = self.enter_context(ArrayFile(folder / PASSAGES, PASSAGE))
        self._sentences = self.enter_context(ArrayFile(folder / SENTENCES, SENTENCE))
        self._vectors = self.enter_context(vectors_file(folder, dimension))
        self._sentence_vectors, self._scales = map(self.enter_context, sentence_files(folder, dimension))

    def add(self, encoded: EncodedArticle) -> None:
        """Append an article with its passages and vectors."""
        rows = article_rows(encoded.chunks, self._count, len(self._sentences))
        self._articles.add(encoded.article)
        self._passages.add(rows.passages)
        self._sentences.add(rows.sentences)
        self._vectors.add(encoded.vectors)
        self._sentence_vectors.add(encoded.sentences)
        self._scales.add(encoded.scales)
        self._count += 1

    def sample(self) -> Halves:
        """Vectors of evenly spaced passages, to measure a background by."""
        rows = [self._vectors.read(row, row + 1) for row in sample_rows(len(self._passages))]
        return np.concatenate(rows)

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of the first passage with this key, None before it is added."""
        row = self._row_of(key)
        if row is None or row >= len(self._passages):
            return None
        passage = self._passages.read(row, row + 1)[0]
        first, end = int(passage["first"]), int(passage["first"] + passage["count"])
        vector = self._vectors.read(row, row + 1)[0]
        return PassageVectors(vector, self._sentence_vectors.read(first, end), self._scales.read(first, end))


def finish_build(root: Path, folder: Path, articles: Sequence[Article], manifest: Manifest) -> Path:
    """Write the indexes over all articles, complete the manifest, and turn the folder into a finished build."""
    rows = Tables(mapped(folder / PASSAGES), mapped(folder / SENTENCES))
    kind = kind_of(len(rows.passages), manifest.dimension)
    write_coarse(folder, kind)
    write_words(articles, rows, folder)
    inputs = manifest.identity, manifest.chunking, manifest.folder, manifest.synonyms
    complete = replace(
        manifest,
        name=build_name(articles, *inputs, programs=manifest.programs),
        counts=Counts(len(articles), len(rows.passages), len(rows.sentences)),
        vectors=kind,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return finish(root, folder, complete)


def write_encoded(
    articles: Iterable[EncodedArticle], manifest: Manifest, root: Path, *, show_progress: bool = False
) -> None:
    """Make a build of these articles, with the settings of `manifest`, the live one in `root`; nothing is encoded.

    Only spans and ids are in memory. Raises BadRecord for an article that no store accepts, articles
    not in order of id, or no article, and BuildFailed like `writing`; the live build is then unchanged.
    """
    with writing(root), unfinished(root) as folder, Spool() as spool:
        counted = tqdm(articles, "copying", manifest.counts.articles, unit="article", disable=not show_progress)
        with BuildWriter(folder, manifest.dimension, first_rows([])) as writer:
            for encoded in in_order(counted, manifest.dimension):
                spool.add(Reading(encoded.article, "", 0))
                writer.add(encoded)
        swap(root, finish_build(root, folder, Folder(spool.readings()).articles, manifest))

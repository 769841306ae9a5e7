"""A build made of another store's articles: their vectors are taken over, and nothing is encoded."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from index.articles.article import Article
from index.ingestion.encoded_article import EncodedArticle, in_order
from index.ingestion.manifest import Counts, Manifest, build_name
from index.passages.chunking import Chunk
from index.passages.tables import Tables, tables
from index.reading.loader import Reading
from index.reading.spool import Lazy, Spool
from index.stores.builds.build import write_texts
from index.stores.builds.directory import finish, swap, unfinished, writing
from index.stores.builds.passage_vectors import DenseWriter, kind_of
from index.stores.builds.sentence_vectors import SentenceWriter

_PIECE = 16_384  # vectors in memory at once


def write_encoded(
    articles: Iterable[EncodedArticle], manifest: Manifest, root: Path, *, show_progress: bool = False
) -> None:
    """Make a build of these articles the live one below `root`; nothing is encoded.

    The manifest says what they were made of. Only spans and ids are in memory. Raises BadRecord for
    what no store takes, articles that are not in order of id, or none at all, and BuildFailed as
    `writing` does; the live build then stays as it was.
    """
    with writing(root), unfinished(root) as folder:
        with _Vectors(root) as vectors, Spool() as spool:
            taken = in_order(counted(articles, manifest, show=show_progress), manifest.dimension)
            rows = tables(_spooled(taken, spool, vectors))
            readings = spool.readings()
            kind = vectors.write(rows, manifest.dimension, folder)
        held = Lazy(len(readings), lambda row: readings[row].article)
        write_texts(held, rows, folder)
        swap(root, finish(root, folder, _manifest(manifest, held, rows, kind)))


def counted(articles: Iterable[EncodedArticle], manifest: Manifest, *, show: bool) -> Iterable[EncodedArticle]:
    """The same articles, counted on a bar as they pass."""
    return tqdm(articles, "copying", manifest.counts.articles, unit="article", disable=not show)


def _spooled(articles: Iterable[EncodedArticle], spool: Spool, vectors: "_Vectors") -> Iterator[Sequence[Chunk]]:
    """The chunks of each article, once the rest of it is on disk."""
    for encoded in articles:
        spool.add(Reading(encoded.article, "", 0))
        vectors.add(encoded)
        yield encoded.chunks


def _manifest(manifest: Manifest, articles: Sequence[Article], rows: Tables, kind: str) -> Manifest:
    return replace(
        manifest,
        name=build_name(articles, manifest.identity, manifest.chunking, manifest.folder),
        counts=Counts(len(articles), len(rows.passages), len(rows.sentences)),
        vectors=kind,
        files={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


class _Vectors:
    """Vectors on their way into a build of a size that is not known yet, in files without a name."""

    def __init__(self, place: Path) -> None:
        with ExitStack() as opening:
            self._passages, self._sentences, self._scales = (
                opening.enter_context(tempfile.TemporaryFile(dir=place)) for _ in range(3)
            )
            self._files = opening.pop_all()

    def __enter__(self) -> "_Vectors":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, encoded: EncodedArticle) -> None:
        """Append an article's."""
        self._passages.write(encoded.vectors.astype("<f2").tobytes())
        self._sentences.write(encoded.sentences.astype(np.int8).tobytes())
        self._scales.write(encoded.scales.astype("<f4").tobytes())

    def write(self, rows: Tables, dimension: int, folder: Path) -> str:
        """Write all into a build's folder; how the passages' are searched."""
        kind = kind_of(len(rows.passages), dimension)
        passages = DenseWriter(folder, len(rows.passages), dimension, kind)
        sentences = SentenceWriter(folder, len(rows.sentences), dimension)
        for file in (self._passages, self._sentences, self._scales):
            file.seek(0)
        for own in _pieces(len(rows.passages)):
            passages.put(own, _read(self._passages, "<f2", own, dimension))
        for own in _pieces(len(rows.sentences)):
            parts, scales = _read(self._sentences, "i1", own, dimension), _read(self._scales, "<f4", own, 1)
            sentences.put(own, parts, scales[:, 0])
        passages.finish()
        return kind


def _pieces(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _PIECE, count)) for start in range(0, count, _PIECE))


def _read(file: IO[bytes], dtype: str, rows: slice, width: int) -> npt.NDArray[Any]:
    """The next rows of a file of vectors."""
    raw = file.read((rows.stop - rows.start) * width * np.dtype(dtype).itemsize)
    return np.frombuffer(raw, dtype).reshape(-1, width)

"""The files of all vectors of a build."""

from collections.abc import Iterable
from pathlib import Path

from index.ingestion.encoding import PassageVectors
from index.passages.tables import Tables
from index.stores.builds.passage_vectors import DenseWriter, kind_of
from index.stores.builds.sentence_vectors import SentenceWriter


class VectorsWriter:
    """The files of all vectors in a build's folder, filled in any order.

    `kind` is the FAISS factory string of the passages'. Raises OSError where the files find no room.
    """

    def __init__(self, rows: Tables, dimension: int, folder: Path) -> None:
        self._first = rows.passages["first"]
        self.kind = kind_of(len(rows.passages), dimension)
        self._passages = DenseWriter(folder, len(rows.passages), dimension, self.kind)
        self._sentences = SentenceWriter(folder, len(rows.sentences), dimension)

    def put(self, rows: Iterable[int], vectors: PassageVectors) -> None:
        """Set the vectors of equal passages."""
        for row in rows:
            first = self._first[row]
            self._passages.put(row, vectors.passage)
            self._sentences.put(slice(first, first + len(vectors.scales)), vectors.sentences, vectors.scales)

    def finish(self) -> None:
        """Write what is made of all vectors together."""
        self._passages.finish()

"""Vectors of the sentences, quantised to 8 bits and memory-mapped: a row is a scale and integers from -127 to 127."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import ArrayFile, Bytes, Rows, Scales, Vectors, mapped

SENTENCE_VECTORS, SENTENCE_SCALES = "sentence_vectors.npy", "sentence_scales.npy"


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """The sentence vectors of a build; only requested rows are read."""

    rows: Bytes  # one row a sentence
    scales: Scales

    @classmethod
    def read(cls, folder: Path) -> "SentenceVectors":
        """Open the vectors in a build's folder. Raises ValueError for files that do not fit each other."""
        rows, scales = (mapped(folder / name) for name in (SENTENCE_VECTORS, SENTENCE_SCALES))
        if rows.dtype != np.int8 or scales.dtype != np.float32 or rows.ndim != 2 or scales.shape != rows.shape[:1]:
            raise ValueError(f"{SENTENCE_SCALES} does not fit {SENTENCE_VECTORS}")
        return cls(rows, scales)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def dimension(self) -> int:
        """Width of the vectors."""
        return int(self.rows.shape[1])

    def cosines(self, rows: Rows, vectors: Vectors) -> Scales:
        """Cosines of unit vectors with these sentences, shape (len(vectors), len(rows)).

        The error of quantisation is at most half the row's scale times the sum of a vector's
        absolute values; at most .004 was measured for the default encoder.
        """
        cosines: Scales = (vectors @ self.rows[rows].astype(np.float32).T) * self.scales[rows]
        return cosines


def sentence_files(folder: Path, dimension: int) -> tuple[ArrayFile, ArrayFile]:
    """Create the files of sentence vectors and of their scales."""
    return ArrayFile(folder / SENTENCE_VECTORS, np.int8, (dimension,)), ArrayFile(folder / SENTENCE_SCALES, "<f4")

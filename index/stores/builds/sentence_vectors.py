"""The vectors of the sentences in 8 bits, memory-mapped: each row a scale and whole numbers from -127 to 127."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Bytes, Rows, Scales, Vectors
from index.reading.files import room_for

SENTENCE_VECTORS, SENTENCE_SCALES = "sentence_vectors.npy", "sentence_scales.npy"


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """The vectors of a build's sentences; only rows that are asked for are read."""

    rows: Any  # numpy.memmap, int8, one row a sentence
    scales: Any  # numpy.memmap, float32

    @classmethod
    def read(cls, folder: Path) -> "SentenceVectors":
        """The vectors in a build's folder. Raises ValueError where the files do not fit each other."""
        rows, scales = (np.load(folder / name, mmap_mode="r") for name in (SENTENCE_VECTORS, SENTENCE_SCALES))
        if (rows.dtype, scales.dtype) != (np.int8, np.float32) or rows.ndim != 2 or scales.shape != rows.shape[:1]:
            raise ValueError(f"{SENTENCE_SCALES} does not fit {SENTENCE_VECTORS}")
        return cls(rows, scales)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def dimension(self) -> int:
        """Width of the vectors."""
        return int(self.rows.shape[1])

    def cosines(self, rows: Rows, vectors: Vectors) -> Scales:
        """The cosine of each unit vector with each of these sentences: shape (len(vectors), len(rows)).

        Rounding moves it by half the row's scale times the sum of a vector's absolute values at
        most; for the default encoder that was never over .004.
        """
        cosines: Scales = (vectors @ self.rows[rows].astype(np.float32).T) * self.scales[rows]
        return cosines


class SentenceWriter:
    """The vectors of a build's sentences on their way into its folder. Raises OSError where they find no room."""

    def __init__(self, folder: Path, sentences: int, dimension: int) -> None:
        self._rows = _array(folder / SENTENCE_VECTORS, np.dtype(np.int8), (sentences, dimension))
        self._scales = _array(folder / SENTENCE_SCALES, np.dtype("<f4"), (sentences,))

    def put(self, rows: Any, vectors: Bytes, scales: Scales) -> None:
        """Set the vectors of these rows."""
        self._rows[rows] = vectors
        self._scales[rows] = scales


def _array(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """A new array on disk, in a file with room for all of it."""
    head = _head(dtype, shape)
    room_for(path, head, dtype.itemsize * int(np.prod(shape, dtype=np.int64)))
    return np.lib.format.open_memmap(path, "r+")


def _head(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    """What numpy writes before such an array."""
    file = io.BytesIO()
    fields = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, fields)
    return file.getvalue()

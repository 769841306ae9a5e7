"""Types of arrays, array files that are written piece by piece, and sequences that are never whole in memory."""

import io
import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.int8]
Halves: TypeAlias = npt.NDArray[np.float16]
Scales: TypeAlias = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float32]
Vectors: TypeAlias = npt.NDArray[np.float32]
Offsets: TypeAlias = npt.NDArray[np.int64]  # of a text's tokens: start and end in the text, shape (tokens, 2)
Table = npt.NDArray[np.void]
Mask = npt.NDArray[np.bool_]  # one value a row
Rows = npt.NDArray[np.int64]  # row numbers
Item = TypeVar("Item")


class Lazy(Sequence[Item]):
    """A sequence whose items are made on demand; a slice is a list."""

    def __init__(self, count: int, item: Callable[[int], Item]) -> None:
        self._rows, self._item = range(count), item

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: Any) -> Any:
        rows = self._rows[row]
        return list(map(self._item, rows)) if isinstance(row, slice) else self._item(rows)

    def __iter__(self) -> Iterator[Item]:
        return map(self._item, self._rows)


class ArrayFile:
    """A new array file that grows by appended values, or by rows of shape `row`; raises OSError if the disk is full,
    which `np.save` may not notice.

    The header is numpy's, unless `header` makes another one of constant length from the number of rows.
    """

    def __init__(
        self,
        path: Path,
        dtype: npt.DTypeLike,
        row: tuple[int, ...] = (),
        header: Callable[[int], bytes] | None = None,
    ) -> None:
        self._dtype, self._row = np.dtype(dtype), row
        self._header = header or self._numpy_header
        self._count = 0
        self._file = path.open("w+b")
        self._start = self._file.write(self._header(0))

    def __enter__(self) -> "ArrayFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if kind is None:
                self._file.seek(0)
                self._file.write(self._header(self._count))

    def __len__(self) -> int:
        return self._count

    def add(self, piece: npt.ArrayLike) -> None:
        """Append rows, cast to the file's type."""
        values = np.ascontiguousarray(piece, self._dtype)
        self._file.write(values.data)
        self._count += len(values)

    def read(self, first: int, end: int) -> npt.NDArray[Any]:
        """The rows `first` to `end`, which must have been added."""
        self._file.flush()
        size = self._dtype.itemsize * math.prod(self._row)
        raw = os.pread(self._file.fileno(), (end - first) * size, self._start + first * size)
        return np.frombuffer(raw, self._dtype).reshape(-1, *self._row)

    def _numpy_header(self, count: int) -> bytes:
        # numpy pads the header for any length, so the second header is as long as the first.
        file = io.BytesIO()
        fields = {"descr": np.lib.format.dtype_to_descr(self._dtype), "fortran_order": False}
        np.lib.format.write_array_header_1_0(file, {**fields, "shape": (count, *self._row)})
        return file.getvalue()


def mapped(path: Path) -> npt.NDArray[Any]:
    """The array of a `.npy` file, memory-mapped and read-only; it stays usable after the file is deleted.

    A plain array: slices of a `numpy.memmap` take several times as long. Raises ValueError for another format.
    """
    return np.asarray(np.load(path, mmap_mode="r"))


def sync(path: Path) -> None:
    """fsync a file or folder. Without it a power failure can leave a file of the right size filled with zeros."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def logistic(logits: npt.NDArray[np.float32] | np.float32) -> npt.NDArray[np.float32]:
    """The logistic function of logits, in [0, 1], in float32."""
    exact = np.clip(np.asarray(logits, np.float64), -500, 500)  # the exponential overflows beyond
    return np.asarray(1 / (1 + np.exp(-exact)), np.float32)

"""Vectors of the passages in half precision: exact search by FAISS, for many passages after a coarse scan.

Half precision at every size: a build reuses vectors of the previous build bit for bit, and a passage
has the same cosine whichever search found it.
"""

from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.arrays import ArrayFile, Halves, Mask, Rows, Vectors

VECTORS, COARSE = "vectors.faiss", "coarse.faiss"
EXACT_UP_TO = 50_000  # passages: scanning them takes under 2 ms

_EXACT = "SQfp16"
_FACTOR = 4  # candidates of the coarse scan per result
_MIN_CANDIDATES = 400  # of the coarse scan
_SAMPLE = 16_384  # training vectors of the coarse scan, spread over all rows
_PIECE = 16_384  # vectors in memory at once
_WIDEST = 1 << 16
_COUNT = slice(8, 16)  # of a FAISS header: the number of vectors. Its last 8 bytes are their size in bytes


def kind_of(passages: int, dimension: int) -> str:
    """FAISS factory string for this many passages; vectors of odd width always get an exact scan."""
    if passages <= EXACT_UP_TO or dimension % 2:
        return _EXACT
    return f"PQ{dimension // 2}x4fs,Refine({_EXACT})"


class VectorIndex:
    """The passage vectors in a build's folder, memory-mapped; threads may share it.

    Raises ValueError for a malformed file.
    """

    def __init__(self, folder: Path) -> None:
        self._codes = _codes(folder / VECTORS)
        self.passages, self.dimension = self._codes.shape
        self._exact = faiss.read_index(str(folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
        self._coarse = _coarse(folder / COARSE, self._codes) if (folder / COARSE).exists() else None
        self._refined = faiss.IndexRefine(self._coarse, self._exact) if self._coarse else None

    @property
    def kind(self) -> str:
        """FAISS factory string of the opened index."""
        return f"PQ{self.dimension // 2}x4fs,Refine({_EXACT})" if self._coarse else _EXACT

    def at(self, rows: Any) -> Vectors:
        """Vectors in these rows, shape (len(rows), dimension), or (dimension,) for a single row."""
        vectors: Vectors = self._codes[rows].astype(np.float32)
        return vectors

    def search(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """Rows of the `limit` nearest passages, nearest first; only `allowed` ones with a mask.

        Exact with a mask; without one, the coarse scan of many passages may miss a few.
        """
        faiss.omp_set_num_threads(1)  # for this thread: concurrent questions share the cores
        count = self.passages if allowed is None else int(np.count_nonzero(allowed))
        limit = min(limit, count)
        if not limit:
            return np.empty(0, np.int64)
        if allowed is None and self._refined:
            factor = max(_FACTOR, _MIN_CANDIDATES / limit)
            parameters = faiss.IndexRefineSearchParameters(k_factor=factor)  # type: ignore[call-arg]
            return _rows(self._refined.search(vector[None], limit, params=parameters))
        return _rows(self._exact.search(vector[None], limit, params=None if allowed is None else _only(allowed)))


def _rows(answer: tuple[Vectors, Rows]) -> Rows:
    """Rows of a FAISS answer to one vector."""
    rows = answer[1][0]
    valid: Rows = rows[rows >= 0]  # FAISS pads short answers with -1
    return valid


def vectors_file(folder: Path, dimension: int) -> ArrayFile:
    """Create the file of passage vectors, in the format of FAISS."""
    return ArrayFile(folder / VECTORS, "<f2", (dimension,), partial(_head, dimension))


def write_coarse(folder: Path, kind: str) -> None:
    """Write the coarse index of a folder's vectors if `kind` has one. Raises OSError on a full disk."""
    if kind == _EXACT:
        return
    codes = _codes(folder / VECTORS)
    passages, dimension = codes.shape
    coarse = faiss.index_factory(dimension, kind.split(",", maxsplit=1)[0], faiss.METRIC_INNER_PRODUCT)
    sample = np.linspace(0, passages - 1, min(passages, _SAMPLE)).astype(np.int64)
    coarse.train(codes[sample].astype(np.float32))
    for start in range(0, passages, _PIECE):
        coarse.add(codes[start : start + _PIECE].astype(np.float32))
    with (folder / COARSE).open("wb") as file:
        faiss.write_index(coarse, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # its types lack it


def _head(dimension: int, passages: int) -> bytes:
    """Header of a FAISS file with this many vectors."""
    head = bytearray(faiss.serialize_index(faiss.index_factory(dimension, _EXACT, faiss.METRIC_INNER_PRODUCT)))
    head[_COUNT] = passages.to_bytes(8, "little")
    head[-8:] = (2 * passages * dimension).to_bytes(8, "little")
    return bytes(head)


def _codes(path: Path) -> Halves:
    """Memory-mapped vectors of a file. Raises ValueError unless its header is the one that FAISS would write."""
    raw = np.memmap(path, np.uint8, "r")
    dimension = int.from_bytes(raw[4:8].tobytes(), "little")
    if not 0 < dimension < _WIDEST:
        raise ValueError(f"{path.name} has vectors of width {dimension}")
    size = len(_head(dimension, 0))
    passages = (len(raw) - size) // (2 * dimension)
    if passages < 1 or raw[:size].tobytes() != _head(dimension, passages) or (len(raw) - size) % (2 * dimension):
        raise ValueError(f"{path.name} is not a file of half-precision vectors")
    codes: Halves = np.ndarray((passages, dimension), "<f2", raw, size)
    return codes


def _coarse(path: Path, codes: Halves) -> Any:
    """The coarse index of these vectors. Raises ValueError unless the file has one that fits."""
    passages, dimension = codes.shape
    try:
        coarse: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except (RuntimeError, MemoryError) as error:  # the latter for an altered size
        raise ValueError(f"{path.name} is malformed ({error})") from error
    expected: Any = faiss.index_factory(dimension, f"PQ{dimension // 2}x4fs", faiss.METRIC_INNER_PRODUCT)
    padded = -(-passages // expected.bbs) * expected.bbs
    same = type(coarse) is type(expected) and all(
        getattr(coarse, name) == getattr(expected, name)
        for name in ("d", "metric_type", "M", "M2", "nbits", "ksub", "bbs", "qbs", "code_size", "implem", "skip")
    )
    if (
        not same
        or (coarse.ntotal, coarse.ntotal2, coarse.is_trained) != (passages, padded, True)
        or coarse.codes.size() != padded * expected.M2 // 2
        or coarse.pq.centroids.size() != expected.pq.centroids.size()
        or (coarse.pq.d, coarse.pq.M, coarse.pq.nbits) != (expected.pq.d, expected.pq.M, expected.pq.nbits)
    ):
        raise ValueError(f"{path.name} does not fit {VECTORS}")
    return coarse


def _only(allowed: Mask) -> faiss.SearchParameters:
    # The type stubs of FAISS lack the array and the keyword.
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]

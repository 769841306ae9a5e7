"""The vectors of the passages: searched exactly in half precision, from many passages on behind a coarse scan.

Half precision at every size: a build takes the vectors of the one before bit for bit, and a passage
has the same cosine however it was found.
"""

from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.arrays import ArrayFile, Halves, Mask, Rows, Vectors

VECTORS, COARSE = "vectors.faiss", "coarse.faiss"
EXACT_UP_TO = 50_000  # passages: a scan of all of them takes under 2 ms


_EXACT = "SQfp16"
_FACTOR = 4  # candidates of the coarse scan for each that is asked for
_LEAST = 400  # candidates of it however few are asked for
_SAMPLE = 16_384  # vectors that the coarse scan is trained on, spread over all rows
_PIECE = 16_384  # vectors in memory at once
_FEW = 300  # of so many passages one is allowed: those are scored alone sooner than all are passed over
_SCORED = 512  # vectors scored at once: they fit a CPU's cache
_WIDEST = 1 << 16
_COUNT = slice(8, 16)  # where FAISS has the number of vectors in the head of a file; their bytes are its last 8


def kind_of(passages: int, dimension: int) -> str:
    """The FAISS factory string for so many vectors; those of odd width are scanned exactly at any size."""
    if passages <= EXACT_UP_TO or dimension % 2:
        return _EXACT
    return f"PQ{dimension // 2}x4fs,Refine({_EXACT})"


class Dense:
    """The vectors of a build, memory-mapped; threads may share it."""

    def __init__(self, exact: Any, codes: Halves, coarse: Any = None) -> None:
        self._exact, self._codes, self._coarse = exact, codes, coarse
        self.passages, self.dimension = codes.shape
        self._refined = faiss.IndexRefine(coarse, exact) if coarse else None

    @classmethod
    def read(cls, folder: Path) -> "Dense":
        """The vectors in a build's folder. Raises ValueError where a file cannot be understood."""
        codes = _codes(folder / VECTORS)
        exact = faiss.read_index(str(folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
        return cls(exact, codes, _coarse(folder / COARSE, codes) if (folder / COARSE).exists() else None)

    @property
    def kind(self) -> str:
        """The FAISS factory string of what is searched."""
        return f"PQ{self.dimension // 2}x4fs,Refine({_EXACT})" if self._coarse else _EXACT

    def at(self, rows: Any) -> Vectors:
        """The vectors in these rows, shape (len(rows), dimension); of one row its vector."""
        vectors: Vectors = self._codes[rows].astype(np.float32)
        return vectors

    def search(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """Rows of the `limit` nearest passages among the `allowed` ones, nearest first.

        With a mask the result is exact; without one the coarse scan may miss a few of many passages.
        """
        faiss.omp_set_num_threads(1)  # for the thread that asks: questions asked at once share the cores
        if allowed is None:
            limit = min(limit, self.passages)
            if self._refined is None:
                return self._found(self._exact.search(vector[None], limit))
            wanted = faiss.IndexRefineSearchParameters(k_factor=max(_FACTOR, _LEAST / max(limit, 1)))  # type: ignore[call-arg]
            return self._found(self._refined.search(vector[None], limit, params=wanted))
        count = int(np.count_nonzero(allowed))
        if count * _FEW > self.passages:
            return self._found(self._exact.search(vector[None], min(limit, count), params=_only(allowed)))
        rows = np.flatnonzero(allowed)
        pieces = (rows[start : start + _SCORED] for start in range(0, count, _SCORED))
        scores = np.concatenate([np.empty(0, np.float32), *(self.at(piece) @ vector for piece in pieces)])
        return rows[np.argsort(-scores, kind="stable")[:limit]]

    @staticmethod
    def _found(answer: tuple[Vectors, Rows]) -> Rows:
        rows = answer[1][0]
        found: Rows = rows[rows >= 0]  # FAISS pads short answers with -1
        return found


def vectors_file(folder: Path, dimension: int) -> ArrayFile:
    """A new file for the vectors of a build's passages, as FAISS writes them."""
    return ArrayFile(folder / VECTORS, "<f2", (dimension,), partial(_head, dimension))


def write_coarse(folder: Path, kind: str) -> None:
    """Write the coarse scan of a folder's vectors where `kind` has one. Raises OSError where it finds no room."""
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
    """What FAISS writes before so many vectors."""
    head = bytearray(faiss.serialize_index(faiss.index_factory(dimension, _EXACT, faiss.METRIC_INNER_PRODUCT)))
    head[_COUNT] = passages.to_bytes(8, "little")
    head[-8:] = (2 * passages * dimension).to_bytes(8, "little")
    return bytes(head)


def _codes(path: Path) -> Halves:
    """The vectors of a file, memory-mapped. FAISS reads no head but the one that it would write for them."""
    raw = np.memmap(path, np.uint8, "r")
    dimension = int.from_bytes(raw[4:8].tobytes(), "little")
    if not 0 < dimension < _WIDEST:
        raise ValueError(f"{path.name} has vectors of width {dimension}")
    size = len(_head(dimension, 0))
    passages = (len(raw) - size) // (2 * dimension)
    if passages < 1 or raw[:size].tobytes() != _head(dimension, passages) or (len(raw) - size) % (2 * dimension):
        raise ValueError(f"{path.name} is no file of half-precision vectors")
    codes: Halves = np.ndarray((passages, dimension), "<f2", raw, size)
    return codes


def _coarse(path: Path, codes: Halves) -> Any:
    """The coarse scan of these vectors. Raises ValueError where the file holds another one or none."""
    passages, dimension = codes.shape
    try:
        coarse: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except (RuntimeError, MemoryError) as error:  # the latter where a size was altered
        raise ValueError(f"{path.name} cannot be understood ({error})") from error
    made: Any = faiss.index_factory(dimension, f"PQ{dimension // 2}x4fs", faiss.METRIC_INNER_PRODUCT)
    padded = -(-passages // made.bbs) * made.bbs
    same = type(coarse) is type(made) and all(
        getattr(coarse, name) == getattr(made, name)
        for name in ("d", "metric_type", "M", "M2", "nbits", "ksub", "bbs", "qbs", "code_size", "implem", "skip")
    )
    if (
        not same
        or (coarse.ntotal, coarse.ntotal2, coarse.is_trained) != (passages, padded, True)
        or coarse.codes.size() != padded * made.M2 // 2
        or coarse.pq.centroids.size() != made.pq.centroids.size()
        or (coarse.pq.d, coarse.pq.M, coarse.pq.nbits) != (made.pq.d, made.pq.M, made.pq.nbits)
    ):
        raise ValueError(f"{path.name} does not fit {VECTORS}")
    return coarse


def _only(allowed: Mask) -> faiss.SearchParameters:
    # FAISS's types know neither the array nor the keyword that its Python classes take.
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]

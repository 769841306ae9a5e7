"""The keyword leg: BM25 over the passages, computed once at build and mapped from disk."""

import logging
import math
from collections.abc import Iterable
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

K1, B = 1.2, 0.75
logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG when it is imported

_NOTHING = "\x00"  # a token that no text has: keeps an index of texts without words well-formed


class Bm25:
    """BM25 scores of every passage for the words of a question (Robertson's formula, Lucene's idf)."""

    def __init__(self, index: bm25s.BM25) -> None:
        self._index = index
        self._vocabulary: dict[str, int] = index.vocab_dict
        self._first = index.scores["indptr"]
        self.passages = int(index.scores["num_docs"])

    @classmethod
    def of(cls, passages: Iterable[list[str]]) -> "Bm25":
        """The index of passages given as their tokens."""
        index = bm25s.BM25(method="lucene", k1=K1, b=B)
        index.index([tokens or [_NOTHING] for tokens in passages], show_progress=False)
        return cls(index)

    @classmethod
    def read(cls, folder: Path) -> "Bm25":
        """The index in a folder, memory-mapped."""
        return cls(bm25s.BM25.load(folder, mmap=True, show_progress=False))

    def write(self, folder: Path) -> None:
        """Write the index into a new folder."""
        self._index.save(folder, show_progress=False)

    def scores(self, tokens: list[str]) -> npt.NDArray[np.float32]:
        """One score a passage, shape (passages,), 0 where no word matches."""
        known = [token for token in tokens if token in self._vocabulary]
        if not known:
            return np.zeros(self.passages, np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)

    def idf(self, token: str) -> float:
        """How much a word tells: `ln(1 + (N - n + .5) / (n + .5))`, n of N passages having it."""
        row = self._vocabulary.get(token)
        having = 0 if row is None else int(self._first[row + 1] - self._first[row])
        return math.log(1 + (self.passages - having + 0.5) / (having + 0.5))

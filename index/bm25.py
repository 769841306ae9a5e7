"""The keyword leg: BM25 over the passages, computed once at build and mapped from disk."""

import logging
import math
from collections.abc import Iterable
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from index.errors import DamagedIndex
from index.manifest import REBUILD

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
        self._by_letter: dict[str, list[str]] | None = None

    def __contains__(self, word: object) -> bool:
        return word in self._vocabulary

    def beginning(self, letter: str) -> list[str]:
        """The words that begin with this letter; they are sorted by it once, when the first is asked for."""
        if self._by_letter is None:
            by_letter: dict[str, list[str]] = {}
            for word in self._vocabulary:
                by_letter.setdefault(word[:1], []).append(word)
            self._by_letter = by_letter
        return self._by_letter.get(letter, [])

    @property
    def vocabulary(self) -> dict[str, int]:
        """The row of every word that a passage has."""
        return self._vocabulary

    @classmethod
    def of(cls, passages: Iterable[list[str]]) -> "Bm25":
        """The index of passages given as their tokens."""
        index = bm25s.BM25(method="lucene", k1=K1, b=B)
        rows: dict[str, int] = {}  # in order of appearance, so that equal passages make equal files in every process
        ids = [[rows.setdefault(token, len(rows)) for token in tokens or [_NOTHING]] for tokens in passages]
        index.index((ids, rows), show_progress=False)
        return cls(index)

    @classmethod
    def read(cls, folder: Path) -> "Bm25":
        """The index in a folder, memory-mapped. Raises ValueError where its parts do not fit each other."""
        index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        first, entries = index.scores["indptr"], len(index.scores["indices"])
        typed = (index.dtype, index.int_dtype) == ("float32", "int32")
        if not typed or first[0] != 0 or first[-1] != entries or (first[1:] < first[:-1]).any():
            raise ValueError(f"the parts of {folder} do not fit each other")
        return cls(index)

    def write(self, folder: Path) -> None:
        """Write the index into a new folder."""
        self._index.save(folder, show_progress=False)

    def scores(self, tokens: list[str]) -> npt.NDArray[np.float32]:
        """One score a passage, shape (passages,), 0 where no word matches.

        Raises DamagedIndex where an altered file names a word or a passage that is not there.
        """
        known = [token for token in tokens if token in self._vocabulary]
        if not known:
            return np.zeros(self.passages, np.float32)
        try:
            return np.asarray(self._index.get_scores(known), np.float32)
        except (IndexError, ValueError) as error:
            raise DamagedIndex(f"the keywords of the index are damaged ({error}). {REBUILD} --force") from error

    def part(self, token: str, row: int) -> float:
        """What a token of a question adds to the score of one passage, once for each time it is asked."""
        column = self._vocabulary.get(token)
        if column is None:
            return 0.0
        entries = slice(int(self._first[column]), int(self._first[column + 1]))
        own = self._index.scores["indices"][entries] == row
        return float(self._index.scores["data"][entries][own].sum())

    def idf(self, token: str) -> float:
        """How much a word tells: `ln(1 + (N - n + .5) / (n + .5))`, n of N passages having it."""
        row = self._vocabulary.get(token)
        having = 0 if row is None else int(self._first[row + 1] - self._first[row])
        return math.log(1 + (self.passages - having + 0.5) / (having + 0.5))

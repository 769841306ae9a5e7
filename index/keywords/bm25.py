"""BM25 over the passages: impacts are calculated at build time, and lists of postings are mapped from disk.

The library bm25s does not do, with `mmap=True` at 100,000 passages (`python -m eval.speed keywords`): it
takes 28 times as long to open, 2.9 times the memory, and 4.2 times as long for the best 100 passages
(p95: 5.9 times). Its scores are equal, but it has no call for document frequencies or first letters.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Mask, Rows, Scores, mapped
from index.errors import REBUILD, DamagedIndex
from index.keywords.maxscore import WordList, contenders

K1, B = 1.2, 0.75
_CACHED_WORDS = 4_096  # words whose rows are cached

# The files. Word n, in UTF-8, sorted, is `words[starts[n]:starts[n + 1]]` with a line feed at its end. Its postings are
# the passages `rows[first[n]:first[n + 1]]` with their `impacts`; `most` is the greatest of these impacts.
DTYPES: Mapping[str, npt.DTypeLike] = {
    "words": np.uint8,
    "starts": np.int64,
    "first": np.int64,
    "rows": np.int32,
    "impacts": np.float32,
    "most": np.float32,
    "passages": np.int64,  # their number
}


def idf(passages: int, document_frequency: Any) -> Any:
    """The inverse document frequency: `ln(1 + (N - n + .5) / (n + .5))` for n of N passages (as in Lucene)."""
    return np.log(1 + (passages - document_frequency + 0.5) / (document_frequency + 0.5))


def weight(times: Any, length: Any) -> Any:
    """The BM25 term weight in [0, 1): `times` occurrences in a passage of `length` times the mean length."""
    return times / (times + K1 * (1 - B + B * length))


class Bm25:
    """BM25 of the passages for the words of a question; safe for threads.

    Lookups raise DamagedIndex if an altered file refers to missing entries.
    """

    def __init__(self, parts: Mapping[str, npt.NDArray[Any]]) -> None:
        self._words = parts["words"].data
        self._starts, self._first = parts["starts"], parts["first"]
        self._rows, self._impacts, self._most = parts["rows"], parts["impacts"], parts["most"]
        self.passages = int(parts["passages"][0])
        self.row_of = lru_cache(maxsize=_CACHED_WORDS)(partial(_row_of, self._words, self._starts))

    @classmethod
    def read(cls, folder: Path) -> "Bm25":
        """The BM25 index in a folder, memory-mapped. Raises ValueError if its files do not fit each other."""
        parts = {name: mapped(folder / f"{name}.npy") for name in DTYPES}
        typed = all(part.dtype == DTYPES[name] and part.ndim == 1 for name, part in parts.items())
        if not typed or not _fit(parts):
            raise ValueError(f"the parts of {folder} do not fit each other")
        return cls(parts)

    def beginning(self, letter: str) -> list[str]:
        """The words that begin with this letter, in order."""
        raw = letter.encode("utf-8", "surrogatepass")

        def beginning(row: int) -> bytes:
            return _raw(self._words, self._starts, row)[: len(raw)]

        first = bisect_left(range(len(self._most)), raw, key=beginning)
        end = bisect_right(range(len(self._most)), raw, first, key=beginning)
        if first == end:
            return []
        with _reporting_damage():
            return bytes(self._words[self._starts[first] : self._starts[end] - 1]).decode().split("\n")

    def document_frequencies(self, words: Collection[str]) -> dict[str, int]:
        """The document frequency of each word; words without any passage are left out."""
        rows = {word: row for word in words if (row := self.row_of(word)) is not None}
        return {word: int(self._first[row + 1] - self._first[row]) for word, row in rows.items()}

    def passages_with(self, word: str) -> Rows:
        """The rows of the passages that contain a word, in order."""
        with _reporting_damage():
            return self._checked(np.concatenate([self._rows[:0], *(words.rows for words in self._lists([word]))]))

    def best(self, tokens: Sequence[str], limit: int, allowed: Mask | None = None) -> Rows:
        """The rows of the `limit` passages with the highest scores above 0, best first, ties by row.

        `allowed` restricts the passages; it has one value a passage.
        """
        with _reporting_damage():
            rows = self._checked(contenders(self._lists(tokens), limit, self.passages, allowed))
        scores = self.scores(tokens, rows)
        order = np.lexsort((rows, -scores))[:limit]
        return rows[order[scores[order] > 0]]

    def _checked(self, rows: Rows) -> Rows:
        if len(rows) and not 0 <= rows[0] <= rows[-1] < self.passages:
            raise IndexError(f"there are {self.passages} passages, but not {rows[0]} and {rows[-1]}")
        return rows

    def scores(self, tokens: Sequence[str], rows: npt.ArrayLike) -> Scores:
        """The scores of the passages in these rows, 0 if no word matches; repeated tokens count repeatedly."""
        passages = np.asarray(rows, np.int64)
        total = np.zeros(len(passages))
        with _reporting_damage():
            for words in self._lists(tokens):
                total += words.at(passages)
        return total.astype(np.float32)

    def _lists(self, tokens: Sequence[str]) -> list[WordList]:
        """The postings of each known word, in order of the words' rows."""
        times = Counter(row for token in tokens if (row := self.row_of(token)) is not None)
        spans = {row: slice(int(self._first[row]), int(self._first[row + 1])) for row in sorted(times)}
        return [
            WordList(self._rows[span], self._impacts[span], float(self._most[row]), times[row])
            for row, span in spans.items()
        ]


def _row_of(words: memoryview, starts: npt.NDArray[np.int64], word: str) -> int | None:
    """The row of a word, or None if no passage has it. A method would keep an old build alive in the cache."""
    raw, count = word.encode("utf-8", "surrogatepass"), len(starts) - 1
    row = bisect_left(range(count), raw, key=lambda row: _raw(words, starts, row))
    return row if row < count and _raw(words, starts, row) == raw else None


def _raw(words: memoryview, starts: npt.NDArray[np.int64], row: int) -> bytes:
    return bytes(words[starts[row] : starts[row + 1] - 1])


def _fit(parts: Mapping[str, npt.NDArray[Any]]) -> bool:
    """Whether every word has letters, at least one posting and a greatest impact."""
    words, postings = len(parts["most"]), len(parts["rows"])
    sizes = [len(parts[name]) for name in ("starts", "first", "impacts", "passages")]
    if sizes != [words + 1, words + 1, postings, 1] or parts["passages"][0] < 0:
        return False
    ends = ((parts["starts"], len(parts["words"])), (parts["first"], postings))
    return all(starts[0] == 0 and starts[-1] == end and bool((starts[1:] > starts[:-1]).all()) for starts, end in ends)


@contextmanager
def _reporting_damage() -> Iterator[None]:
    try:
        yield
    except (IndexError, ValueError) as error:
        raise DamagedIndex(f"the keywords of the index are damaged ({error}). {REBUILD} --force") from error

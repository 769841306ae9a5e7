"""Writer of the BM25 index in bounded memory.

The tokens of all passages are spilled, sorted in runs by word and passage, and the runs merged a
range of words at a time. In memory are one run, the vocabulary and one length a passage.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from index.arrays import ArrayFile
from index.keywords.bm25 import DTYPES, idf, weight

_RUN = 1 << 21  # tokens, or postings, in memory at once
_ROW = (1 << 32) - 1  # the bits of a key for the passage's row; the bits above hold the word's row

Numbers = npt.NDArray[np.int64]


def write_keywords(passages: Iterable[Sequence[str]], folder: Path, run: int = _RUN) -> dict[str, int]:
    """Write the BM25 index of tokenised passages into a new folder; returns the row of every word.

    Words are sorted, so equal passages give equal files. At most `run` tokens, or the postings
    of one word, are in memory at once.
    """
    folder.mkdir()
    with TemporaryDirectory(dir=folder) as scratch:
        spilled = Path(scratch, "tokens.npy")
        lengths, numbers = _spill(passages, spilled)
        words = sorted(numbers)  # by code point, which is the order of their UTF-8
        rows = {word: row for row, word in enumerate(words)}
        sorted_as = np.fromiter((rows[word] for word in numbers), np.int32, len(rows))
        runs, document_frequencies = _sort(spilled, lengths, sorted_as, run)
        first = _starts(document_frequencies)
        _write_words(words, folder)
        _write("first", first, folder)
        _write("passages", [len(lengths)], folder)
        _write_lists(runs, first, lengths, folder, run)
    return rows


def _spill(passages: Iterable[Sequence[str]], spilled: Path) -> tuple[Numbers, dict[str, int]]:
    """Write the numbers of all tokens; returns the length of each passage and the number of each word."""
    numbers: dict[str, int] = {}
    lengths = array("q")
    with ArrayFile(spilled, np.int32) as file:
        for tokens in passages:
            file.add(array("i", [numbers.setdefault(token, len(numbers)) for token in tokens]))
            lengths.append(len(tokens))
    return np.array(lengths, np.int64), numbers


def _sort(spilled: Path, lengths: Numbers, sorted_as: npt.NDArray[np.int32], run: int) -> tuple[list[Path], Numbers]:
    """Files of postings in order of word and row, and the document frequency of each word."""
    first = _starts(lengths)
    document_frequencies = np.zeros(len(sorted_as), np.int64)
    files: list[Path] = []
    for start, end in _pieces(first, run):
        tokens = np.load(spilled, mmap_mode="r")[first[start] : first[end]]  # mapped anew to release old pages
        words = sorted_as[tokens].astype(np.int64)
        rows = np.repeat(np.arange(start, end), lengths[start:end])
        keys, times = np.unique(words << 32 | rows, return_counts=True)
        document_frequencies += np.bincount(keys >> 32, minlength=len(document_frequencies))
        files.append(spilled.with_name(f"{len(files)}.npy"))
        with ArrayFile(files[-1], np.int64) as file:
            file.add(keys)
            file.add(times)
    return files, document_frequencies


def _write_lists(runs: Sequence[Path], first: Numbers, lengths: Numbers, folder: Path, run: int) -> None:
    """Write the postings of each word with their impacts, and the greatest impact."""
    counted = np.maximum(lengths, 1)  # an empty passage counts as one word
    mean = counted.mean() if len(counted) else 1.0
    with _file("rows", folder) as rows, _file("impacts", folder) as impacts, _file("most", folder) as most:
        for start, end in _pieces(first, run):
            keys, times = _merged(runs, start, end)
            passages = keys & _ROW
            document_frequencies = np.diff(first[start : end + 1])
            idfs = np.repeat(idf(len(lengths), document_frequencies), document_frequencies)
            scores = (idfs * weight(times, counted[passages] / mean)).astype(np.float32)
            rows.add(passages)
            impacts.add(scores)
            most.add(np.maximum.reduceat(scores, first[start:end] - first[start]))


def _merged(runs: Sequence[Path], start: int, end: int) -> tuple[Numbers, Numbers]:
    """The merged postings of the words `start` to `end`: keys in order, and their counts."""
    parts = []
    for path in runs:
        keys, times = np.load(path, mmap_mode="r").reshape(2, -1)
        span = slice(*np.searchsorted(keys, [start << 32, end << 32]))
        parts.append((keys[span], times[span]))
    keys, times = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(keys, kind="stable")  # fast on runs that are sorted already
    return keys[order], times[order]


def _write_words(words: Sequence[str], folder: Path) -> None:
    lines = [f"{word}\n".encode() for word in words]
    _write("starts", _starts(np.fromiter(map(len, lines), np.int64, len(lines))), folder)
    _write("words", np.frombuffer(b"".join(lines), np.uint8), folder)


def _write(name: str, values: npt.ArrayLike, folder: Path) -> None:
    with _file(name, folder) as file:
        file.add(values)


def _file(name: str, folder: Path) -> ArrayFile:
    return ArrayFile(folder / f"{name}.npy", DTYPES[name])


def _starts(counts: Numbers) -> Numbers:
    """Start offsets of consecutive items with these lengths, followed by the end offset (CSR `indptr`)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _pieces(first: Numbers, most: int) -> Iterator[tuple[int, int]]:
    """Split the items at `first` into runs of at most `most` entries; a larger item is a run of its own."""
    start = 0
    while start < len(first) - 1:
        end = max(start + 1, int(np.searchsorted(first, first[start] + most, side="right")) - 1)
        yield start, end
        start = end

"""The keyword leg on disk, written in bounded memory.

The tokens of all passages are spilled, sorted in runs by word and passage, and the runs merged a
range of words at a time. In memory are one run, the vocabulary and one length a passage.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from index.arrays import ArrayFile
from index.keywords.bm25 import DTYPES, idf, weight

_RUN = 1 << 21  # tokens, or postings, that are in memory at once
_ROW = (1 << 32) - 1  # the bits of a key that hold the row of a passage; those above hold that of the word

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Spilled:
    """Passages as the numbers of their tokens, in a file, one passage after another."""

    tokens: Path
    lengths: Numbers  # one a passage
    numbers: dict[str, int]  # of every word, in order of appearance


def write_keywords(passages: Iterable[Sequence[str]], folder: Path, run: int = _RUN) -> dict[str, int]:
    """Write the keyword leg of passages, given as their tokens, into a new folder; the row of every word.

    Words are sorted, so that equal passages make equal files. At most `run` tokens, or the postings
    of one word, are in memory at once.
    """
    folder.mkdir()
    with TemporaryDirectory(dir=folder) as place:
        spilled = _spill(passages, Path(place), run)
        words = sorted(spilled.numbers)  # by code point, which is the order of their UTF-8
        rows = {word: row for row, word in enumerate(words)}
        sorted_as = np.fromiter((rows[word] for word in spilled.numbers), np.int32, len(rows))
        runs, having = _sort(spilled, sorted_as, run)
        first = _starts(having)
        _write_words(words, folder)
        _write("first", first, folder)
        _write("passages", [len(spilled.lengths)], folder)
        _write_lists(runs, first, spilled.lengths, folder, run)
    return rows


def _spill(passages: Iterable[Sequence[str]], place: Path, run: int) -> _Spilled:
    numbers: dict[str, int] = {}
    lengths, waiting = array("i"), array("i")
    path = place / "tokens.npy"
    with ArrayFile(path, np.int32) as file:
        for tokens in passages:
            waiting.extend([numbers.setdefault(token, len(numbers)) for token in tokens])
            lengths.append(len(tokens))
            if len(waiting) >= run:
                file.add(waiting)
                waiting = array("i")
        file.add(waiting)
    return _Spilled(path, np.array(lengths, np.int64), numbers)


def _sort(spilled: _Spilled, sorted_as: npt.NDArray[np.int32], run: int) -> tuple[list[Path], Numbers]:
    """Files of postings in order of word and row, and how many passages have each word."""
    first = _starts(spilled.lengths)
    having = np.zeros(len(sorted_as), np.int64)
    files: list[Path] = []
    for start, end in _pieces(first, run):
        tokens = np.load(spilled.tokens, mmap_mode="r")[first[start] : first[end]]  # mapped anew: old pages are let go
        words = sorted_as[tokens].astype(np.int64)
        rows = np.repeat(np.arange(start, end), spilled.lengths[start:end])
        keys, times = np.unique(words << 32 | rows, return_counts=True)
        having += np.bincount(keys >> 32, minlength=len(having))
        files.append(spilled.tokens.with_name(f"{len(files)}.npy"))
        with ArrayFile(files[-1], np.int64) as file:
            file.add(keys)
            file.add(times)
    return files, having


def _write_lists(runs: Sequence[Path], first: Numbers, lengths: Numbers, folder: Path, run: int) -> None:
    """Write where each word stands, with its part of the score there and the greatest of these."""
    counted = np.maximum(lengths, 1)  # a passage without words counts as one
    mean = counted.mean() if len(counted) else 1.0
    with _file("rows", folder) as rows, _file("impacts", folder) as impacts, _file("most", folder) as most:
        for start, end in _pieces(first, run):
            keys, times = _merged(runs, start, end)
            here = keys & _ROW
            telling = np.repeat(idf(len(lengths), np.diff(first[start : end + 1])), np.diff(first[start : end + 1]))
            parts = (telling * weight(times, counted[here] / mean)).astype(np.float32)
            rows.add(here)
            impacts.add(parts)
            most.add(np.maximum.reduceat(parts, first[start:end] - first[start]))


def _merged(runs: Sequence[Path], start: int, end: int) -> tuple[Numbers, Numbers]:
    """The postings of the words `start` to `end` of all runs as one: keys in order, and times."""
    found = []
    for path in runs:
        keys, times = np.load(path, mmap_mode="r").reshape(2, -1)
        own = slice(*np.searchsorted(keys, [start << 32, end << 32]))
        found.append((keys[own], times[own]))
    keys, times = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(keys, kind="stable")  # quick on what is sorted in parts
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
    """Where each of things of these lengths begins that stand one after another, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _pieces(first: Numbers, most: int) -> Iterator[tuple[int, int]]:
    """Neighbouring things, of which each begins at `first`, in pieces of at most so many entries, or one thing."""
    start = 0
    while start < len(first) - 1:
        end = max(start + 1, int(np.searchsorted(first, first[start] + most, side="right")) - 1)
        yield start, end
        start = end

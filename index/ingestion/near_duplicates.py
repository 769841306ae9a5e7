"""Articles that say the same: equal texts, and texts that share most of their runs of characters."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import regex

NEAR = 0.8  # share of two texts' runs that they have in common, from which they are called near
_RUN = 12  # letters and digits
_SKETCH = 200  # runs of a text that are compared: those with the smallest hashes
_MOST_TWINS = 20  # texts looked at for one hash, so that a thousand copies cost no more than twenty
_UNSPOKEN = regex.compile(r"[^\p{L}\p{N}]+")

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Twin:
    """Another text that says the same; `similarity` is 1 where their letters and digits are equal."""

    row: int
    similarity: float


def twins(texts: Sequence[str]) -> list[Twin | None]:
    """For each text the one that is most like it, or None where none is near.

    The similarity of texts that are not equal is the Jaccard index of their runs, estimated from
    bottom-k sketches (Cohen and Kaplan, 2007): about 0.03 off at 0.8.
    """
    spoken = [_spoken(text) for text in texts]
    sketches = [_sketch(text) for text in spoken]
    holders: dict[int, list[int]] = {}
    found: list[Twin | None] = [None] * len(texts)
    for row, sketch in enumerate(sketches):
        shared = Counter(other for key in sketch.tolist() for other in holders.get(key, ()))
        for other, count in shared.items():
            if count < NEAR / 2 * len(sketch):
                continue
            similarity = 1.0 if spoken[row] == spoken[other] else min(_similarity(sketch, sketches[other]), 0.99)
            _note(found, row, other, similarity)
            _note(found, other, row, similarity)
        for key in sketch.tolist():
            if len(own := holders.setdefault(key, [])) < _MOST_TWINS:
                own.append(row)
    return found


def _note(found: list[Twin | None], row: int, other: int, similarity: float) -> None:
    best = found[row]
    if similarity >= NEAR and (best is None or similarity > best.similarity):
        found[row] = Twin(other, round(similarity, 2))


def _spoken(text: str) -> str:
    return _UNSPOKEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def _sketch(text: str) -> Hashes:
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    runs = max(len(codes) - _RUN + 1, 1)
    codes = np.pad(codes, (0, max(0, _RUN - len(codes))))
    hashes = np.zeros(runs, np.uint64)
    for offset in range(_RUN):  # a polynomial in a large odd number, modulo 2**64
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + runs]
    hashes = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.unique(hashes ^ (hashes >> np.uint64(32)))[:_SKETCH]


def _similarity(one: Hashes, other: Hashes) -> float:
    smallest = np.union1d(one, other)[:_SKETCH]
    return float(np.isin(smallest, one, assume_unique=True)[np.isin(smallest, other, assume_unique=True)].sum()) / len(
        smallest
    )

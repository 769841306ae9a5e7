"""Near-duplicates: texts that are equal or share most of their character n-grams."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import regex

NEAR = 0.8  # least similarity of near-duplicates
_NGRAM = 12  # letters and digits
_SKETCH = 200  # n-grams of a text that are compared: the smallest hashes
_LOOKED_UP = 50  # of those, by which texts to compare are found: near-duplicates share four of five
_MOST_TEXTS = 20  # texts compared for one hash, so that a thousand copies cost no more than twenty
_PUNCTUATION = regex.compile(r"[^\p{L}\p{N}]+")

Hashes = npt.NDArray[np.uint64]


NearDuplicate: TypeAlias = tuple[int, float]
"""The row of a near-duplicate, and its similarity: 1 if all letters and digits are equal."""


def near_duplicates(texts: Sequence[str]) -> list[NearDuplicate | None]:
    """The most similar near-duplicate of each text, or None.

    The similarity of unequal texts is the Jaccard index of their n-grams, estimated from bottom-k
    sketches (Cohen and Kaplan, 2007) with an error of about 0.03 at 0.8.
    """
    folded = [_folded(text) for text in texts]
    sketches = [_sketch(text) for text in folded]
    holders: dict[int, list[int]] = {}
    best: list[NearDuplicate | None] = [None] * len(texts)
    for row, sketch in enumerate(sketches):
        keys = sketch[:_LOOKED_UP].tolist()
        shared = Counter(other for key in keys for other in holders.get(key, ()))
        for other, count in shared.items():
            if count < NEAR / 2 * len(keys):
                continue
            similarity = 1.0 if folded[row] == folded[other] else min(_similarity(sketch, sketches[other]), 0.99)
            for one, duplicate in ((row, other), (other, row)):
                so_far = best[one]
                if similarity >= NEAR and (so_far is None or similarity > so_far[1]):
                    best[one] = duplicate, round(similarity, 2)
        for key in keys:
            if len(rows := holders.setdefault(key, [])) < _MOST_TEXTS:
                rows.append(row)
    return best


def _folded(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def _sketch(text: str) -> Hashes:
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    ngrams = max(len(codes) - _NGRAM + 1, 1)
    codes = np.pad(codes, (0, max(0, _NGRAM - len(codes))))
    hashes = np.zeros(ngrams, np.uint64)
    for offset in range(_NGRAM):  # a polynomial in a large odd number, modulo 2**64
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + ngrams]
    hashes = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.unique(hashes ^ (hashes >> np.uint64(32)))[:_SKETCH]


def _similarity(one: Hashes, other: Hashes) -> float:
    smallest = np.union1d(one, other)[:_SKETCH]
    shared = np.isin(smallest, one, assume_unique=True) & np.isin(smallest, other, assume_unique=True)
    return float(shared.mean())

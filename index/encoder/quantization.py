"""Quantisation of vectors to 8 bits, each with its scale."""

import numpy as np

from index.arrays import Bytes, Scales, Vectors

_MOST = 127


def in_bytes(vectors: Vectors) -> tuple[Bytes, Scales]:
    """The vectors as int8 rows and their scales: a vector is its row times its scale."""
    most = np.abs(vectors).max(axis=1, initial=0)
    scales = np.where(most > 0, most, 1).astype(np.float32) / np.float32(_MOST)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales

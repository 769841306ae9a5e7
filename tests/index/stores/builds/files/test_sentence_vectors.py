"""Vectors of sentences in 8 bits: how near they stay, how they are written, and what does not fit."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Vectors
from index.encoder.pooling import in_bytes
from index.stores.builds.files.sentence_vectors import (
    SENTENCE_SCALES,
    SENTENCE_VECTORS,
    SentenceVectors,
    sentence_files,
)


def unit(count: int, width: int, seed: int, outlier: float = 0.0) -> Vectors:
    """Unit vectors; the first number of each is moved by `outlier` standard deviations."""
    vectors = np.random.default_rng(seed).standard_normal((count, width))
    vectors[:, 0] += outlier
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


def written(vectors: Vectors, folder: Path) -> SentenceVectors:
    rows_file, scales_file = sentence_files(folder, vectors.shape[1])
    with rows_file, scales_file:
        for start in range(0, len(vectors), 3):
            rows, scales = in_bytes(vectors[start : start + 3])
            rows_file.add(rows)
            scales_file.add(scales)
    return SentenceVectors.read(folder)


@settings(max_examples=60)
@given(st.integers(1, 60), st.sampled_from([64, 384, 768]), st.integers(0, 99), st.sampled_from([0.0, 5.0, -8.0]))
def test_a_cosine_is_within_004(
    tmp_path_factory: pytest.TempPathFactory, count: int, width: int, seed: int, outlier: float
) -> None:
    vectors, question = unit(count, width, seed, outlier), unit(1, width, seed + 100, outlier)[0]
    rows = np.random.default_rng(seed).integers(0, count, 2 * count)

    found = written(vectors, tmp_path_factory.mktemp("sentences")).cosines(rows, question[None])[0]

    assert str(found.dtype) == "float32"
    assert np.abs(found - vectors[rows] @ question).max() < 0.004


def test_rows_are_whole_numbers_times_a_scale(tmp_path: Path) -> None:
    rows, scales = in_bytes(np.array([[1, -0.5, 0.25], [0, 0, 0], [1e-3, -2e-3, 0]], np.float32))

    assert rows.tolist() == [[127, -64, 32], [0, 0, 0], [64, -127, 0]]
    assert scales.tolist() == pytest.approx([1 / 127, 1 / 127, 2e-3 / 127])


def test_what_is_written_in_pieces_is_read_by_numpy_too(tmp_path: Path) -> None:
    vectors = unit(20, 8, seed=1)
    read = written(vectors, tmp_path)

    rows, scales = in_bytes(vectors)
    assert (len(read), read.dimension) == (20, 8)
    assert np.load(tmp_path / SENTENCE_VECTORS).tolist() == rows.tolist()
    assert np.load(tmp_path / SENTENCE_SCALES).tolist() == scales.tolist()


def test_no_rows_have_no_cosines(tmp_path: Path) -> None:
    found = written(unit(2, 8, seed=1), tmp_path).cosines(np.array([], np.int64), unit(1, 8, seed=2))
    assert found.tolist() == [[]]


@pytest.mark.parametrize(
    ("name", "array"),
    [
        (SENTENCE_VECTORS, np.zeros((3, 8), np.int8)),
        (SENTENCE_VECTORS, np.zeros((4, 8), np.uint8)),
        (SENTENCE_VECTORS, np.zeros(4, np.int8)),
        (SENTENCE_SCALES, np.zeros(3, np.float32)),
        (SENTENCE_SCALES, np.zeros(4, np.float64)),
        (SENTENCE_SCALES, np.zeros((4, 1), np.float32)),
    ],
)
def test_parts_that_do_not_fit_are_refused(name: str, array: Vectors, tmp_path: Path) -> None:
    written(unit(4, 8, seed=1), tmp_path)
    (tmp_path / name).unlink()
    np.save(tmp_path / name, array)

    with pytest.raises(ValueError, match=r"sentence_scales\.npy does not fit sentence_vectors\.npy"):
        SentenceVectors.read(tmp_path)

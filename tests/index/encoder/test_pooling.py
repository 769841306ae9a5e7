"""Token states to unit vectors, by hand."""

import numpy as np
import pytest

from index.encoder.pooling import cosine_parts, mean_state, sentence_means, unit

STATES = np.array([[9, 9], [1, 0], [3, 2], [0, 4], [9, 9]], np.float32)
OFFSETS = np.array([[0, 0], [0, 3], [4, 7], [8, 11], [0, 0]], np.int64)


def test_rows_get_length_1_and_a_row_of_zeros_stays() -> None:
    vectors = unit(np.array([[3, 4], [0, 0], [0, -2]], np.float64))

    assert vectors.dtype == np.float32
    assert vectors.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 0], [0, -1]]


def test_the_mean_of_no_states_is_zeros() -> None:
    assert mean_state(STATES[:3]).tolist() == [pytest.approx(13 / 3), pytest.approx(11 / 3)]
    assert mean_state(STATES[:0]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("span", "mean"),
    [
        ((0, 7), [2, 1]),
        ((8, 11), [0, 4]),
        ((3, 11), [1.5, 3]),
        ((0, 6), [1, 0]),  # a token that reaches beyond the sentence is none of it
        ((5, 6), [7, 7]),
        ((0, 0), [7, 7]),  # the markers of beginning and end lie nowhere
    ],
)
def test_a_sentence_is_the_mean_of_the_states_inside_it_else_that_of_all(
    span: tuple[int, int], mean: list[float]
) -> None:
    (found,) = sentence_means(STATES, OFFSETS, [span], np.array([7, 7], np.float32))

    assert found.tolist() == mean


def test_parts_sum_to_the_cosine_with_the_mean() -> None:
    question = np.array([0.6, 0.8], np.float32)
    parts = cosine_parts(STATES, OFFSETS, question)

    mean = STATES.mean(axis=0)
    assert [span for span, _ in parts] == [(0, 0), (0, 3), (4, 7), (8, 11), (0, 0)]
    assert sum(part for _, part in parts) == pytest.approx(float(mean @ question / np.linalg.norm(mean)), abs=1e-7)
    assert parts[1][1] == pytest.approx(0.6 / (5 * float(np.linalg.norm(mean))), abs=1e-7)

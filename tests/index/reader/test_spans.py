"""The best span by the logits of its first and last token."""

import numpy as np
import pytest

from index.reader.spans import best_tokens


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ([1, 5, 0], [0, 2, 4], (9, (1, 2))),
        ([1, 5, 0], [9, 2, 4], (10, (0, 0))),  # an end before its start is no span
        ([3], [4], (7, (0, 0))),
    ],
)
def test_the_best_span_begins_before_it_ends(
    starts: list[float], ends: list[float], expected: tuple[float, tuple[int, int]]
) -> None:
    assert best_tokens(np.array(starts, np.float32), np.array(ends, np.float32)) == expected


def test_an_answer_has_at_most_forty_tokens() -> None:
    starts, ends = np.zeros(60, np.float32), np.zeros(60, np.float32)
    starts[0], ends[59], ends[39] = 5, 5, 1

    assert best_tokens(starts, ends) == (6, (0, 39))

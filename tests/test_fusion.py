"""Scaled scores against numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusion import Scores, Weights, fuse, scale


def _scores(*values: float) -> Scores:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("scores", "scaled"),
    [
        ((1.0, 3.0, 2.0), [0.0, 1.0, 0.5]),
        ((-0.5, 0.5, 0.0, 0.25), [0.0, 1.0, 0.5, 0.75]),
        ((7.0, 7.0, 7.0), [0.0, 0.0, 0.0]),
        ((0.0, 0.0), [0.0, 0.0]),
        ((4.0,), [0.0]),
    ],
)
def test_scores_are_moved_to_the_range_from_0_to_1_and_equal_scores_to_0(
    scores: tuple[float, ...], scaled: list[float]
) -> None:
    assert scale(_scores(*scores)).tolist() == scaled


def test_the_shares_are_those_that_were_measured() -> None:
    assert Weights() == Weights(passage=0.3, sentence=0.3, bm25=0.4)


def test_three_signals_are_summed_by_their_shares() -> None:
    passage = _scores(0.2, 0.6, 0.4)  # scaled: 0, 1, .5
    sentence = _scores(0.9, 0.1, 0.3)  # scaled: 1, 0, .25
    bm25 = _scores(0.0, 4.0, 8.0)  # scaled: 0, .5, 1

    fused = fuse(passage, sentence, bm25, Weights(0.2, 0.3, 0.5))

    # .2*0 + .3*1 + .5*0, .2*1 + .3*0 + .5*.5, .2*.5 + .3*.25 + .5*1
    assert fused == pytest.approx([0.3, 0.45, 0.675], abs=1e-6)
    assert fused.dtype == np.float32


def test_a_signal_that_is_alike_for_all_candidates_adds_nothing() -> None:
    fused = fuse(_scores(0.7, 0.7), _scores(0.1, 0.2), _scores(0.0, 0.0), Weights(0.3, 0.3, 0.4))

    assert fused == pytest.approx([0.0, 0.3], abs=1e-6)


_signal = st.floats(-1, 50, width=16)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.tuples(_signal, _signal, _signal), min_size=1, max_size=20))
def test_a_fused_score_lies_between_0_and_1_and_a_better_signal_never_lowers_it(
    signals: list[tuple[float, float, float]],
) -> None:
    passage, sentence, bm25 = (np.array(column, np.float32) for column in zip(*signals, strict=True))
    fused = fuse(passage, sentence, bm25, Weights())

    assert ((fused >= 0) & (fused <= 1 + 1e-6)).all()
    for better in range(len(signals)):
        for worse in range(len(signals)):
            if all(x >= y for x, y in zip(signals[better], signals[worse], strict=True)):
                assert fused[better] >= fused[worse] - 1e-6

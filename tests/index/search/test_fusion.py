"""Fused scores against numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Scores
from index.search.fusion import WEIGHTINGS, Weights, fuse, reciprocal_ranks, scale, scaled_sum
from index.search.questions.query import Signals


def _scores(*values: float) -> Scores:
    return np.array(values, np.float32)


# Three passages of two, one and two sentences.
FOUND = Signals(
    passages=_scores(0.2, 0.6, 0.4),
    sentences=_scores(0.9, 0.1, 0.3, -0.2, 0.5),
    words=_scores(0.0, 1.0, 0.5, 0.25, 0.0),
    first=np.array([0, 2, 3]),
    bm25=_scores(0.0, 0.25, 0.5),
)


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


def test_the_weights_are_those_that_were_measured() -> None:
    assert Weights() == Weights(passage=0.5, sentence=1.0, words=0.5, bm25=1.0)
    assert Weights().total == 3.0


def test_the_best_sentence_is_that_of_each_passage() -> None:
    assert FOUND.best(FOUND.sentences) == pytest.approx([0.9, 0.3, 0.5])
    assert FOUND.best(FOUND.words) == pytest.approx([1.0, 0.5, 0.25])


def test_signals_are_summed_on_their_own_scales() -> None:
    fused = fuse(FOUND, Weights(0.5, 1.0, 0.5, 2.0))

    # Sentences with their words: .9 or .6; .55; -.075 or .5. Half the passage's cosine and twice BM25 beside it.
    expected = [0.5 * 0.2 + 0.9 + 2 * 0, 0.5 * 0.6 + 0.55 + 2 * 0.25, 0.5 * 0.4 + 0.5 + 2 * 0.5]
    assert fused == pytest.approx([each / 4 for each in expected])
    assert fused.dtype == np.float32


def test_a_sentence_counts_by_meaning_and_words_together() -> None:
    # The first sentence is nearest in meaning and the second holds the words: neither alone makes the sum of both.
    fused = fuse(FOUND, Weights(0, 1, 1, 0))

    assert fused[0] == pytest.approx((0.1 + 1.0) / 2)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (0.0, [0.0, 0.25, 0.5]),
        (0.5, [0.5 * 0.5 * 0.2 + 0.5 * 0.9, 0.5 * 0.5 * 0.6 + 0.5 * 0.55 + 0.25, 0.5 * 0.5 * 0.4 + 0.5 * 0.5 + 0.5]),
    ],
)
def test_what_the_encoder_reads_counts_as_far_as_it_knows_it(known: float, expected: list[float]) -> None:
    assert fuse(replace(FOUND, vocabulary_coverage=known), Weights()) == pytest.approx([each / 3 for each in expected])


def test_of_a_long_question_the_words_count_more_and_meaning_does_not() -> None:
    fused = fuse(replace(FOUND, length_factor=2.0), Weights())

    # Words twice: .9 or .1 + 1; .3 + .5; -.2 + .25 or .5; BM25 twice.
    expected = [0.1 + 1.1 + 0.0, 0.3 + 0.8 + 0.5, 0.2 + 0.5 + 1.0]
    assert fused == pytest.approx([each / 3 for each in expected])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dense", [0.2, 0.6, 0.4]),
        ("bm25", [0.0, 0.25, 0.5]),
        ("dense+bm25", [0.1, 0.425, 0.45]),
    ],
)
def test_rankings_by_name_use_the_signals_that_they_name(name: str, expected: list[float]) -> None:
    assert fuse(FOUND, WEIGHTINGS[name]) == pytest.approx(expected)


def test_the_scaled_sum_is_relative_to_the_candidates() -> None:
    # Passages 0, 1, .5; best sentences .9, .3, .5 become 1, 0, 1/3; BM25 0, .5, 1.
    expected = [0.3, 0.2 + 0.25, 0.1 + 0.1 + 0.5]
    assert scaled_sum(FOUND, Weights(0.2, 0.3, 0, 0.5)) == pytest.approx(expected)


def test_reciprocal_ranks_give_nothing_for_what_the_keyword_leg_did_not_match() -> None:
    # Ranks of passages 3, 1, 2; of best sentences 1, 3, 2; of BM25 none, 2, 1.
    expected = [1 / 63 + 1 / 61, 1 / 61 + 1 / 63 + 1 / 62, 1 / 62 + 1 / 62 + 1 / 61]
    assert reciprocal_ranks(FOUND, Weights()) == pytest.approx(expected)
    assert reciprocal_ranks(FOUND, WEIGHTINGS["bm25"]) == pytest.approx([0, 1 / 62, 1 / 61])


_cosine, _share = st.floats(-1, 1, width=16), st.floats(0, 1, width=16)
_passages = st.lists(
    st.tuples(_cosine, st.lists(st.tuples(_cosine, _share), min_size=1, max_size=4), _share), min_size=1, max_size=8
)


def _measured(passages: list[tuple[float, list[tuple[float, float]], float]], known: float, stretch: float) -> Signals:
    counts = [len(sentences) for _, sentences, _ in passages]
    flat = [pair for _, sentences, _ in passages for pair in sentences]
    return Signals(
        passages=_scores(*(cosine for cosine, _, _ in passages)),
        sentences=_scores(*(cosine for cosine, _ in flat)),
        words=_scores(*(share for _, share in flat)),
        first=np.cumsum([0, *counts[:-1]]),
        bm25=_scores(*(share for _, _, share in passages)),
        vocabulary_coverage=known,
        length_factor=stretch,
    )


@settings(max_examples=200)
@given(_passages, _share, st.floats(1, 4), st.floats(0, 1), st.data())
def test_a_better_signal_never_lowers_a_score_and_moves_no_other(
    passages: list[tuple[float, list[tuple[float, float]], float]],
    known: float,
    stretch: float,
    gain: float,
    data: st.DataObject,
) -> None:
    found = _measured(passages, known, stretch)
    before = fuse(found, Weights())
    name = data.draw(st.sampled_from(["passages", "sentences", "words", "bm25"]))
    values = getattr(found, name).copy()
    place = data.draw(st.integers(0, len(values) - 1))
    values[place] += gain
    owner = int(np.searchsorted(found.first, place, "right")) - 1 if name in ("sentences", "words") else place
    after = fuse(replace(found, **{name: values}), Weights())

    assert after[owner] >= before[owner] - 1e-6
    assert np.delete(after, owner).tolist() == np.delete(before, owner).tolist()


@settings(max_examples=200)
@given(_passages, _share)
def test_a_score_of_a_usual_question_lies_between_the_lowest_cosine_and_1(
    passages: list[tuple[float, list[tuple[float, float]], float]], known: float
) -> None:
    fused = fuse(_measured(passages, known, 1.0), Weights())

    assert ((fused >= -0.5 - 1e-6) & (fused <= 1 + 1e-6)).all()  # of the weights, 1.5 of 3 are those of cosines


@settings(max_examples=200)
@given(_passages, st.floats(1, 4))
def test_a_question_that_the_encoder_cannot_read_is_ordered_by_bm25(
    passages: list[tuple[float, list[tuple[float, float]], float]], stretch: float
) -> None:
    found = _measured(passages, 0.0, stretch)

    order = np.argsort(-fuse(found, Weights()), kind="stable").tolist()
    assert order == np.argsort(-found.bm25, kind="stable").tolist()

"""Which passages can matter: never one too few, and of common words no more than need be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keywords.maxscore import WordList, contenders


def _list(impacts: dict[int, float], times: int = 1) -> WordList:
    values = np.array(list(impacts.values()), np.float32)
    return WordList(np.array(list(impacts), np.int32), values, float(values.max()), times)


@pytest.mark.parametrize(
    ("rows", "added"), [([0, 3, 9], [2.0, 0.0, 6.0]), ([9, 8, 5, 3], [6.0, 0.0, 4.0, 0.0]), ([], [])]
)
def test_a_word_is_looked_up_in_any_rows(rows: list[int], added: list[float]) -> None:
    word = _list({0: 1.0, 5: 2.0, 9: 3.0}, times=2)

    assert word.at(np.array(rows, np.int64)).tolist() == added
    assert word.greatest == 6.0


COMMON = 20_000
RARE = _list({7: 5.0, 11: 4.0, 400: 3.0})
OFTEN = _list({row: 0.5 + (row % 10) / 20 for row in range(COMMON)})


def test_passages_that_have_only_a_common_word_are_left_out_where_enough_have_a_rare_one() -> None:
    assert contenders([OFTEN, RARE], 2, COMMON, None).tolist() == [7, 11]
    assert contenders([OFTEN, RARE], 3, COMMON, None).tolist() == [7, 11, 400]


def test_where_too_few_have_a_rare_one_the_best_of_the_common_word_are_there() -> None:
    rows = contenders([OFTEN, RARE], 4, COMMON, None).tolist()

    assert rows[:3] == [7, 9, 11]
    assert set(rows) == {7, 11, 400, *range(9, COMMON, 10)}


def test_common_words_together_may_bring_a_passage_before_those_of_a_rare_one() -> None:
    rare = _list({1: 3.0, 3: 3.0})
    common = [_list(dict.fromkeys(range(0, COMMON, 2), 1.0)) for _ in range(4)]

    assert contenders([rare, *common], 2, COMMON, None).tolist() == list(range(0, COMMON, 2))


def test_a_rare_word_that_may_not_be_found_does_not_hide_the_common_one() -> None:
    allowed = np.ones(COMMON, np.bool_)
    allowed[[7, 11]] = False

    assert 9 in contenders([OFTEN, RARE], 2, COMMON, allowed)
    assert not {7, 11} & set(contenders([OFTEN, RARE], 2, COMMON, allowed).tolist())


def test_a_few_allowed_passages_are_all_contenders() -> None:
    allowed = np.zeros(COMMON, np.bool_)
    allowed[[3, 8]] = True

    assert contenders([OFTEN, RARE], 1, COMMON, allowed).tolist() == [3, 8]


@pytest.mark.parametrize(("lists", "limit"), [([], 5), ([RARE], 0)])
def test_of_no_words_or_for_no_places_there_are_none(lists: list[WordList], limit: int) -> None:
    assert contenders(lists, limit, COMMON, None).tolist() == []


def _patterned(step: int, offset: int, scale: float, kinds: int, times: int) -> WordList:
    rows = np.arange(offset, COMMON, step, dtype=np.int32)
    impacts = (scale * (1 + rows * 7 % kinds) / kinds).astype(np.float32)
    return WordList(rows, impacts, float(impacts.max()), times)


_lists = st.builds(
    _patterned,
    st.sampled_from([1, 2, 3, 50, 700, 6_000]),
    st.integers(0, 40),
    st.sampled_from([0.25, 0.5, 1.0, 3.0, 6.0]),
    st.integers(1, 30),
    st.integers(1, 2),
)


@settings(max_examples=120)
@given(st.lists(_lists, min_size=1, max_size=8), st.integers(1, 60), st.sampled_from([None, 2, 3, 5_000]))
def test_no_passage_above_the_last_of_the_best_is_left_out(
    lists: list[WordList], limit: int, every: int | None
) -> None:
    allowed = None if every is None else np.arange(COMMON) % every == 1
    sums = np.zeros(COMMON)
    for words in lists:
        sums[words.rows] += words.times * words.impacts.astype(np.float64)
    if allowed is not None:
        sums[~allowed] = 0
    best = np.lexsort((np.arange(COMMON), -sums))[:limit]

    found = contenders(lists, limit, COMMON, allowed)
    assert set(best[sums[best] > 0].tolist()) <= set(found.tolist())
    assert (np.diff(found) > 0).all()
    assert allowed is None or allowed[found].all()

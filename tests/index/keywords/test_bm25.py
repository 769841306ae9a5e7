"""BM25 against scores worked out by hand and those of a library, and what it makes of words that it does not know."""

import gc
import math
import weakref
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedIndex
from index.keywords.bm25 import DTYPES, Bm25
from index.keywords.postings import write_keywords
from tests.keywords import keywords_of, told

# Three passages of 3, 1 and 2 words: 2 on average.
PASSAGES = [["moon", "soil", "moon"], ["bee"], ["soil", "bee"]]
ALL = [0, 1, 2]

# The natural logarithms of 1 + 2.5 / 1.5 and of 1 + 1.5 / 2.5: a word in one and in two of three passages.
IDF_OF_ONE, IDF_OF_TWO = 0.980829, 0.470004


def _term(idf: float, times: int, length: float) -> float:
    """Robertson's weight of a word that a passage has so many `times`, with k1 = 1.2 and b = .75."""
    return idf * times / (times + 1.2 * (1 - 0.75 + 0.75 * length / 2))


def test_scores_are_those_of_the_formula() -> None:
    index = keywords_of(PASSAGES)

    assert index.scores(["moon"], ALL) == pytest.approx([0.537441, 0, 0], abs=1e-5)  # .980829 * 2 / (2 + 1.65)
    assert index.scores(["soil"], ALL) == pytest.approx([0.177360, 0, 0.213638], abs=1e-5)  # .470004 / 2.65, / 2.2
    assert index.scores(["bee", "moon"], ALL) == pytest.approx(
        [_term(IDF_OF_ONE, 2, 3), _term(IDF_OF_TWO, 1, 1), _term(IDF_OF_TWO, 1, 2)], abs=1e-5
    )
    assert index.scores(["moon"], ALL).dtype == np.float32


def test_any_rows_are_scored_in_the_order_given() -> None:
    index = keywords_of(PASSAGES)

    assert index.scores(["soil"], [2, 0, 2, 1]) == pytest.approx([0.213638, 0.177360, 0.213638, 0], abs=1e-5)
    assert index.scores(["soil"], []).tolist() == []


def test_a_word_asked_twice_counts_twice() -> None:
    index = keywords_of(PASSAGES)

    assert index.scores(["soil", "soil"], ALL) == pytest.approx([0.354720, 0, 0.427276], abs=1e-5)
    # Once, bee is as much as soil for the shorter passage; asked thrice, soil puts the other before it.
    assert index.best(["bee", "soil"], 3).tolist() == [2, 1, 0]
    assert index.best(["bee", "soil", "soil", "soil"], 3).tolist() == [2, 0, 1]


def test_a_token_adds_its_part_to_one_passage() -> None:
    index = keywords_of(PASSAGES)

    assert index.scores(["soil"], [2, 1]) == pytest.approx([0.213638, 0], abs=1e-5)
    assert index.scores(["comet"], [2]) == [0.0]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    index = keywords_of(PASSAGES)

    assert told(index, "moon") == pytest.approx(IDF_OF_ONE, abs=1e-6)
    assert told(index, "soil") == pytest.approx(IDF_OF_TWO, abs=1e-6)
    assert told(index, "comet") == pytest.approx(math.log(8), abs=1e-6)  # in none of three: 1 + 3.5 / .5


def test_words_that_no_passage_has_score_nothing() -> None:
    index = keywords_of(PASSAGES)

    assert index.scores(["comet"], ALL).tolist() == [0.0, 0.0, 0.0]
    assert index.scores([], ALL).tolist() == [0.0, 0.0, 0.0]
    assert index.scores(["comet", "soil"], ALL).tolist() == index.scores(["soil"], ALL).tolist()
    assert [index.best(tokens, 5).tolist() for tokens in (["comet"], [])] == [[], []]


def test_the_best_come_first_and_of_equal_ones_the_lower_row() -> None:
    index = keywords_of([["bee", "ivy"], ["moon"], ["bee"], ["moon", "ivy"], ["bee"], ["bee", "ivy"]])

    assert index.best(["bee"], 10).tolist() == [2, 4, 0, 5]
    assert index.best(["bee"], 3).tolist() == [2, 4, 0]
    assert index.best(["bee"], 0).tolist() == []
    assert index.best(["bee"], 10).dtype == np.int64


def test_only_allowed_passages_are_found() -> None:
    index = keywords_of([["bee", "ivy"], ["moon"], ["bee"], ["moon", "ivy"], ["bee"], ["bee", "ivy"]])
    allowed = np.array([True, True, False, True, False, True])

    assert index.best(["bee"], 10, allowed).tolist() == [0, 5]
    assert index.best(["bee"], 1, allowed).tolist() == [0]
    assert index.best(["bee"], 10, np.zeros(6, np.bool_)).tolist() == []


def test_a_passage_without_words_keeps_its_row() -> None:
    index = keywords_of([[], ["bee"], []])

    assert index.passages == 3
    assert index.scores(["bee"], ALL) == pytest.approx([0, 0.980829 / 2.2, 0], abs=1e-5)
    assert told(index, "bee") == pytest.approx(IDF_OF_ONE, abs=1e-6)


def test_passages_that_all_have_no_words_score_nothing() -> None:
    index = keywords_of([[], []])

    assert index.passages == 2
    assert index.scores(["bee"], [0, 1]).tolist() == [0.0, 0.0]
    assert index.beginning("b") == []
    assert told(index, "bee") == pytest.approx(math.log(6), abs=1e-6)  # in none of two: 1 + 2.5 / .5


def test_its_words_are_those_of_its_passages_and_are_found_by_their_first_letter() -> None:
    index = keywords_of([["moon", "soil", "moss"], ["红茶", "soil"]])

    assert [index.row_of(word) for word in ("moon", "moss", "soil", "红茶", "moo", "龙")] == [0, 1, 2, 3, None, None]
    assert [index.beginning(letter) for letter in "ms红x"] == [["moon", "moss"], ["soil"], ["红茶"], []]


def _of_the_library(passages: list[list[str]], question: list[str]) -> npt.NDArray[np.float32]:
    rows: dict[str, int] = {}
    nothing = ["\x00"]  # the library takes no passage without words
    numbers = [[rows.setdefault(token, len(rows)) for token in tokens or nothing] for tokens in passages]
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index((numbers, rows), show_progress=False)
    known = [token for token in question if token in rows]
    return np.asarray(index.get_scores(known) if known else np.zeros(len(passages)), np.float32)


# Of the words near the end of the alphabet there are few, as in a language.
_words = st.integers(0, 399).map(lambda number: "abcdefghijklmnopqrst"[int(number**0.5)])
_passages = st.lists(st.lists(_words, max_size=12), min_size=1, max_size=60)
_questions = st.lists(_words, max_size=8)


@settings(max_examples=150)
@given(_passages, _questions)
def test_scores_are_those_of_a_library(passages: list[list[str]], question: list[str]) -> None:
    scores = keywords_of(passages).scores(question, np.arange(len(passages)))

    assert scores == pytest.approx(_of_the_library(passages, question), abs=1e-5)


@settings(max_examples=250)
@given(_passages, _questions, st.integers(1, 20), st.data())
def test_the_best_are_those_of_a_full_sort(
    passages: list[list[str]], question: list[str], limit: int, data: st.DataObject
) -> None:
    index, count = keywords_of(passages), len(passages)
    mask = data.draw(st.none() | st.lists(st.booleans(), min_size=count, max_size=count))
    scores = index.scores(question, np.arange(count))
    allowed = [row for row in range(count) if scores[row] > 0 and (mask is None or mask[row])]

    found = index.best(question, limit, None if mask is None else np.array(mask))
    assert found.tolist() == sorted(allowed, key=lambda row: (-scores[row], row))[:limit]


@pytest.mark.parametrize("name", ["starts", "first"])
@pytest.mark.parametrize(("place", "value"), [(0, 1), (1, 700), (1, -1), (1, 0), (-1, 4)])
def test_lists_that_do_not_fit_are_refused(name: str, place: int, value: int, tmp_path: Path) -> None:
    write_keywords(PASSAGES, tmp_path / "bm25")
    path = tmp_path / "bm25" / f"{name}.npy"
    starts = np.load(path)
    starts[place] = value
    np.save(path, starts)

    with pytest.raises(ValueError, match=f"the parts of {tmp_path / 'bm25'} do not fit each other"):
        Bm25.read(tmp_path / "bm25")


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("change", ["type", "shape", "length"])
def test_numbers_of_another_type_shape_or_count_are_refused(name: str, change: str, tmp_path: Path) -> None:
    write_keywords(PASSAGES, tmp_path / "bm25")
    path = tmp_path / "bm25" / f"{name}.npy"
    own = np.load(path)
    np.save(path, {"type": own.astype(np.int16), "shape": own[None], "length": own[:-1]}[change])

    with pytest.raises(ValueError, match="do not fit each other"):
        Bm25.read(tmp_path / "bm25")


def test_fewer_than_no_passages_are_refused(tmp_path: Path) -> None:
    write_keywords(PASSAGES, tmp_path / "bm25")
    np.save(tmp_path / "bm25" / "passages.npy", np.array([-3]))

    with pytest.raises(ValueError, match="do not fit each other"):
        Bm25.read(tmp_path / "bm25")


@pytest.mark.parametrize("row", [700, -2])
def test_a_passage_that_is_not_there_is_damage_with_the_command_that_mends_it(row: int, tmp_path: Path) -> None:
    write_keywords(PASSAGES, tmp_path / "bm25")
    path = tmp_path / "bm25" / "rows.npy"
    np.save(path, np.full_like(np.load(path), row))

    with pytest.raises(DamagedIndex, match=rf"keywords .* damaged \(.*{row}.*\)\. Rebuild it: .* --force"):
        Bm25.read(tmp_path / "bm25").best(["moon"], 5)


def test_letters_that_are_none_are_damage_with_the_command_that_mends_it(tmp_path: Path) -> None:
    write_keywords(PASSAGES, tmp_path / "bm25")
    path = tmp_path / "bm25" / "words.npy"
    letters = np.load(path)
    letters[1] = 0xFF
    np.save(path, letters)

    with pytest.raises(DamagedIndex, match=r"keywords .* damaged \(.*utf-8.*\)\. Rebuild it: .* --force"):
        Bm25.read(tmp_path / "bm25").beginning("b")


def test_nothing_holds_an_index_that_nobody_asks_any_more() -> None:
    index = keywords_of(PASSAGES)
    index.scores(["moon"], ALL)
    left = weakref.ref(index)
    gc.disable()  # what only a collection would free stays open for long in a quiet process
    try:
        del index
        assert left() is None
    finally:
        gc.enable()

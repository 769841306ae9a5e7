"""BM25 against scores worked out by hand, and what it makes of texts and words that it does not know."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from index.bm25 import Bm25
from index.errors import DamagedIndex

# Three passages of 3, 1 and 2 words: 2 on average.
PASSAGES = [["moon", "soil", "moon"], ["bee"], ["soil", "bee"]]

# The natural logarithms of 1 + 2.5 / 1.5 and of 1 + 1.5 / 2.5: a word in one and in two of three passages.
IDF_OF_ONE, IDF_OF_TWO = 0.980829, 0.470004


def _term(idf: float, times: int, length: float) -> float:
    """Robertson's weight of a word that a passage has so many `times`, with k1 = 1.2 and b = .75."""
    return idf * times / (times + 1.2 * (1 - 0.75 + 0.75 * length / 2))


def test_scores_are_those_of_the_formula() -> None:
    index = Bm25.of(PASSAGES)

    assert index.scores(["moon"]) == pytest.approx([0.537441, 0, 0], abs=1e-5)  # .980829 * 2 / (2 + 1.65)
    assert index.scores(["soil"]) == pytest.approx([0.177360, 0, 0.213638], abs=1e-5)  # .470004 / 2.65, / 2.2
    assert index.scores(["bee", "moon"]) == pytest.approx(
        [_term(IDF_OF_ONE, 2, 3), _term(IDF_OF_TWO, 1, 1), _term(IDF_OF_TWO, 1, 2)], abs=1e-5
    )


def test_a_word_asked_twice_counts_twice() -> None:
    assert Bm25.of(PASSAGES).scores(["soil", "soil"]) == pytest.approx([0.354720, 0, 0.427276], abs=1e-5)


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    index = Bm25.of(PASSAGES)

    assert index.idf("moon") == pytest.approx(IDF_OF_ONE, abs=1e-6)
    assert index.idf("soil") == pytest.approx(IDF_OF_TWO, abs=1e-6)
    assert index.idf("comet") == pytest.approx(math.log(8), abs=1e-6)  # in none of three: 1 + 3.5 / .5


def test_words_that_no_passage_has_score_nothing() -> None:
    index = Bm25.of(PASSAGES)

    assert index.scores(["comet"]).tolist() == [0.0, 0.0, 0.0]
    assert index.scores([]).tolist() == [0.0, 0.0, 0.0]
    assert index.scores(["comet", "soil"]).tolist() == index.scores(["soil"]).tolist()


def test_a_passage_without_words_keeps_its_row() -> None:
    index = Bm25.of([[], ["bee"], []])

    assert index.passages == 3
    assert index.scores(["bee"]) == pytest.approx([0, 0.980829 / 2.2, 0], abs=1e-5)
    assert index.idf("bee") == pytest.approx(IDF_OF_ONE, abs=1e-6)


def test_passages_that_all_have_no_words_score_nothing() -> None:
    index = Bm25.of([[], []])

    assert index.scores(["bee"]).tolist() == [0.0, 0.0]
    assert index.idf("bee") == pytest.approx(math.log(6), abs=1e-6)  # in none of two: 1 + 2.5 / .5


def test_its_words_are_those_of_its_passages_and_are_found_by_their_first_letter() -> None:
    index = Bm25.of([["moon", "soil", "moss"], ["红茶", "soil"]])

    assert [word in index for word in ("moon", "moo", "红茶", 7)] == [True, False, True, False]
    found = [sorted(index.beginning(letter)) for letter in ("m", "s", "红", "x")]
    assert found == [["moon", "moss"], ["soil"], ["红茶"], []]


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    index = Bm25.of([*PASSAGES, [], ["红茶", "1935.3"]])
    index.write(tmp_path / "bm25")
    read = Bm25.read(tmp_path / "bm25")

    assert read.passages == 5
    for word in ("moon", "soil", "bee", "红茶", "1935.3", "comet"):
        assert read.scores([word]).tolist() == index.scores([word]).tolist()
        assert read.idf(word) == index.idf(word)


@pytest.mark.parametrize(("place", "value"), [(0, 1), (1, 700), (1, -1), (-1, 4)])
def test_word_lists_that_do_not_fit_are_refused(place: int, value: int, tmp_path: Path) -> None:
    Bm25.of(PASSAGES).write(tmp_path)
    path = tmp_path / "indptr.csc.index.npy"
    starts = np.load(path)
    starts[place] = value
    np.save(path, starts)

    with pytest.raises(ValueError, match=f"the parts of {tmp_path} do not fit each other"):
        Bm25.read(tmp_path)


@pytest.mark.parametrize("name", ["dtype", "int_dtype"])
def test_numbers_of_another_type_are_refused(name: str, tmp_path: Path) -> None:
    Bm25.of(PASSAGES).write(tmp_path)
    path = tmp_path / "params.index.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), name: "float23"}), "utf-8")

    with pytest.raises(ValueError, match=f"the parts of {tmp_path} do not fit each other"):
        Bm25.read(tmp_path)


def test_a_passage_that_is_not_there_is_damage_with_the_command_that_mends_it(tmp_path: Path) -> None:
    Bm25.of(PASSAGES).write(tmp_path)
    path = tmp_path / "indices.csc.index.npy"
    np.save(path, np.full_like(np.load(path), 700))

    with pytest.raises(DamagedIndex, match=r"keywords .* damaged \(.*700.*\)\. Rebuild it: .* --force"):
        Bm25.read(tmp_path).scores(["moon"])


def test_a_word_that_is_not_there_is_damage_with_the_command_that_mends_it(tmp_path: Path) -> None:
    Bm25.of(PASSAGES).write(tmp_path)
    (tmp_path / "vocab.index.json").write_text(json.dumps({"moon": 700}), "utf-8")

    with pytest.raises(DamagedIndex, match=r"keywords .* damaged \(.*700.*\)\. Rebuild it: .* --force"):
        Bm25.read(tmp_path).scores(["moon"])

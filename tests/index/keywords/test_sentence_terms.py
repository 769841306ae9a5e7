"""Words of sentences against tables worked out by hand, and against the words of the sentences' texts."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keywords.sentence_terms import WordTable, ranges, write_table
from index.keywords.tokenizer import tokenise
from index.passages.tables import sentence_texts
from index.search.highlight import coverage
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import read_snapshot
from tests.keywords import keywords_of, told

VOCABULARY = {"moon": 0, "soil": 1, "dry": 2, "bee": 3}
SENTENCES = [["soil", "moon", "soil"], [], ["bee"], ["dry", "soil"]]
WORDS, FIRST = [0, 1, 3, 1, 2], [0, 2, 2, 3, 5]  # each word once a sentence, by row


def _table(sentences: Iterable[Sequence[str]], vocabulary: Mapping[str, int] = VOCABULARY) -> WordTable:
    with tempfile.TemporaryDirectory() as place:
        write_table(sentences, vocabulary, Path(place))
        return WordTable.read(Path(place))


def _rows(*numbers: int) -> npt.NDArray[np.int64]:
    return np.array(numbers, np.int64)


def _save(words: npt.NDArray[np.integer], first: npt.NDArray[np.integer], folder: Path) -> None:
    np.save(folder / "sentence_words.npy", words)
    np.save(folder / "sentence_words_first.npy", first)


def test_each_sentence_has_each_of_its_words_once() -> None:
    table = _table(SENTENCES)

    assert (table.words.tolist(), table.first.tolist(), len(table)) == (WORDS, FIRST, 4)
    assert [str(table.words.dtype), str(table.first.dtype)] == ["int32", "int64"]


def test_a_table_of_no_sentences_is_empty() -> None:
    table = _table([])

    assert (table.words.tolist(), table.first.tolist(), len(table)) == ([], [0], 0)
    assert table.shares(_rows(), {0: 1.0}).tolist() == []


@pytest.mark.parametrize("sentences", [SENTENCES, [[], []]])
def test_what_was_written_is_read_back(sentences: list[list[str]], tmp_path: Path) -> None:
    write_table(sentences, VOCABULARY, tmp_path)
    read = WordTable.read(tmp_path)

    assert isinstance(read.words.base, np.memmap)
    assert [[int(row) for row in read.words[a:b]] for a, b in pairwise(read.first)] == [
        sorted({VOCABULARY[word] for word in words}) for words in sentences
    ]


def test_of_many_sentences_none_is_lost_between_two_pieces() -> None:
    table = _table(["soil"] * (number % 2) + ["bee"] for number in range(10_000))

    assert table.first.tolist() == [number + number // 2 for number in range(10_001)]
    assert table.words.tolist() == [3, 1, 3] * 5_000


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(np.array([1, 2, 2, 3, 5]), id="begins behind 0"),
        pytest.param(np.array([0, 2, 2, 3, 4]), id="ends before the words do"),
        pytest.param(np.array([0, 2, 2, 3, 6]), id="ends behind the words"),
        pytest.param(np.array([0, 3, 2, 3, 5]), id="goes back"),
        pytest.param(np.array([], np.int64), id="empty"),
        pytest.param(np.array([[0, 5]]), id="two dimensions"),
        pytest.param(np.array(FIRST, np.int32), id="another type"),
    ],
)
def test_places_that_do_not_fit_the_words_are_refused(first: npt.NDArray[np.int64], tmp_path: Path) -> None:
    _save(np.array(WORDS, np.int32), first, tmp_path)

    with pytest.raises(ValueError, match=r"sentence_words_first\.npy does not fit sentence_words\.npy"):
        WordTable.read(tmp_path)


@pytest.mark.parametrize("words", [np.array(WORDS, np.int64), np.array([WORDS], np.int32)])
def test_words_of_another_type_or_shape_are_refused(words: npt.NDArray[np.int32], tmp_path: Path) -> None:
    _save(words, np.array([0, len(words)]), tmp_path)

    with pytest.raises(ValueError, match=r"does not fit sentence_words\.npy"):
        WordTable.read(tmp_path)


def test_a_word_that_the_vocabulary_lacks_is_left_out() -> None:
    assert _table([["a", "z"], ["z"]], {"a": 0}).words.tolist() == [0]


@pytest.mark.parametrize(
    ("sentences", "weights", "shares"),
    [
        ((0, 1, 2, 3), {1: 0.25, 3: 0.5, 2: 0.125}, [0.25, 0.0, 0.5, 0.375]),
        ((3, 0, 3), {2: 0.5}, [0.5, 0.0, 0.5]),
        ((1,), {0: 1.0}, [0.0]),
        ((0, 2), {}, [0.0, 0.0]),
        ((0, 3), {7: 1.0}, [0.0, 0.0]),
        ((), {1: 1.0}, []),
    ],
)
def test_shares_are_the_weights_of_the_words_held(
    sentences: tuple[int, ...], weights: dict[int, float], shares: list[float]
) -> None:
    found = _table(SENTENCES).shares(_rows(*sentences), weights)

    assert found.tolist() == shares
    assert found.dtype == np.float32


_texts = st.lists(st.sampled_from("Lunar soil is dry bees 1,935.3 Bees' 红茶 茶 café the ?".split()), max_size=6)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.lists(_texts.map(" ".join), min_size=1, max_size=8), _texts.map(" ".join), st.data())
def test_shares_are_the_coverage_of_each_sentence(sentences: list[str], question: str, data: st.DataObject) -> None:
    tokens = [tokenise(text) for text in sentences]
    keywords = keywords_of(tokens)
    vocabulary = {word: row for word in chain(*tokens) if (row := keywords.row_of(word)) is not None}
    table = _table(tokens, vocabulary)
    words = {word: told(keywords, word) for word in tokenise(question)}
    total = sum(words.values())
    weights = {vocabulary[word]: idf / total for word, idf in words.items() if word in vocabulary}
    rows = data.draw(st.lists(st.integers(0, len(sentences) - 1), max_size=10))

    expected = [coverage(words, sentences[row]) for row in rows]
    assert table.shares(_rows(*rows), weights) == pytest.approx(expected, abs=1e-6)


def test_a_build_has_the_words_of_its_sentences_and_those_of_titles_in_the_keyword_leg_alone(
    root: Path,
) -> None:
    snapshot = read_snapshot(live_build(root))
    articles = [snapshot.articles[row] for row in range(3)]
    words, first = snapshot.words.words, snapshot.words.first
    held = [set(words[a:b].tolist()) for a, b in pairwise(first)]

    said = [set(tokenise(text)) for text in sentence_texts(snapshot.rows, articles)]
    assert held == [{snapshot.bm25.row_of(word) for word in own} for own in said]
    # Of the passages in order: only the title of the first says "garden", only that of two and three "soil" and "sea".
    assert [score > 0 for score in snapshot.bm25.scores(["garden"], range(4))] == [True, False, False, False]
    assert [score > 0 for score in snapshot.bm25.scores(["soil"], range(4))] == [False, True, True, False]
    assert "garden" not in set().union(*said)


@pytest.mark.parametrize(
    ("first", "counts", "numbers"),
    [
        ((5, 0, 9), (2, 3, 1), [5, 6, 0, 1, 2, 9]),
        ((4, 7, 4), (1, 0, 2), [4, 4, 5]),
        ((3,), (0,), []),
        ((), (), []),
    ],
)
def test_ranges_follow_each_other(first: tuple[int, ...], counts: tuple[int, ...], numbers: list[int]) -> None:
    assert ranges(_rows(*first), _rows(*counts)).tolist() == numbers

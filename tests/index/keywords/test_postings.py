"""The keyword leg's files: the same for the same passages, however many are in memory at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keywords.postings import write_keywords
from tests.keywords import keywords_of

PASSAGES = [["soil", "moon", "soil"], [], ["红茶", "moon"], ["été", "soil"]]


def _files(folder: Path) -> dict[str, list[float]]:
    return {path.stem: np.load(path).tolist() for path in folder.iterdir()}


def test_words_are_sorted_with_the_passages_that_have_them_and_nothing_else_is_left(tmp_path: Path) -> None:
    rows = write_keywords(PASSAGES, tmp_path / "bm25")
    files = _files(tmp_path / "bm25")

    assert rows == {"moon": 0, "soil": 1, "été": 2, "红茶": 3}
    assert bytes(map(int, files.pop("words"))).decode() == "moon\nsoil\nété\n红茶\n"
    assert files.pop("starts") == [0, 5, 10, 16, 23]
    assert files.pop("first") == [0, 2, 4, 5, 6]
    assert files.pop("rows") == [0, 2, 0, 3, 3, 2]
    assert files.pop("passages") == [4]
    # Lengths 3, 1 (without words), 2, 2; the mean is 2. In two of four passages: ln 2; in one: ln 1 + 3.5 / 1.5.
    assert files.pop("impacts") == pytest.approx([0.261564, 0.315067, 0.379807, 0.315067, 0.547260, 0.547260], abs=1e-6)
    assert files.pop("most") == pytest.approx([0.315067, 0.379807, 0.547260, 0.547260], abs=1e-6)
    assert files == {}


def test_passages_may_come_one_by_one_and_be_none(tmp_path: Path) -> None:
    assert write_keywords(iter(PASSAGES), tmp_path / "some") == write_keywords(PASSAGES, tmp_path / "same")
    assert _files(tmp_path / "some") == _files(tmp_path / "same")
    assert write_keywords(iter([]), tmp_path / "none") == {}
    assert _files(tmp_path / "none")["first"] == [0]


def test_a_reader_that_fails_leaves_no_spilled_runs(tmp_path: Path) -> None:
    def passages() -> object:
        yield ["moon"] * 10
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        write_keywords(passages(), tmp_path / "bm25", run=5)  # type: ignore[arg-type]
    assert list((tmp_path / "bm25").iterdir()) == []


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from("abcdefgé红茶"), max_size=9), max_size=20), st.integers(1, 40))
def test_the_size_of_a_run_changes_nothing(passages: list[list[str]], run: int) -> None:
    whole, pieced = keywords_of(passages), keywords_of(passages, run)

    for name in ("_words", "_starts", "_first", "_rows", "_impacts", "_most"):
        assert np.array_equal(getattr(whole, name), getattr(pieced, name))
    assert whole.passages == pieced.passages == len(passages)

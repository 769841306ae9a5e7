"""Arrays written in pieces are those that numpy would have written at once."""

from pathlib import Path

import numpy as np
import pytest

from index.arrays import ArrayFile, Lazy


@pytest.mark.parametrize(
    ("pieces", "values"),
    [([[1, 2], [], [3]], [1, 2, 3]), ([], []), ([[]], []), ([range(500), range(7)], [*range(500), *range(7)])],
)
def test_pieces_are_one_array(pieces: list[list[int]], values: list[int], tmp_path: Path) -> None:
    with ArrayFile(tmp_path / "a.npy", np.int32) as file:
        for piece in pieces:
            file.add(piece)
    np.save(tmp_path / "whole.npy", np.array(values, np.int32))

    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_a_writer_that_fails_leaves_no_array_of_that_length(tmp_path: Path) -> None:
    def write() -> None:
        with ArrayFile(tmp_path / "a.npy", np.int64) as file:
            file.add([1, 2, 3])
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write()
    assert np.load(tmp_path / "a.npy").tolist() == []


def test_a_table_is_written_as_numpy_would(tmp_path: Path) -> None:
    table = np.array([(1, 2), (3, 4)], [("start", "<i4"), ("first", "<i8")])
    with ArrayFile(tmp_path / "a.npy", table.dtype) as file:
        file.add(table)
    np.save(tmp_path / "whole.npy", table)

    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_rows_are_read_back_while_others_are_added(tmp_path: Path) -> None:
    values = np.arange(12, dtype=np.float16).reshape(4, 3)
    with ArrayFile(tmp_path / "a.npy", np.float16, (3,)) as file:
        file.add(values[:2])
        assert (len(file), file.read(1, 2).tolist()) == (2, [[3, 4, 5]])
        file.add(values[2:])
        assert file.read(0, 4).tolist() == values.tolist()
    np.save(tmp_path / "whole.npy", values)

    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_items_are_made_when_they_are_asked_for() -> None:
    asked: list[int] = []
    items = Lazy(3, lambda row: asked.append(row) or row * 10)  # type: ignore[func-returns-value]

    assert asked == []
    assert (items[2], items[-3], list(items), items[1:]) == (20, 0, [0, 10, 20], [10, 20])
    assert asked == [2, 0, 0, 1, 2, 1, 2]
    with pytest.raises(IndexError):
        items[3]

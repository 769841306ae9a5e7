"""Rows of characters on a PDF page; columns that are drawn row by row are put after each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from index.articles.article import visible
from index.passages.sentences import is_cjk

_LEAST = 3  # rows of a column
_PITCH = 2.5  # times the size: rows further apart are not of a column


class Cell(NamedTuple):
    """A character, or a word, along the direction of its line: start, end and height above the base of the page."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True)
class Row:
    """The characters of a line; `turn` is the direction of writing in degrees, `mark` that of a watermark."""

    cells: Sequence[Cell]
    turn: float
    mark: bool

    @property
    def left(self) -> float:
        """The start of its first character."""
        return self.cells[0].left

    @property
    def right(self) -> float:
        """The end of its last character."""
        return self.cells[-1].right

    @cached_property
    def main(self) -> tuple[float, float]:
        """The size and the base line of most of its characters."""
        counts: dict[tuple[float, float], int] = {}
        for text, _, _, base, size in self.cells:
            if text != " ":
                counts[size, base] = counts.get((size, base), 0) + len(text)
        return max(counts, key=counts.__getitem__)

    @cached_property
    def gaps(self) -> list[tuple[float, Cell]]:
        """The gaps between its characters, each with the character after it."""
        shown = [cell for cell in self.cells if cell.text != " "]
        return [(cell.left - before.right, cell) for before, cell in pairwise(shown)]

    @property
    def has_gaps(self) -> bool:
        """Whether a gap between its characters is wider than two of them."""
        size, _ = self.main
        return any(gap > 2 * size for gap, _ in self.gaps)


def by_columns(rows: Sequence[Row]) -> tuple[list[Row], bool]:
    """The rows, columns after each other where each drawn row goes across them, and whether there are such."""
    parts = [_segments(row) for row in rows]
    ordered: list[Row] = []
    start, changed = 0, False
    while start < len(rows):
        end, columns = _column_run(parts, start)
        if columns:
            ordered += [row for column in columns for row in column]
            changed = True
        else:
            end = start + 1
            ordered.append(rows[start])
        start = end
    return ordered, changed


def _segments(row: Row) -> list[Row]:
    """The row, cut at gaps that are wider than its letters."""
    size, _ = row.main
    cuts = {id(cell) for gap, cell in row.gaps if gap > size}
    if not cuts and row.cells[-1].text != " ":
        return [row]
    segments: list[list[Cell]] = [[]]
    for cell in row.cells:
        if id(cell) in cuts:
            segments.append([])
        if segments[-1] or cell.text != " ":
            segments[-1].append(cell)
    return [Row(_stripped(cells), row.turn, row.mark) for cells in segments]


def _stripped(cells: list[Cell]) -> list[Cell]:
    return cells[:-1] if cells[-1].text == " " else cells


def _column_run(parts: Sequence[Sequence[Row]], start: int) -> tuple[int, list[list[Row]]]:
    """The end of the rows that go across the same columns from `start`, and the columns; none for a table."""
    first = parts[start]
    columns = [[part] for part in first]
    size, base = first[0].main
    gutters = [(left.right, right.left) for left, right in pairwise(first)]
    end = start + 1
    while gutters and end < len(parts):
        row, (_, next_base) = parts[end], parts[end][0].main
        if row[0].turn != first[0].turn or not 0.8 * size < base - next_base < _PITCH * size:
            break
        at = [sum(part.left >= edge - size for _, edge in gutters) for part in row]
        narrowed = _narrowed(gutters, row, at)
        is_fitting = all(right - left > 0.8 * size for left, right in narrowed) and len(set(at)) == len(at)
        if not is_fitting or (len(row) < len(first) and end - start < _LEAST):
            break
        for part, column in zip(row, at, strict=True):
            columns[column].append(part)
        gutters, base, end = narrowed, next_base, end + 1
    are_columns = gutters and min(map(len, columns)) >= _LEAST and all(map(_is_prose, columns))
    return end, columns if are_columns else []


def _narrowed(
    gutters: Sequence[tuple[float, float]], row: Sequence[Row], at: Sequence[int]
) -> list[tuple[float, float]]:
    """The gutters, without the room that parts of a row take in the columns `at` both sides."""
    placed = list(zip(row, at, strict=True))
    return [
        (
            max([left, *(part.right for part, column in placed if column == number)]),
            min([right, *(part.left for part, column in placed if column == number + 1)]),
        )
        for number, (left, right) in enumerate(gutters)
    ]


def _is_prose(column: Sequence[Row]) -> bool:
    texts = ["".join(cell.text for cell in row.cells) for row in column]
    least = 8 if is_cjk(texts[0][:1]) else 15
    return sum(map(visible, texts)) >= least * len(texts)

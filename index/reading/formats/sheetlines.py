"""Cells of a sheet, some of them merged, as lines that name their columns."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeAlias

from index.articles.article import visible
from index.errors import BadArticle
from index.reading.formats.tablelines import Line, Row, named_lines, names_columns, table_lines

_MOST_PLACES = 20_000_000  # rows times columns of a sheet
_MOST_MERGED = 1_000_000  # cells
Rows: TypeAlias = dict[int, dict[int, str]]  # the texts of cells by row and column
Merge: TypeAlias = tuple[int, int, int, int]  # first row and column, last row and column


def sheet_lines(rows: Rows, merges: Sequence[Merge]) -> tuple[list[Line], int]:
    """The lines of a sheet, and the characters that merged cells repeat in them."""
    group = _group_row(rows, merges)
    again = _fill(rows, merges, group)
    columns = {column: at for at, column in enumerate(sorted({column for cells in rows.values() for column in cells}))}
    if len(rows) * len(columns) > _MOST_PLACES:
        raise BadArticle("its cells lie too far apart. Split the file")
    grid: list[Row] = []
    for number in sorted(rows):
        grid.append((number, [""] * len(columns)))
        for column, text in rows[number].items():
            grid[-1][1][columns[column]] = text
    if group:
        return named_lines(grid, next(at for at, (number, _) in enumerate(grid) if number == group), 2), again
    return table_lines(grid), again


def _group_row(rows: Rows, merges: Sequence[Merge]) -> int:
    """The row with names of several columns each, above a row with their own names; 0 if there is none."""
    last = max((column for cells in rows.values() for column in cells), default=0)
    for first, left, end, right in sorted(merges):
        is_title = left == min(rows.get(first, {0: ""})) and right >= last
        below = [text for column, text in rows.get(first + 1, {}).items() if left <= column <= right]
        if first == end and left < right and not is_title and first + 2 in rows and len(below) > 1:
            return first if first in rows and names_columns(below) else 0
    return 0


def _fill(rows: Rows, merges: Sequence[Merge], group: int) -> int:
    """Repeat the text of merged cells in the rows that they span, and in the group row in their columns.

    Returns the number of characters that are added. Raises BadArticle for very many merged cells.
    """
    numbers = sorted(rows)
    added, left_over = 0, _MOST_MERGED
    for first, left, last, right in merges:
        text = rows.get(first, {}).get(left, "")
        is_head = group and group <= first <= group + 1
        columns = range(left + 1, right + 1) if is_head and first == group else range(0)
        span = numbers[bisect_right(numbers, first) : bisect_right(numbers, last)] if not is_head else []
        left_over -= len(span) + len(columns)
        if left_over < 0:
            raise BadArticle("too many of its cells are merged. Split the file")
        places = [*((first, column) for column in columns), *((number, left) for number in span)] if text else []
        for row, column in places:
            if column not in rows[row]:
                rows[row][column] = text
                added += visible(text)
    return added

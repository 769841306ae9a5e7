"""Rows of a sheet or of a file of rows as lines that name their columns, each with its number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from index.articles.article import BlockKind, visible
from index.errors import BadArticle

Row: TypeAlias = tuple[int, list[str]]  # its number and cells
_LONGEST_NAME = 100  # characters of the name of a column
_MOST_TEXT = 50_000_000  # characters of all lines, names of columns included
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as text; `added` counts its characters that are not in the cells of the row."""

    number: int
    kind: BlockKind
    text: str
    added: int = 0


def table_lines(rows: Sequence[Row], heads: int | None = None) -> list[Line]:
    """The lines of a table; its first `heads` rows name the columns, found by their content if None.

    A row with a single text, such as a title above the table or a note below it, names no column. Raises
    BadArticle if the names of columns make the text far longer than the file.
    """
    first = 0 if heads is not None else _first(rows)
    count = _heads(rows[first:]) if heads is None else heads
    body = rows[first + count :]
    names = [
        " ".join(filter(None, column)) for column in zip_longest(*(c for _, c in rows[first:][:count]), fillvalue="")
    ]
    lines = [_plain(row) for row in rows[:first]]
    used = {column for _, cells in body if not _is_remark(cells) for column, cell in enumerate(cells) if cell}
    widths = [visible(name) + 1 if name else 0 for name in names]
    named = [_named(row, names, widths) for row in body]
    if all(column in used for column, name in enumerate(names) if name):
        own = sum(map(visible, names))  # in the lines of rows, which name a column at least once
        named = [Line(n.number, n.kind, n.text, n.added - (own if not row else 0)) for row, n in enumerate(named)]
    else:
        lines.append(_plain((rows[first][0], names)))
    lines = [line for line in (*lines, *named) if line.text]
    if sum(len(line.text) for line in lines) > _MOST_TEXT:
        raise BadArticle("its rows with the names of their columns are too long. Split the file")
    return lines


def _first(rows: Sequence[Row]) -> int:
    """The number of rows above a table: titles and remarks, which have a single cell each."""
    wide = max((sum(map(bool, cells)) for _, cells in rows), default=0)
    if wide < 2:
        return 0
    return next(row for row, (_, cells) in enumerate(rows) if sum(map(bool, cells)) > 1)


def _heads(rows: Sequence[Row]) -> int:
    """1 if the first row has the names of columns: distinct, without figures but years, above a column of figures."""
    if len(rows) < 2:
        return 0
    names = rows[0][1]
    is_named = all(names[1:]) and len(set(names)) == len(names) > 1 and max(map(len, names)) <= _LONGEST_NAME
    years = [_YEAR.fullmatch(name) is not None for name in names]
    if not is_named or all(years) or any(_has_figure(n) for n, year in zip(names, years, strict=True) if not year):
        return 0
    columns = zip(*(cells + [""] * (len(names) - len(cells)) for _, cells in rows[1:]), strict=False)
    return int(any(_are_figures(column) for column in columns))


def _are_figures(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and 5 * sum(map(_has_figure, filled)) >= 4 * len(filled)


def _has_figure(cell: str) -> bool:
    return any(character.isdigit() for character in cell)


def _is_remark(cells: list[str]) -> bool:
    """Whether a row is a remark or the name of a group: a text in its first cell alone."""
    return len(cells) > 1 and not any(cells[1:]) and not _has_figure(cells[0][:1])


def _plain(row: Row) -> Line:
    filled = [cell for cell in row[1] if cell]
    return Line(row[0], "row" if len(filled) > 1 else "paragraph", "; ".join(filled), max(0, len(filled) - 1))


def _named(row: Row, names: list[str], widths: list[int]) -> Line:
    number, cells = row
    if _is_remark(cells) or not names:
        return _plain(row)
    parts = [(name, cell) for name, cell in zip_longest(names, cells, fillvalue="") if cell]
    added = max(0, len(parts) - 1) + sum(width for width, cell in zip(widths, cells, strict=False) if cell)
    return Line(number, "row", "; ".join(f"{name}: {cell}" if name else cell for name, cell in parts), added)

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


def table_lines(rows: Sequence[Row]) -> list[Line]:
    """The lines of the tables in a sheet; after an empty row another table may begin, with names of its own.

    A row with a single text, such as a title above a table or a note below it, names no column. Raises
    BadArticle if the names of columns make the text far longer than the file.
    """
    tables: list[list[Row]] = []
    for block in _blocks(rows):
        if tables and not _heads(block[_first(block) :]):
            tables[-1] += block
        else:
            tables.append(block)
    named = (named_lines(table, first, _heads(table[first:])) for table in tables for first in [_first(table)])
    return _bounded([line for lines in named for line in lines])


def named_lines(rows: Sequence[Row], first: int, count: int) -> list[Line]:
    """The lines of a table that begins with its row `first`, and whose first `count` rows name the columns."""
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
    return _bounded([line for line in (*lines, *named) if line.text])


def _bounded(lines: list[Line]) -> list[Line]:
    if sum(len(line.text) for line in lines) > _MOST_TEXT:
        raise BadArticle("its rows with the names of their columns are too long. Split the file")
    return lines


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows between empty ones."""
    starts = [at for at, (number, _) in enumerate(rows) if not at or number > rows[at - 1][0] + 1]
    return [list(rows[start:end]) for start, end in zip_longest(starts, starts[1:])]


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
    while names and not names[-1]:
        names = names[:-1]
    is_whole = all(names[1:]) and len(set(names)) == len(names) > 1
    if not is_whole or not names_columns(names) or all(map(_YEAR.fullmatch, names)):
        return 0
    columns = zip(*(cells + [""] * (len(names) - len(cells)) for _, cells in rows[1:]), strict=False)
    return int(any(_are_figures(column) for column in columns))


def names_columns(cells: Sequence[str]) -> bool:
    """Whether cells can be the names of columns: short, and without figures but years."""
    return all(len(cell) <= _LONGEST_NAME and (_YEAR.fullmatch(cell) or not _has_figure(cell)) for cell in cells)


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

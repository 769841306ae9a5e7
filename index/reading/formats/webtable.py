"""Tables of web pages to lines with the names of their columns."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from index.articles.article import BlockKind, visible
from index.reading.formats.markdown import table_rows
from index.reading.formats.webtree import shown, with_added

_SPLIT = frozenset("p div li br tr td th ul ol h1 h2 h3 h4 h5 h6 dt dd".split())
_MOST_CELLS = 200_000  # of a table, spanned cells included
_MOST_HEADS = 4
_MOST_SPANNED = 100  # columns or rows: more is a mistake or malicious


def is_data_table(element: Any) -> bool:
    """Whether an element is a table of values: rows of several cells without layout inside."""
    if element.tag != "table" or element.get("role") in ("presentation", "none"):
        return False
    if element.xpath(".//table | .//h1 | .//h2 | .//td[count(.//p) > 3]"):
        return False
    spanned = sum(_span(cell, "rowspan") * _span(cell, "colspan") for cell in element.iter("td", "th"))
    return sum(len(row) > 1 for row in _rows(element)) >= 2 and spanned <= _MOST_CELLS


def table_lines(table: Any) -> Iterator[tuple[BlockKind, str, int]]:
    """The caption, stray text and rows of a table, each with the number of repeated characters."""
    outside = [text for text in (*map(_text, table.iter("caption")), _stray(table)) if text]
    for text in outside:
        yield "paragraph", text, 0
    rows = _rows(table)
    heads = _header_rows(rows)
    grid = _grid(rows, heads if heads > 1 else 0)
    if heads > 1:
        names = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*grid[:heads], strict=True)]
        lines = list(filter(None, table_rows(names, grid[heads:])))
    else:
        has_header = len(rows) > 1 and _is_header(rows[0], grid)
        lines = list(filter(None, table_rows(grid[0], grid[1:]) if has_header else table_rows([], grid)))
    lines, outside = list(map(with_added, lines)), list(map(with_added, outside))
    repeated = sum(map(visible, [*lines, *outside])) - shown(table)
    for number, line in enumerate(lines, 1):
        yield "row", line, repeated if number == len(lines) else 0


def _rows(table: Any) -> list[list[Any]]:
    """The cells of each row, without empty rows."""
    return [cells for row in table.iter("tr") if (cells := row.xpath("td | th"))]


def _stray(table: Any) -> str:
    """The text of a table outside of its cells, which browsers show above the table."""
    outline = deepcopy(table)
    for element in outline.xpath(".//tr/td | .//tr/th | .//caption"):
        element.clear(keep_tail=True)
    return " ".join(" ".join(outline.itertext()).split())


def _header_rows(rows: list[list[Any]]) -> int:
    """The number of rows with column names if these are several, under a name that spans columns; else 0."""
    spans = any(_span(cell, "colspan") > 1 for cell in rows[0]) and len(rows[0]) > 1
    marked = next((y for y, row in enumerate(rows) if not _is_marked(row)), len(rows))
    tall = max(_span(cell, "rowspan") for cell in rows[0])
    heads = max(marked, tall if any(_span(cell, "rowspan") < tall for cell in rows[0]) else 1)
    return heads if spans and 1 < heads <= _MOST_HEADS and heads < len(rows) and len(rows[1]) > 1 else 0


def _is_marked(row: list[Any]) -> bool:
    return all(cell.tag == "th" for cell in row) or bool(row[0].xpath("boolean(../parent::thead)"))


def _grid(rows: list[list[Any]], heads: int = 0) -> list[list[str]]:
    """The cells' texts in rows of equal length; a cell that spans rows is repeated in each of them.

    In the first `heads` rows a cell that spans columns is repeated too.
    """
    cells: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in cells:
                column += 1
            down, across = min(_span(cell, "rowspan"), len(rows) - number), _span(cell, "colspan")
            text = _text(cell)
            for y in range(number, number + down):
                for x in range(column, column + across):
                    cells[y, x] = text if x == column or number < heads else ""
            column += across
    width = max((x for _, x in cells), default=-1) + 1
    return [[cells.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def _is_header(first: list[Any], grid: list[list[str]]) -> bool:
    """Whether the first row has the column names, by its markup or because it alone has no figures."""
    if _is_marked(first):
        return any(grid[0])
    has_figures = [[any(c.isdigit() for c in cell) for cell in row] for row in grid[:2]]
    return all(grid[0]) and len(set(grid[0])) == len(grid[0]) and not any(has_figures[0]) and any(has_figures[1])


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _MOST_SPANNED) if value.isascii() and value.isdigit() else 1


def _text(element: Any) -> str:
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag in _SPLIT:
            parts.append(" ")
        if event == "start":
            parts.append(inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return " ".join("".join(parts).split())

"""Tables of web pages to lines with the names of their columns."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from index.articles.article import BlockKind, visible
from index.reading.formats.markdown import table_rows

_SPLIT = frozenset("p div li br tr td th ul ol h1 h2 h3 h4 h5 h6 dt dd".split())
_MOST_CELLS = 200_000  # of a table, spanned cells included
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
    grid = _grid(rows)
    has_header = len(rows) > 1 and _is_header(rows[0], grid)
    lines = list(filter(None, table_rows(grid[0], grid[1:]) if has_header else table_rows([], grid)))
    repeated = sum(map(visible, [*lines, *outside])) - visible("".join(table.itertext()))
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


def _grid(rows: list[list[Any]]) -> list[list[str]]:
    """The cells' texts in rows of equal length; a cell that spans rows is repeated in each of them."""
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
                    cells[y, x] = text if x == column else ""
            column += across
    width = max((x for _, x in cells), default=-1) + 1
    return [[cells.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def _is_header(first: list[Any], grid: list[list[str]]) -> bool:
    """Whether the first row has the column names, by its markup or because it alone has no figures."""
    if all(cell.tag == "th" for cell in first) or first[0].xpath("boolean(../parent::thead)"):
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

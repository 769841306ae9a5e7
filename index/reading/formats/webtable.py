"""Tables of web pages to lines with the names of their columns."""

from collections.abc import Iterator
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
    if element.find(".//table") is not None or element.find(".//h1") is not None or element.find(".//h2") is not None:
        return False
    rows = [sum(cell.tag in ("td", "th") for cell in row) for row in element.iter("tr")]
    wide = sum(cells > 1 for cells in rows)
    spanned = sum(_span(cell, "rowspan") * _span(cell, "colspan") for cell in element.iter("td", "th"))
    return wide >= 2 and spanned <= _MOST_CELLS and all(len(cell.findall(".//p")) < 4 for cell in element.iter("td"))


def table_lines(table: Any) -> Iterator[tuple[BlockKind, str, int]]:
    """The caption, stray text and rows of a table, each with the number of repeated characters."""
    outside = [text for text in (*map(_text, table.iter("caption")), _stray(table)) if text]
    for text in outside:
        yield "paragraph", text, 0
    grid = _grid(table)
    header = grid[0] if grid and _is_header(table, grid) else [""] * (len(grid[0]) if grid else 0)
    body = grid[1:] if any(header) else grid
    rows = [row for row in table_rows(header, body) if row]
    repeated = sum(map(visible, [*rows, *outside])) - visible("".join(table.itertext()))
    for number, row in enumerate(rows):
        yield "row", row, (repeated if number == len(rows) - 1 else 0)


def _stray(table: Any) -> str:
    """The text of a table outside of its cells, which browsers show above the table."""
    parts: list[str] = []
    walk = etree.iterwalk(table, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            is_cell = element.tag in ("td", "th") and element.getparent().tag == "tr"
            if is_cell or element.tag == "caption":
                walk.skip_subtree()
            else:
                parts.append(element.text or "")
        elif element is not table:
            parts.append(element.tail or "")
    return " ".join(" ".join(parts).split())


def _grid(table: Any) -> list[list[str]]:
    """The cells' texts in rows of equal length; a cell that spans rows is repeated in each of them."""
    cells: dict[tuple[int, int], str] = {}
    rows = [row for row in table.iter("tr") if any(cell.tag in ("td", "th") for cell in row)]
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
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


def _is_header(table: Any, grid: list[list[str]]) -> bool:
    """Whether the first row has the column names, by its markup or because it alone has no figures."""
    first = next(row for row in table.iter("tr") if any(cell.tag in ("td", "th") for cell in row))
    cells = [cell for cell in first if cell.tag in ("td", "th")]
    if len(grid) < 2:
        return False
    parent = first.getparent()
    if all(cell.tag == "th" for cell in cells) or (parent is not None and parent.tag == "thead"):
        return True
    has_figures = [[any(c.isdigit() for c in cell) for cell in row] for row in grid]
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

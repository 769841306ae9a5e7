"""OpenDocument spreadsheets (ODS) to text: a section for each sheet, as of a workbook."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias

from index.articles.article import BlockKind, Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header, placed
from index.reading.formats.odfparts import TABLE, TEXT, Document, times
from index.reading.formats.ooxml import said_title
from index.reading.formats.sheetlines import Merge, Rows, sheet_lines

_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 1_048_576, 16_384, 2_000_000
_Piece: TypeAlias = tuple[BlockKind, str, Place]


def ods_extract(raw: bytes) -> Extract:
    """The text of the sheets that are shown; the file keeps the text that each cell shows.

    Every letter of its body counts. Raises BadArticle as `parts_of`, for a damaged part, or for very many cells.
    """
    document = Document(raw, "spreadsheet", "ODS")
    skipped = document.skipped
    repeated, names = 0, 0
    pieces: list[_Piece] = []
    for table in document.body.iterfind(f"{TABLE}table"):
        name = table.get(f"{TABLE}name", "")
        names += visible(name)
        if document.styles.value("table", table.get(f"{TABLE}style-name", ""), "table", "display") == "false":
            skipped["hidden sheets"] += visible(name) + visible("".join(table.itertext()))
            continue
        rows, merges, again = _cells(table, skipped)
        lines, filled = sheet_lines(rows, merges)
        repeated += again + filled + sum(line.added for line in lines)
        own: list[_Piece] = [(line.kind, line.text, Place("sheet", line.number, name)) for line in lines]
        skipped["names of empty sheets"] += 0 if own else visible(name)
        pieces += [("heading", name, own[0][2]), *own] if own else []
    blocks = [(kind, text) for kind, text, _ in pieces]
    files = sum(document.objects())
    return Extract(
        blocks,
        document.characters + names,
        Header(said_title(document.title, blocks)),
        +skipped,
        repeated,
        notes=[f"files inside it that are not read: {files}"] if files else [],
        places=placed((text, place) for _, text, place in pieces),
    )


def _cells(table: Any, skipped: Counter[str]) -> tuple[Rows, list[Merge], int]:
    """The texts of the cells that are shown, the merged cells, and the characters that repeated cells add."""
    hidden_columns = set(_hidden_columns(table))
    rows: Rows = {}
    merges: list[Merge] = []
    again = count = number = 0
    for element in table.iter(f"{TABLE}table-row"):
        down = times(element, "number-rows-repeated", _MOST_ROWS)
        is_hidden = element.get(f"{TABLE}visibility", "visible") != "visible"
        column = 0
        for cell in element:
            across = times(cell, "number-columns-repeated", _MOST_COLUMNS)
            text = " ".join(" ".join("".join(each.itertext()) for each in cell.iter(f"{TEXT}p")).split())
            hidden = "hidden rows" if is_hidden else "hidden columns" if column + 1 in hidden_columns else ""
            if hidden:
                skipped[hidden] += visible(text)
            elif text:
                count += down * across
                if count > _MOST_CELLS:
                    raise BadArticle(f"over {_MOST_CELLS:,} cells. Split the file")
                for row in range(number + 1, number + down + 1):
                    rows.setdefault(row, {}).update(dict.fromkeys(range(column + 1, column + across + 1), text))
                again += visible(text) * (down * across - 1)
                high, wide = times(cell, "number-rows-spanned"), times(cell, "number-columns-spanned")
                merges.append((number + 1, column + 1, number + high, column + wide))
            column += across
        number += down
    return rows, [merge for merge in merges if merge[:2] != merge[2:]], again


def _hidden_columns(table: Any) -> Iterator[int]:
    first = 1
    for element in table.iter(f"{TABLE}table-column"):
        width = times(element, "number-columns-repeated", _MOST_COLUMNS)
        if element.get(f"{TABLE}visibility", "visible") != "visible":
            yield from range(first, min(first + width, _MOST_COLUMNS))
        first += width

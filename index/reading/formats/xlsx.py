"""Workbooks (XLSX) to text: a section for each sheet, a line with the names of its columns for each row."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from index.articles.article import BlockKind, Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header, placed
from index.reading.formats.ooxml import EMBEDDED, Parts, parts_of, said_title
from index.reading.formats.tablelines import Line, Row, named_lines, names_columns, table_lines
from index.reading.formats.workbook import Merge, Sheet, Workbook

_MOST_PLACES = 20_000_000  # rows times columns of a sheet
_MOST_MERGED = 1_000_000  # cells
_Rows: TypeAlias = dict[int, dict[int, str]]
_Piece: TypeAlias = tuple[BlockKind, str, Place]


def xlsx_extract(raw: bytes) -> Extract:
    """The text of the sheets that are shown, numbers and days as their formats show them.

    Every cell counts, before anything is read from it. Raises BadArticle as `parts_of`, for a damaged part, or
    for very many cells.
    """
    parts = parts_of(raw, "Excel workbook", "Excel", "XLSX")
    return _Reader(parts).extract()


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self._parts, self._book = parts, Workbook(parts)
        self._skipped = Counter[str]()
        self._repeated = self._without_value = self._embedded = 0

    def extract(self) -> Extract:
        """The extract of the workbook."""
        total = 0
        pieces: list[_Piece] = []
        for sheet in self._book.sheets:
            drawings = list(self._drawings(sheet))
            before = self._skipped.total()
            self._add_remarks(sheet)
            count = sum(map(visible, self._book.texts(sheet))) + visible(sheet.name)
            count += sum(visible(text.text or "") for drawing in drawings for text in drawing.iter("{*}t"))
            total += count + self._skipped.total() - before
            if sheet.is_hidden:
                self._skipped["hidden sheets"] += count
            elif own := [*self._rows(sheet), *_boxes(drawings, sheet.name)]:
                pieces += [("heading", sheet.name, own[0][2]), *own]
            else:
                self._skipped["names of empty sheets"] += visible(sheet.name)
        blocks = [(kind, text) for kind, text, _ in pieces]
        formulas = f"formulas without a stored value: {self._without_value}. {self._parts.mend}"
        if self._without_value and not blocks:
            raise BadArticle(formulas)
        return Extract(
            blocks,
            total,
            Header(said_title(self._parts.title, blocks)),
            +self._skipped,
            self._repeated,
            notes=[f"files inside it that are not read: {self._embedded}"] if self._embedded else [],
            missing=[formulas] if self._without_value else [],
            places=placed((text, place) for _, text, place in pieces),
        )

    def _drawings(self, sheet: Sheet) -> Iterator[Any]:
        names = [name for kind, name, _ in self._parts.related(sheet.part) if kind == "drawing"]
        return (self._parts.parsed(name) for name in names if self._parts.contents.get(name))

    def _add_remarks(self, sheet: Sheet) -> None:
        """Count comments and charts, and the files in a sheet."""
        related = list(self._parts.related(sheet.part))
        drawings = [name for kind, name, _ in related if kind == "drawing"]
        charts = [part for name in drawings for part in self._parts.related(name) if part[0] == "chart"]
        self._embedded += sum(kind in EMBEDDED for kind, *_ in related)
        for kind, name, _ in [*related, *charts]:
            if kind in ("comments", "chart") and self._parts.contents.get(name):
                texts = (text.text or "" for text in self._parts.parsed(name).iter("{*}t"))
                reason = "comments" if kind == "comments" else "charts and diagrams"
                self._skipped[reason] += sum(map(visible, texts))

    def _rows(self, sheet: Sheet) -> list[_Piece]:
        rows: _Rows = defaultdict(dict)
        for cell in self._book.cells(sheet):
            if cell.hidden:
                self._skipped[cell.hidden] += visible(cell.text)
            elif cell.is_missing:
                self._without_value += 1
            else:
                rows[cell.row][cell.column] = cell.text
        lines, again = _lines(rows, sheet.merges)
        self._repeated += again + sum(line.added for line in lines)
        return [(line.kind, line.text, Place("sheet", line.number, sheet.name)) for line in lines]


def _boxes(drawings: list[Any], name: str) -> Iterator[_Piece]:
    """The paragraphs of text boxes, each at the row where its box begins."""
    for paragraph in (each for drawing in drawings for each in drawing.iter("{*}p")):
        row = next((anchor.findtext("{*}from/{*}row") for anchor in paragraph.iterancestors("{*}*Anchor")), None)
        text = " ".join("".join(part.text or "" for part in paragraph.iter("{*}t")).split())
        if text:
            yield "paragraph", text, Place("sheet", int(row) + 1 if row and row.isdecimal() else 1, name)


def _lines(rows: _Rows, merges: list[Merge]) -> tuple[list[Line], int]:
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


def _group_row(rows: _Rows, merges: list[Merge]) -> int:
    """The row with names of several columns each, above a row with their own names; 0 if there is none."""
    last = max((column for cells in rows.values() for column in cells), default=0)
    for first, left, end, right in sorted(merges):
        is_title = left == min(rows.get(first, {0: ""})) and right >= last
        below = [text for column, text in rows.get(first + 1, {}).items() if left <= column <= right]
        if first == end and left < right and not is_title and first + 2 in rows and len(below) > 1:
            return first if first in rows and names_columns(below) else 0
    return 0


def _fill(rows: _Rows, merges: list[Merge], group: int) -> int:
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

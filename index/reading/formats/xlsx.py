"""Workbooks (XLSX) to text: a section for each sheet, a line with the names of its columns for each row."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from index.articles.article import BlockKind, Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header, placed
from index.reading.formats.ooxml import EMBEDDED, Parts, parts_of, said_title
from index.reading.formats.sheetlines import Rows, sheet_lines
from index.reading.formats.workbook import Sheet, Workbook

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
        rows: Rows = defaultdict(dict)
        for cell in self._book.cells(sheet):
            if cell.hidden:
                self._skipped[cell.hidden] += visible(cell.text)
            elif cell.is_missing:
                self._without_value += 1
            else:
                rows[cell.row][cell.column] = cell.text
        lines, again = sheet_lines(rows, sheet.merges)
        self._repeated += again + sum(line.added for line in lines)
        return [(line.kind, line.text, Place("sheet", line.number, sheet.name)) for line in lines]


def _boxes(drawings: list[Any], name: str) -> Iterator[_Piece]:
    """The paragraphs of text boxes, each at the row where its box begins."""
    for paragraph in (each for drawing in drawings for each in drawing.iter("{*}p")):
        row = next((anchor.findtext("{*}from/{*}row") for anchor in paragraph.iterancestors("{*}*Anchor")), None)
        text = " ".join("".join(part.text or "" for part in paragraph.iter("{*}t")).split())
        if text:
            yield "paragraph", text, Place("sheet", int(row) + 1 if row and row.isdecimal() else 1, name)

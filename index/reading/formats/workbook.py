"""Cells of a workbook (XLSX) as its sheets show them, with the rows and columns that they hide."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Literal

from lxml import etree

from index.errors import BadArticle
from index.reading.formats.numberformats import format_of, shown_number, shown_text
from index.reading.formats.ooxml import Parts
from index.reading.formats.sheetlines import Merge

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_MOST_CELLS = 2_000_000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of Excel


@dataclass(frozen=True, slots=True)
class Cell:
    """The text that a cell shows; `hidden` says by what it is hidden, `is_missing`: its value is not in the file."""

    row: int
    column: int
    text: str
    hidden: Literal["", "hidden rows", "hidden columns", "struck text"] = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name and the name of its part."""

    name: str
    part: str
    is_hidden: bool
    merges: list[Merge] = field(default_factory=list)  # known when its cells are read


class Workbook:
    """The sheets of a workbook in their order, and the texts and formats that they share."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        main = parts.parsed(parts.main)
        related = list(parts.related(parts.main))
        shared = self._part(related, "sharedStrings")
        self._strings = [_string(item) for item in shared.iterfind("{*}si")] if shared is not None else []
        styles = self._part(related, "styles")
        self._styles = _styles(styles) if styles is not None else []
        self._since_1904 = any(_is_on(each, "date1904") for each in main.iter("{*}workbookPr"))
        names = {reference: name for _, name, reference in related if parts.contents.get(name)}
        self.sheets = [
            Sheet(sheet.get("name", ""), names[reference], sheet.get("state", "visible") != "visible")
            for sheet in main.iter("{*}sheet")
            if (reference := next((v for k, v in sheet.items() if k.endswith("}id")), "")) in names
        ]

    def _part(self, related: list[tuple[str, str, str]], kind: str) -> Any:
        name = next((name for each, name, _ in related if each == kind and self._parts.contents.get(name)), "")
        return self._parts.parsed(name) if name else None

    def cells(self, sheet: Sheet) -> Iterator[Cell]:
        """The cells with a text, row by row. Raises BadArticle for a damaged sheet, or one of very many cells."""
        columns: list[tuple[int, int]] = []  # hidden ones
        row, count = 0, 0
        for element in self._elements(sheet, "row", "col", "mergeCell"):
            name = etree.QName(element).localname
            if name == "col" and (_is_on(element, "hidden") or element.get("width") == "0"):
                columns.append((_number(element.get("min")), _number(element.get("max"))))
            elif name == "mergeCell" and (merge := _merge(element.get("ref", ""))):
                sheet.merges.append(merge)
            elif name == "row":
                row = _number(element.get("r")) or row + 1
                is_hidden = _is_on(element, "hidden") or element.get("ht") == "0"
                for count, cell in enumerate(self._row(element, row), count + 1):  # noqa: B020 - goes on
                    if count > _MOST_CELLS:
                        raise BadArticle(f"over {_MOST_CELLS:,} cells. Split the file")
                    in_column = any(first <= cell.column <= last for first, last in columns)
                    hidden = "hidden rows" if is_hidden else "hidden columns" if in_column else cell.hidden
                    yield Cell(cell.row, cell.column, cell.text, hidden, cell.is_missing)

    def texts(self, sheet: Sheet) -> Iterator[str]:
        """The text of every cell in the part of a sheet, shown or not."""
        return (self._text(cell)[0] for cell in self._elements(sheet, "c"))

    def _elements(self, sheet: Sheet, *names: str) -> Iterator[Any]:
        source = BytesIO(self._parts.contents[sheet.part])
        tags = [f"{{*}}{name}" for name in names]
        try:
            for _, element in etree.iterparse(source, tag=tags, resolve_entities=False, no_network=True):
                yield element
                element.clear()
                while element.getprevious() is not None:  # what is read takes no memory
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise BadArticle(f"its part {sheet.part} is damaged. {self._parts.mend}") from error

    def _row(self, element: Any, row: int) -> Iterator[Cell]:
        column = 0
        for cell in element.iterfind("{*}c"):
            match = _REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(match[1]) if match else column + 1
            if column > _MOST_COLUMNS or row > _MOST_ROWS:
                raise BadArticle(f"a cell lies outside of its sheet. {self._parts.mend}")
            text, is_struck = self._text(cell)
            is_formula = cell.find("{*}f") is not None and cell.get("t") != "str"
            is_missing = is_formula and not (cell.findtext("{*}v") or "")
            if text or is_missing:
                yield Cell(row, column, text, "struck text" if is_struck else "", is_missing)

    def _text(self, cell: Any) -> tuple[str, bool]:
        """The text that a cell shows, in one line, and whether it is struck out."""
        kind, value, style = cell.get("t", "n"), cell.findtext("{*}v") or "", _number(cell.get("s"))
        code, is_struck = self._styles[style] if style < len(self._styles) else ("General", False)
        if kind == "s":
            text = self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
        elif kind == "inlineStr":
            text = "".join(_string(item) for item in cell.iterfind("{*}is"))
        elif kind == "b":
            text = {"1": "TRUE", "0": "FALSE"}.get(value, value)
        else:
            text = shown_number(value, code, since_1904=self._since_1904) if kind == "n" and value else value
        text = shown_text(text, code) if kind in ("s", "inlineStr", "str") else text
        return " ".join(text.split()), is_struck


def _string(item: Any) -> str:
    """The text of a string without how it is pronounced."""
    return "".join(text.text or "" for text in item.iter("{*}t") if not text.getparent().tag.endswith("}rPh"))


def _styles(root: Any) -> list[tuple[str, bool]]:
    """The number format of each style, and whether it strikes its text."""
    named = {
        _number(each.get("numFmtId")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    struck = [_is_struck(font) for font in root.iterfind("{*}fonts/{*}font")]
    return [
        (format_of(_number(style.get("numFmtId")), named), struck[font : font + 1] == [True])
        for style in root.iterfind("{*}cellXfs/{*}xf")
        for font in [_number(style.get("fontId"))]
    ]


def _is_struck(font: Any) -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")


def _is_on(element: Any, name: str) -> bool:
    return element.get(name, "0") in ("1", "true")


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdecimal() and len(written) < 9 else 0


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _merge(reference: str) -> Merge | None:
    matches = [_REFERENCE.fullmatch(each) for each in reference.split(":")]
    if len(matches) != 2 or not matches[0] or not matches[1]:
        return None
    (a, b), (c, d) = [(int(match[2]), _column(match[1])) for match in matches if match]
    return (a, b, c, d)

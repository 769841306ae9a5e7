"""OpenDocument texts (ODT) to text: headings, lists with their numbers, tables, notes and text boxes."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from index.articles.article import BlockKind, visible
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import tidy
from index.reading.formats.odfparts import DRAW, TABLE, TEXT, Document, times
from index.reading.formats.odtlists import Lists
from index.reading.formats.ooxml import said_title
from index.reading.formats.raised import lifted, lowered
from index.reading.formats.tablelines import Row, named_lines

_WIDEST, _TALLEST = 100, 100_000  # columns, rows


def odt_extract(raw: bytes) -> Extract:
    """The text of a document; every letter of its body counts, before anything is read from it.

    Raises BadArticle as `parts_of`, for a damaged part, or for an encrypted document.
    """
    document = Document(raw, "text", "ODT")
    reader = _Reader(document)
    blocks = [block for block in reader.blocks(document.body) if block[1]]
    formulas, files = document.objects()
    return Extract(
        blocks,
        document.characters,
        Header(said_title(document.title, blocks) or next((text for kind, text in blocks if kind == "heading"), "")),
        +document.skipped,
        reader.added,
        notes=[f"files inside it that are not read: {files}"] if files else [],
        missing=[f"formulas that are not read: {formulas}. Write them as text"] if formulas else [],
    )


class _Reader:
    """The blocks of a document; `added` counts the characters in them that the file does not have."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lists = Lists(document)
        self.added = 0

    def blocks(self, parent: Any, kind: BlockKind = "paragraph", number: str = "") -> Iterator[tuple[BlockKind, str]]:
        """The blocks below an element, in order; `number` is set before the first."""
        for element in parent:
            match str(element.tag).removeprefix(TEXT):
                case "h" | "p" as tag:
                    inner: list[Any] = []
                    text = tidy(self._line(element, inner))
                    self.added += visible(number) if text else 0
                    is_heading = tag == "h" or self._document.styles.is_title(element.get(f"{TEXT}style-name", ""))
                    yield "heading" if is_heading else kind, f"{number} {text}".strip() if text else ""
                    number = "" if text else number
                    for box in inner:
                        yield from self.blocks(box)
                case "list":
                    for item, own in self._lists.items(element):
                        yield from self.blocks(item, "item", own)
                case _ if element.tag == f"{TABLE}table":
                    yield from self._table(element)
                case _:
                    yield from self.blocks(element, kind)

    def _line(self, element: Any, inner: list[Any], before: str = "") -> str:
        """The text of a paragraph or of a piece of it; notes and text boxes in it are added to `inner`."""
        text = element.text or ""
        for child in element:
            tag = str(child.tag)
            if tag == f"{TEXT}note":
                text += lifted(before + text, child.findtext(f"{TEXT}note-citation") or "")
                inner += child.iterfind(f"{TEXT}note-body")
            elif tag.startswith(DRAW) and tag != f"{DRAW}a":
                inner.append(child)
            else:
                text += self._styled(child, self._line(child, inner, before + text), before + text)
            text += child.tail or ""
        return self._styled(element, text, "") if element.tag in (f"{TEXT}p", f"{TEXT}h") else text

    def _styled(self, element: Any, text: str, before: str) -> str:
        """A text as its style shows it: raised, lowered, or not at all."""
        name, family = element.get(f"{TEXT}style-name", ""), "text" if element.tag == f"{TEXT}span" else "paragraph"
        value = partial(self._document.styles.value, family, name, "text")
        is_struck = value("text-line-through-style") not in ("", "none")
        if is_struck or value("display") == "none":
            self._document.skipped["struck text" if is_struck else "deleted and hidden text"] += visible(text)
            return ""
        position = value("text-position").split(" ")[0]
        if position.startswith("-") or position == "sub":
            return lowered(text) or text
        return lifted(before, text) if position.strip("0%") else text

    def _table(self, table: Any) -> Iterator[tuple[BlockKind, str]]:
        """The rows of a table with the names of its columns; one of a single column is a frame around paragraphs."""
        rows = [row for row in table.iter(f"{TABLE}table-row") if _table_of(row) is table][:_TALLEST]
        cells = [
            [cell for cell in row if str(cell.tag).endswith("table-cell") for _ in range(times(cell))] for row in rows
        ]
        is_frame = max(map(len, cells), default=0) < 2 or len(rows) < 2
        if is_frame or any(True for _ in table.iterfind(f".//{TABLE}table")):
            for cell in (cell for row in cells for cell in row):
                yield from self.blocks(cell)
            return
        grid: list[Row] = []
        spanned: dict[int, tuple[int, str]] = {}  # by column: rows that a cell still spans, and its text
        for number, row in enumerate(cells):
            line = []
            for column, cell in enumerate(row[:_WIDEST]):
                text = " ".join(" ".join(own for _, own in self.blocks(cell)).split())
                self.added += visible(text) if column and cell is row[column - 1] else 0
                left, above = spanned.get(column, (0, ""))
                is_again = left and cell.tag == f"{TABLE}covered-table-cell" and not text
                self.added += visible(above) if is_again else 0
                rest = times(cell, "number-rows-spanned", _TALLEST) - 1
                spanned[column] = (left - 1, above) if is_again else (rest, text)
                line.append(above if is_again else text)
            grid.append((number, line))
        for named in named_lines(grid, 0, 1):
            self.added += named.added
            yield "row", named.text


def _table_of(row: Any) -> Any:
    return next(row.iterancestors(f"{TABLE}table"), None)

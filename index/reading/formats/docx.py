"""Word documents (DOCX) to text: body, notes and text boxes, in the order of the file."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from typing import Any

from index.articles.article import BlockKind, visible
from index.errors import BadArticle
from index.reading.formats.docxnumbers import Numbers
from index.reading.formats.docxparts import VALUE, Package, W, package_of
from index.reading.formats.docxplain import HYPHEN, TEXT, characters, make_plain
from index.reading.formats.docxstyles import Styles
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import table_rows, tidy
from index.reading.formats.ooxml import said_title

_WIDEST = 100  # columns
_TAB = f"{W}tab"
_BREAKS = {_TAB: " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", HYPHEN: "-"}
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def docx_extract(raw: bytes) -> Extract:
    """The text of a Word document; its headers, footers and comments are skipped and counted.

    The count of characters is of all elements that carry text, before anything is read from them. Raises
    BadArticle as `package_of`, or without text. The dates in its properties are ignored, as they are dates of
    the file, not of publication.
    """
    package = package_of(raw)
    try:
        return _extract(package)
    except RecursionError as error:
        raise BadArticle("its tables or formulas lie too deep in each other. Save a simpler copy") from error


def _extract(package: Package) -> Extract:
    named, embedded = package.parts, package.embedded
    roots = [root for kind in ("document", "endnotes", "footnotes") for root in named.get(kind, [])]
    skipped = Counter({"comments": sum(map(characters, named.get("comments", [])))})
    edges = (*named.get("header", []), *named.get("footer", []))
    skipped["running headers and footers"] = sum(map(characters, edges))
    drawings = (*roots, *named.get("chart", []), *named.get("diagramData", []))
    skipped["charts and diagrams"] = sum(visible(text.text or "") for root in drawings for text in root.iter(_DRAWN))
    total = sum(map(characters, roots)) + skipped.total()
    styles = Styles(named.get("styles", []))
    numbers = Numbers(named.get("numbering", []), styles)
    accounts = [make_plain(root, styles, numbers) for root in roots]
    pieces = [piece for root in roots for piece in _blocks(root, styles)]
    blocks = [(kind, text) for kind, text, _ in pieces]
    unknown = sum(account.unknown for account in accounts)
    missing = [f"symbols without a known character: {unknown}. Write them as text"] if unknown else []
    return Extract(
        blocks,
        total,
        Header(_title(package.title, blocks)),
        +reduce(Counter.__add__, (account.skipped for account in accounts), skipped),
        sum(repeated for *_, repeated in pieces) + sum(account.added for account in accounts) + unknown,
        notes=[*package.notes, *([f"files inside it that are not read: {embedded}"] if embedded else [])],
        missing=[*package.missing, *missing],
    )


def _title(declared: str, blocks: list[tuple[BlockKind, str]]) -> str:
    """The file's own title if the document begins with it, else a heading."""
    return said_title(declared, blocks) or next((text for kind, text in blocks if kind == "heading"), "")


def _kind(paragraph: Any, styles: Styles) -> BlockKind:
    """The kind of a paragraph by its style, which may be based on other styles."""
    names = list(styles.names(paragraph))
    for name in names:
        if name.startswith("heading") or name in ("title", "subtitle"):
            return "heading"
    is_listed = styles.numbering(paragraph)[0] not in ("", "0")
    return "item" if is_listed or any(name.startswith("list") for name in names) else "paragraph"


def _blocks(root: Any, styles: Styles) -> Iterator[tuple[BlockKind, str, int]]:
    """The blocks below an element, each with the number of repeated characters; tables and boxes in order."""
    for element in root:
        if element.tag == f"{W}p":
            if text := _text(element):
                yield _kind(element, styles), text, 0
            for box in element.iter(f"{W}txbxContent"):
                if _nearest(box, "p") is element:
                    yield from _blocks(box, styles)
        elif element.tag == f"{W}tbl":
            yield from _table(element, styles)
        elif element.tag in (TEXT, f"{W}r"):  # a standalone formula, or text outside every paragraph
            loose = ("-" if text.tag == HYPHEN else text.text or "" for text in element.iter(TEXT, HYPHEN))
            if joined := " ".join("".join(loose).split()):
                yield "paragraph", joined, 0
        else:
            yield from _blocks(element, styles)


def _text(paragraph: Any) -> str:
    """The text of a paragraph without its text boxes, which come after it."""
    parts: list[str] = []
    has_others = next(paragraph.iterdescendants(f"{W}p"), None) is not None
    for element in paragraph.iter(TEXT, *_BREAKS):
        tag = element.tag
        is_stop = tag == _TAB and element.getparent().tag != f"{W}r"  # a tab stop, not a character
        if not is_stop and not (has_others and _nearest(element, "p") is not paragraph):
            parts.append(element.text or "" if tag == TEXT else _BREAKS[tag])
    return tidy("".join(parts))


def _table(table: Any, styles: Styles) -> Iterator[tuple[BlockKind, str, int]]:
    """The rows of a table with the names of its columns; a table of one column is a frame around paragraphs."""
    rows = [row for row in table.iter(f"{W}tr") if _nearest(row, "tbl") is table]
    cells = [[cell for cell in row.iter(f"{W}tc") if _nearest(cell, "tr") is row] for row in rows]
    if max(map(len, cells), default=0) < 2 or len(rows) < 2 or table.find(f".//{W}tc//{W}tbl") is not None:
        for cell in (cell for row in cells for cell in row):
            yield from _blocks(cell, styles)
        return
    grid, own = _grid(cells)
    lines = [line for line in table_rows(grid[0], grid[1:]) if line]
    again = sum(map(visible, lines)) - own
    for number, line in enumerate(lines, 1):
        yield "row", line, again if number == len(lines) else 0


def _grid(rows: list[list[Any]]) -> tuple[list[list[str]], int]:
    """The cells' texts by row, and their visible characters; a cell merged with the one above repeats its text."""
    grid: list[list[str]] = []
    own = 0
    for cells in rows:
        line: list[str] = []
        for cell in cells:
            span, merged = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(VALUE) != "restart"
            above = grid[-1][len(line)] if goes_on and grid and len(line) < len(grid[-1]) else ""
            width = span.get(VALUE, "") if span is not None else ""
            wide = min(int(width), _WIDEST) if re.fullmatch("[0-9]{1,9}", width) else 1
            text = " ".join(" ".join(map(_text, cell.iter(f"{W}p"))).split())
            own += visible(text)
            line += [text or above] + [""] * (wide - 1)
        grid.append(line)
    return grid, own


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{W}{name}"), None)

"""Word documents (DOCX) to text: body, notes and text boxes, in the order of the file."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.parser import parse_xml
from lxml import etree

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import table_rows, tidy

_MOST_BYTES = 200_000_000  # of all parts, unpacked
_MOST_PARTS = 5_000
_RATIO = 200  # unpacked to packed: no text compresses so well
_WIDEST = 100  # columns
_SMALL = 1_000_000  # bytes: smaller parts may have any ratio
_DECLARATION = [word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le")]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE = f"{_W}val"
_TEXTS = (f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_HYPHEN = f"{_W}noBreakHyphen"
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", _HYPHEN: "-"}
_DELETED = (f"{_W}del", f"{_W}moveFrom")
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = re.compile(r"/word/(footnotes|endnotes)\.xml")
_EDGES = re.compile(r"/word/(header|footer)\d*\.xml")
_COMMENTS = re.compile(r"/word/comments\.xml")
_DRAWINGS = re.compile(r"/word/(charts/chart|diagrams/data)\d*\.xml")
_EMBEDDED = re.compile(r"/word/(embeddings/|afchunk)", re.IGNORECASE)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
_UNREADABLE = (*_DAMAGED, PackageNotFoundError, etree.LxmlError, LookupError, ValueError, AttributeError)
_Styles = dict[str, Any]  # by id
_TITLE_OF_PROGRAM = re.compile(r"(word|microsoft|untitled|document ?\d*\Z)", re.IGNORECASE)


def docx_extract(raw: bytes) -> Extract:
    """The text of a Word document; its headers and footers are skipped and counted.

    Raises BadArticle if the archive is damaged, encrypted or unpacks to far more than a text, if a
    part declares entities, or without text. The dates in its properties are ignored, as they are
    dates of the file, not of publication.
    """
    try:
        _guard(raw)
        document = docx.Document(io.BytesIO(raw))
        body, title = document.element.body, document.core_properties.title or ""
        parts = sorted((str(part.partname), part) for part in document.part.package.iter_parts())
        notes, edges, comments, drawings = (
            [parse_xml(part.blob) for name, part in parts if pattern.fullmatch(name)]
            for pattern in (_NOTES, _EDGES, _COMMENTS, _DRAWINGS)
        )
    except _UNREADABLE as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise BadArticle(f"no readable Word document ({reason}). Open it in Word and save it again") from error
    roots = [body, *notes]
    skipped = Counter({"deleted and hidden text": sum(map(_without_unseen, roots))})
    skipped["running headers and footers"] = sum(map(_characters, edges))
    skipped["comments"] = sum(map(_characters, comments))
    skipped["charts and diagrams"] = sum(_characters(root, (_DRAWN,)) for root in [*roots, *drawings])
    styles = {style.style_id: style for style in document.styles}
    pieces = [piece for root in roots for piece in _blocks(root, styles)]
    blocks = [(kind, text) for kind, text, _ in pieces]
    embedded = sum(bool(_EMBEDDED.match(name)) for name, _ in parts)
    title = " ".join(clean(title).split())
    if not title or _TITLE_OF_PROGRAM.match(title):
        title = next((text for kind, text in blocks if kind == "heading"), "")
    return Extract(
        blocks,
        sum(map(_characters, roots)) + skipped.total(),
        Header(title),
        +skipped,
        sum(repeated for *_, repeated in pieces),
        notes=[f"files inside it that are not read: {embedded}"] if embedded else [],
    )


def _kind(paragraph: Any, styles: _Styles) -> BlockKind:
    """The kind of a paragraph by its style, which may be based on other styles."""
    if paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return "item"
    named = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(named.get(_VALUE)) if named is not None else None
    for _ in range(10):
        name = (style.name or "").lower() if style else ""
        if name.startswith("heading") or name in ("title", "subtitle"):
            return "heading"
        if name.startswith("list"):
            return "item"
        style = style.base_style if style else None
    return "paragraph"


def _guard(raw: bytes) -> None:
    """Raise BadArticle unless every part has a sane size and declares no entity; `_UNREADABLE` if one is damaged."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadArticle("encrypted, or of Word's old format. Save it as DOCX without a password")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        is_bomb = any(part.file_size > max(_SMALL, _RATIO * part.compress_size) for part in parts)
        if unpacked > _MOST_BYTES or len(parts) > _MOST_PARTS or is_bomb:
            size = f"its {len(raw) / 1e6:.1f} MB unpack to {unpacked / 1e6:,.0f} MB in {len(parts)} parts"
            raise BadArticle(f"{size}: not opened. Save a copy without its pictures")
        for part in parts:
            # At most the size in the directory is unpacked; a part with a false size is refused.
            content = archive.read(part)
            if part.filename.endswith((".xml", ".rels")) and any(word in content for word in _DECLARATION):
                raise BadArticle(f"its part {part.filename} declares entities: not opened. Save it again in Word")


def _characters(root: Any, tags: tuple[str, ...] = (*_TEXTS, _HYPHEN)) -> int:
    """The number of visible characters below an element, without the fallback copy for old programs."""
    texts = (text for text in root.iter(*tags) if not _in_fallback(text))
    return visible("".join(_BREAKS.get(text.tag) or text.text or "" for text in texts))


def _without_unseen(root: Any) -> int:
    """Remove deleted and hidden text from a part; returns its number of visible characters."""
    marks = (mark for mark in root.iter(f"{_W}vanish") if mark.get(_VALUE, "1") not in ("0", "false", "off"))
    hidden = (mark.getparent().getparent() for mark in marks)
    runs = {run for run in hidden if run is not None and run.tag == f"{_W}r"}
    runs |= {run for change in root.iter(*_DELETED) for run in change.iter(f"{_W}r")}
    texts = [text for run in runs for text in run.iter(*_TEXTS, f"{_W}delText") if not _in_fallback(text)]
    removed = sum(visible(text.text or "") for text in texts)
    for text in texts:
        text.text = ""
    return removed


def _in_fallback(element: Any) -> bool:
    return next(element.iterancestors(_FALLBACK), None) is not None


def _blocks(root: Any, styles: _Styles) -> Iterator[tuple[BlockKind, str, int]]:
    """The blocks below an element, each with the number of repeated characters; tables and boxes in order."""
    for element in root:
        if element.tag == f"{_W}p":
            if text := _text(element):
                yield _kind(element, styles), text, 0
            for box in element.iter(f"{_W}txbxContent"):
                if not _in_fallback(box) and _nearest(box, "p") is element:
                    yield from _blocks(box, styles)
        elif element.tag == f"{_W}tbl":
            yield from _table(element, styles)
        elif element.tag in (*_TEXTS, f"{_W}r"):  # a standalone formula, or text outside every paragraph
            loose = (text.text or "" for text in element.iter(*_TEXTS) if not _in_fallback(text))
            if joined := " ".join("".join(loose).split()):
                yield "paragraph", joined, 0
        elif element.tag != _FALLBACK:
            yield from _blocks(element, styles)


def _text(paragraph: Any) -> str:
    """The text of a paragraph without its text boxes, which come after it."""
    parts: list[str] = []
    for element in paragraph.iter(*_TEXTS, *_BREAKS):
        is_stop = element.tag == f"{_W}tab" and element.getparent().tag != f"{_W}r"  # a tab stop, not a character
        if not is_stop and not _in_fallback(element) and _nearest(element, "p") is paragraph:
            parts.append(_BREAKS.get(element.tag) or element.text or "")
    return tidy("".join(parts))


def _table(table: Any, styles: _Styles) -> Iterator[tuple[BlockKind, str, int]]:
    """The rows of a table with the names of its columns; a table of one column is a frame around paragraphs."""
    rows = [row for row in table.iter(f"{_W}tr") if _nearest(row, "tbl") is table]
    cells = [[cell for cell in row.iter(f"{_W}tc") if _nearest(cell, "tr") is row] for row in rows]
    if max(map(len, cells), default=0) < 2 or len(rows) < 2 or table.find(f".//{_W}tc//{_W}tbl") is not None:
        for cell in (cell for row in cells for cell in row):
            yield from _blocks(cell, styles)
        return
    grid = _grid(cells)
    lines = [line for line in table_rows(grid[0], grid[1:]) if line]
    again = sum(map(visible, lines)) - _characters(table)
    for number, line in enumerate(lines, 1):
        yield "row", line, again if number == len(lines) else 0


def _grid(rows: list[list[Any]]) -> list[list[str]]:
    """The cells' texts by row; a cell merged with the cell above repeats its text."""
    grid: list[list[str]] = []
    for cells in rows:
        line: list[str] = []
        for cell in cells:
            span, merged = cell.find(f"{_W}tcPr/{_W}gridSpan"), cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(_VALUE) != "restart"
            above = grid[-1][len(line)] if goes_on and grid and len(line) < len(grid[-1]) else ""
            width = span.get(_VALUE, "") if span is not None else ""
            wide = min(int(width), _WIDEST) if re.fullmatch("[0-9]{1,9}", width) else 1
            text = " ".join(" ".join(map(_text, cell.iter(f"{_W}p"))).split())
            line += [text or above] + [""] * (wide - 1)
        grid.append(line)
    return grid


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{_W}{name}"), None)

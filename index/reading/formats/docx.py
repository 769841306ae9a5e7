"""Word documents (DOCX) to text: body, notes and text boxes, in the order of the file."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
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
_TITLE_OF_PROGRAM = re.compile(r"(word|microsoft|untitled|document ?\d*\Z)", re.IGNORECASE)


def docx_extract(raw: bytes) -> Extract:
    """The text of a Word document; its headers and footers are skipped and counted.

    Raises BadArticle if the archive is damaged, encrypted or unpacks to far more than a text, if a
    part declares entities, or without text. The dates in its properties are ignored, as they are
    dates of the file, not of publication.
    """
    _guard(raw)
    try:
        document = docx.Document(io.BytesIO(raw))
        body = document.element.body
        title = document.core_properties.title or ""
    except (KeyError, ValueError, AttributeError, PackageNotFoundError, zipfile.BadZipFile, etree.LxmlError) as error:
        raise BadArticle(f"no readable Word document ({_short(error)}). Open it in Word and save it again") from error
    others = {str(part.partname): part for part in document.part.package.iter_parts()}

    def parts(name: re.Pattern[str]) -> list[Any]:
        return [_root(part.blob) for path, part in sorted(others.items()) if name.fullmatch(path)]

    roots = [body, *parts(_NOTES)]
    skipped = {
        "deleted and hidden text": sum(map(_without_unseen, roots)),
        "running headers and footers": sum(map(_characters, parts(_EDGES))),
        "comments": sum(map(_characters, parts(_COMMENTS))),
        "charts and diagrams": sum(_drawn(root) for root in [*roots, *parts(_DRAWINGS)]),
    }
    styles = _Styles(document)
    blocks: list[tuple[BlockKind, str]] = []
    repeated = 0
    for root in roots:
        for kind, text, again in _blocks(root, styles):
            blocks.append((kind, text))
            repeated += again
    characters = sum(map(_characters, roots)) + sum(skipped.values())
    embedded = sum(bool(_EMBEDDED.match(name)) for name in others)
    notes = [f"files inside it that are not read: {embedded}"] if embedded else []
    title = _title(title, blocks)
    skipped = {reason: count for reason, count in skipped.items() if count}
    return Extract(blocks, characters, Header(title), skipped, repeated, notes=notes)


def _title(declared: str, blocks: list[tuple[BlockKind, str]]) -> str:
    title = " ".join(clean(declared).split())
    if title and not _TITLE_OF_PROGRAM.match(title):
        return title
    return next((text for kind, text in blocks if kind == "heading"), "")


class _Styles:
    """Paragraph styles by id, to recognise headings and lists; a style may be based on another."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.style_id: style for style in document.styles}

    def kind(self, paragraph: Any) -> BlockKind:
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return "paragraph"
        if properties.find(f"{_W}numPr") is not None:
            return "item"
        named = properties.find(f"{_W}pStyle")
        style = self._styles.get(named.get(qn("w:val"))) if named is not None else None
        for _ in range(10):
            if style is None:
                break
            name = (style.name or "").lower()
            if name.startswith("heading") or name in ("title", "subtitle"):
                return "heading"
            if name.startswith("list"):
                return "item"
            style = style.base_style
        return "paragraph"


def _guard(raw: bytes) -> None:
    """Raise BadArticle unless every part can be unpacked, has a sane size and declares no entity."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadArticle("encrypted, or of Word's old format. Save it as DOCX without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > _MOST_BYTES or len(parts) > _MOST_PARTS or any(map(_is_bomb, parts)):
                raise BadArticle(
                    f"its {len(raw) / 1e6:.1f} MB unpack to {unpacked / 1e6:,.0f} MB in {len(parts)} parts: not opened."
                    " Save a copy without its pictures"
                )
            for part in parts:
                # At most the size in the directory is unpacked; a part with a false size is refused.
                content = archive.read(part)
                if part.filename.endswith((".xml", ".rels")) and any(word in content for word in _DECLARATION):
                    raise BadArticle(f"its part {part.filename} declares entities: not opened. Save it again in Word")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise BadArticle(f"no readable Word document ({_short(error)}). Open it in Word and save it again") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise BadArticle("no readable Word document (a part is damaged). Get the file again") from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > _RATIO * max(part.compress_size, 1)


def _root(blob: bytes) -> Any:
    try:
        return etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadArticle(f"no readable Word document ({_short(error)}). Open it in Word and save it again") from error


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__


def _characters(root: Any) -> int:
    """The number of visible characters below an element, without the fallback copy for old programs."""
    texts = (text for text in root.iter(*_TEXTS, _HYPHEN) if not _in_fallback(text))
    return visible("".join(_BREAKS.get(text.tag) or text.text or "" for text in texts))


def _without_unseen(root: Any) -> int:
    """Remove deleted and hidden text from a part; returns its number of visible characters."""
    hidden = (mark.getparent().getparent() for mark in root.iter(f"{_W}vanish") if _is_on(mark))
    runs = {run for run in hidden if run is not None and run.tag == f"{_W}r"}
    runs |= {run for change in root.iter(*_DELETED) for run in change.iter(f"{_W}r")}
    texts = [text for run in runs for text in run.iter(*_TEXTS, f"{_W}delText") if not _in_fallback(text)]
    removed = sum(visible(text.text or "") for text in texts)
    for text in texts:
        text.text = ""
    return removed


def _is_on(mark: Any) -> bool:
    return mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def _drawn(root: Any) -> int:
    return visible("".join(text.text or "" for text in root.iter(_DRAWN) if not _in_fallback(text)))


def _in_fallback(element: Any) -> bool:
    return any(ancestor.tag == _FALLBACK for ancestor in element.iterancestors())


def _blocks(root: Any, styles: _Styles) -> Iterator[tuple[BlockKind, str, int]]:
    """The blocks below an element, each with the number of repeated characters; tables and boxes in order."""
    for element in root:
        if element.tag == f"{_W}p":
            if text := _text(element):
                yield styles.kind(element), text, 0
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
    """The cells' texts in rows of equal length; a cell merged with the cell above repeats its text."""
    grid: list[list[str]] = []
    for cells in rows:
        line: list[str] = []
        for cell in cells:
            span, merged = cell.find(f"{_W}tcPr/{_W}gridSpan"), cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(qn("w:val")) != "restart"
            above = grid[-1][len(line)] if goes_on and grid and len(line) < len(grid[-1]) else ""
            width = span.get(qn("w:val"), "") if span is not None else ""
            wide = min(int(width), _WIDEST) if re.fullmatch("[0-9]{1,9}", width) else 1
            line += [_cell(cell) or above] + [""] * (wide - 1)
        grid.append(line)
    width = max(map(len, grid))
    return [line + [""] * (width - len(line)) for line in grid]


def _nearest(element: Any, name: str) -> Any:
    return next((ancestor for ancestor in element.iterancestors() if ancestor.tag == f"{_W}{name}"), None)


def _cell(cell: Any) -> str:
    return " ".join(" ".join(_text(paragraph).split()) for paragraph in cell.iter(f"{_W}p")).strip()

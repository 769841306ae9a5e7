"""PDF to text with page numbers. Files that PDFium cannot read to the end are refused, not half read."""

import ctypes
import re
import threading
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import join_soft_breaks
from index.reading.formats.pdflines import Line, Page, Part, parts, without_running

_LOCK = threading.Lock()  # PDFium is not thread-safe
_MOST_CHARACTERS = 50_000_000
_NO_TITLE = re.compile(
    r"microsoft word|untitled|unspecified|anonymous|document ?\d*\Z|.*\.(docx?|pdf|indd|qxd|pptx?|xlsx?|tmp|rtf|odt)\Z",
    re.IGNORECASE,
)


def pdf_extract(raw: bytes) -> Extract:
    """The text of a PDF and the start of each page in it.

    Raises BadArticle if the file is encrypted, cut short, damaged, or without text on any page. The
    dates in a PDF are ignored, as they are dates of the file, not of publication.
    """
    with _LOCK:
        pages, raw_texts, blank, title, noted = _read(raw)
    pages_without_running, running = without_running(pages)
    page_parts, hyphens = parts(pages_without_running)
    blocks, starts = _placed(page_parts, len(pages))
    return Extract(
        blocks,
        sum(map(visible, raw_texts)) + noted,
        Header(_title(title, raw_texts, page_parts)),
        {"running headers and footers": running, "hyphens at line ends": hyphens, "notes and form fields": noted},
        pages=starts,
        blank_pages=blank,
        notes=[f"page {number} has no text ({content})" for number, content in blank.items()],
    )


def _read(raw: bytes) -> tuple[list[Page], list[str], dict[int, str], str, int]:
    """Pages, their raw texts, the content of pages without text, the file's own title, characters of its notes."""
    if b"%%EOF" not in raw[-2_048:]:
        # PDFium repairs such a file by leaving pages out.
        raise BadArticle("no whole PDF: its end is missing. Get the file again")
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error):
            raise BadArticle("encrypted: it opens with a password only. Save it without one") from error
        raise BadArticle("no readable PDF: it is damaged or cut short. Get the file again") from error
    pages, texts, blank, total, noted = [], [], {}, 0, 0
    with document:
        for number in range(1, len(document) + 1):
            page, text, pictures, notes = _page(document, number)
            noted += notes
            total += len(text)
            if total > _MOST_CHARACTERS:
                raise BadArticle(f"over {_MOST_CHARACTERS:,} characters of text. Split the file")
            pages.append(page)
            texts.append(text)
            if not text.strip():
                blank[number] = "a picture: scanned?" if pictures else "blank"
        title = str(document.get_metadata_value("Title"))
    if len(blank) == len(pages):
        raise BadArticle(f"no text on its pages ({len(pages)}): scanned? Run text recognition (OCR) on it first")
    return pages, texts, blank, title, noted


def _page(document: Any, number: int) -> tuple[Page, str, bool, int]:
    try:
        page = document[number - 1]
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        lines = _lines(textpage, text)
        pictures = not text.strip() and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
        noted = sum(map(visible, _noted(page)))
        height = page.get_height()
        textpage.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise BadArticle(f"page {number} is damaged. Get the file again") from error
    return Page(lines, height), text, pictures, noted


def _noted(page: Any) -> Iterator[str]:
    """The text of notes and filled-in fields of a page, which PDFium's text of the page leaves out."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if pdfium.FPDFAnnot_GetSubtype(note) != pdfium.FPDF_ANNOT_POPUP:
            for key in (b"Contents", b"V"):
                size = pdfium.FPDFAnnot_GetStringValue(note, key, None, 0)
                buffer = ctypes.create_string_buffer(size)
                pdfium.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
                yield buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
        pdfium.FPDFPage_CloseAnnot(note)


def _lines(textpage: Any, text: str) -> list[Line]:
    """The lines of a page; without positions if the library's character counts disagree."""
    has_positions = len(text.encode("utf-16-le", "surrogatepass")) // 2 == textpage.count_chars()
    lines, position = [], 0
    for piece in re.split(r"(\r\n|\r|\n)", text):
        length = len(piece.encode("utf-16-le", "surrogatepass")) // 2
        if stripped := piece.strip():
            first = position + len(piece) - len(piece.lstrip())
            last = position + length - 1 - (len(piece) - len(piece.rstrip()))
            shown = clean(stripped)
            lines.append(_placed_line(textpage, shown, first, last) if has_positions else Line(shown, 0, 0, 0, 0, 0))
        position += length
    return lines


def _placed_line(textpage: Any, text: str, first: int, last: int) -> Line:
    (left, top), (_, bottom) = _origin(textpage, first), _origin(textpage, last)
    matrix = pdfium.FS_MATRIX()
    scale = abs(matrix.d) or 1.0 if pdfium.FPDFText_GetMatrix(textpage, first, matrix) else 1.0
    size = pdfium.FPDFText_GetFontSize(textpage, first) * scale
    return Line(text, left, textpage.get_charbox(last)[2], top, bottom, size)


def _origin(textpage: Any, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
    return x.value, y.value


def _placed(page_parts: list[Part], pages: int) -> tuple[list[tuple[BlockKind, str]], tuple[int, ...]]:
    """The blocks, and the start of each page in their text with a line break between blocks."""
    blocks: list[tuple[BlockKind, str]] = []
    starts: dict[int, int] = {}
    end = -1  # of the text so far
    for part in page_parts:
        if part.continues:
            kind, text = blocks[-1]
            joined = join_soft_breaks(f"{text}\N{LINE SEPARATOR}{part.text}")
            blocks[-1] = kind, joined
            end += len(joined) - len(text)
        else:
            blocks.append((part.kind, part.text))
            end += 1 + len(part.text)
        starts.setdefault(part.page, end - len(part.text))
    page_starts = [max(end, 0)]
    for page in range(pages, 0, -1):
        page_starts.insert(0, starts.get(page, page_starts[0]))
    return blocks, tuple(page_starts[:-1])


def _title(declared: str, texts: list[str], page_parts: list[Part]) -> str:
    """The file's own title if its first pages have most of its words, else the first heading of the first page.

    Many files have the title of the document that they were made from.
    """
    title = " ".join(clean(declared).split())
    words = re.findall(r"\w{2,}", title.lower())
    opening = " ".join(texts[:2]).lower()
    if 3 < len(title) <= 200 and not _NO_TITLE.match(title) and 2 * sum(word in opening for word in words) > len(words):
        return title
    return next((part.text for part in page_parts if part.kind == "heading" and part.page == 1), "")

"""PDF to text with page numbers. Files that PDFium cannot read to the end are refused, not half read."""

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from index.articles.article import BlockKind, clean, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, Header
from index.reading.formats.markdown import join_soft_breaks
from index.reading.formats.pdfdrawn import UNKNOWN, Box, Drawn
from index.reading.formats.pdfforms import attached, check_form, fields
from index.reading.formats.pdfglyphs import drawn
from index.reading.formats.pdflines import Line, Page, Part, parts, without_running
from index.reading.formats.pdfrows import lines_of
from index.reading.formats.recognition import MOST_PAGES, recognised

_LOCK = threading.Lock()  # PDFium is not thread-safe
_MOST_CHARACTERS = 50_000_000
_MOST_PAGES = 10_000
_SCANNED = 0.5  # share of a page under a picture, beside which there is at most a running line or a caption
_CAPTION = 150  # visible characters
_PICTURED = 0.2  # share of a page without text under a picture that may hold text
_CURVES = 100  # painted shapes
_FIELD_SIZE = 10.0  # points, of a field's value
_NO_TITLE = re.compile(
    r"draft|confidential|sample|specimen|copy|void|entwurf|vertraulich|muster|kopie|brouillon|confidentiel|草稿|草案|机密|样本|"
    r"microsoft word|untitled|unspecified|anonymous|document ?\d*\Z|.*\.(docx?|pdf|indd|qxd|pptx?|xlsx?|tmp|rtf|odt)\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Account:
    """Everything that is not the text of a page: counts of characters, parts without text, remarks."""

    characters: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    blank: dict[int, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    has_fields: bool = False
    recognised: list[int] = field(default_factory=list)  # pages


def pdf_extract(raw: bytes, languages: str = "") -> Extract:
    """The text of a PDF and the start of each page in it; scanned pages are recognised in `languages`, if any.

    Raises BadArticle if the file is encrypted, cut short, damaged, a dynamic form, or without text on
    any page. The dates in a PDF are ignored, as they are dates of the file, not of publication.
    """
    with _LOCK:
        pages, account, title = _read(raw.rstrip(b"\0\r\n "), languages)
    if not any(page.lines for page in pages):
        reason = f"no text on its pages ({len(pages)})"
        if any(UNKNOWN in part for part in account.missing):
            raise BadArticle(f"{reason}: its letters have no known characters. Run text recognition (OCR) on it first")
        if any(account.skipped.values()):
            raise BadArticle(
                f"{reason} that can be seen: it is white, hidden or off the page. Save it with visible text"
            )
        raise BadArticle(f"{reason}: scanned? Run text recognition (OCR) on it first")
    pages_without_running, running = without_running(pages)
    page_parts, hyphens = parts(pages_without_running)
    blocks, starts = _placed(page_parts, len(pages))
    opening = [" ".join(line.text for line in page.lines) for page in pages[:2]]
    return Extract(
        blocks,
        account.characters,
        Header(_title(title, opening, page_parts)),
        {"running headers and footers": running, "hyphens at line ends": hyphens, **account.skipped},
        pages=starts,
        blank_pages=account.blank,
        notes=account.notes,
        missing=account.missing,
        recognised=tuple(account.recognised),
    )


def _read(raw: bytes, languages: str) -> tuple[list[Page], _Account, str]:
    """Pages, the account of all that is not in them, the file's own title."""
    if b"%%EOF" not in raw[-2_048:]:
        # PDFium repairs such a file by leaving pages out.
        raise BadArticle("no whole PDF: its end is missing. Get the file again")
    try:
        document = pypdfium2.PdfDocument(raw)
        if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_ACRO_FORM:
            document.init_forms()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error):
            raise BadArticle("encrypted: it opens with a password only. Save it without one") from error
        raise BadArticle("no readable PDF: it is damaged or cut short. Get the file again") from error
    pages, account = [], _Account()
    with document:
        if len(document) > _MOST_PAGES:
            raise BadArticle(f"over {_MOST_PAGES:,} pages. Split the file")
        for number in range(1, len(document) + 1):
            pages.append(_page(document, number, account, languages))
            if account.characters > _MOST_CHARACTERS:
                raise BadArticle(f"over {_MOST_CHARACTERS:,} characters of text. Split the file")
        check_form(document, account.has_fields)
        missing, notes = attached(document, raw, account.files)
        account.missing += missing
        account.notes += notes
        return pages, account, str(document.get_metadata_value("Title"))


def _page(document: Any, number: int, account: _Account, languages: str) -> Page:
    try:
        page = document[number - 1]
        textpage = page.get_textpage()
        page_drawn = drawn(page, textpage)
        lines, has_columns = lines_of(page_drawn.glyphs)
        lines = _with_fields(lines, fields(document.formenv, page), account)
        if languages and not (page_drawn.glyphs or lines) and (page_drawn.pictures or len(page_drawn.areas) >= _CURVES):
            lines = _recognised(page, number, account, languages)
        if number not in account.recognised:
            _count(number, page_drawn, page_drawn.pictured(page.get_bbox()), lines, account)
        height = page.get_height()
        textpage.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise BadArticle(f"page {number} is damaged. Get the file again") from error
    if has_columns:
        account.notes.append(f"page {number} is drawn row by row over its columns, which are read one after the other")
    return Page(lines, height)


def _recognised(page: Any, number: int, account: _Account, languages: str) -> list[Line]:
    """The lines of a scanned page by text recognition, which the account tells apart; none if it is too poor."""
    if len(account.recognised) >= MOST_PAGES:
        account.notes.append(f"page {number} is not recognised, as {MOST_PAGES} others are. Split the file")
        return []
    result = recognised(page, languages)
    sure = f"confidence {result.confidence} of 100"
    if result.is_poor or not result.words:
        account.notes.append(
            f"page {number}: recognition finds {f'too little ({sure})' if result.words else 'no words'}"
        )
        return []
    doubtful = f", {result.doubtful} of {result.words} words doubtful" if result.doubtful else ""
    account.notes.append(f"page {number} is recognised from a picture ({languages}, {sure}{doubtful})")
    account.recognised.append(number)
    account.characters += sum(visible(line.text) for line in result.lines)
    return result.lines


def _with_fields(lines: list[Line], found: Iterable[tuple[str, str, Box]], account: _Account) -> list[Line]:
    """The lines with the values of fields at their places."""
    lines = list(lines)
    for kind, text, (left, bottom, right, top) in found:
        account.has_fields |= kind == "box"
        if kind == "file":
            account.files.append(text or "without a name")
        elif kind != "box":
            account.characters += visible(text)
            account.skipped["notes and hidden fields"] += visible(text) * (kind != "field")
        if kind == "field" and text.strip():
            value, base = " ".join(clean(text).split()), bottom + (top - bottom) / 4
            below = (row for row, line in enumerate(lines) if _is_after(line, left, base))
            lines.insert(next(below, len(lines)), Line(value, left, right, base, base, _FIELD_SIZE))
    return lines


def _is_after(line: Line, left: float, base: float) -> bool:
    """Whether a line stands below a place, or beside it to the right."""
    is_beside = abs(line.top - base) <= max(line.size, _FIELD_SIZE)
    return line.left > left if is_beside else line.top < base


def _count(number: int, page: Drawn, pictured: float, lines: Sequence[Line], account: _Account) -> None:
    """Count a page's characters, and name those that cannot be read, or the picture that it is."""
    reasons = Counter[str]()
    known = defaultdict[str, list[str]](list)
    for glyph in page.glyphs:
        if glyph.style and glyph.why != UNKNOWN:
            known[glyph.why].append(glyph.text)
    reasons.update({reason: visible("".join(texts)) for reason, texts in known.items()})
    unknown = sum(glyph.why == UNKNOWN for glyph in page.glyphs)
    account.characters += reasons.total() + unknown
    account.skipped.update({reason: count for reason, count in reasons.items() if reason})
    if unknown:
        account.missing.append(f"page {number}: {unknown:,} glyphs have {UNKNOWN}. Run text recognition (OCR) on it")
    if page.mute:
        account.missing.append(f"page {number}: {page.mute:,} pieces of text have {UNKNOWN}")
    text = sum(visible(line.text) for line in lines)
    if (pictured >= _SCANNED and text < _CAPTION) or (page.pictures and not text):
        account.blank[number] = "a picture: scanned?"
        note = f"page {number} {'is mostly a picture: scanned?' if text else 'has no text (a picture: scanned?)'}"
        (account.missing if pictured >= _PICTURED else account.notes).append(note)
    elif not (text or unknown or page.mute):
        is_curves = len(page.areas) >= _CURVES
        account.blank[number] = "drawn shapes: text as curves?" if is_curves else "blank"
        (account.missing if is_curves else account.notes).append(f"page {number} has no text ({account.blank[number]})")


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

"""The parts of a PDF that are no text of its pages: fields and notes, forms, attached files."""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from index.errors import BadArticle
from index.reading.formats.pdfdrawn import Box

_WRITTEN = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)


def fields(form: Any, page: Any) -> Iterator[tuple[str, str, Box]]:
    """The texts of the page's annotations: `field`, `note`, `file` or `box`, the text and the place of each."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        item = pdfium.FPDFPage_GetAnnot(page, index)
        kind, rect = pdfium.FPDFAnnot_GetSubtype(item), pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(item, rect)
        box: Box = (rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
        hidden = pdfium.FPDFAnnot_GetFlags(item) & (pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            if pdfium.FPDFAnnot_GetFormFieldType(form, item) in _WRITTEN:
                value = _string(pdfium.FPDFAnnot_GetFormFieldValue, form, item)
                yield "hidden" if hidden else "field", value, box
            yield "box", "", box
        elif kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
            yield "file", _string(pdfium.FPDFAnnot_GetStringValue, item, b"Contents"), box
        elif kind != pdfium.FPDF_ANNOT_POPUP:
            text = _string(pdfium.FPDFAnnot_GetStringValue, item, b"Contents")
            yield "field" if kind == pdfium.FPDF_ANNOT_FREETEXT and not hidden else "note", text, box
        pdfium.FPDFPage_CloseAnnot(item)


def _string(function: Any, *arguments: Any) -> str:
    size = function(*arguments, None, 0)
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def attached(document: Any, raw: bytes, files: list[str]) -> tuple[list[str], list[str]]:
    """Missing parts and notes about the files in a PDF; `files` are those attached to a place on a page."""
    names = list(files)
    for index in range(min(pdfium.FPDFDoc_GetAttachmentCount(document), 1_000)):
        item = pdfium.FPDFDoc_GetAttachment(document, index)
        names.append(_string(pdfium.FPDFAttachment_GetName, item) or "without a name")
    if not names:
        return [], []
    listed = ", ".join(name[:60] for name in names[:5]) + (", …" if len(names) > 5 else "")
    is_portfolio = b"/Collection" in raw or pdfium.FPDFDoc_GetPageMode(document) == pdfium.PAGEMODE_USEATTACHMENTS
    if is_portfolio:
        return [f"a portfolio: its files ({len(names)}: {listed}) are not read. Put them into the folder"], []
    return [], [f"files attached to it are not read ({len(names)}: {listed}). Put them into the folder if they matter"]


def check_form(document: Any, has_fields: bool) -> None:
    """Raise BadArticle for a dynamic form, of which a PDF without fields is only a stand-in."""
    kind = pdfium.FPDF_GetFormType(document)
    if kind == pdfium.FORMTYPE_XFA_FULL or (kind == pdfium.FORMTYPE_XFA_FOREGROUND and not has_fields):
        raise BadArticle("a dynamic form (XFA): its text cannot be read. Print it to a new PDF with Adobe Reader")

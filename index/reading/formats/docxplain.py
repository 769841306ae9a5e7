"""Parts of a Word document made plain: what carries text becomes text (`w:t`), and what nobody sees is taken out."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from index.articles.article import visible
from index.reading.formats.docxmath import FORMULA, MATH_TEXT, Formula
from index.reading.formats.docxnumbers import Numbers
from index.reading.formats.docxparts import VALUE, W
from index.reading.formats.docxstyles import Styles, is_on
from index.reading.formats.docxsymbols import UNKNOWN, character_of, without_private
from index.reading.formats.raised import lifted, lowered

TEXT, HYPHEN = f"{W}t", f"{W}noBreakHyphen"
DELETED, STRUCK, PLACEHOLDER = "deleted and hidden text", "struck text", "placeholders of form fields"
_ART = "{urn:schemas-microsoft-com:vml}textpath"
_RUNS = (f"{W}r", "{http://schemas.openxmlformats.org/officeDocument/2006/math}r")
_CHANGES = (f"{W}del", f"{W}moveFrom")
_SYMBOL, _DELETED_TEXT, _FIELD = f"{W}sym", f"{W}delText", f"{W}ffData"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CARRIERS = (TEXT, MATH_TEXT, HYPHEN, _SYMBOL, _DELETED_TEXT, _FIELD, _ART)


@dataclass(slots=True)
class Account:
    """Visible characters left out by reason, the signs added (numbers of lists, signs of formulas), and the
    number of symbols without a known character."""

    skipped: Counter[str] = field(default_factory=Counter)
    added: int = 0
    unknown: int = 0


def characters(root: Any) -> int:
    """The visible characters of all elements that carry text, in a part as it is in the file."""
    return visible("\n".join(map(_carried, root.iter(*_CARRIERS))))  # parts of a letter in two elements are two


def make_plain(root: Any, styles: Styles, numbers: Numbers) -> Account:
    """Make a part plain, in place."""
    account = Account()
    for element in list(root.iter(_ART, _FIELD)):
        _follow(element, _carried(element))
    for run, reason in list(_unseen(root, styles)):
        carriers = [element for element in run.iter(*_CARRIERS) if _run_of(element) is run]
        account.skipped[reason] += sum(map(visible, map(_carried, carriers)))
        for element in carriers:
            element.getparent().remove(element)
    _number(root, numbers, account)
    for element in list(root.iter(_SYMBOL, TEXT, MATH_TEXT)):
        _with_known_characters(element, styles, account)
    for paragraph in root.iter(f"{W}p") if styles.used(root, "vertAlign") else ():
        _raise(paragraph, styles)
    for ruby in root.iter(f"{W}rt"):
        _enclose(ruby, account)
    for formula in list(root.iter(FORMULA)):
        line = Formula(formula)
        has_text = any(element.text for element in formula.iter(TEXT, MATH_TEXT))
        account.added += visible(line.added) if has_text else 0
        _replace(formula, line.text if has_text else "")
    return account


def _carried(element: Any) -> str:
    """The text that an element carries in the file; the result of a choice in a form is its text."""
    if element.tag == HYPHEN:
        return "-"
    if element.tag == _SYMBOL:
        return UNKNOWN  # whichever it is: one character
    if element.tag == _ART:
        return str(element.get("string", ""))
    if element.tag == _FIELD:
        return _result(element)
    return element.text or ""


def _result(data: Any) -> str:
    """The result of a legacy form field: the chosen entry, or a box; a field to type in has its text after it."""
    entries = [entry.get(VALUE, "") for entry in data.iterfind(f"{W}ddList/{W}listEntry")]
    if entries:
        marks = (data.find(f"{W}ddList/{W}{name}") for name in ("result", "default"))
        chosen = next((mark.get(VALUE, "") for mark in marks if mark is not None), "0")
        return entries[int(chosen)] if chosen.isdecimal() and len(chosen) < 6 and int(chosen) < len(entries) else ""
    box = data.find(f"{W}checkBox")
    if box is None:
        return ""
    checked = box.find(f"{W}checked")
    return "☒" if is_on(checked if checked is not None else box.find(f"{W}default")) else "☐"


def _follow(element: Any, text: str) -> None:
    """Put a carried text into the run of its element; the element carries nothing any more."""
    run = _run_of(element)
    if run is None:
        return
    _append(run, text)
    element.attrib.pop("string", None)
    for child in list(element):
        element.remove(child)


def _append(run: Any, text: str) -> None:
    etree.SubElement(run, TEXT).text = text


def _run_of(element: Any) -> Any:
    return next(element.iterancestors(*_RUNS), None)


def _unseen(root: Any, styles: Styles) -> Iterator[tuple[Any, str]]:
    """The runs that nobody sees, or that are not valid, with the reason."""
    deleted = {run for change in root.iter(*_CHANGES) for run in change.iter(*_RUNS)}
    shown = f"{W}sdtPr/{W}showingPlcHdr"
    fields = (control for control in root.iter(f"{W}sdt") if is_on(control.find(shown)))
    contents = (part for control in fields for part in control.iterfind(f"{W}sdtContent"))
    placeholders = {run for content in contents for run in content.iter(*_RUNS)}
    hiding, striking = styles.used(root, "vanish"), styles.used(root, "strike", "dstrike")
    if not (deleted or placeholders or hiding or striking):
        return
    for run in root.iter(*_RUNS):
        if run in deleted or any(is_on(styles.property_of(run, name)) for name in hiding):
            yield run, DELETED
        elif run in placeholders:
            yield run, PLACEHOLDER
        elif any(is_on(styles.property_of(run, name)) for name in striking):
            yield run, STRUCK


def _number(root: Any, numbers: Numbers, account: Account) -> None:
    """Write the automatic numbers before the paragraphs; one that is deleted with its end has none."""
    for paragraph in root.iter(f"{W}p"):
        if not numbers.has(paragraph):
            continue
        texts = (element for element in paragraph.iter(*_CARRIERS) if _paragraph_of(element) is paragraph)
        has_text = any(visible(_carried(element)) for element in texts)
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        is_gone = mark is not None and (mark.find(f"{W}del") is not None or is_on(mark.find(f"{W}vanish")))
        number = numbers.number(paragraph) if has_text or not is_gone else ""
        if number and has_text:
            account.added += visible(number)
            run = etree.Element(f"{W}r")
            _append(run, f"{number} ")
            paragraph.insert(0, run)


def _paragraph_of(element: Any) -> Any:
    return next(element.iterancestors(f"{W}p"), None)


def _with_known_characters(element: Any, styles: Styles, account: Account) -> None:
    """Write a symbol, or private characters of a symbol font, as the characters that they show."""
    if element.tag == _SYMBOL:
        code = element.get(f"{W}char", "")
        is_code = len(code) <= 6 and all(digit in "0123456789abcdefABCDEF" for digit in code) and code
        shown = character_of(element.get(f"{W}font", ""), int(code, 16)) if is_code else UNKNOWN
        account.unknown += shown == UNKNOWN
        element.tag, element.text = TEXT, shown
    elif _PRIVATE.search(element.text or ""):
        run = _run_of(element)
        fonts = styles.property_of(run, "rFonts") if run is not None else None
        font = fonts.get(f"{W}ascii", "") if fonts is not None else ""
        element.text, unknown = without_private(element.text, font)
        account.unknown += unknown


def _raise(paragraph: Any, styles: Styles) -> None:
    """Write raised and lowered letters as such."""
    before = ""
    for element in paragraph.iter(TEXT):
        if _paragraph_of(element) is not paragraph:
            continue
        run, text = element.getparent(), element.text or ""
        height = styles.property_of(run, "vertAlign") if run.tag == f"{W}r" else None
        place = height.get(VALUE) if height is not None else ""
        if place == "superscript" and text.strip():
            written = lifted(before, text)
            is_glued = written == text and before[-1:].isdigit() and text[0].isdigit()
            element.text = f" {text}" if is_glued else written
        elif place == "subscript" and text.strip():
            element.text = lowered(text) or text
        before = f"{before[-8:]}{element.text or ''}"


def _enclose(reading: Any, account: Account) -> None:
    """Put the reading of a character (ruby) in brackets after it, as Word keeps it before."""
    texts = list(reading.iter(TEXT))
    if texts and any((text.text or "").strip() for text in texts):
        texts[0].text = f"({texts[0].text or ''}"
        texts[-1].text = f"{texts[-1].text or ''})"
        account.added += 2
    reading.getparent().append(reading)


def _replace(formula: Any, text: str) -> None:
    run = etree.Element(f"{W}r")
    _append(run, text)
    run.tail = formula.tail
    parent = formula.getparent()
    if parent is not None:
        parent.replace(formula, run)

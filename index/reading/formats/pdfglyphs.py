"""The glyphs that a page of a PDF draws, each with its character, its place and the reason to leave it out."""

import ctypes
import math
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, TypeAlias

import pypdfium2.raw as pdfium

from index.reading.formats.pdfcharacters import Characters
from index.reading.formats.pdfdrawn import BREAK, UNKNOWN, Box, Drawn, Glyph, Style
from index.reading.formats.pdflines import HYPHEN

OFF, WHITE, HIDDEN, STRUCK = "text outside the page", "white text", "hidden text", "struck text"
_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf0a8\uf076\uf0fc\uf06c\uf06e"), "•")  # of symbol fonts
_NO_CHARACTER = ("Cc", "Co", "Cn")
_INSERTED = frozenset([0x20, 0x0D, 0x0A])  # by PDFium
_HYPHENS = frozenset([0x02, 0x2D, 0xAD, 0xFFFE])
_WHITE = 245  # of 255, the darkest channel of white
_PALE = 170  # the same of watermarks
_SOLID = 160  # of 255: less opaque text is a watermark
_LARGE = 24  # points
_NOTHING = 0.05  # points: the height of a space's box
_SYMBOLIC = 4  # a flag of fonts
_PAPER = 0.5  # share of a page that is a picture of a page

Rules: TypeAlias = Sequence[tuple[float, Box]]
"""The level lines of a page with their heights, in order."""


def drawn(page: Any, textpage: Any) -> Drawn:
    """Everything that a page draws."""
    pictures, areas, rules, texts = _objects(page)
    edges: Box = page.get_bbox()
    through = sorted((rule[1] + rule[3], rule) for rule in rules if rule[2] - rule[0] > rule[3] - rule[1])
    heights: Rules = [(height / 2, rule) for height, rule in through]
    glyphs, voiced = _glyphs(textpage, edges, heights)
    corners = {_corner(texts[key], x, y) for key in voiced & texts.keys() for x in (-1, 0, 1) for y in (-1, 0, 1)}
    mute = sum(
        key not in voiced and _corner(box) not in corners for key, box in texts.items()
    )  # bold letters are twins
    all_drawn = Drawn(glyphs, pictures, areas, rules, mute)
    _judge(all_drawn, edges, heights)
    return all_drawn


def _objects(page: Any) -> tuple[list[Box], list[Box], list[Box], dict[int, Box]]:
    """Boxes of pictures, painted areas and thin lines, and of text objects by their addresses."""
    pictures, areas, rules, texts = [], [], [], dict[int, Box]()
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_TEXT]
    for item in page.get_objects(filter=kinds, max_depth=5):
        outer = item
        while outer.container is not None:  # boxes inside a form are in the form's own coordinates
            outer = outer.container
        box: Box = outer.get_bounds()
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            if outer is item and (min(box[2] - box[0], box[3] - box[1]) > _NOTHING or _is_foreign(item.raw)):
                texts[_address(item.raw)] = box
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(box)
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH and min(box[2] - box[0], box[3] - box[1]) < 3:
            rules.append(box)
        elif item.type == pdfium.FPDF_PAGEOBJ_SHADING or min(_colour(item.raw)[:3]) < _WHITE:
            areas.append(box)
    return pictures, areas, rules, texts


def _is_foreign(item: Any) -> bool:
    """Whether its font is neither in the file nor a usual Latin font, so that its glyphs have no size."""
    font = pdfium.FPDFTextObj_GetFont(item)
    return pdfium.FPDFFont_GetIsEmbedded(font) == 0 and bool(pdfium.FPDFFont_GetFlags(font) & _SYMBOLIC)


def _glyphs(textpage: Any, edges: Box, rules: Rules) -> tuple[list[Glyph], set[int]]:
    """The glyphs in PDFium's order, and the addresses of their text objects.

    The letters of a word that is surely seen are one glyph, to save time.
    """
    raw, listed = textpage.raw, Characters(textpage)
    styles = {
        key: _style(raw, index)
        for key, index in listed.first().items()
        if key and not _is_inserted(raw, index, listed.codes[index])
    }
    glyphs, unknown = list[Glyph](), list[tuple[Glyph, int]]()
    for start, end, text, box, inside in listed.runs(styles, _is_ordinary, edges):
        code, key = listed.codes[start], listed.objects[start]
        if _is_inserted(raw, start, code):
            if code != 0x0A:
                glyphs.append(Glyph(BREAK if code == 0x0D else " "))
            continue
        if key not in styles:
            styles[key] = _style(raw, start)
        style = styles[key]
        if end - start > 1 and not (inside and _is_clear(listed.ys[start], box, style, rules)):
            glyphs += [listed.alone(index, style) for index in range(start, end)]
            continue
        glyph = Glyph(text, listed.xs[start], listed.ys[start], box, style)
        glyphs.append(glyph)
        if code in _HYPHENS and pdfium.FPDFText_IsHyphen(raw, start) == 1:
            glyph.text = HYPHEN
            glyphs.append(Glyph(BREAK))
        elif listed.errors[start] == 1 or _is_nothing(code):
            glyph.why = UNKNOWN
            unknown.append((glyph, start))
        elif not text.isprintable():
            glyph.text = _BULLETS.get(code, " " if text.isspace() else text)
    empty = [glyph for glyph, index in unknown if _is_empty(raw, index)]
    if len(empty) < len(unknown):  # in a font that is not in the file all are
        for glyph in empty:
            glyph.text, glyph.why = " ", ""
    return _believed(_paired(glyphs)), set(styles)


def _is_inserted(textpage: Any, index: int, code: int) -> bool:
    return code in _INSERTED and pdfium.FPDFText_IsGenerated(textpage, index) == 1


def _is_ordinary(code: int) -> bool:
    """Whether a character is text wherever it stands."""
    character = chr(code)
    is_shown = character.isprintable() and not character.isspace()
    return is_shown and code not in _HYPHENS and not _is_nothing(code)


def _is_clear(y: float, box: Box, style: Style, rules: Rules) -> bool:
    """Whether no line goes through a letter of a word."""
    return not any(rule[0] <= box[2] and box[0] <= rule[2] for _, rule in rules[_through(y, style, rules)])


def _is_nothing(code: int) -> bool:
    """Whether a code is a control character, of private use but no usual bullet, or stands for the unknown."""
    if 0x20 <= code < 0x7F:
        return False
    if code == 0xFFFD:
        return True
    return code not in _BULLETS and code not in (0x09, 0x0A, 0x0D) and unicodedata.category(chr(code)) in _NO_CHARACTER


def _style(textpage: Any, index: int) -> Style:
    item, matrix = pdfium.FPDFText_GetTextObject(textpage, index), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    size = pdfium.FPDFText_GetFontSize(textpage, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
    turn = math.degrees(math.atan2(matrix.b, matrix.a)) % 360 if matrix.a or matrix.b else 0.0
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item) if item else 0
    *channels, opacity = _colour(item) if item and mode not in (1, 5) else (0, 0, 0, 255)
    is_pale = opacity < _SOLID or _PALE < min(channels) < _WHITE
    mark = min(turn % 90, 90 - turn % 90) > 8 or (is_pale and abs(size) >= _LARGE)
    return Style(abs(size), turn, mode in (3, 7) or not opacity, min(channels) >= _WHITE, mark)


def _colour(item: Any) -> tuple[int, int, int, int]:
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, opacity):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, opacity.value


def _is_empty(textpage: Any, index: int) -> bool:
    """Whether a glyph has no outline, as a space."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
    return top.value - bottom.value < _NOTHING or right.value - left.value < _NOTHING


def _paired(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs with halves of a character put together."""
    whole: list[Glyph] = []
    for glyph in glyphs:
        if whole and "\udc00" <= glyph.text <= "\udfff" and "\ud800" <= whole[-1].text <= "\udbff":
            pair = (whole[-1].text + glyph.text).encode("utf-16-le", "surrogatepass")
            whole[-1].text = pair.decode("utf-16-le")
        else:
            whole.append(glyph)
    return whole


def _believed(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs; characters that PDFium only guesses count as known where they read as words."""
    guesses = [glyph for glyph in glyphs if glyph.why and unicodedata.category(glyph.text) not in _NO_CHARACTER]
    text = "".join(glyph.text.lower() for glyph in guesses)
    letters, all_guesses = sum(map(str.isalpha, text)), sum(bool(glyph.why) for glyph in glyphs)
    vowels = sum(letter in "aeiouy" for letter in text)
    if len(guesses) == all_guesses and letters >= 0.6 * len(text) and 0.28 * letters <= vowels <= 0.55 * letters:
        for glyph in guesses:
            glyph.why = ""
    return glyphs


def _judge(page: Drawn, edges: Box, rules: Rules) -> None:
    """Mark the glyphs that nobody sees: off the page, white on white, hidden, or struck out."""
    visible = any(glyph.style and not glyph.style.hidden and glyph.text.strip() for glyph in page.glyphs)
    recognised = page.pictured(edges) >= _PAPER or not visible  # the hidden text is that of the picture
    for glyph in page.glyphs:
        if glyph.style is None or glyph.why:
            continue
        x, y = (glyph.box[0] + glyph.box[2]) / 2, glyph.y + 0.3 * glyph.style.size
        if not _holds(edges, x, y):
            glyph.why = OFF
        elif glyph.style.hidden and not recognised:
            glyph.why = HIDDEN
        elif glyph.style.white and not any(_holds(box, x, y) for box in (*page.areas, *page.pictures)):
            glyph.why = WHITE
        elif rules and any(rule[0] <= x <= rule[2] for _, rule in rules[_through(glyph.y, glyph.style, rules)]):
            glyph.why = STRUCK


def _through(y: float, style: Style, rules: Rules) -> slice:
    """The lines, by their heights in order, that go through the middle of a letter on the base line `y`."""
    low, high = y + 0.15 * style.size, y + 0.45 * style.size
    return slice(bisect_left(rules, (low,)), bisect_left(rules, (high,))) if rules else slice(0)


def _corner(box: Box, x: int = 0, y: int = 0) -> tuple[int, int]:
    return round(box[0] / 2) + x, round(box[1] / 2) + y


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _address(item: Any) -> int:
    return ctypes.addressof(item.contents) if item else 0

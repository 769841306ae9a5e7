"""The glyphs that a page of a PDF draws, each with its character, its place and the reason to leave it out."""

import ctypes
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pypdfium2.raw as pdfium

from index.reading.formats.pdflines import HYPHEN

BREAK = "\n"
OFF, WHITE, HIDDEN, STRUCK = "text outside the page", "white text", "hidden text", "struck text"
UNKNOWN = "no known character"
_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf0a8\uf076\uf0fc\uf06c\uf06e"), "•")  # of symbol fonts
_WHITE = 245  # of 255, the darkest channel of white
_PALE = 170  # the same of watermarks
_SOLID = 160  # of 255: less opaque text is a watermark
_LARGE = 24  # points
_NOTHING = 0.05  # points: the height of a space's box
_SYMBOLIC = 4  # a flag of fonts
_PAPER = 0.5  # share of a page that is a picture of a page

Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a run of glyphs; `turn` is the direction of writing in degrees, `mark` that of a watermark."""

    size: float
    turn: float
    hidden: bool
    white: bool
    mark: bool


@dataclass(slots=True)
class Glyph:
    """A glyph, or a space or line break that PDFium inserts (`style` is None); `why` is empty for text."""

    text: str
    x: float = 0.0
    y: float = 0.0
    box: Box = (0.0, 0.0, 0.0, 0.0)
    style: Style | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything on a page: its glyphs, boxes of pictures, of painted areas and of thin lines."""

    glyphs: Sequence[Glyph]
    pictures: Sequence[Box]
    areas: Sequence[Box]
    rules: Sequence[Box]
    mute: int  # text objects without a character

    def pictured(self, page: Box) -> float:
        """The share of the page under pictures, which may count twice."""
        area = (page[2] - page[0]) * (page[3] - page[1])
        return sum(_overlap(picture, page) for picture in self.pictures) / area if area > 0 else 0.0


def drawn(page: Any, textpage: Any) -> Drawn:
    """Everything that a page draws."""
    pictures, areas, rules, texts = _objects(page)
    glyphs, voiced = _glyphs(textpage)
    boxes = [glyph.box for glyph in glyphs if glyph.style]
    mute = [box for key, box in texts.items() if key not in voiced and not any(_overlap(box, b) > 0 for b in boxes)]
    all_drawn = Drawn(glyphs, pictures, areas, rules, len(mute))
    _judge(all_drawn, page.get_bbox())
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


def _glyphs(textpage: Any) -> tuple[list[Glyph], set[int]]:
    """The glyphs in PDFium's order, and the addresses of their text objects."""
    styles: dict[int, Style] = {}
    glyphs, empty = list[Glyph](), list[Glyph]()
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for index in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1:
            if code != 0x0A:
                glyphs.append(Glyph(BREAK if code == 0x0D else " "))
            continue
        key = _address(pdfium.FPDFText_GetTextObject(textpage, index))
        if key not in styles:
            styles[key] = _style(textpage, index)
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        place: Box = (box.left, box.bottom, box.right, box.top)
        glyph = Glyph(chr(code), x.value, y.value, place, styles[key])
        if pdfium.FPDFText_IsHyphen(textpage, index) == 1:
            glyphs += [Glyph(HYPHEN, x.value, y.value, place, styles[key]), Glyph(BREAK)]
            continue
        if pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1:
            glyph.why = UNKNOWN
        elif (category := unicodedata.category(glyph.text)) in ("Cc", "Co", "Cn") or code == 0xFFFD:
            glyph.text, glyph.why = _BULLETS.get(code, glyph.text), "" if code in _BULLETS else UNKNOWN
            if category == "Cc" and glyph.text.isspace():
                glyph.text, glyph.why = " ", ""
        if glyph.why and _is_empty(textpage, index):
            empty.append(glyph)
        glyphs.append(glyph)
    if len(empty) < sum(bool(glyph.why) for glyph in glyphs):  # in a font that is not in the file all are
        for glyph in empty:
            glyph.text, glyph.why = " ", ""
    return _believed(_paired(glyphs)), set(styles)


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
    guesses = [glyph for glyph in glyphs if glyph.why and unicodedata.category(glyph.text) not in ("Cc", "Co", "Cn")]
    text = "".join(glyph.text.lower() for glyph in guesses)
    letters, all_guesses = sum(map(str.isalpha, text)), sum(bool(glyph.why) for glyph in glyphs)
    vowels = sum(letter in "aeiouy" for letter in text)
    if len(guesses) == all_guesses and letters >= 0.6 * len(text) and 0.28 * letters <= vowels <= 0.55 * letters:
        for glyph in guesses:
            glyph.why = ""
    return glyphs


def _judge(page: Drawn, edges: Box) -> None:
    """Mark the glyphs that nobody sees: off the page, white on white, hidden, or struck out."""
    visible = sum(bool(glyph.style and not glyph.style.hidden and glyph.text.strip()) for glyph in page.glyphs)
    recognised = page.pictured(edges) >= _PAPER or not visible  # the hidden text is that of the picture
    rules = [rule for rule in page.rules if rule[2] - rule[0] > rule[3] - rule[1]]
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
        elif any(_crosses(rule, x, glyph) for rule in rules):
            glyph.why = STRUCK


def _crosses(rule: Box, x: float, glyph: Glyph) -> bool:
    """Whether a thin line goes through the middle of a letter."""
    size = glyph.style.size if glyph.style else 0.0
    height = (rule[1] + rule[3]) / 2 - glyph.y
    return rule[0] <= x <= rule[2] and 0.15 * size < height < 0.45 * size


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _overlap(box: Box, other: Box) -> float:
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0

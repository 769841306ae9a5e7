"""The records of everything that a page of a PDF draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

BREAK = "\n"
UNKNOWN = "no known character"

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


def _overlap(box: Box, other: Box) -> float:
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    return max(width, 0.0) * max(height, 0.0)

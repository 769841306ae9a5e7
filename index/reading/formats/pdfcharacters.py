"""The characters of a PDF page as PDFium lists them, read in bulk, and runs of ordinary ones.

Calls into PDFium take most of the time of reading a page, so its functions are bound with plain addresses.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from index.reading.formats.pdfdrawn import Box, Glyph, Style

_WIDEST = 1.05  # times the size: an advance without a gap
_MIDDLE = 0.3  # times the size: the height of the middle of a letter


class Run(NamedTuple):
    """A character, or the letters of a word: number of the first, number after the last, text, place, and whether both
    ends are on the page."""

    start: int
    end: int
    text: str
    box: Box
    inside: bool


class Characters:
    """The characters of a page in PDFium's order: codes, addresses of their text objects (0: inserted by PDFium),
    origins, and 1 where PDFium does not know the code."""

    def __init__(self, textpage: Any) -> None:
        count = textpage.count_chars()
        self._page: int = ctypes.cast(textpage.raw, ctypes.c_void_p).value or 0
        page, numbers = repeat(self._page), range(count)
        self._origins = np.zeros((count, 2), np.float64)
        x = self._origins.ctypes.data
        deque(map(_ORIGIN, page, numbers, range(x, x + 16 * count, 16), range(x + 8, x + 8 + 16 * count, 16)), 0)
        self.xs, self.ys = self._origins.T.tolist()
        self.codes = list(map(_UNICODE, page, numbers))
        self.objects = [address or 0 for address in map(_TEXT_OBJECT, page, numbers)]
        self.errors = list(map(_HAS_ERROR, page, numbers))

    def first(self) -> dict[int, int]:
        """The number of the first character of each text object."""
        return dict(zip(reversed(self.objects), reversed(range(len(self.objects))), strict=True))

    def runs(self, styles: Mapping[int, Style], is_ordinary: Callable[[int], bool], edges: Box) -> Sequence[Run]:
        """Runs of ordinary characters on a level line without a gap, and the other characters one by one.

        White letters stand apart, as some may be on a dark ground. `styles` are those of text objects.
        """
        if not self.codes:
            return []
        sizes = {key: 0.0 if style.turn or style.white else style.size for key, style in styles.items()}
        codes, objects, (xs, ys) = np.array(self.codes), np.array(self.objects), self._origins.T
        size = np.array([sizes.get(each, 0.0) for each in self.objects])
        extraordinary = [code for code in set(self.codes) if not is_ordinary(code)]
        single = np.isin(codes, extraordinary) | (np.array(self.errors) != 0) | (size == 0)
        advance = np.diff(xs)
        joined = (objects[1:] == objects[:-1]) & (ys[1:] == ys[:-1]) & ~single[1:] & ~single[:-1]
        joined &= (advance >= 0) & (advance <= _WIDEST * size[:-1])
        starts = np.flatnonzero(np.append(True, ~joined))
        ends = np.append(starts[1:], len(codes))
        boxes, y = self._boxes(starts, ends - 1), ys[starts] + _MIDDLE * size[starts]
        inside = (edges[0] <= boxes[:, 0]) & (boxes[:, 2] <= edges[2]) & (edges[1] <= y) & (y <= edges[3])
        text = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        texts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        places = zip(*boxes.T.tolist(), strict=True)
        return list(map(Run, starts.tolist(), ends.tolist(), texts, places, inside.tolist()))

    def alone(self, index: int, style: Style) -> Glyph:
        """A glyph of one ordinary character."""
        at = np.array([index])
        left, bottom, right, top = self._boxes(at, at)[0].tolist()
        return Glyph(chr(self.codes[index]), self.xs[index], self.ys[index], (left, bottom, right, top), style)

    def _boxes(self, first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """The boxes from the first to the last of characters: left, bottom, right, top."""
        numbers = np.concatenate([first, last]).tolist()
        boxes = np.zeros((len(numbers), 4), np.float32)  # left, top, right, bottom
        start = boxes.ctypes.data
        deque(map(_BOX, repeat(self._page), numbers, range(start, start + 16 * len(numbers), 16)), 0)
        one, other = boxes[: len(first)].astype(np.float64), boxes[len(first) :].astype(np.float64)
        low, high = np.minimum(one[:, 3], other[:, 3]), np.maximum(one[:, 1], other[:, 1])
        return np.stack([one[:, 0], low, other[:, 2], high], axis=1)


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., int]:
    prototype = ctypes.PYFUNCTYPE(result, ctypes.c_void_p, ctypes.c_int, *arguments)
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    return prototype(address)  # type: ignore[arg-type] # of a function


_UNICODE = _bound("FPDFText_GetUnicode", ctypes.c_uint)
_TEXT_OBJECT = _bound("FPDFText_GetTextObject", ctypes.c_void_p)
_ORIGIN = _bound("FPDFText_GetCharOrigin", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_BOX = _bound("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p)
_HAS_ERROR = _bound("FPDFText_HasUnicodeMapError", ctypes.c_int)

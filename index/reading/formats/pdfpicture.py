"""A page of a PDF as a picture in which texts are marked, drawn in a process of its own that may die of the file."""

import os
import pickle
import resource
import struct
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import BadArticle
from index.reading.formats.programs import limit

_ROOT = Path(__file__).parents[3]  # of the package
_MEMORY, _SECONDS, _PATIENCE = 1_000_000_000, 10, 20  # bytes, of processor time, until it is killed
_WIDTH, _HEIGHT, _SCALE = 1_200, 1_700, 4  # pixels at most, and how many a point at most
_MOST_CHARACTERS = 100_000  # of a page that are compared
_SHORTEST = 12  # characters of a text's beginning that are enough to find it, where it goes on elsewhere
_MARK, _FRAME = (255, 229, 138), (36, 87, 197)
_EDGE, _MARGIN = 3, 6  # pixels

_Pixels = npt.NDArray[np.uint8]
_Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


def page_picture(raw: bytes, page: int, passage: str, sentence: str) -> bytes:
    """The page, counted from 1, as PNG: the passage in a frame, the sentence marked; unmarked if not on the page.

    Raises BadArticle if the page cannot be drawn, or takes too much time or memory.
    """
    command = [sys.executable, "-m", "index.reading.formats.pdfpicture"]
    asked = pickle.dumps((raw, page, passage, sentence))
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            cwd=_ROOT,
            env=environment,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise BadArticle("the page cannot be drawn") from error
    return done.stdout


def main() -> None:
    """Draw the page that the standard input asks for, as PNG to the standard output."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    limit(resource.RLIMIT_DATA, _MEMORY)
    limit(resource.RLIMIT_CPU, _SECONDS)
    raw, page, passage, sentence = pickle.load(sys.stdin.buffer)  # noqa: S301 - the parent sends nothing else
    answer.write(_drawn(raw, page, passage, sentence))
    answer.close()


def _drawn(raw: bytes, number: int, passage: str, sentence: str) -> bytes:
    with pypdfium2.PdfDocument(raw) as document:
        if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_ACRO_FORM:
            document.init_forms()
        page = document[number - 1]
        scale = min(_WIDTH / page.get_width(), _HEIGHT / page.get_height(), _SCALE)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        pixels = np.array(bitmap.to_numpy()[:, :, :3])
        place = bitmap.get_posconv(page)
        text = page.get_textpage()
        letters = _letters(text)
        marked, framed = (_lines(_boxes(text, place, letters, wanted)) for wanted in (sentence, passage))
        for left, top, right, bottom in marked:
            area = pixels[top:bottom, left:right]
            area[:] = area * (np.array(_MARK) / 255)
        if around := framed or marked:
            _frame(pixels, _around(around))
        return _png(pixels)


def _letters(text: Any) -> list[tuple[str, int]]:
    """The characters of a page that are compared, each with its row on the page.

    They are without spaces and hyphens, as lines and ligatures break otherwise in the file.
    """
    rows = range(min(text.count_chars(), _MOST_CHARACTERS))
    return [(letter, row) for row in rows for letter in _plain(chr(pdfium.FPDFText_GetUnicode(text, row)))]


def _boxes(text: Any, place: Any, letters: Sequence[tuple[str, int]], wanted: str) -> list[_Box]:
    """The boxes of the characters of a text on a page; empty if it is not there."""
    start, length = _found("".join(letter for letter, _ in letters), _plain(wanted))
    boxes = []
    for index in dict.fromkeys(row for _, row in letters[start : start + length]):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        (x, y), (other_x, other_y) = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
        boxes.append((max(min(x, other_x), 0), max(min(y, other_y), 0), max(x, other_x, 0), max(y, other_y, 0)))
    return boxes


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        sign for sign in decomposed if sign.isprintable() and not sign.isspace() and sign not in "-\u2010\xad"
    )


def _found(whole: str, sought: str) -> tuple[int, int]:
    """Start and length of the text, or of its longest beginning that is there; 0 if too little is there."""
    if sought and (start := whole.find(sought)) >= 0:
        return start, len(sought)
    low, high = 0, len(sought)  # a beginning of `low` characters is there, of `high` is not
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if sought[:middle] in whole else (low, middle)
    return (whole.find(sought[:low]), low) if low >= _SHORTEST else (0, 0)


def _lines(boxes: Iterable[_Box]) -> list[_Box]:
    """The boxes joined line by line."""
    lines: list[_Box] = []
    for box in boxes:
        middle = (box[1] + box[3]) // 2
        if lines and lines[-1][1] <= middle <= lines[-1][3] and box[0] >= lines[-1][0]:
            lines[-1] = _around([lines[-1], box])
        else:
            lines.append(box)
    return lines


def _around(boxes: Sequence[_Box]) -> _Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _frame(pixels: _Pixels, box: _Box) -> None:
    left, top, right, bottom = (max(side + _MARGIN * sign, 0) for side, sign in zip(box, (-1, -1, 1, 1), strict=True))
    for rows, columns in (
        (slice(top, top + _EDGE), slice(left, right)),
        (slice(max(bottom - _EDGE, 0), bottom), slice(left, right)),
        (slice(top, bottom), slice(left, left + _EDGE)),
        (slice(top, bottom), slice(max(right - _EDGE, 0), right)),
    ):
        pixels[rows, columns] = _FRAME


def _png(pixels: _Pixels) -> bytes:
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)  # 0: no filter
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


if __name__ == "__main__":
    main()

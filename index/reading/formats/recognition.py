"""Text recognition of a page without text, by Tesseract."""

import csv
import math
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from index.errors import BadArticle
from index.reading.formats.markdown import join_soft_breaks
from index.reading.formats.pdflines import HYPHEN, Line
from index.reading.formats.programs import RECOGNISER, run

MOST_PAGES = 500  # of a file
_DOTS = 300 / 72  # a point
_MOST_PIXELS = 40_000_000
_SECONDS = 120  # a page
_POOR = 60  # confidence of 100 below which a word is doubtful, and a page is left as the picture that it is
_COLUMNS = ("block_num", "par_num", "line_num", "left", "top", "width", "height", "conf")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of a page, its mean confidence in percent, the number of its words and of doubtful ones."""

    lines: list[Line]
    confidence: int
    words: int
    doubtful: int

    @property
    def is_poor(self) -> bool:
        """Whether too little of it can be relied on."""
        return self.words > 0 and self.confidence < _POOR


def recognised(page: Any, languages: str) -> Recognised:
    """The text of a page as Tesseract sees it. Raises BadArticle if it fails."""
    width, height = page.get_size()
    scale = min(_DOTS, math.sqrt(_MOST_PIXELS / max(width * height, 1)))
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    rows, columns = picture.shape[:2]
    image = b"P5 %d %d 255\n" % (columns, rows) + picture.reshape(rows, columns).tobytes()
    command = [RECOGNISER, "stdin", "stdout", "-l", languages, "--dpi", str(round(72 * scale)), "tsv"]
    return _read(run(command, _SECONDS, image).decode("utf-8", "replace"), height, scale)


def _read(table: str, height: float, scale: float) -> Recognised:
    """The words in Tesseract's table, by lines."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        words = [({name: float(row[name]) for name in _COLUMNS}, row["text"].strip()) for row in rows if row["text"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadArticle(f"{RECOGNISER} gives no table of words. Install version 4 or later") from error
    words = [(row, text) for row, text in words if text and row["conf"] >= 0]
    if not words:
        return Recognised([], 0, 0, 0)
    size = median(row["height"] for row, _ in words) / scale
    lines = []
    for _, run_of_words in groupby(words, key=lambda word: [word[0][name] for name in _COLUMNS[:3]]):
        line = list(run_of_words)
        text = join_soft_breaks("\N{LINE SEPARATOR}".join(text for _, text in line))
        text = f"{text[:-1]}{HYPHEN}" if text[-1] == "-" and text[-2:-1].isalpha() else text
        left = min(row["left"] for row, _ in line) / scale
        right = max(row["left"] + row["width"] for row, _ in line) / scale
        base = height - max(row["top"] + row["height"] for row, _ in line) / scale
        lines.append(Line(text, left, right, base, base, size))
    sure = [row["conf"] for row, _ in words]
    return Recognised(lines, round(sum(sure) / len(sure)), len(sure), sum(value < _POOR for value in sure))

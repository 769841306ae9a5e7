"""Glyphs of a PDF page to lines: raised letters, text set upwards or downwards, columns drawn row by row."""

import math
import re
from collections.abc import Iterator, Sequence

from index.articles.article import clean
from index.passages.sentences import is_cjk
from index.reading.formats.pdfcolumns import Cell, Row, by_columns
from index.reading.formats.pdfdrawn import BREAK, Glyph
from index.reading.formats.pdflines import Line
from index.reading.formats.raised import lifted

_VERTICAL = -1.0  # the turn of text set downwards


def lines_of(glyphs: Sequence[Glyph]) -> tuple[list[Line], bool]:
    """The lines in reading order, and whether columns that are drawn row by row were put in order."""
    rows = _downwards(_joined(_rows(glyphs)))
    ordered, has_columns = by_columns(rows)
    texts = [_written(row) for row in ordered]
    is_spaced = _is_spaced(texts)
    return [_line(row, text, is_spaced) for row, text in zip(ordered, texts, strict=True)], has_columns


def _rows(glyphs: Sequence[Glyph]) -> Iterator[Row]:
    run: list[Glyph] = []
    for glyph in (*glyphs, Glyph(BREAK)):
        if glyph.text != BREAK:
            if not glyph.why:
                run.append(glyph)
            continue
        styled = next((one for one in run if one.style and not one.text.isspace()), None)
        if styled and styled.style:
            cells = list(_cells(run, styled.style.turn))
            yield Row(cells, styled.style.turn, styled.style.mark)
        run = []


def _cells(run: Sequence[Glyph], turn: float) -> Iterator[Cell]:
    """The characters without spaces at both ends."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    spaced = False
    last: Cell | None = None
    for glyph in run:
        if glyph.text.isspace() or not glyph.style:
            spaced = last is not None
            continue
        left, right, base = glyph.x, glyph.box[2], glyph.y
        if turn:
            left, base = glyph.x * cosine + glyph.y * sine, glyph.y * cosine - glyph.x * sine
            right = max(x * cosine + y * sine for x in glyph.box[::2] for y in glyph.box[1::2])
        cell = Cell(glyph.text, left, max(left, right), round(base, 1), glyph.style.size)
        if spaced and last:
            yield Cell(" ", last.right, cell.left, last.base, last.size)
        yield cell
        spaced, last = False, cell


def _joined(rows: Iterator[Row]) -> list[Row]:
    """The rows; those that a raised or lowered letter parted are together again."""
    joined: list[Row] = []
    for row in rows:
        if joined and _goes_on(joined[-1], row):
            above = joined[-1]
            gap = row.left - above.right
            size, base = above.main
            space = [Cell(" ", above.right, row.left, base, size)] if gap > 0.15 * size else []
            joined[-1] = Row([*above.cells, *space, *row.cells], above.turn, above.mark)
        else:
            joined.append(row)
    return joined


def _goes_on(above: Row, row: Row) -> bool:
    (size, base), (next_size, next_base) = above.main, row.main
    last = above.cells[-1]
    if above.turn != row.turn or not -0.3 * size < row.left - above.right < size:
        return False
    if abs(base - next_base) < 0.1 * size:
        return abs(last.base - base) > 0.1 * size or abs(row.cells[0].base - base) > 0.1 * size
    is_small = next_size < 0.9 * size or size < 0.9 * next_size
    return is_small and abs(base - next_base) < 0.6 * max(size, next_size) and row.left - above.right < 0.3 * size


def _downwards(rows: Sequence[Row]) -> list[Row]:
    """The rows; characters of Chinese or Japanese set below each other are a row."""
    whole: list[Row] = []
    for row in rows:
        if whole and _is_below(whole[-1], row):
            whole[-1] = Row([*_turned(whole[-1]), *_turned(row)], _VERTICAL, row.mark)
        else:
            whole.append(row)
    return whole


def _is_below(above: Row, row: Row) -> bool:
    if row.turn or not _is_single(row) or not is_cjk(row.cells[0].text) or not is_cjk(above.cells[0].text[0]):
        return False
    if above.turn != _VERTICAL and (above.turn or not _is_single(above)):
        return False
    last, cell = _turned(above)[-1], _turned(row)[0]
    return abs(last.base - cell.base) < 0.3 * cell.size and 0.8 * cell.size < cell.left - last.left < 2 * cell.size


def _is_single(row: Row) -> bool:
    """Whether a row is a single character."""
    return len(row.cells) == 1 and len(row.cells[0].text) == 1


def _turned(row: Row) -> Sequence[Cell]:
    if row.turn == _VERTICAL:
        return row.cells
    return [Cell(cell.text, -cell.base, -cell.base + cell.size, cell.left, cell.size) for cell in row.cells]


def _written(row: Row) -> str:
    """The text of a row; raised numbers and letters are written as such, marks of notes stand apart."""
    size, base = row.main
    text, raised = "", ""
    for cell in (*row.cells, Cell("", 0, 0, base, size)):
        if cell.text.strip() and cell.size < 0.9 * size and cell.base - base > 0.15 * size:
            raised += cell.text
            continue
        if raised:
            text, raised = text + lifted(text, raised) + ("" if text or cell.text in ("", " ") else " "), ""
        text += cell.text
    return text


_SPACED = re.compile(r"(?<=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]) (?=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef])")
_TIGHT = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef](?=[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef])")


def _is_spaced(texts: Sequence[str]) -> bool:
    """Whether most characters of a page in Chinese or Japanese have a space between them."""
    spaced = sum(len(_SPACED.findall(text)) for text in texts)
    return spaced > 3 and spaced > 2 * sum(len(_TIGHT.findall(text)) for text in texts)


def _line(row: Row, text: str, is_spaced: bool) -> Line:
    size, base = row.main
    text = clean(_SPACED.sub("", text) if is_spaced else text)
    return Line(text, row.left, row.right, base, base, 0.0 if row.mark else size, row.has_gaps)

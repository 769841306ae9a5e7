"""The newest row of a table: the one to mark where a question asks for the present, or the original, state."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.articles.dates import dates_in, days_of, years_in
from index.passages.sentences import Span
from index.search.hits import Hit
from index.search.values.rows import EMPTY, Cell, cells_of, is_row

_ALIKE = 0.5  # of the score of the best sentence, from which a row is on the same subject


def with_row_in_time(hit: Hit, today: int, *, newest: bool) -> Hit:
    """The hit with the newest row of its table up to `today`, as `date.toordinal` counts it, or the oldest row, marked.

    The rows are those of the same table and on the same subject whose first cell is a date or year. The cell that was
    marked passes it on to the cell in its column, which must not be empty. The hit is as it was where a sentence of
    prose is marked, or where the first column is not that of the time.
    """
    text = hit.passage.article.text
    if not is_row(hit.passage.article, hit.best_sentence[0]):
        return hit
    before = cells_of(text[slice(*hit.best_sentence)])
    columns = [cell.column for cell in before]
    place = next((row for row, cell in enumerate(before) if _placed(cell, hit.best_sentence) in hit.answer), None)
    least = _ALIKE * max(hit.sentences.scores)
    rows = [
        (day, span, cells)
        for score, span, cells in _rows_of(hit, columns[:1])
        if score >= least and (day := _day(cells[0].text)) and day <= today and _is_filled(cells, columns, place)
    ]
    if not rows or not _day(before[0].text):
        return hit
    _, span, cells = (max if newest else min)(rows, key=lambda row: row[0])
    if span == hit.best_sentence:
        return hit
    asked = () if place is None else (_placed(_in_column(cells, columns[place]), span),)
    return replace(hit, best_sentence=span, answer=asked)


def _rows_of(hit: Hit, first: Sequence[str]) -> Iterator[tuple[float, Span, list[Cell]]]:
    """The rows of the passage whose first column has this name, each with its score and cells."""
    for score, span in zip(hit.sentences.scores, hit.sentences.spans, strict=True):
        if is_row(hit.passage.article, span[0]):
            cells = cells_of(hit.passage.article.text[slice(*span)])
            if [cell.column for cell in cells[:1]] == list(first):
                yield score, span, cells


def _is_filled(cells: Sequence[Cell], columns: Sequence[str], place: int | None) -> bool:
    """Whether the row has a cell in the marked column, where one is marked."""
    return place is None or any(cell.column == columns[place] and cell.text not in EMPTY for cell in cells)


def _in_column(cells: Sequence[Cell], column: str) -> Cell:
    return next(cell for cell in cells if cell.column == column)


def _placed(cell: Cell, row: Span) -> Span:
    return row[0] + cell.span[0], row[0] + cell.span[1]


def _day(text: str) -> int:
    """The first day of the last date or year in a cell, as `date.toordinal` counts it; 0 without any."""
    values = [dated.value for dated in dates_in(text)] or years_in(text)
    return days_of(values[-1])[0] if values else 0

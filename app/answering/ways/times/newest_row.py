"""The newest row of a table: the one to mark where a question asks for the present, or the original, state."""

from index.articles.dates import dates_in, days_of, years_in
from index.passages.sentences import Span
from index.search.hits import Hit
from index.search.values.rows import EMPTY, row_cells

_ALIKE = 0.5  # of the score of the best sentence, from which a row is on the same subject


def with_row_in_time(hit: Hit, today: int, *, newest: bool) -> Hit:
    """The hit with the newest row of its table up to `today`, as `date.toordinal` counts it, or the oldest row, marked.

    The rows are those of the same table and on the same subject whose first cell is a date or year. The cell that was
    marked passes it on to the cell in its column, which must not be empty. The hit is as it was where a sentence of
    prose is marked, or where the first column is not that of the time.
    """
    article, marked = hit.passage.article, hit.best_sentence
    before = row_cells(article, marked)
    if not before or not _day(before[0].text):
        return hit
    column = next((cell.column for cell in before if cell.placed(marked) in hit.answer), None)
    least = _ALIKE * max(hit.sentences.scores)
    rows: list[tuple[int, Span, tuple[Span, ...]]] = []
    for score, span in zip(hit.sentences.scores, hit.sentences.spans, strict=True):
        cells = row_cells(article, span) if score >= least else []
        asked = tuple(cell.placed(span) for cell in cells if cell.column == column and cell.text not in EMPTY)
        is_of_table = bool(cells) and cells[0].column == before[0].column
        if is_of_table and (asked or column is None) and 0 < (day := _day(cells[0].text)) <= today:
            rows.append((day, span, asked))
    if not rows:
        return hit
    _, span, asked = (max if newest else min)(rows, key=lambda row: row[0])
    return hit if span == marked else hit.marking(span, asked)


def _day(text: str) -> int:
    """The first day of the last date or year in a cell, as `date.toordinal` counts it; 0 without any."""
    values = [dated.value for dated in dates_in(text)] or years_in(text)
    return days_of(values[-1])[0] if values else 0

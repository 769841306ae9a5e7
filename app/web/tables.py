"""Rows of tables as HTML tables, the asked row marked. No text is lost."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from app.web.marking import with_answer
from index.passages.sentences import Span
from index.search.values.rows import Cell, cells_of

_TABLE = Markup('<div class="table" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
_HEAD = Markup('<th scope="col">{}</th>')
_CELL, _CELL_END = Markup("<td>"), Markup("</td>")
_ASKED, _ASKED_END = Markup("<td><mark>"), Markup("</mark></td>")
_OPENING = {  # of a row that is asked for, lies in the passage, and is the place that a link leads to
    (False, False, False): Markup("<tr>"),
    (True, False, False): Markup('<tr class="asked">'),
    (False, True, False): Markup('<tr class="quoted">'),
    (True, True, False): Markup('<tr class="asked quoted">'),
    (False, True, True): Markup('<tr class="quoted" id="passage">'),
    (True, True, True): Markup('<tr class="asked quoted" id="passage">'),
}

Row = tuple[Span, list[Cell]]
"""The span of a row in a text, and its cells."""


def row_of(text: str, span: Span) -> Row | None:
    """The row at this span of a text; None unless its named cells are all of it, so that a table loses nothing."""
    row = text[slice(*span)]
    cells = cells_of(row)
    whole = cells and "; ".join(f"{cell.column}: {cell.text}" for cell in cells) == row
    return (span, cells) if whole else None


class Table:
    """Rows of a table in order, and the names of its columns: those of its fullest row, as others lack empty cells."""

    def __init__(self, row: Row) -> None:
        self.rows = [row]
        self.columns = _columns_of(row)

    @property
    def span(self) -> Span:
        """The span of the whole table."""
        return self.rows[0][0][0], self.rows[-1][0][1]

    def goes_on(self, row: Row) -> bool:
        """Whether a row may be the next one: one of the two has all columns of the other, in order."""
        shorter, longer = sorted((self.columns, _columns_of(row)), key=len)
        left = iter(longer)
        return all(column in left for column in shorter)

    def append(self, row: Row) -> None:
        """Add the next row."""
        self.rows.append(row)
        self.columns = max(self.columns, _columns_of(row), key=len)


def _columns_of(row: Row) -> list[str]:
    return [cell.column for cell in row[1]]


def table_of(
    table: Table,
    highlight: Sequence[Span],
    answer: Sequence[Span] = (),
    *,
    passage: Span = (0, 0),
    opens: bool = False,
) -> Markup:
    """A table as HTML: highlighted rows are marked, with the words that answer.

    Rows of the `passage` are set apart; `opens` makes the first of them the place that a link leads to.
    """
    body: list[Markup] = []
    for row in table.rows:
        quoted = _touch(row[0], passage)
        body.append(_row(row, table.columns, highlight, answer, quoted=quoted, opens=quoted and opens))
        opens = opens and not quoted
    return _TABLE.format(Markup("").join(map(_HEAD.format, table.columns)), Markup("").join(body))


def _row(
    row: Row, columns: Sequence[str], highlight: Sequence[Span], answer: Sequence[Span], *, quoted: bool, opens: bool
) -> Markup:
    span, cells = row
    asked = any(_touch(span, each) for each in highlight)
    parts = [_OPENING[asked, quoted, opens]]
    left = list(cells)
    for column in columns:
        if not left or left[0].column != column:
            parts += [_CELL, _CELL_END]
            continue
        cell = left.pop(0)
        if asked:
            parts += [_ASKED, with_answer(cell.text, span[0] + cell.span[0], answer), _ASKED_END]
        else:
            parts += [_CELL, escape(cell.text), _CELL_END]
    return Markup("").join([*parts, Markup("</tr>")])


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]

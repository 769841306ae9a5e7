"""Rows of tables as HTML tables, the asked row marked. No text is lost."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from app.web.marking import with_answer
from index.passages.sentences import Span
from index.search.values.rows import Cell, cells_of

_TABLE = Markup('<div class="table" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
_HEAD = Markup('<th scope="col">{}</th>')
_MARK = Markup("<mark>{}</mark>")

Row = tuple[Span, list[Cell]]
"""The span of a row in a text, and its cells."""


def row_of(text: str, span: Span) -> Row | None:
    """The row at this span of a text; None unless its named cells are all of it, so that a table loses nothing."""
    row = text[slice(*span)]
    cells = cells_of(row)
    whole = cells and "; ".join(f"{cell.column}: {cell.text}" for cell in cells) == row
    return (span, cells) if whole else None


def columns_of(row: Row) -> tuple[str, ...]:
    """The names of a row's columns."""
    return tuple(cell.column for cell in row[1])


def table_of(
    rows: Sequence[Row],
    highlight: Sequence[Span],
    answer: Sequence[Span] = (),
    *,
    passage: Span = (0, 0),
    opens: bool = False,
) -> Markup:
    """A table of rows with the same columns: highlighted rows are marked, with the words that answer.

    Rows of the `passage` are set apart; `opens` makes the first of them the place that a link leads to.
    """
    body: list[Markup] = []
    for row in rows:
        quoted = _touch(row[0], passage)
        body.append(_row(row, highlight, answer, quoted=quoted, opens=quoted and opens))
        opens = opens and not quoted
    return _TABLE.format(Markup("").join(map(_HEAD.format, columns_of(rows[0]))), Markup("").join(body))


def _row(row: Row, highlight: Sequence[Span], answer: Sequence[Span], *, quoted: bool, opens: bool) -> Markup:
    span, cells = row
    asked = any(_touch(span, each) for each in highlight)
    parts = []
    for cell in cells:
        text = with_answer(cell.text, span[0] + cell.span[0], answer) if asked else escape(cell.text)
        parts.append(Markup("<td>{}</td>").format(_MARK.format(text) if asked else text))
    kinds = " ".join(["asked"] * asked + ["quoted"] * quoted)
    opening = Markup("<tr{}{}>").format(
        Markup(' class="{}"').format(kinds) if kinds else "", Markup(' id="passage"') if opens else ""
    )
    return Markup("{}{}</tr>").format(opening, Markup("").join(parts))


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]

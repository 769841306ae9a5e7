"""Quotes as HTML: marked sentences, the words that answer, and tables. No character is added or lost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup, escape

from app.answering.citation import Citation
from index.passages.sentences import Span
from index.search.values.rows import Cell, cells_of

_FOLDED = 80  # characters around a sentence that are worth folding
_MARK, _STRONG = Markup("<mark>{}</mark>"), Markup("<strong>{}</strong>")
_TABLE = Markup('<div class="table" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
_HEAD = Markup('<th scope="col">{}</th>')
_ROW, _ASKED = Markup("<tr>{}</tr>"), Markup('<tr class="asked">{}</tr>')


def marked(quote: str, highlight: Sequence[Span], answer: Sequence[Span] = ()) -> Markup:
    """The quote with its highlighted spans in `<mark>`, and in these the words that answer in `<strong>`."""
    parts: list[Markup] = []
    position = 0
    for start, end in highlight:
        parts += [escape(quote[position:start]), _MARK.format(_with_answer(quote[start:end], start, answer))]
        position = end
    return Markup("").join([*parts, escape(quote[position:])]).replace("\n", Markup("<br>"))


def lead(citation: Citation) -> Markup:
    """The best sentence of a quote with the words that answer, to stand alone in large type; a row as a table."""
    start, end = citation.highlight[0]
    if tables := list(_tables(replace(citation, rows=tuple(row for row in citation.rows if row == (start, end))))):
        return _table(citation, *tables[0])
    return _with_answer(citation.quote[start:end], start, citation.answer).replace("\n", Markup(" "))


def is_all(citation: Citation) -> bool:
    """Whether the best sentence is nearly all of the quote, so that there is no context to fold."""
    start, end = citation.highlight[0]
    return len(citation.quote) - (end - start) < _FOLDED


def quoted(citation: Citation) -> Markup:
    """The quote: its table rows as tables, the asked row marked, the rest as marked text."""
    parts: list[Markup] = []
    position = 0
    for columns, rows in _tables(citation):
        start, end = rows[0][0][0], rows[-1][0][1]
        parts += [_text(citation, position, start), _table(citation, columns, rows)]
        position = end
    return Markup("").join([*parts, _text(citation, position, len(citation.quote))])


def _text(citation: Citation, start: int, end: int) -> Markup:
    """The quote from start to end as a paragraph, without line breaks at the edges; empty without any text."""
    while start < end and citation.quote[start] == "\n":
        start += 1
    while start < end and citation.quote[end - 1] == "\n":
        end -= 1
    if start == end:
        return Markup("")
    inside = _moved(citation.highlight, start, end)
    return Markup("<p>{}</p>").format(marked(citation.quote[start:end], inside, _moved(citation.answer, start, end)))


def _moved(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The parts of spans between start and end, counted from start."""
    inside = ((first, last) for first, last in spans if first < end and start < last)
    return [(max(first, start) - start, min(last, end) - start) for first, last in inside]


_Row = tuple[Span, list[Cell]]


def _tables(citation: Citation) -> Iterator[tuple[tuple[str, ...], list[_Row]]]:
    """Runs of rows that stand next to each other and name the same columns, with these names."""
    rows = [((start, end), cells_of(citation.quote[start:end])) for start, end in citation.rows]
    tabular = [row for row in rows if row[1] and _is_whole(citation.quote, row)]
    runs: list[list[_Row]] = []
    for row in tabular:
        previous = runs[-1][-1] if runs else None
        if previous and _columns(previous) == _columns(row) and not citation.quote[previous[0][1] : row[0][0]].strip():
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        yield _columns(run[0]), run


def _columns(row: _Row) -> tuple[str, ...]:
    return tuple(cell.column for cell in row[1])


def _is_whole(quote: str, row: _Row) -> bool:
    """Whether the cells are all of the row, so that a table loses nothing."""
    (start, end), cells = row
    return "; ".join(f"{cell.column}: {cell.text}" for cell in cells) == quote[start:end]


def _table(citation: Citation, columns: Sequence[str], rows: Sequence[_Row]) -> Markup:
    head = Markup("").join(_HEAD.format(column) for column in columns)
    return _TABLE.format(head, Markup("").join(_row(citation, *row) for row in rows))


def _row(citation: Citation, span: Span, cells: Sequence[Cell]) -> Markup:
    asked = any(first < span[1] and span[0] < last for first, last in citation.highlight)
    parts = []
    for cell in cells:
        start = span[0] + cell.span[0]
        text = _with_answer(cell.text, start, citation.answer) if asked else escape(cell.text)
        parts.append(Markup("<td>{}</td>").format(_MARK.format(text) if asked else text))
    return (_ASKED if asked else _ROW).format(Markup("").join(parts))


def _with_answer(text: str, offset: int, answer: Sequence[Span]) -> Markup:
    """Escaped text from this offset of a quote, the words that answer in `<strong>`."""
    parts: list[Markup] = []
    position = 0
    for first, last in answer:
        start, end = max(first - offset, position), min(last - offset, len(text))
        if start < end:
            parts += [escape(text[position:start]), _STRONG.format(text[start:end])]
            position = end
    return Markup("").join([*parts, escape(text[position:])])


def by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Citations of the same article together, in the order in which articles first come."""
    order = {name: place for place, name in enumerate(dict.fromkeys(citation.article for citation in citations))}
    together = sorted(citations, key=lambda citation: order[citation.article])
    return [list(group) for _, group in groupby(together, attrgetter("article"))]

"""Quotes as HTML: marked sentences, the words that answer, and tables. No character is added or lost."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from markupsafe import Markup

from app.answering.citation import Citation
from app.web.marking import marked, with_answer
from app.web.tables import Table, row_of, table_of
from index.passages.sentences import Span

_FOLDED = 80  # characters around a sentence that are worth folding


def lead(citation: Citation) -> Markup:
    """The best sentence of a quote with the words that answer, to stand alone in large type; a row as a table."""
    start, end = citation.highlight[0]
    if tables := list(_tables(replace(citation, rows=tuple(row for row in citation.rows if row == (start, end))))):
        return table_of(tables[0], citation.highlight, citation.answer)
    return with_answer(citation.quote[start:end], start, citation.answer).replace("\n", Markup(" "))


def is_all(citation: Citation) -> bool:
    """Whether the best sentence is nearly all of the quote, so that there is no context to fold."""
    start, end = citation.highlight[0]
    return len(citation.quote) - (end - start) < _FOLDED


def quoted(citation: Citation) -> Markup:
    """The quote: its table rows as tables, the asked row marked, the rest as marked text."""
    parts: list[Markup] = []
    position = 0
    for table in _tables(citation):
        start, end = table.span
        parts += [_text(citation, position, start), table_of(table, citation.highlight, citation.answer)]
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


def _tables(citation: Citation) -> Iterator[Table]:
    """Runs of rows that stand next to each other and name the same columns, without those that are empty."""
    tables: list[Table] = []
    for row in filter(None, (row_of(citation.quote, span) for span in citation.rows)):
        last = tables[-1] if tables else None
        if last and last.goes_on(row) and not citation.quote[last.span[1] : row[0][0]].strip():
            last.append(row)
        else:
            tables.append(Table(row))
    yield from tables


def by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Citations of the same article together, in the order in which articles first come."""
    order = {name: place for place, name in enumerate(dict.fromkeys(citation.article for citation in citations))}
    together = sorted(citations, key=lambda citation: order[citation.article])
    return [list(group) for _, group in groupby(together, attrgetter("article"))]

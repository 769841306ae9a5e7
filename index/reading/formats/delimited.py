"""Files of rows whose cells a comma, semicolon, tab or bar parts (CSV, TSV) to lines that name their columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from index.articles.article import Place, visible
from index.errors import BadArticle
from index.reading.formats.extract import Extract, placed
from index.reading.formats.tablelines import Row, table_lines

_DELIMITERS = "\t;|,"  # the first that fits: a comma may part the decimals of numbers
_SAMPLE = 50  # lines
_MOST_ROWS, _MOST_COLUMNS = 200_000, 16_384
_HINT = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)  # for Excel
_QUOTE = '"'


def delimited_extract(source: str) -> Extract:
    """The rows of a file; a first row that names the columns is in each line. Raises BadArticle for too many rows.

    Every character counts; delimiters and quotation marks around cells are counted on their own.
    """
    hint = _HINT.match(source)
    body = source[hint.end() :] if hint else source
    delimiter = hint[1] if hint else _delimiter(body)
    records, notes = _records(body, delimiter)
    if len(records) > _MOST_ROWS or max(map(len, records), default=0) > _MOST_COLUMNS:
        raise BadArticle(f"over {_MOST_ROWS:,} rows or {_MOST_COLUMNS:,} columns. Split the file")
    rows: list[Row] = [
        (number, [" ".join(cell.split()) for cell in cells])
        for number, cells in enumerate(records, 2 if hint else 1)
        if any(cell.strip() for cell in cells)
    ]
    lines = table_lines(rows)
    delimiters = visible(delimiter) * sum(len(cells) - 1 for cells in records if cells)
    quotes = body.count(_QUOTE) - sum(cell.count(_QUOTE) for cells in records for cell in cells)
    marks = visible(source[: hint.end()] if hint else "") + delimiters + quotes
    return Extract(
        [(line.kind, line.text) for line in lines],
        visible(source),
        skipped={"delimiters and quotation marks": marks},
        repeated=sum(line.added for line in lines),
        notes=notes,
        places=placed((line.text, Place("row", line.number)) for line in lines),
    )


def _delimiter(source: str) -> str:
    """The delimiter that gives the first lines the same number of cells, most of them; else a comma."""
    lines = source.split("\n", _SAMPLE)[:_SAMPLE]
    shares = {}
    for delimiter in _DELIMITERS:
        widths = Counter(len(cells) for cells in _parsed(lines, delimiter, csv.QUOTE_MINIMAL) if len(cells) > 1)
        shares[delimiter] = widths.most_common(1)[0][1] if widths else 0
    return max(_DELIMITERS, key=lambda delimiter: shares[delimiter]) if any(shares.values()) else ","


csv.field_size_limit(1 << 30)  # the size of the file is bounded


def _records(source: str, delimiter: str) -> tuple[list[list[str]], list[str]]:
    """The cells of each row, line by line with a note if a quotation mark is never closed."""
    lines = source.split("\n")
    try:
        return list(csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)), []
    except csv.Error:
        note = "its quotation marks do not match, so every line is read as a row. Look at its text"
        return [cells for line in lines for cells in _line(line, delimiter)], [note]


def _line(line: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from list(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        yield from _parsed([line], delimiter, csv.QUOTE_NONE)


def _parsed(lines: list[str], delimiter: str, quoting: Literal[0, 3]) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, quoting=quoting)

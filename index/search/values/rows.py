"""Rows of tables: their cells, and the one that a question asks for."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from index.articles.article import Article
from index.keywords.tokenizer import words_of
from index.passages.sentences import Span
from index.search.values.kinds import Kind, holds_kind

_BETWEEN, _NAMED = "; ", ": "  # cells, and the name of a column and its cell, as `index.reading` writes rows
_EMPTY = frozenset({"", "-", "–", "—", "n/a", "?"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: the name of its column, its text, and the span of the text in the row."""

    column: str
    text: str
    span: Span


def is_row(article: Article, start: int) -> bool:
    """Whether a row of a table begins at this offset of an article."""
    block = bisect_right(article.blocks, start, key=attrgetter("start")) - 1
    return block >= 0 and article.blocks[block].kind == "row" and article.blocks[block].start == start


def cells_of(row: str) -> list[Cell]:
    """The named cells of a row such as `Year: 2005; Zones: 53`; a semicolon inside a cell does not end it."""
    cells: list[Cell] = []
    start = 0
    for piece in row.split(_BETWEEN):
        column, named, text = piece.partition(_NAMED)
        end = start + len(piece)
        if named:
            cells.append(Cell(column, text, (end - len(text), end)))
        elif cells:
            first = cells[-1].span[0]
            cells[-1] = Cell(cells[-1].column, row[first:end], (first, end))
        start = end + len(_BETWEEN)
    return cells


def asked_cell(cells: Sequence[Cell], words: Mapping[str, float], kind: Kind | None) -> Cell | None:
    """The cell that a question asks for; None where it names no cell of the row, or no other column.

    The cell that is named holds most of the question's terms, by their idf in `words`; the asked one stands in
    another column that the question names, or holds a number of the `kind` that it asks for.
    """
    held = [_share(words, cell.text) for cell in cells]
    if not any(held):
        return None
    key = held.index(max(held))
    others = [cell for place, cell in enumerate(cells) if place != key and cell.text not in _EMPTY]
    named = [_share(words, cell.column) for cell in others]
    if any(named):
        return others[named.index(max(named))]
    fitting = [cell for cell in others if kind and holds_kind(cell.text, kind)]
    return fitting[0] if len(fitting) == 1 else None


def _share(words: Mapping[str, float], text: str) -> float:
    return sum(words.get(word, 0.0) for word in words_of(text))

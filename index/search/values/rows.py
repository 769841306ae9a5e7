"""Rows of tables: their cells, and the one that a question asks for."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from index.articles.article import Article
from index.keywords.tokenizer import is_value, words_of
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.values.kinds import Kind, holds_kind

_BETWEEN, _NAMED = "; ", ": "  # cells, and the name of a column and its cell, as `index.reading` writes rows
EMPTY = frozenset({"", "-", "–", "—", "n/a", "?"})
"""Texts of a cell that holds nothing."""

# The index terms of a question for the beginning or the end of something, and the words of the columns for that.
_SIDES = [
    (
        frozenset("begin start open commenc 开始 开放".split()),
        frozenset("from start starts begin begins beginning opens opening since 起 开始 开始日期 开始时间".split()),
    ),
    (
        frozenset("end finish close stop expir 结束 截止".split()),
        frozenset("to until till end ends ending closes closing through 止 结束 截止 结束日期 结束时间".split()),
    ),
]
_COLUMN_WORD = lazy(r"\w+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: the name of its column, its text, and the span of the text in the row."""

    column: str
    text: str
    span: Span

    def placed(self, row: Span) -> Span:
        """The span of the text in the article, where the row has this span of it."""
        return row[0] + self.span[0], row[0] + self.span[1]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The span of the asked cell in a row, and whether all words of the cell that is named are the question's."""

    asked: Span
    whole: bool


def is_row(article: Article, start: int) -> bool:
    """Whether a row of a table begins at this offset of an article."""
    block = bisect_right(article.blocks, start, key=attrgetter("start")) - 1
    return block >= 0 and article.blocks[block].kind == "row" and article.blocks[block].start == start


def row_cells(article: Article, span: Span) -> list[Cell]:
    """The cells of the row with this span of an article; empty for any other sentence."""
    return cells_of(article.text[slice(*span)]) if is_row(article, span[0]) else []


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


def looked_up(cells: Sequence[Cell], words: Mapping[str, float], kind: Kind | None) -> Lookup | None:
    """The look-up of a question in a row; None where it names no cell of the row, or no other column.

    The cell that is named holds most of the question's numbers and dates, else of its terms, by their idf in
    `words`. The asked one holds a number of the `kind` that is asked for, if one is, and stands in another column
    that the question names; without such a column it is the first date, the only number of that kind, or the only
    other cell beside one that the question names with all its words.
    """
    values = {word: idf for word, idf in words.items() if is_value(word)}
    shares = [(_share(values, cell.text), _share(words, cell.text)) for cell in cells]
    key = max(range(len(cells)), key=lambda place: shares[place], default=None)
    if key is None or not shares[key][1]:
        return None
    others = [cell for place, cell in enumerate(cells) if place != key and cell.text not in EMPTY]
    fitting = [cell for cell in others if kind and holds_kind(cell.text, kind)]
    whole = words_of(cells[key].text) <= words.keys()
    asked = _asked(others, fitting, words, number=kind, whole=whole)
    return Lookup(asked.span, whole) if asked else None


def _asked(
    others: Sequence[Cell], fitting: Sequence[Cell], words: Mapping[str, float], *, number: Kind | None, whole: bool
) -> Cell | None:
    """The asked one of the other cells, of those that fit where a number is asked for; `whole` as in a look-up.

    "When does it begin?" asks for the only cell in a column such as From.
    """
    among = fitting if number else others
    if side := _on_side(among, words):
        return side
    named = [_share(words, cell.column) for cell in among]
    if any(named):
        return among[named.index(max(named))]
    if fitting and (number == "date" or len(fitting) == 1):
        return fitting[0]
    return others[0] if whole and not number and len(others) == 1 else None


def _on_side(cells: Sequence[Cell], words: Mapping[str, float]) -> Cell | None:
    """The only cell in a column for the beginning, or the end, where the question asks for that alone."""
    columns = [names for asked, names in _SIDES if not asked.isdisjoint(words)]
    if len(columns) != 1:
        return None
    found = [cell for cell in cells if not columns[0].isdisjoint(_COLUMN_WORD.findall(cell.column.lower()))]
    return found[0] if len(found) == 1 else None


def _share(words: Mapping[str, float], text: str) -> float:
    return sum(words.get(word, 0.0) for word in words_of(text))

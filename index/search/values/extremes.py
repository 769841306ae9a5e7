"""Extremes: the rows of a table with the highest or lowest value of a column, for "the cheapest" or "the most"."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.articles.article import Article
from index.articles.dates import years_in
from index.keywords.numbers import numbers_in
from index.keywords.tokenizer import words_of
from index.patterns import lazy
from index.search.values.rows import Cell, cells_of
from index.search.values.years import asked_years

_CACHED = 64  # articles with a question: each passage of a long table is one of the same article
_LEAST = 2  # rows with a value, from which one is an extreme
_PRICE, _AGE, _SINCE = (
    "price cost fee fare ticket rate charge rent tariff admission",
    "age",
    "born built founded since opened established",
)
_LENGTH, _SIZE = (
    "length duration distance time hour minute day kilometre",
    "size area capacity seat inhabitants population",
)
# Words for the highest and for the lowest value, and words of the columns that they may be about.
_WORDS = [
    (r"most expensive|dearest|priciest|costliest|最贵", r"cheapest|least expensive|最便宜", _PRICE),
    (r"oldest|最老|最年长|最古老", r"youngest|newest|最年轻|最新", _AGE),
    (r"youngest|newest|最年轻|最新", r"oldest|最老|最年长|最古老", _SINCE),
    (r"longest|最长", r"shortest|最短", _LENGTH),
    (r"tallest|highest|最高", r"lowest|最低|最矮", "height altitude elevation"),
    (r"largest|biggest|最大", r"smallest|最小", _SIZE),
    (r"heaviest|最重", r"lightest|最轻", "weight"),
    (r"fastest|quickest|最快", r"slowest|最慢", "speed"),
    (r"warmest|hottest|最热|最暖", r"coldest|coolest|最冷", "temperature"),
    (
        r"most(?= (?!recent|likely|important|common|often|popular|famous|of\b)\w)|greatest|maximum|最多",
        r"fewest|least(?= \w)|minimum|最少",
        "",
    ),
]
_TIMES = words_of(f"{_AGE} {_SINCE}")
_ASKS = [
    (lazy(rf"\b(?:{words})|(?<=[\u3400-\u9fff])(?:{words})", re.IGNORECASE), side, columns)
    for highest, lowest, columns in _WORDS
    for words, side in ((highest, 1), (lowest, -1))
]
# Without one of these a question asks for none.
_HINT = lazy("|".join(words for *both, _ in _WORDS for words in both), re.IGNORECASE)
_NO_EXTREME = lazy(r"\bat (?:the )?(?:most|least|latest)\b|\bmost (?:of|people)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extreme:
    """An extreme that a question asks for: 1 for the highest value, -1 for the lowest, of a column with such words."""

    side: int
    columns: frozenset[str]


@lru_cache(maxsize=1_024)
def asked_extremes(question: str) -> tuple[Extreme, ...]:
    """The extremes that a question may ask for, the likelier first; none for a question without such a word."""
    if not _HINT.search(question) or _NO_EXTREME.search(question):
        return ()
    return tuple(Extreme(side, words_of(columns)) for asks, side, columns in _ASKS if asks.search(question))


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of an article, known by its id and hash."""

    id: str
    sha256: str
    article: Article = field(compare=False)


def extreme_rows(article: Article, question: str, words: Collection[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The offsets of the rows with the extreme value that the question asks for, and of the other rows of their tables.

    `words` are the question's index terms. With a year the rows of that year count. Empty where the question asks for
    no extreme, or no column fits it.
    """
    if not asked_extremes(question):
        return frozenset(), frozenset()
    return _extreme_rows(_Text(article.id, article.sha256, article), question, frozenset(words))


@lru_cache(maxsize=_CACHED)
def _extreme_rows(text: _Text, question: str, words: frozenset[str]) -> tuple[frozenset[int], frozenset[int]]:
    tables: dict[str, dict[int, list[Cell]]] = {}
    for block in text.article.blocks:
        if block.kind == "row" and (cells := cells_of(text.article.text[block.start : block.end])):
            tables.setdefault(cells[0].column, {})[block.start] = cells
    best, others = set[int](), set[int]()
    years = asked_years(question)
    for table in tables.values():
        of_year = {start: cells for start, cells in table.items() if not years.isdisjoint(_years(cells))}
        rows = _best(of_year or table, asked_extremes(question), words)
        best |= rows
        others |= table.keys() - rows if rows else set()
    return frozenset(best), frozenset(others)


def _years(cells: Sequence[Cell]) -> list[str]:
    """The years in a row and in the names of its columns."""
    return [year for cell in cells for year in (*years_in(cell.column), *years_in(cell.text))]


def _best(table: Mapping[int, Sequence[Cell]], asked: Sequence[Extreme], words: frozenset[str]) -> set[int]:
    """The rows of a table with the extreme value of the first column that fits."""
    for extreme in asked:
        for column in _fitting(table, extreme, words):
            values = {start: value for start, cells in table.items() for value in _values(cells, column)}
            if len(values) >= _LEAST:
                most = max(values.values(), key=lambda value: extreme.side * value)
                return {start for start, value in values.items() if value == most}
    return set()


def _fitting(tables: Mapping[int, Sequence[Cell]], extreme: Extreme, words: frozenset[str]) -> Iterator[str]:
    """The columns that the question may mean, behind the first: those that it names best, then those of the kind.

    An age and a year of birth run opposite ways, so that their names alone do not tell which is meant.
    """
    columns = list(dict.fromkeys(cell.column for cells in tables.values() for cell in cells[1:]))
    named = {column: len(words & words_of(column)) for column in columns}
    if not extreme.columns & _TIMES:
        yield from sorted((column for column in columns if named[column]), key=lambda column: -named[column])
    yield from (column for column in columns if not extreme.columns.isdisjoint(words_of(column)))


def _values(cells: Sequence[Cell], column: str) -> list[float]:
    """The number in the cell of this column, as a list of one; a year alone counts as a number."""
    text = next((cell.text for cell in cells if cell.column == column), "")
    numbers = [number.values[0] for number in numbers_in(text)[:1]] or years_in(text)[:1]
    try:
        return [float(number) for number in numbers]
    except ValueError:
        return []

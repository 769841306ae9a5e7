"""Lines for others: rows and items for another year, place, day of the week, way, age or name than the one asked."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from index.articles.article import Article
from index.articles.dates import years_in
from index.keywords.tokenizer import is_value, words_of
from index.passages.sentences import Span
from index.search.values.ages import asked_age, is_for
from index.search.values.places import asked_places, place_of
from index.search.values.routes import asked_route, goes
from index.search.values.rows import Cell, cells_of, is_row
from index.search.values.weekdays import weekdays_in
from index.search.values.years import asked_years

_LABEL = re.compile(r"[^:;.?!]{3,60}(?=: )")


@dataclass(frozen=True)
class _Line:
    """A sentence, item or row of a passage; `cells` are those of a row."""

    text: str
    is_row: bool

    @cached_property
    def cells(self) -> list[Cell]:
        return cells_of(self.text) if self.is_row else []

    @property
    def label(self) -> str:
        """What a row or item stands for: its first cell, or what stands before its colon."""
        if self.is_row:
            return self.cells[0].text if self.cells else ""
        match = _LABEL.match(self.text)
        return match[0] if match else ""


def lines_of_others(article: Article, spans: Sequence[Span], question: str, words: Collection[str]) -> set[int]:
    """The numbers of the lines among the `spans` that stand for something else than the question asks about.

    None of a kind where no line is about what is asked: "in 2030" tells a row of 2027 only from a line of 2030. `words`
    are the index terms of the question as it is understood.
    """
    found: set[int] = set()
    lines: list[_Line] = []
    for asked, suits in _asked(question):
        lines = lines or _lines(article, spans)
        fitting = [suits(line, asked) for line in lines]
        if any(fitting):
            found.update(number for number, fits in enumerate(fitting) if fits is False)
    return found | _unnamed(lines or _lines(article, spans), frozenset(words))


def _unnamed(lines: Sequence[_Line], words: frozenset[str]) -> set[int]:
    """The numbers of the rows beside one whose first cell the question names, in the same table."""
    labels = {number: words_of(line.label) for number, line in enumerate(lines) if line.cells}
    named = {number for number, label in labels.items() if label and label <= words and not all(map(is_value, label))}
    columns = {lines[number].cells[0].column for number in named}
    return {number for number in labels if number not in named and lines[number].cells[0].column in columns}


def _lines(article: Article, spans: Sequence[Span]) -> list[_Line]:
    return [_Line(article.text[slice(*span)], is_row(article, span[0])) for span in spans]


def _asked(question: str) -> Iterator[tuple[Any, Callable[[_Line, Any], bool | None]]]:
    """What a question asks about, each with a test of lines: False for others, None for those that tell nothing."""
    for asked, suits in (
        (asked_years(question), _of_year),
        (asked_places(question), _of_place),
        (weekdays_in(question), _of_weekday),
        (asked_route(question), lambda line, route: goes(line.cells, route)),
        (asked_age(question), lambda line, age: is_for(line.text, line.cells, age)),
    ):
        if asked:
            yield asked, suits


def _of_year(line: _Line, years: frozenset[str]) -> bool | None:
    if not years.isdisjoint(years_in(line.text)):
        return True
    return False if line.is_row and years_in(line.label) else None


def _of_place(line: _Line, places: frozenset[int]) -> bool | None:
    place = place_of(line.text, line.cells)
    return place in places if place else None


def _of_weekday(line: _Line, days: frozenset[int]) -> bool | None:
    held = weekdays_in(line.label)
    return not days.isdisjoint(held) if held else None

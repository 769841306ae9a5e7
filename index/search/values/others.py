"""Lines for others: rows and items for another year, place, day of the week, way, age or name than the one asked."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.articles.dates import years_in
from index.keywords.tokenizer import is_value, words_of
from index.patterns import lazy
from index.search.values.ages import asked_age, is_for
from index.search.values.places import asked_places, place_of
from index.search.values.routes import asked_route, goes
from index.search.values.rows import Cell
from index.search.values.weekdays import weekdays_in
from index.search.values.years import asked_years

_LABEL = lazy(r"[^:;.?!]{3,60}(?=: )")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, item or row of a passage; `cells` are those of a row."""

    text: str
    cells: Sequence[Cell] = ()

    @property
    def label(self) -> str:
        """The label of a row or item: its first cell, or the text before its colon; empty for any other line."""
        if self.cells:
            return self.cells[0].text
        match = _LABEL.match(self.text)
        return match[0] if match else ""


def lines_of_others(lines: Sequence[Line], question: str, words: Collection[str]) -> list[int]:
    """The numbers of the lines of a passage that stand for something else than the question asks about.

    None of a kind where no line is about what is asked: "in 2030" tells a row of 2027 only from a line of 2030. `words`
    are the index terms of the question as it is understood.
    """
    found = _unnamed(lines, frozenset(words))
    for asked, suits in _asked(question):
        fitting = [suits(line, asked) for line in lines]
        if any(fitting):
            found.update(number for number, fits in enumerate(fitting) if fits is False)
    return sorted(found)


def _unnamed(lines: Sequence[Line], words: frozenset[str]) -> set[int]:
    """The numbers of the rows beside one whose first cell the question names, in the same table."""
    labels = {number: words_of(line.label) for number, line in enumerate(lines) if line.cells}
    named = {number for number, label in labels.items() if label and label <= words and not all(map(is_value, label))}
    columns = {lines[number].cells[0].column for number in named}
    return {number for number in labels if number not in named and lines[number].cells[0].column in columns}


def _asked(question: str) -> Iterator[tuple[Any, Callable[[Line, Any], bool | None]]]:
    """The things that a question asks about, each with a test of lines: False for others, None for silent ones."""
    for asked, suits in (
        (asked_years(question), _of_year),
        (asked_places(question), _of_place),
        (weekdays_in(question), _of_weekday),
        (asked_route(question), lambda line, route: goes(line.cells, route)),
        (asked_age(question), lambda line, age: is_for(line.text, line.cells, age)),
    ):
        if asked:
            yield asked, suits


def _of_year(line: Line, years: frozenset[str]) -> bool | None:
    if not years.isdisjoint(years_in(line.text)):
        return True
    return False if line.cells and years_in(line.label) else None


def _of_place(line: Line, places: frozenset[int]) -> bool | None:
    place = place_of(line.text, line.cells)
    return place in places if place else None


def _of_weekday(line: Line, days: frozenset[int]) -> bool | None:
    held = weekdays_in(line.label)
    return not days.isdisjoint(held) if held else None

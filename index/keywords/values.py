"""Values in a text: its dates and numbers with the index terms that all spellings of a value share."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.articles.dates import Dated, dates_in
from index.kept import kept
from index.keywords.numbers import Number, numbers_in
from index.passages.sentences import Span


@dataclass(frozen=True, slots=True)
class Value:
    """A date or number: its span, the characters there, and its index terms.

    `forms` are the terms of which each alone stands for the value, the likeliest first. `words` are a month or unit
    by its name, as the text may say it in another way. `unit_span` is that of a unit that is no word, else empty.
    """

    start: int
    end: int
    text: str
    terms: tuple[str, ...]
    forms: tuple[str, ...]
    words: str = ""
    unit_span: Span = (0, 0)

    @property
    def spans(self) -> tuple[Span, Span]:
        """The spans of the value and of its unit."""
        return (self.start, self.end), self.unit_span


@kept(4_096)
def values_in(text: str) -> tuple[Value, ...]:
    """The dates of a text (in NFKC) and the numbers outside them, in order."""
    dates = dates_in(text)
    found = [Value(each.start, each.end, _of(text, each), each.terms, each.terms[:1], each.month) for each in dates]
    taken = {place for each in dates for place in range(each.start, each.end)}
    found += [
        Value(each.start, each.end, _of(text, each), each.values, each.values, each.unit, each.unit_span)
        for each in numbers_in(text)
        if taken.isdisjoint(range(each.start, each.end))
    ]
    return tuple(sorted(found, key=lambda value: value.start))


def _of(text: str, part: Dated | Number) -> str:
    return text[part.start : part.end]


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text, of equal length, with spaces in place of these spans."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = " " * (end - start)
    return "".join(signs)

"""Dates: a day, month, quarter or half with its year in a question; articles of about that time are preferred."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

import numpy as np

from app.answering.decision import Verdict
from app.answering.ways.ordering import fitting_first
from app.answering.ways.times.periods import asks_for_news, is_of
from app.answering.ways.times.ranges import dates_beside
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import is_verb, without
from index.arrays import Scores
from index.articles.dates import MONTH, Dated, dates_in, days_of
from index.articles.facets import Days, Facets
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.hits import Hit

_REACH = 31  # days around a date in which an article may be about it
_ALIKE = 0.6  # of the score of another hit, from which one of the very time comes before it
_NEWS = 3  # days after or before an event in which an article may tell of it
_HALF = np.float32(0.5)  # of a weight; chosen from .1 to 1 on the project's questions

# "by June 2025" and "after June 2025" bound a time rather than name one, and so does "as of June 2025".
_BOUND_BEFORE = lazy(
    r"\b(?:after|before|since|until|till|by|to|than|as of|as at) (?:the )?(?:end of |early |mid-?|late )?$"
    r"|[到至自从止]$",
    re.I,
)
_BOUND_AFTER = lazy(r"底?(?:以来|[以之]?[前后])")
# A day without its year: "20 May", "May 20th", 5月20日.
_UNDATED = lazy(
    rf"(?<![\d.,/-])(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? (?P<month>{MONTH})(?!,? ?\d)"
    rf"|(?P<before>{MONTH}) (?:the )?(?P<after>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%.,:/-]*\d|,? ?\d| ?%|[^\W\d_])"
    r"|(?<![年\d])(?P<han>\d{1,2}月\d{1,2})[日号]",
    re.IGNORECASE,
)
_LEAP = 2000  # a year that has every day
_RANGE = lazy(r"\bfrom $", re.I), lazy(r" ?(?:to|until|till|through|[-–—])\b", re.I)


class Dates(Way):
    """A day, month, quarter or half with its year, or a fiscal year.

    A day without a year is the last such day of which there is an article. A bare year says more often what a text is
    about than when it was written: preferring by it lost more on the project's own questions than it won.
    """

    kind = "published"
    depth = 10

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The dates that some article fits, unless nothing is asked but what was reported then."""
        if asks_for_news(text, known.today):
            return ()
        dates = chain(_dates(text), _undated(text, known.facets))
        return (mention for mention in dates if _weights(mention, known.facets).any())

    def tells(self, mention: Mention, known: Known) -> bool:
        """Whether some articles are nearer to the date than others."""
        return bool(np.ptp(_weights(mention, known.facets)))

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the date and the words before it."""
        return without(text, mention.text)

    def weights(self, mention: Mention, known: Known) -> Scores:
        """The weight of each article, in [0, 1].

        An article of the very day weighs 1; a month and the date of a source halve the weight.
        Weights fall as 1 / (1 + days) with the distance in time, to 0 after 31 days.
        """
        return _weights(mention, known.facets)

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages of that very time, or that name it, then those of a few days around it, before alike others."""
        near = fitting_first(hits, lambda hit: any(_is_near(hit.passage, each) for each in mentions), _ALIKE)
        return fitting_first(near, lambda hit: any(is_of(hit.passage, each) for each in mentions), _ALIKE)

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """At most `related` where the first passage names no such date, and its article is of another week.

        At least `related` where its article is of the very day that is asked for.
        """
        passage = hits[0].passage if hits else None
        if passage and verdict == "none" and passage.article.published == mention.value:
            return "related"
        fits = passage is None or not passage.article.published or _is_near(passage, mention)
        return verdict if fits or verdict == "none" else "related"

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the article is of about that time, or the passage gives a date of it."""
        return super().fits(passage, mention, known) or is_of(passage, mention)


def _is_near(passage: Passage, mention: Mention) -> bool:
    """Whether a passage is of the time, or its article within a few days of it."""
    if is_of(passage, mention) or not passage.article.published:
        return is_of(passage, mention)
    (begin, end), (first, last) = days_of(mention.value), days_of(passage.article.published)
    return first <= end + _NEWS and begin - _NEWS <= last


def _weights(mention: Mention, facets: Facets) -> Scores:
    days = days_of(mention.value)
    nearness = _nearness(facets.first, facets.last, days)
    rows, first_days, last_days = facets.sources.T
    np.maximum.at(nearness, rows, _HALF * _nearness(first_days, last_days, days))
    return nearness if days[0] == days[1] else nearness * _HALF


def _nearness(first: Days, last: Days, days: Span) -> Scores:
    """1 / (1 + distance) for periods that go beyond the `days` by a distance of at most 31 days, else 0."""
    begin, end = days
    distance = np.maximum(0, np.maximum(begin - first, last - end))
    return np.asarray(np.where(distance <= _REACH, 1 / (1 + distance), 0), np.float32)


def _dates(question: str) -> Iterator[Mention]:
    for dated in dates_beside(question):
        if not _bounds(question, (dated.start, dated.end)):
            yield Mention("published", dated.value, question[dated.start : dated.end])


def _undated(question: str, facets: Facets) -> Iterator[Mention]:
    """The days without a year, each of the last year in which an article is of that very day."""
    matches = [match for match in _UNDATED.finditer(question) if not is_verb(question, match.start())]
    days = np.unique(facets.first[(facets.first == facets.last) & (facets.first > 0)])[::-1] if matches else ()
    written = [date.fromordinal(int(each)).isoformat() for each in days]
    for match in matches:
        if (day := _day_of(match)) and (value := next((each for each in written if each[5:] == day.value[5:]), "")):
            yield Mention("published", value, match[0])


def _day_of(match: re.Match[str]) -> Dated | None:
    """The day of a match in a year that has every day; None where there is no such day."""
    day, month = match["day"] or match["after"], match["month"] or match["before"]
    written = f"{_LEAP}年{match['han']}日" if match["han"] else f"{day} {month} {_LEAP}"
    return next(iter(dates_in(written)), None)


def _bounds(question: str, span: Span) -> bool:
    start, end = span
    if _RANGE[0].search(question, max(0, start - 5), start) and _RANGE[1].match(question, end):
        return True
    return bool(_BOUND_BEFORE.search(question[:start]) or _BOUND_AFTER.match(question, end))

"""Dates: a day or month with its year that a question names; articles of about that time are preferred."""

import re
from collections.abc import Iterable, Iterator

import numpy as np

from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import without
from index.arrays import Scores
from index.articles.article import is_date
from index.articles.facets import Days, Facets
from index.articles.filters import period
from index.passages.sentences import Span

_REACH = 31  # days around a date in which an article may be about it
_HALF = np.float32(0.5)  # of a weight; chosen from .1 to 1 on the project's questions

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAMES = (
    "jan(uary)? feb(ruary)? mar(ch)? apr(il)? may june? july? aug(ust)? sept?(ember)? oct(ober)? nov(ember)? "
    "dec(ember)?"
)
_MONTH = rf"\b(?P<month>{'|'.join(_NAMES.replace('(', '(?:').split())})\b\.?"
_MONTHS = [name[:3] for name in _NAMES.split()]
_ZH_MONTHS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
_FORMS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},?(?: of)? {_YEAR}",
        rf"(?<![\d/-]){_YEAR}(?P<sign>[-/])(?P<month>\d\d?)(?:(?P=sign)(?P<day>\d\d?))?(?![\d/-])",
        rf"(?<!\d){_YEAR} ?年 ?(?P<month>\d\d?|{'|'.join(reversed(_ZH_MONTHS))}) ?月(?: ?(?P<day>\d\d?) ?[日号])?",
    )
]
# "by June 2025" and "after June 2025" bound a time rather than name one.
_BOUND_BEFORE = re.compile(r"\b(?:after|before|since|until|till|by|to|than) (?:the )?(?:end of )?$|[到至自从]$", re.I)
_BOUND_AFTER = re.compile(r"底?(?:以来|[以之]?[前后])")


class Dates(Way):
    """A month or a day with its year.

    A bare year says more often what a text is about than when it was written: preferring by it lost more on the
    project's own questions than it won.
    """

    kind = "published"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The dates that some article fits."""
        return (mention for mention in dates_in(text) if _weights(mention, known.facets).any())

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


def _weights(mention: Mention, facets: Facets) -> Scores:
    days = period(mention.value)
    nearness = _nearness(facets.first, facets.last, days)
    rows, first_days, last_days = facets.sources.T
    np.maximum.at(nearness, rows, _HALF * _nearness(first_days, last_days, days))
    return nearness if days[0] == days[1] else nearness * _HALF


def _nearness(first: Days, last: Days, days: Span) -> Scores:
    """1 / (1 + distance) for periods that go beyond the `days` by a distance of at most 31 days, else 0."""
    begin, end = days
    distance = np.maximum(0, np.maximum(begin - first, last - end))
    return np.asarray(np.where(distance <= _REACH, 1 / (1 + distance), 0), np.float32)


def dates_in(question: str) -> Iterator[Mention]:
    """The dates in a text with a month or a day, those with a day first."""
    taken: list[Span] = []
    for form in _FORMS:  # a day's before a month's, which it holds
        for match in form.finditer(question):
            inside = any(start < match.end() and match.start() < end for start, end in taken)
            taken.append(match.span())
            if not inside and is_date(value := _iso(match)) and not _bounds(question, match.span()):
                yield Mention("published", value, match[0])


def _bounds(question: str, span: Span) -> bool:
    start, end = span
    return bool(_BOUND_BEFORE.search(question[:start]) or _BOUND_AFTER.match(question, end))


def _iso(match: re.Match[str]) -> str:
    named = match.groupdict()
    day = f"-{int(named['day']):02}" if named.get("day") else ""
    return f"{named['year']}-{_month(named['month']):02}{day}"


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if written in _ZH_MONTHS:
        return _ZH_MONTHS.index(written) + 1
    return _MONTHS.index(written[:3].lower()) + 1

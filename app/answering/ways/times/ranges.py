"""Ranges of time in a question: "between January and April 2025", "Q1 to Q3 2023", 2025年1月至3月."""

from dataclasses import dataclass
from datetime import date

import regex

from app.answering.ways.times.counts import COUNT, count_of
from index.articles.dates import MONTH, Dated, dates_in, days_of
from index.kept import kept
from index.patterns import lazy_regex

_DASH = r" ?[-–—] ?| ?(?:至|到|~) ?"
_TO = rf"(?:{_DASH}| (?:to|until|till|through) (?:the )?)"
_QUARTER = r"Q[1-4]|H[12]|(?:first|second|third|fourth) (?:quarter|half)"
_FIRST = rf"(?P<first>(?:\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of)? )?{MONTH}|{_QUARTER}|\d{{1,2}}(?:st|nd|rd|th|\.)?)"
_OPENING = r"(?:\b(?:in|during|over) the (?:period|time|months?|weeks?|days?) )?"
# What stands before the date that ends a range: the part that begins it, without its year, or a date before that.
_BEFORE = lazy_regex(
    rf"{_OPENING}(?:\b(?:from|in|during) )?(?:the )?(?<![\d.,/-]){_FIRST}{_TO}$"
    rf"|{_OPENING}\bbetween (?:the )?{_FIRST} and (?:the )?$",
    regex.IGNORECASE,
)
_AFTER_DATE = lazy_regex(
    rf"(?:{_OPENING}(?:\bfrom )?|(?P<between>{_OPENING}\bbetween )|自|从)(?:the )?$", regex.IGNORECASE
)
_LINK = lazy_regex(rf"{_TO}|(?P<and> and (?:the )?)", regex.IGNORECASE)
_HAN_LAST = lazy_regex(r" ?[-–—至到~] ?(?P<last>\d{1,2}月(?:\d{1,2}日)?|[一二三四1-4]季度|\d{1,2}日)")
_FIRST_OF = lazy_regex(
    rf"{_OPENING}(?:\b(?:in|during|for) )?(?:\bthe )?\bfirst (?P<count>{COUNT})"
    r" (?P<unit>quarter|month)s (?:of )?(?P<year>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<han_year>(?:19|20)\d\d)年?的?前(?P<han_count>{COUNT})(?P<han_unit>个?季度|个月)",
    regex.IGNORECASE,
)
_LONGEST = 80  # characters before a date that the beginning of a range takes at most
_KEPT = 4_096  # texts: those of the first passages are looked through for several ways
_DAY = lazy_regex(r"\d{1,2}(?:st|nd|rd|th|\.)?", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A time in a text: its span, and the first and the last day that it means."""

    start: int
    end: int
    first: date
    last: date

    @property
    def value(self) -> str:
        """The days as `2026-10-01/2026-10-31`, or one day."""
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"


def ranges_in(text: str) -> tuple[Period, ...]:
    """The ranges of a text that end with a date, both parts shorter than a year, and the first part of a year."""
    return times_in(text)[0]


def dates_beside(text: str) -> tuple[Dated, ...]:
    """The dates of a text that are no part of a range."""
    return times_in(text)[1]


@kept(_KEPT)
def times_in(text: str) -> tuple[tuple[Period, ...], tuple[Dated, ...]]:
    """The ranges of a text, as `ranges_in` says, and the dates that are no part of one."""
    dates = dates_in(text)
    ranges = [_beginning(match) for match in _FIRST_OF.finditer(text)]
    for place, last in enumerate(dates):
        before = dates[place - 1] if place else None
        found = (before and _after(text, before, last)) or _shortened(text, last) or _han(text, last)
        if found and found.first <= found.last:
            ranges.append(found)
    beside = (dated for dated in dates if not any(each.start <= dated.start < each.end for each in ranges))
    return tuple(ranges), tuple(beside)


def _after(text: str, first: Dated, last: Dated) -> Period | None:
    """The range of two dates that only a word for it stands between."""
    link = _LINK.fullmatch(text, first.end, last.start)
    opening = _AFTER_DATE.search(text, max(0, first.start - _LONGEST), first.start)
    if not link or (link["and"] and not (opening and opening["between"])):
        return None
    return _range(opening.start() if opening else first.start, last.end, first.value, last.value)


def _shortened(text: str, last: Dated) -> Period | None:
    """The range whose first part has no year: that of the last date, or the one before."""
    match = _BEFORE.search(text, max(0, last.start - _LONGEST), last.start)
    if match is None:
        return None
    is_day = _DAY.fullmatch(match["first"]) is not None
    if is_day and len(last.value) < len("2024-06-03"):
        return None  # "pages 3 to May 2024"
    year, rest = last.value[:4], f" {last.month}" if is_day else ""
    for each in (int(year), int(year) - 1):
        first = next(iter(dates_in(f"{match['first']}{rest} {each}")), None)
        if first and (found := _range(match.start(), last.end, first.value, last.value)).first <= found.last:
            return found
    return None


def _han(text: str, first: Dated) -> Period | None:
    """The range of a Chinese date and a month, day or quarter of the same year behind it."""
    match = _HAN_LAST.match(text, first.end)
    if match is None or text[first.end - 1] not in "月日度":
        return None
    month = f"{first.value[5:7]}月" if "月" not in match["last"] and match["last"].endswith("日") else ""
    last = next(iter(dates_in(f"{first.value[:4]}年{month}{match['last']}")), None)
    return _range(first.start, match.end(), first.value, last.value) if last else None


def _beginning(match: "regex.Match[str]") -> Period:
    """The first quarters or months of a year: "the first three quarters of 2023", 2023年前三季度."""
    named = match.groupdict()
    count = count_of(named["count"] or named["han_count"])
    months = min(count * (3 if (named["unit"] or named["han_unit"]).lower().endswith(("quarter", "季度")) else 1), 12)
    year = named["year"] or named["han_year"]
    return _range(*match.span(), f"{year}-01", f"{year}-{months:02}")


def _range(start: int, end: int, first: str, last: str) -> Period:
    return Period(start, end, date.fromordinal(days_of(first)[0]), date.fromordinal(days_of(last)[1]))

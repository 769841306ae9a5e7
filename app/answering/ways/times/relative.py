"""Relative times in a question ("last month", "in the past two weeks", 上个月), resolved against a day."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_COUNTS = "one two three four five six seven eight nine ten eleven twelve".split()
_HAN_COUNTS = "一二三四五六七八九十"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)}|[{_HAN_COUNTS}两])"
_UNIT = r"(?P<unit>day|week|month|quarter|year)"
_HAN_UNIT = r"(?P<unit>天|周|星期|月|季度|年)"
_HAN_UNITS = {"天": "day", "周": "week", "星期": "week", "月": "month", "季度": "quarter", "年": "year"}
_IN = r"(?:(?:in|during|over|within|from|for|of) )?"
# Each spelling with the unit, where it names none itself, and the number of units before today; None for a time
# that ends today.
_FORMS: list[tuple[re.Pattern[str], str, int | None]] = [
    (re.compile(form, re.IGNORECASE), unit, behind)
    for form, unit, behind in (
        (rf"\b{_IN}(?:the )?(?:last|past|previous) {_COUNT} {_UNIT}s\b", "", None),
        (rf"\b(?:(?:in|during|over|within) the last|{_IN}(?:the )?past) {_UNIT}\b(?! of\b)", "", None),
        (rf"(?:最近|过去|近){_COUNT}个?{_HAN_UNIT}", "", None),
        (rf"\b{_IN}(?:this|the current) (?P<unit>week|month|quarter|year)\b(?! of\b)", "", 0),
        (rf"\b{_IN}(?:last|(?:the )?previous) (?P<unit>week|month|quarter|year)\b(?! of\b)", "", 1),
        (r"[本这]个?(?P<unit>周|星期|月|季度)", "", 0),
        (r"上个?(?P<unit>周|星期|月|季度)", "", 1),
        (rf"\b{_IN}yesterday\b|昨[天日]", "day", 1),
        (r"\b(?:earlier|published|reported|written|of|from) today\b|今[天日]", "day", 0),
        (r"今年", "year", 0),
        (r"去年", "year", 1),
        (r"前年", "year", 2),
    )
]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative time in a text: its span, and the first and the last day that it means."""

    start: int
    end: int
    first: date
    last: date

    @property
    def value(self) -> str:
        """The days as `2026-10-01/2026-10-31`, or one day."""
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"


def relative_times(text: str, today: date) -> Iterator[Relative]:
    """The relative times of a text, none inside another; weeks begin on Monday."""
    taken: list[tuple[int, int]] = []
    for form, unit, behind in _FORMS:
        for match in form.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                named = match.groupdict()
                unit_named = (named.get("unit") or unit).lower()
                days = _days(_HAN_UNITS.get(unit_named, unit_named), behind, count_of(named.get("count")), today)
                yield Relative(*match.span(), *days)


def _days(unit: str, behind: int | None, count: int, today: date) -> tuple[date, date]:
    if behind is None:
        months = _MONTHS.get(unit, 0) * count
        days = {"day": 1, "week": 7}.get(unit, 0) * count
        return _months_before(today, months) - timedelta(days=days) + timedelta(days=1), today
    if unit in _MONTHS:
        length = _MONTHS[unit]
        begins = _months_before(today.replace(day=1), (today.month - 1) % length + behind * length)
        return begins, _months_before(begins, -length) - timedelta(days=1)
    begins = today - timedelta(days=today.weekday() + 7 * behind if unit == "week" else behind)
    return begins, begins + timedelta(days=6 if unit == "week" else 0)


def _months_before(day: date, months: int) -> date:
    """The day so many months before, or the last day of that month; never before the year 1."""
    number = max(day.year * 12 + day.month - 1 - months, 12)
    year, month = divmod(number, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def count_of(written: str | None) -> int:
    """The number that digits, an English or a Chinese word mean; 1 for None."""
    if not written:
        return 1
    if written == "两":
        return 2
    if written in _HAN_COUNTS:
        return _HAN_COUNTS.index(written) + 1
    return int(written) if written.isdecimal() else _COUNTS.index(written.lower()) + 1

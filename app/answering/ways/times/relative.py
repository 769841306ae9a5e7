"""Relative times in a question ("last month", "in the past two weeks", 上个月), resolved against a day."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

from app.answering.ways.times.counts import COUNT, HAN_COUNTS, count_of
from app.answering.ways.times.ranges import Period, ranges_in
from app.answering.ways.wording import is_verb, starts_sentence, unquoted
from index.articles.dates import dates_in, days_of
from index.patterns import lazy

_COUNT = rf"(?P<count>{COUNT})"
_AGO = -1  # behind: as many units as the time counts
_UNIT = r"(?P<unit>day|week|month|quarter|year)"
_HAN_UNIT = r"(?P<unit>天|周|星期|月|季度|年)"
_HAN_PART = r"(?P<unit>天|周|年|(?<=个)(?:星期|月|季度))"  # 两年前, 三个月前, but not 5月前
_HAN_UNITS = {"天": "day", "周": "week", "星期": "week", "月": "month", "季度": "quarter", "年": "year"}
_IN = r"(?:(?:in|during|over|within|from|for|of) )?"
_PART = r"(?! (?:of|that|when|before)\b)"  # after a time that is told from another one: the last years of the war
# A comparison with the time before another one, not before today.
_COMPARED = r"(?<!\bthan )(?<!\bwith )(?<!\bfrom )(?<!\bover )(?<!\bon )(?<!\bto )"
_PREVIOUS = rf"{_COMPARED}(?:the previous|(?<!\bthe )previous)"
# A past year in which something is asked for: what is said to lie before it lies before that year.
_ANCHOR = lazy(r"\b(?:in|during|throughout|as of) ((?:19|20)\d\d)\b|(?<!\d)((?:19|20)\d\d) ?年", re.IGNORECASE)
# Each spelling with the unit, where it names none itself, and the number of units before today; None for a time
# that ends today.
_FORMS: list[tuple[re.Pattern[str], str, int | None]] = [
    (lazy(form, re.IGNORECASE), unit, behind)
    for form, unit, behind in (
        (rf"\b{_IN}(?:the )?(?:last|past) {_COUNT} {_UNIT}s\b{_PART}", "", None),
        (rf"\b{_IN}{_PREVIOUS} {_COUNT} {_UNIT}s\b{_PART}", "", None),
        (rf"\b(?:(?:in|during|over|within) the last|{_IN}(?:the )?past) {_UNIT}\b{_PART}", "", None),
        (rf"(?:最近|过去|近){_COUNT}个?{_HAN_UNIT}", "", None),
        (rf"\b{_IN}(?:this|the current) (?P<unit>week|month|quarter|year)\b(?! of\b)", "", 0),
        (rf"\b{_IN}(?:(?<!\bthe )last|{_PREVIOUS}) (?P<unit>week|month|quarter|year)\b(?! of\b)", "", 1),
        (r"[本这]个?(?P<unit>周|星期|月|季度)", "", 0),
        (r"上个?(?P<unit>周|星期|月|季度)", "", 1),
        (rf"\b{_IN}(?P<count>{COUNT}|an?) {_UNIT}s? ago\b", "", _AGO),
        (rf"(?<![\d第{HAN_COUNTS}])(?P<count>{COUNT})个?{_HAN_PART}之?前(?![沿景提瞻])", "", _AGO),
        (rf"\b{_IN}the year before last\b", "year", 2),
        (rf"\b{_IN}yesterday\b|昨[天日]", "day", 1),
        (r"\b(?:earlier|published|reported|written|of|from) today\b", "day", 0),
        (r"(?<![至到在])今[天日](?=的?(?:新闻|报道|文章|消息|发[布表生]|公布|宣布|刊登|有(?:什么|哪些)))", "day", 0),
        (r"今年", "year", 0),
        (r"去年", "year", 1),
        (r"前年", "year", 2),
    )
]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_YEARS = [
    (lazy(form, re.IGNORECASE), behind)
    for form, behind in (
        (r"\b(?:this|the current) year\b|今年", 0),
        (r"\b(?:(?<!\bthe )last|the previous) year\b|去年", 1),
        (r"\bthe year before last\b|前年", 2),
    )
]
_OPENING = lazy(r"\b(?:in|during|over|within|from|for|of) $", re.IGNORECASE)


def relative_times(text: str, today: date) -> Iterator[Period]:
    """The ranges and relative times of a text, none inside another; weeks begin on Monday.

    None in quotation marks or in a name, and none before a past year in which something is asked for.
    """
    taken: list[tuple[int, int]] = []
    text = unquoted(text)
    for each in (*ranges_in(text), *_dated(text, today)):
        taken.append((each.start, each.end))
        yield each
    anchored = any(int(match[1] or match[2]) < today.year for match in _ANCHOR.finditer(text))
    for form, unit, behind in _FORMS:
        for match in form.finditer(text):
            shifts = behind in (None, _AGO) or "previous" in match[0].lower()
            if _is_name(text, match) or (anchored and shifts):
                continue
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                named = match.groupdict()
                unit_named = (named.get("unit") or unit).lower()
                count = count_of(named.get("count"))
                units = count if behind == _AGO else behind
                days = _days(_HAN_UNITS.get(unit_named, unit_named), units, count, today)
                yield Period(*match.span(), *days)


def _dated(text: str, today: date) -> Iterator[Period]:
    """The months, quarters, halves and days of a year that is told from today: "Q3 of last year", 去年5月."""
    for form, behind in _YEARS:
        for match in form.finditer(text):
            year = f"{today.year - behind}{'年' if match[0].endswith('年') else ''}"
            for dated in dates_in(f"{text[: match.start()]}{year}{text[match.end() :]}"):
                if dated.start <= match.start() and dated.end >= match.start() + len(year):
                    if is_verb(text, dated.start):
                        continue  # "may this year be better"
                    opening = _OPENING.search(text, 0, dated.start)
                    start = opening.start() if opening else dated.start
                    first, last = map(date.fromordinal, days_of(dated.value))
                    yield Period(start, dated.end + len(match[0]) - len(year), first, last)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether capitals tell a name, such as Last Week Tonight or Yesterday."""
    words = match[0].split()
    later = any(word[0].isupper() for word in words[1:])
    return not text.isupper() and (later or (words[0][0].isupper() and not starts_sentence(text, match.start())))


def _days(unit: str, behind: int | None, count: int, today: date) -> tuple[date, date]:
    if behind is None:
        months = _MONTHS.get(unit, 0) * count
        days = {"day": 1, "week": 7}.get(unit, 0) * count
        return min(_days_before(_months_before(today, months), days - 1), today), today
    if unit in _MONTHS:
        length = _MONTHS[unit]
        begins = _months_before(today.replace(day=1), (today.month - 1) % length + behind * length)
        return begins, max(begins, _days_before(_months_before(begins, -length), 1))
    begins = _days_before(today, today.weekday() + 7 * behind if unit == "week" else behind)
    return begins, _days_before(begins, -6 if unit == "week" else 0)


def _days_before(day: date, days: int) -> date:
    """The day so many days before, within the years 1 to 9999."""
    return date.fromordinal(min(max(day.toordinal() - days, 1), date.max.toordinal()))


def _months_before(day: date, months: int) -> date:
    """The day so many months before, or the last day of that month; within the years 1 to 9999."""
    number = min(max(day.year * 12 + day.month - 1 - months, 12), 9999 * 12 + 11)
    year, month = divmod(number, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))

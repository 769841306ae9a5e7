"""Publisher and date in the first lines of a text, or the date in its file's name, if they are unambiguous."""

import re
from collections.abc import Sequence

from index.articles.article import is_date
from index.articles.dates import dates_in
from index.reading.formats.extract import Header

_FIRST = 6  # paragraphs that are searched
_MONTH_DAY = r"[A-Z][a-z]{2,8}\.? \d{1,2}"
_DATE = rf"{_MONTH_DAY}, \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
_BYLINE = re.compile(rf"(?P<publisher>[^\d,.;:()]{{2,60}}), (?P<date>{_DATE})", re.ASCII)
_BARE_DATE = re.compile(
    rf"(?:Published(?: on)?:? )?(?P<date>{_DATE})|(?:Date|Dated|Datum|日期)[:：] ?(?P<day>[^\n]{{6,40}})"
)
# BEIJING, Jan. 26 (Xinhua) --
_DATELINE = re.compile(
    rf"[A-Z]{{2,}}[A-Za-z .'’-]{{0,40}}(?:, [A-Z][A-Za-z ]{{2,30}})?, (?P<date>{_MONTH_DAY}(?:, \d{{4}})?)"
    r" \((?P<publisher>[^()\d]{2,40})\) ?(?:--|—|–)"
)
# 新华社北京1月26日电
_ZH_DATELINE = re.compile(
    r"[\s（(]*(?P<publisher>[\u4e00-\u9fff]{1,5}社)[\u4e00-\u9fff、]{0,12}"
    r"(?P<date>(?:\d{4}年)?\d{1,2}月\d{1,2}日)(?:电|讯|[（(])"
)
# 2026年1月27日 10:00 来源：新华社
_ZH_BYLINE = re.compile(
    r"(?:发布时间[:：]\s*)?(?P<date>\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2})(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"(?:\s*来源[:：]\s*(?P<publisher>[^\s\d，。；:：]{2,30}))?"
)

# Text that invites to an event, whose date may stand alone above it.
_EVENT = re.compile(
    r"\b(?:takes? place|will (?:take place|be held)|(?:are|is) (?:\w+ )?invited|join us|save the date|rsvp"
    r"|register (?:by|at|now|here))\b|报名|敬请|诚邀|恭请",
    re.IGNORECASE,
)
_NAMED_YEAR, _NAMED = r"(?<!\d)(?P<year>(?:19|20)\d\d)", r"(?P<month>0[1-9]|1[0-2])"
_NAMED_DAY = re.compile(rf"{_NAMED_YEAR}(?P<sign>[-_.]?){_NAMED}(?P=sign)(?P<day>[0-3]\d)(?!\d)")
_NAMED_FOLDERS = re.compile(rf"(?:^|/)(?P<year>(?:19|20)\d\d)/{_NAMED}(?:/(?P<day>[0-3]\d)(?!\d))?(?=/|$)")
_NAMED_MONTH = re.compile(rf"{_NAMED_YEAR}[-_.]{_NAMED}(?![-_.]?\d)")
_WEEKDAY = re.compile(r"(?:[^\W\d_]{2,12}\.?,? )?")
_TIME = re.compile(r"(?:,?[ T]+(?:at )?\d{1,2}[:.]\d{2}.*)?")


def is_byline(line: str) -> bool:
    """Whether the line is only a byline, such as `Xinhua, January 27, 2026` or `2026年1月27日 来源：新华社`."""
    return bool(_BYLINE.fullmatch(line) or _ZH_BYLINE.fullmatch(line))


def first_lines(paragraphs: Sequence[str], source: str) -> Header:
    """Publisher and date in the first paragraphs below the title; contradictory values are left out.

    An agency names itself in its dateline, or again in brackets; a name without such confirmation may
    be a town, a person or a weekday, and is left out. A day without a year is not a date, nor is the day of an event.
    """
    is_event = any(map(_EVENT.search, paragraphs[:_FIRST]))
    headers = [header for line in paragraphs[:_FIRST] if (header := _line(line, source, is_event))]
    publishers = {header.publisher for header in headers if header.publisher}
    dates = {header.published for header in headers if header.published}
    return Header(
        publisher=publishers.pop() if len(publishers) == 1 else "",
        published=dates.pop() if len(dates) == 1 else "",
    )


def named_date(file: str) -> str:
    """The ISO date in the name of a file or of its folders, such as `2025-09-19-bulletin.md` or `2025/09/19.txt`.

    A day anywhere in the file's own name counts; a month only at the start of a name, and not `2011-12`, which may be a
    season. Empty without any.
    """
    parts = file.rsplit(".", 1)[0].split("/")
    match = _NAMED_DAY.search(parts[-1]) or _NAMED_FOLDERS.search("/".join(parts))
    if match and is_date(day := "-".join(filter(None, match.group("year", "month", "day")))):
        return day
    for part in reversed(parts):
        match = _NAMED_MONTH.match(part)
        if match and int(match["month"]) != int(match["year"][2:]) % 100 + 1:
            return f"{match['year']}-{match['month']}"
    return ""


def iso_date(written: str) -> str:
    """The ISO date of a day in a usual spelling, such as `Mon, 5 Jan 2026 10:00`, `5. Januar 2026` or `2026年1月5日`.

    Empty for anything else, and for `3/4/2026`, which is a day of March or of April.
    """
    text = " ".join(written.split())
    for dated in dates_in(text)[:1]:
        before, after = text[: dated.start], text[dated.end :]
        is_rest = _TIME.fullmatch(after) or text[dated.start : dated.start + 4].isdecimal()
        if len(dated.value) == len("2026-01-05") and _WEEKDAY.fullmatch(before) and is_rest:
            return dated.value
    return ""


def _line(line: str, source: str, is_event: bool) -> Header | None:
    dateline = _ZH_DATELINE.match(line) or _DATELINE.match(line)
    match = _BYLINE.fullmatch(line) or _ZH_BYLINE.fullmatch(line) or _BARE_DATE.fullmatch(line) or dateline
    if not match:
        return None
    published, name = iso_date(match["date"] or match["day"]), (match.groupdict().get("publisher") or "").strip()
    if is_event and not name and match.start("date") <= 0:
        return None
    is_confirmed = match.re is not _BYLINE or f"({name})" in source or f"({name}/" in source
    return Header(publisher=name if is_confirmed and (published or match is dateline) else "", published=published)

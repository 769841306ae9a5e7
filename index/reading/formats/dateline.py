"""Publisher and date in the first lines of a text, if they are unambiguous."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from index.articles.article import is_date
from index.reading.formats.extract import Header

_FIRST = 6  # paragraphs that are searched
_MONTH_DAY = r"[A-Z][a-z]{2,8}\.? \d{1,2}"
_DATE = rf"{_MONTH_DAY}, \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
_BYLINE = re.compile(rf"(?P<publisher>[^\d,.;:()]{{2,60}}), (?P<date>{_DATE})", re.ASCII)
_BARE_DATE = re.compile(rf"(?:Published(?: on)?:? )?(?P<date>{_DATE})", re.ASCII)
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


def is_byline(line: str) -> bool:
    """Whether the line is only a byline, such as `Xinhua, January 27, 2026` or `2026年1月27日 来源：新华社`."""
    return bool(_BYLINE.fullmatch(line) or _ZH_BYLINE.fullmatch(line))


def first_lines(paragraphs: Sequence[str], source: str) -> Header:
    """Publisher and date in the first paragraphs below the title; contradictory values are left out.

    An agency names itself in its dateline, or again in brackets; a name without such confirmation may
    be a town, a person or a weekday, and is left out. A day without a year is not a date.
    """
    headers = [header for line in paragraphs[:_FIRST] if (header := _line(line, source))]
    publishers = {header.publisher for header in headers if header.publisher}
    dates = {header.published for header in headers if header.published}
    return Header(
        publisher=publishers.pop() if len(publishers) == 1 else "",
        published=dates.pop() if len(dates) == 1 else "",
    )


def iso_date(written: str) -> str:
    """The ISO date of `Jan. 27, 2026`, `2026/1/27`, `2026年1月27日` or an ISO date or time; else empty."""
    written = re.sub(r"\bSept\b", "Sep", written.strip())
    if numbers := re.match(r"(\d{4})(?:年|[-/])(\d{1,2})(?:月|[-/])(\d{1,2})(?!\d)", written, re.ASCII):
        iso = "-".join(part.zfill(2) for part in numbers.groups())
        return iso if is_date(iso) else ""
    for form in ("%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%d %B %Y", "%d %b %Y"):
        with suppress(ValueError):
            return datetime.strptime(written, form).date().isoformat()
    return ""


def _line(line: str, source: str) -> Header | None:
    dateline = _ZH_DATELINE.match(line) or _DATELINE.match(line)
    match = _BYLINE.fullmatch(line) or _ZH_BYLINE.fullmatch(line) or _BARE_DATE.fullmatch(line) or dateline
    if not match:
        return None
    published, name = iso_date(match["date"]), (match.groupdict().get("publisher") or "").strip()
    is_confirmed = match.re is not _BYLINE or f"({name})" in source or f"({name}/" in source
    return Header(publisher=name if is_confirmed and (published or match is dateline) else "", published=published)

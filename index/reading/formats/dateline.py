"""Publisher and date in the first lines of a text, if they are unambiguous."""

import re
from collections.abc import Sequence

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

# Text that invites to an event, whose date may stand alone above it.
_EVENT = re.compile(
    r"\b(?:takes? place|will (?:take place|be held)|(?:are|is) (?:\w+ )?invited|join us|save the date|rsvp"
    r"|register (?:by|at|now|here))\b|报名|敬请|诚邀|恭请",
    re.IGNORECASE,
)
# Each month in English, German, French, Spanish, Italian, Dutch and Portuguese.
_MONTHS = """
january jan januar jänner janvier enero gennaio januari janeiro / february feb februar février febrero febbraio
februari fevereiro / march mar mrz märz mars marzo maart março / april apr avril abril aprile / may mai mayo maggio mei
maio / june jun juni juin junio giugno junho / july jul juli juillet julio luglio julho / august aug août agosto
augustus / september sep sept septembre septiembre settembre setembro / october oct okt oktober octobre octubre ottobre
outubro / november nov novembre noviembre novembro / december dec dez dezember décembre diciembre dicembre dezembro
"""
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS.split("/"), 1) for name in names.split()}
_WEEKDAY, _TIME = r"(?:[^\W\d_]{2,12}\.?,? )?", r"(?:,?[ T]+(?:at )?\d{1,2}[:.]\d{2}.*)?"
_ORDINAL, _NAMED, _IN = r"(?:\.|st|nd|rd|th|er|º|ª)?", r"(?P<month>[^\W\d_]{3,10})\.?", r"(?P<year>\d{4})"
_FORMS = [
    re.compile(form, re.ASCII if "年" in form else 0)
    for form in (
        r"(?P<year>\d{4})(?:年|[-/])(?P<month>\d{1,2})(?:月|[-/])(?P<day>\d{1,2})(?!\d).*",
        rf"{_WEEKDAY}{_NAMED} (?P<day>[0-9]{{1,2}}){_ORDINAL},? {_IN}{_TIME}",
        rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}){_ORDINAL}[ -](?:de |of )?{_NAMED},?[ -](?:de )?{_IN}{_TIME}",
        rf"(?P<day>[0-9]{{1,2}})(?P<sign>[./])(?P<month>[0-9]{{1,2}})(?P=sign){_IN}{_TIME}",
    )
]


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


def iso_date(written: str) -> str:
    """The ISO date of a day in a usual spelling, such as `Mon, 5 Jan 2026 10:00`, `5. Januar 2026` or `2026年1月5日`.

    Empty for anything else, and for `3/4/2026`, which is a day of March or of April.
    """
    match = next(filter(None, (form.fullmatch(" ".join(written.split())) for form in _FORMS)), None)
    if not match:
        return ""
    named = match.groupdict()
    year, day = match["year"], named.get("day") or ""
    month = str(_MONTH_NUMBERS.get(match["month"].lower(), match["month"]))
    isos = [f"{year}-{month.zfill(2)}-{day.zfill(2)}"]
    if named.get("sign") == "/":
        isos.append(f"{year}-{day.zfill(2)}-{month.zfill(2)}")
    days = {iso for iso in isos if is_date(iso)}
    return days.pop() if len(days) == 1 else ""


def _line(line: str, source: str, is_event: bool) -> Header | None:
    dateline = _ZH_DATELINE.match(line) or _DATELINE.match(line)
    match = _BYLINE.fullmatch(line) or _ZH_BYLINE.fullmatch(line) or _BARE_DATE.fullmatch(line) or dateline
    if not match:
        return None
    published, name = iso_date(match["date"]), (match.groupdict().get("publisher") or "").strip()
    if is_event and not name and match.start("date") == 0:
        return None
    is_confirmed = match.re is not _BYLINE or f"({name})" in source or f"({name}/" in source
    return Header(publisher=name if is_confirmed and (published or match is dateline) else "", published=published)

"""Dates in a text: days, months, quarters, halves and fiscal years in their usual spellings, English and Chinese."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import regex

from index.articles.filters import period
from index.articles.han import HAN_DIGITS, han_number
from index.kept import kept
from index.patterns import lazy_regex

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SHORT = r"(?P<year>\d\d)(?!\d|[.,/]\d)"  # of this century, or of the last from 80 on
_DATED_YEAR = r"(?P<year>[1-9]\d{3})(?!\d)"  # beside a day
_DAY = r"(?<![\d.,/-])(?P<day>[0-9]{1,2})(?:\.|st|nd|rd|th|er|º|ª)?"
# Each month in English, German, French, Spanish, Italian, Dutch and Portuguese.
_NAMES = """
january jan januar jänner janvier enero gennaio januari janeiro / february feb februar février febrero febbraio
februari fevereiro / march mar mrz märz mars marzo maart março / april apr avril abril aprile / may mai mayo maggio mei
maio / june jun juni juin junio giugno junho / july jul juli juillet julio luglio julho / august aug août agosto
augustus / september sep sept septembre septiembre settembre setembro / october oct okt oktober octobre octubre ottobre
outubro / november nov novembre noviembre novembro / december dec dez dezember décembre diciembre dicembre dezembro
"""
_MONTHS = {name: number for number, names in enumerate(_NAMES.split("/"), 1) for name in names.split()}
MONTH = rf"\b(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
"""Pattern of the name of a month, or of its abbreviation."""

_MONTH = rf"(?P<month>{MONTH})"
_BELOW_TEN = "first second third fourth fifth sixth seventh eighth ninth".split()
ORDINALS = (
    *_BELOW_TEN,
    *"tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
    "twentieth",
)
"""Words for the places from 1 to 20."""

_DAYS = (*ORDINALS, *(f"twenty-{name}" for name in _BELOW_TEN), "thirtieth", "thirty-first")
_DAY_WORD = rf"\b(?P<word>{'|'.join(sorted(_DAYS, key=len, reverse=True))})"
_ORDINAL = r"(?P<part>first|second|third|fourth|1st|2nd|3rd|4th)"
_HAN_YEAR = rf"(?P<year>(?:19|20)\d\d|[一二][{HAN_DIGITS}]{{3}})"
_HAN_NUMBER = r"(?:\d\d?|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_OF = r",?(?: of)?(?: the)? "
# The forms of a date, the more exact first, each with what stands in all texts that have one.
_FORMS = [
    (hint, lazy_regex(form, regex.IGNORECASE))
    for hint, form in (
        ("month", rf"{_DAY}(?: of| de)? {_MONTH},?(?: de)? {_DATED_YEAR}"),
        ("month", rf"{_DAY_WORD}(?: day)? of {_MONTH},? {_DATED_YEAR}"),
        ("month", rf"{_MONTH} (?:the )?{_DAY_WORD},? {_DATED_YEAR}"),
        ("month", rf"{_DAY}[-/]{_MONTH}[-/]{_DATED_YEAR}"),
        ("month", rf"{_MONTH} {_DAY},? {_DATED_YEAR}"),
        ("month", rf"{_MONTH},?(?: of| de)? {_YEAR}"),
        ("sign", rf"(?<![\d/.-]){_DATED_YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)(?![\d/-]|\.\d)"),
        ("sign", rf"(?<![\d/.-]){_YEAR}[-/](?P<month>0?[1-9]|1[0-2])(?![\d/-]|\.\d)"),
        ("sign", rf"(?<![\d/.,-])(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?:{_YEAR}|{_SHORT})"),
        ("sign", rf"(?<![\d/.,-])(?P<one>\d\d?)(?P<sign>[/-])(?P<other>\d\d?)(?P=sign)(?:{_YEAR}|{_SHORT})(?![/-])"),
        ("han", rf"(?<!\d){_HAN_YEAR} ?年 ?(?P<month>{_HAN_NUMBER}) ?月(?:份)?(?: ?(?P<day>{_HAN_NUMBER}) ?[日号])?"),
        ("part", rf"\b(?P<kind>Q)(?P<part>[1-4])[ /'’-]{{0,2}}(?:of )?(?:{_YEAR}|{_SHORT})"),
        ("part", rf"(?<!\d)(?P<part>[1-4])(?P<kind>Q) ?(?:of )?(?:{_YEAR}|{_SHORT})\b"),
        ("part", rf"(?<!\d){_YEAR}[ /-]?(?P<kind>Q)(?P<part>[1-4])\b"),
        ("part", rf"\b{_ORDINAL}[ -](?P<kind>quarter){_OF}{_YEAR}"),
        ("han", rf"(?<!\d){_HAN_YEAR} ?年 ?第?(?P<part>[一二三四1-4]) ?(?P<kind>季)度?"),
        ("part", rf"\b(?P<kind>H)(?P<part>[12])[ /-]?(?:of )?{_YEAR}"),
        ("part", rf"\b{_ORDINAL}[ -](?P<kind>half){_OF}{_YEAR}"),
        ("han", rf"(?<!\d){_HAN_YEAR} ?年 ?(?P<part>[上下])(?P<kind>半)年"),
        ("part", rf"\b(?P<kind>FY) ?(?:(?:19|20)?\d\d[/-])?(?:{_YEAR}|{_SHORT})"),
        ("part", rf"\b(?P<kind>fiscal)(?: year)? (?:(?:19|20)\d\d[/-])?(?:{_YEAR}|{_SHORT})"),
        ("han", rf"(?<!\d){_HAN_YEAR} ?年?(?P<kind>财)年"),
    )
]
_ANY_YEAR, _ANY_MONTH = lazy_regex(r"[1-9]\d{3}(?!\d)"), lazy_regex(MONTH, regex.IGNORECASE)
_BEFORE = 40  # characters before a year, among which its month is
_SIGN = lazy_regex(r"\d[-/.]\d")
_PART = lazy_regex(r"Q[1-4]|[1-4]Q|\bH[12]|\bFY|fiscal|quarter|half", regex.IGNORECASE)
_KEPT = 16_384  # texts: sentences and passages are looked through for several wordings and ways
_LONGER = {"Q": "quarter", "H": "half"}
_DIGIT = lazy_regex(rf"\d|[{HAN_DIGITS}]")
BARE_YEAR = lazy_regex(r"(?<!\d)(?:19|20)\d\d(?!\d)", regex.ASCII)
"""Pattern of a year from 1900 to 2099 in digits."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: its span, and its value as `2024-09-09`, `2024-09`, `2024-Q3`, `2024-H1` or `FY2024`."""

    start: int
    end: int
    value: str

    @property
    def terms(self) -> tuple[str, ...]:
        """Index terms that all spellings share: the value, the month that a day lies in, and the year."""
        year, _, rest = self.value.removeprefix("FY").partition("-")
        month = (f"={self.value[:7]}",) if "-" in rest else ()
        return f"={self.value}", *month, year

    @property
    def month(self) -> str:
        """The English name of the month, empty for a longer time."""
        number = self.value[5:7]
        return calendar.month_name[int(number)] if number.isdecimal() and "-" in self.value else ""


@kept(_KEPT)
def dates_in(text: str) -> tuple[Dated, ...]:
    """The dates of a text in order, the more exact of two that overlap.

    A spelling such as 9/8/24 is a date where one reading alone is possible, or both are the same day.
    """
    if not _DIGIT.search(text):
        return ()
    found: list[Dated] = []
    taken: set[int] = set()
    hinted = set(_hints_in(text))
    for match in (match for hint, form in _FORMS if hint in hinted for match in form.finditer(text)):
        places = range(*match.span())
        if taken.isdisjoint(places):
            taken.update(places)
            found.append(Dated(places.start, places.stop, _value(match)))
    return tuple(sorted((dated for dated in found if dated.value), key=lambda dated: dated.start))


def _hints_in(text: str) -> Iterator[str]:
    """The hints of `_FORMS` that a text has: it is looked through for the forms with these alone."""
    years = (match.start() for match in _ANY_YEAR.finditer(text))
    if any(_ANY_MONTH.search(text, max(0, year - _BEFORE), year) for year in years):
        yield "month"
    if _SIGN.search(text):
        yield "sign"
    if _PART.search(text):
        yield "part"
    if "年" in text:
        yield "han"


def ordinal_number(written: str) -> int:
    """The number of a place that is written as `third`, `3rd` or `3`; from 1, words up to 20."""
    word = written.lower()
    return ORDINALS.index(word) + 1 if word in ORDINALS else int("".join(filter(str.isdecimal, word)))


def years_in(text: str) -> list[str]:
    """The years from 1900 to 2099 that a text names in digits, in order, those within dates included."""
    return BARE_YEAR.findall(text)


def is_year(term: str) -> bool:
    """Whether an index term is such a year."""
    return BARE_YEAR.fullmatch(term) is not None


@lru_cache(maxsize=1_024)
def written_out(text: str) -> str:
    """The text with each date in the form that prose has it in, such as 9 September 2024, for a model of language.

    Chinese dates are left as they are.
    """
    for dated in reversed(dates_in(text)):
        if text[dated.start : dated.end].isascii():
            text = text[: dated.start] + _prose(dated) + text[dated.end :]
    return text


def _prose(dated: Dated) -> str:
    year, _, part = dated.value.partition("-")
    if year.startswith("FY"):
        return f"fiscal year {year[2:]}"
    if part[:1] in _LONGER:
        return f"{ORDINALS[int(part[1]) - 1]} {_LONGER[part[0]]} of {year}"
    day = part[3:].lstrip("0")
    return f"{day} {dated.month} {year}".lstrip()


def days_of(value: str) -> tuple[int, int]:
    """The first and last day of a date, as `date.toordinal` counts them; of a fiscal year those of the calendar year.

    `value` is that of a `Dated`, a year, or two of these with a slash between them.
    """
    first, slash, last = value.partition("/")
    if slash:
        return days_of(first)[0], days_of(last)[1]
    if value.startswith("FY"):
        return period(value[2:])
    year, _, part = value.partition("-")
    if part[:1] in _LONGER:
        months = 3 if part[0] == "Q" else 6
        end = int(part[1]) * months
        return period(f"{year}-{end - months + 1:02}")[0], period(f"{year}-{end:02}")[1]
    return period(value)


def _value(match: regex.Match[str]) -> str:
    """The value of a match, empty where there is no such day."""
    named = match.groupdict()
    year = _number(named["year"])
    if year < 100:
        year += 1900 if year >= 80 else 2000
    if kind := named.get("kind"):
        return _of_part(year, kind.lower(), named.get("part") or "")
    day, month = named.get("day"), named.get("month")
    if named.get("one"):
        pair = _read(int(named["one"]), int(named["other"]))
        return _iso(year, *pair) if pair else ""
    if word := named.get("word"):
        return _iso(year, _month(month or ""), _DAYS.index(word.lower()) + 1)
    return _iso(year, _month(month or ""), _number(day) if day else 0)


def _of_part(year: int, kind: str, part: str) -> str:
    """The value of a quarter, half or fiscal year; empty for a third half."""
    if kind in {"fy", "fiscal", "财"}:
        return f"FY{year}"
    number, is_half = _part(part), kind in {"h", "half", "半"}
    return "" if is_half and number > 2 else f"{year}-{'H' if is_half else 'Q'}{number}"


def _read(one: int, other: int) -> tuple[int, int] | None:
    """Month and day of two numbers, None where both orders are possible and differ."""
    orders = {(month, day) for month, day in ((one, other), (other, one)) if 0 < month <= 12 and 0 < day <= 31}
    return orders.pop() if len(orders) == 1 else None


def _iso(year: int, month: int, day: int) -> str:
    try:
        written = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return written if day else written[:7]


def _month(written: str) -> int:
    return _MONTHS.get(written.lower().rstrip(".")) or _number(written)


def _number(written: str) -> int:
    """The number in digits or in Chinese words."""
    return int(written) if written.isascii() else han_number(written)


def _part(written: str) -> int:
    if written in "上下":
        return "上下".index(written) + 1
    return ordinal_number(written) if written.isascii() else _number(written)

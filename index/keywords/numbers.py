"""Numbers in a text: their values, whatever the spelling, and their units, English and Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import regex

from index.articles.han import HAN_DIGITS, han_number
from index.keywords.written_numbers import written_numbers_in
from index.passages.sentences import Span
from index.patterns import lazy_regex

_DIGITS = r"\d{1,3}(?:(?: \d{3})+|(?:['’]\d{3})+|(?:,\d{3})+)(?![\d,])(?:\.\d+)?|\d+(?:[.,]\d+)*"
_SCALES = {
    **dict.fromkeys(("thousand", "千"), 10**3),
    **dict.fromkeys(("万", "萬"), 10**4),
    **dict.fromkeys(("million", "millions", "mn", "mln", "百万"), 10**6),
    **dict.fromkeys(("billion", "billions", "bn", "bln", "十亿"), 10**9),
    **dict.fromkeys(("亿", "億"), 10**8),
    **dict.fromkeys(("trillion", "trillions", "tn", "trn", "万亿"), 10**12),
}
_ALONE = {"m": 10**6, "b": 10**9, "k": 10**3}  # scales of an amount of money
_UNITS = {
    "%": "percent",
    "pct": "percent",
    "per cent": "percent",
    "km": "kilometre",
    "公里": "kilometre",
    "千米": "kilometre",
    "cm": "centimetre",
    "mm": "millimetre",
    "m": "metre",
    "kg": "kilogram",
    "公斤": "kilogram",
    "°c": "celsius",
    "°f": "fahrenheit",
    "kwh": "kilowatt hour",
    "mw": "megawatt",
    "gw": "gigawatt",
}
_HAN_SHARE = rf"(?:[{HAN_DIGITS}十百]+(?:点[{HAN_DIGITS}]+)?)"


def _any(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))


_NUMBER = lazy_regex(
    rf"百分之(?P<share>{_HAN_SHARE}|[0-9]+(?:\.[0-9]+)?)"
    rf"|(?P<money>[$€£¥] ?)?(?<![\d.,])(?P<digits>{_DIGITS})"
    rf"(?:(?(money)(?P<alone>[mbk])(?![\p{{L}}\d])|(?!))"
    rf"|[ -]?(?P<scale>{_any(_SCALES)})(?![a-z克米瓦]))?"
    rf"(?:[ -]?(?P<unit>{_any(_UNITS)})(?![a-z\d]))?",
    regex.IGNORECASE,
)
_ONE_POINT = 2  # points that no number has
_EXACT = 28  # digits up to which a product is exact, by the context of `decimal`
_GAP = lazy_regex(r"[ '’]")
_DECIMAL_COMMA = lazy_regex(r"\d+,\d{1,2}")
_GROUPED = lazy_regex(r"[1-9]\d{0,2}(?:\.\d{3})+")
_HAS_NUMBER = lazy_regex(r"\d|百分之")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its span, its values, and the name and span of a unit that is no word, else empty.

    The likeliest value is the first: that with its scale (3920000000000 for 3.92 trillion), then the number as written,
    then other readings (1.200 may be 1200, and 3.10 may be 3.1).
    """

    start: int
    end: int
    values: tuple[str, ...]
    unit: str
    unit_span: Span


def numbers_in(text: str) -> list[Number]:
    """The numbers of a text (in NFKC) in digits, shares in Chinese words, and numbers from ten on in words."""
    found = [_number(match) for match in _NUMBER.finditer(text)] if _HAS_NUMBER.search(text) else []
    taken = {place for number in found for place in range(number.start, number.end)}
    written = (Number(*span, (value,), "", (0, 0)) for span, value in written_numbers_in(text))
    return [*found, *(number for number in written if taken.isdisjoint(range(number.start, number.end)))]


def _number(match: regex.Match[str]) -> Number:
    named = match.groupdict()
    if share := named["share"]:
        return Number(*match.span(), (share if share.isascii() else _han(share),), "percent", (0, 0))
    values = _values(named["digits"])
    scale = _SCALES.get((named["scale"] or "").lower()) or _ALONE.get((named["alone"] or "").lower())
    if scale and values[0].count(".") < _ONE_POINT and len(values[0]) <= _EXACT:
        values = (_plain(Decimal(values[0]) * scale), *values)
    unit = _UNITS.get((named["unit"] or "").lower(), "")
    return Number(*match.span("digits"), values, unit, match.span("unit") if unit else (0, 0))


def _values(digits: str) -> tuple[str, ...]:
    if digits.isdecimal():
        return (digits,)
    parts = _GAP.split(digits)
    joined = "".join(parts)
    value = joined.replace(",", "." if _DECIMAL_COMMA.fullmatch(joined) else "")
    values = [value, value.replace(".", "")] if _GROUPED.fullmatch(value) else [value]
    if value.count(".") == 1:
        values.append(value.rstrip("0").rstrip("."))
    return tuple(dict.fromkeys([*values, *(parts if len(parts) > 1 else ())]))


def _plain(value: Decimal) -> str:
    """The number in digits without an exponent or zeros at its end."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _han(written: str) -> str:
    """A number below 1000 in Chinese words, in digits: 二点八 is 2.8."""
    whole, point, decimals = written.partition("点")
    digits = "".join(str(han_number(sign)) for sign in decimals)
    return f"{han_number(whole)}{'.' if point else ''}{digits}"

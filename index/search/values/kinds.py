"""Kinds of numbers: which a question asks for, and which a text holds."""

import re
from functools import lru_cache
from typing import Literal, TypeAlias

from index.articles.dates import dates_in
from index.patterns import lazy

Kind: TypeAlias = Literal["share", "money", "date", "duration", "length", "count"]

_DIGITS = r"\d[\d,.' ]*"
_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    "|ninety|hundreds?|thousands?|millions?|billions?|trillions?"
)
_SCALED = rf"(?:(?:{_DIGITS}|\b(?:{_WORDS}|an?|one)\b)[ -]?)(?:(?:{_WORDS}|[万亿千百])[ -]?)*"
_CURRENCY = (
    r"(?:yuan|renminbi|rmb|cny|dollars?|usd|euros?|eur|pounds?|gbp|yen|francs?|chf|marks|pence|cents?|rubles?|rupees?"
    r"|won|crowns?|kron(?:a|or|er?)|kč|czk|kr|sek|nok|dkk|zł|pln|huf|lira|pesos?|reais|brl|mxn|zar|aud|cad|nzd|sgd|hkd"
    r"|jpy|krw|inr|shekels?|dirhams?)\b|元|美元|欧元|人民币|英镑|日元"
)
_TIME = (
    r"(?:nano|micro|milli)?seconds?\b|minutes?\b|hours?\b|days?\b|weeks?\b|fortnights?\b|months?\b|years?\b(?!-old)"
    r"|decades?\b|centur(?:y|ies)\b|秒|分钟|小时|天|周|星期|个月|年(?![\d代度底末初前后])"
)
_LENGTH = (
    r"(?:kilo|centi|milli|nano|micro)?met(?:re|er)s?\b|km\b|cm\b|mm\b|m\b|miles?\b|yards?\b|f(?:ee|oo)t\b|inch(?:es)?\b"
    r"|公里|千米|厘米|毫米|米|英里|英尺"
)
_COUNTED = "个名位家项所座台颗件"
_MONTH = r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_PARTS = r"(?:half|thirds?|quarters?|fifths?|tenths?)\b"
_HELD: dict[Kind, re.Pattern[str]] = {
    "share": lazy(
        r"\d[\d,.]* ?%|\d[\d,.]* (?:percent|per cent|percentage points?)\b|百分之|个百分点"
        rf"|\b(?:a|one|two|three|four|five|nine)[ -]{_PARTS}|\bhalf\b|一半|[一二三四]成|\b(?:{_WORDS})[ -]percent\b",
        re.IGNORECASE,
    ),
    "money": lazy(rf"[$€£¥] ?\d[\d,.]*|{_SCALED}(?:US |American )?(?:{_CURRENCY})", re.IGNORECASE),
    "date": lazy(
        rf"(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}\b)?,? \d{{4}}|{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH}|\bin {_MONTH}"
        r"|(?<![\d.,])(?:1[0-9]|20)\d\d(?![\d,]|\.\d)|\d{1,2} ?[月日号]"
        r"|(?<![\d:.,])(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])|\b\d{1,2} ?(?:[ap]\.?m\b|o['’]clock)|\d{1,2}点(?!\d)"
    ),
    "duration": lazy(rf"{_SCALED}(?:{_TIME})", re.IGNORECASE),
    "length": lazy(rf"{_SCALED}(?:{_LENGTH})", re.IGNORECASE),
    "count": lazy(
        r"(?<![\d.,$€£¥])(?!(?:1[89]|20)\d\d\b)\d[\d,]*(?!\d|[.,]\d)(?! ?(?:%|percent|per cent|年|月|日|元))"
        rf"|\b(?:{_WORDS})\b|[两三四五六七八九十百千]+[{_COUNTED}]",
        re.IGNORECASE,
    ),
}
_ASKED: dict[Kind, re.Pattern[str]] = {
    "date": lazy(
        r"^(?:and |but |so )?when\b(?! it comes)|\b(?:since|until|by) when\b|, when (?:is|was|were|did|do|does|will)\b"
        r"|\b(?:which|what) (?:year|date|day|month|decade|century|quarter|time)\b"
        r"|何时|什么时候|什么时间|哪一?[年天日]|几月|几号|几点",
        re.IGNORECASE,
    ),
    "share": lazy(
        r"\b(?:what|which) (?:(?:is|was|are|were) )?(?:the )?(?:\w+ )?"
        r"(?:share|percentage|per ?cent|proportion|fraction)\b"
        r"|\bhow (?:large|big|high) (?:is|was|are|were) the (?:share|proportion|rate)\b"
        r"|百分之几|百分之多少|占比|比例|比重",
        re.IGNORECASE,
    ),
    "duration": lazy(
        r"\bhow (?:long (?:did|does|do|is|was|will|has|have|can|ago)|old)\b"
        r"|\bhow many (?:second|minute|hour|day|week|month|year)s?\b"
        r"|多久|多长时间|几[天周年](?!级)|几个(?:月|小时)|多少[天年]",
        re.IGNORECASE,
    ),
    "length": lazy(
        r"\bhow (?:far|tall|high|deep|wide|many (?:(?:kilo|centi|milli)?met(?:re|er)|mile|f(?:ee|oo)t)s?)\b"
        r"|多远|多高|多深|多宽",
        re.IGNORECASE,
    ),
    "money": lazy(
        r"\bhow much (?:money|does .{1,60} costs?\b|did .{1,60} (?:cost|pay|spend|invest|earn)\b"
        r"|(?:was|is|were|are) .{1,60} (?:spent|paid|invested|worth)\b)"
        r"|\bwhat (?:is|was|are|were) the (?:\w+ )?(?:price|cost|fee|budget|revenue|turnover)\b"
        r"|多少钱|多少元|多少(?:亿|万|万亿)元",
        re.IGNORECASE,
    ),
    "count": lazy(
        rf"\bhow many\b|\b(?:what|which) (?:is|was|are|were) the (?:total )?number\b|(?:多少|几)[{_COUNTED}]",
        re.IGNORECASE,
    ),
}


_MEASURES: tuple[Kind, ...] = ("date", "share", "money", "duration", "length")


@lru_cache(maxsize=1_024)
def number_asked(question: str) -> Kind | None:
    """The kind of number or date that a question asks for, None where it asks for none."""
    return next((kind for kind, asks in _ASKED.items() if asks.search(question)), None)


@lru_cache(maxsize=16_384)
def holds_kind(text: str, kind: Kind) -> bool:
    """Whether the text holds a number or date of this kind; a number of any other kind is no count."""
    if kind == "date" and dates_in(text):
        return True
    for other in _MEASURES if kind == "count" else ():
        text = _HELD[other].sub(" ", text)
    return _HELD[kind].search(text) is not None

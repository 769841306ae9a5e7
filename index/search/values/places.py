"""Places in an order that a question asks about ("who came third?"), and the rows and items that stand for others."""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.articles.article import Article
from index.articles.han import HAN_DIGITS, han_number
from index.keywords.patterns import lazy
from index.passages.sentences import Span
from index.search.values.rows import cells_of, is_row

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINAL = rf"(?P<ordinal>{'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"
_PLACED = r"(?:came?|comes|ranks?|ranked|placed?|finish(?:es|ed)?|stands|stood|ended|is|was|are|were)"
_THING = r"(?:place|position|rank|spot|step|item|point|rule)"
_ASKED = [
    lazy(form, re.IGNORECASE)
    for form in (
        rf"\b{_PLACED} (?:in )?(?:the )?{_ORDINAL}(?=[?.!,]?$| (?:in|on|at|among|by|of) )",
        rf"\b{_ORDINAL}[- ]{_THING}\b",
        rf"\b(?:{_THING}|number|no\.?) ?#?(?P<number>\d{{1,3}})(?![\d.,]*\d|[\w%])",
        rf"第(?P<han>\d{{1,3}}|[{HAN_DIGITS}十]{{1,3}})(?:名|位|步|条|项)|排名?第(?P<ranked>\d{{1,3}}|[{HAN_DIGITS}十]{{1,3}})",
    )
]
_COLUMN = lazy(
    r"\W*(?:rank(?:ing)?|place|pos(?:ition|\.)?|no\.?|nr\.?|number|#|step|名次|排名|位次|序号|步骤)\W*", re.IGNORECASE
)
_NUMBER = re.compile(r"\W*(?:no\. ?|#)?(\d{1,3})(?:st|nd|rd|th|\.|\)|=)?\W*", re.IGNORECASE)
_ITEM = re.compile(r"(\d{1,3})[.)] ")


@lru_cache(maxsize=1_024)
def asked_places(question: str) -> frozenset[int]:
    """The places in an order, from 1, that a question asks about; empty for one that asks about none."""
    return frozenset(_place(match) for form in _ASKED for match in form.finditer(question))


def rows_of_other_places(article: Article, spans: Sequence[Span], places: frozenset[int]) -> list[int]:
    """The numbers of the rows and numbered items among the `spans` that have another place.

    None of them unless one has an asked place.
    """
    held = [_held(article, span) for span in spans] if places else []
    if places.isdisjoint(held):
        return []
    return [number for number, place in enumerate(held) if place and place not in places]


def _place(match: re.Match[str]) -> int:
    named = match.groupdict()
    if han := named.get("han") or named.get("ranked"):
        return int(han) if han.isdecimal() else han_number(han)
    written = (named.get("number") or named["ordinal"]).lower()
    return _ORDINALS.index(written) + 1 if written in _ORDINALS else int(re.sub(r"\D", "", written))


def _held(article: Article, span: Span) -> int:
    """The place of a row or numbered item; 0 without any."""
    text = article.text[slice(*span)]
    if not is_row(article, span[0]):
        match = _ITEM.match(text)
        return int(match[1]) if match else 0
    cells = [cell for cell in cells_of(text) if _COLUMN.fullmatch(cell.column)]
    numbers = (_NUMBER.fullmatch(cell.text) for cell in cells)
    return next((int(number[1]) for number in numbers if number), 0)

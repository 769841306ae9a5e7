"""Places in an order: the one that a question asks about ("who came third?"), and that of a row or item."""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.articles.dates import ORDINALS, ordinal_number
from index.articles.han import HAN_DIGITS, han_number
from index.patterns import lazy
from index.search.values.rows import Cell

_ORDINAL = rf"(?P<ordinal>{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))"
_PLACED = r"(?:came?|comes|ranks?|ranked|placed?|finish(?:es|ed)?|stands|stood|ended|is|was|are|were)"
_THING = r"(?:place|position|rank|spot|step|item|point|rule)"
_ASKED = [
    lazy(form, re.IGNORECASE)
    for form in (
        rf"\b{_PLACED} (?:in )?(?:the )?{_ORDINAL}(?=[?.!,]?$| (?:in|on|at|among|by|of) )",
        rf"\b{_ORDINAL}[- ]{_THING}\b",
        r"^(?:and |but )?(?:who|which [\w -]{1,40}?) (?P<winner>won|wins|topped|tops) ",
        rf"\b(?:{_THING}|number|no\.?) ?#?(?P<number>\d{{1,3}})(?![\d.,]*\d|[\w%])",
        rf"第(?P<han>\d{{1,3}}|[{HAN_DIGITS}十]{{1,3}})(?:名|位|步|条|项)|排名?第(?P<ranked>\d{{1,3}}|[{HAN_DIGITS}十]{{1,3}})",
    )
]
_COLUMN = lazy(
    r"\W*(?:rank(?:ing)?|place|pos(?:ition|\.)?|no\.?|nr\.?|number|#|step|名次|排名|位次|序号|步骤)\W*", re.IGNORECASE
)
_NUMBER = lazy(r"\W*(?:no\. ?|#)?(\d{1,3})(?:st|nd|rd|th|\.|\)|=)?\W*", re.IGNORECASE)
_ITEM = lazy(r"(\d{1,3})[.)] ")


@lru_cache(maxsize=1_024)
def asked_places(question: str) -> frozenset[int]:
    """The places in an order, from 1, that a question asks about; empty for one that asks about none."""
    return frozenset(_place(match) for form in _ASKED for match in form.finditer(question))


def _place(match: re.Match[str]) -> int:
    named = match.groupdict()
    if han := named.get("han") or named.get("ranked"):
        return int(han) if han.isdecimal() else han_number(han)
    if named.get("winner"):
        return 1
    return ordinal_number(named.get("number") or named["ordinal"])


def place_of(text: str, cells: Sequence[Cell]) -> int:
    """The place that a row with these cells, or an item with a number, stands for; 0 without any."""
    if not cells:
        match = _ITEM.match(text)
        return int(match[1]) if match else 0
    numbers = (_NUMBER.fullmatch(cell.text) for cell in cells if _COLUMN.fullmatch(cell.column))
    return next((int(number[1]) for number in numbers if number), 0)

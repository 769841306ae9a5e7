"""The age of whoever asks, and the ranges of age that a line is for: "my 9 year old", "under 12", "65+"."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from index.patterns import lazy
from index.search.values.rows import Cell

OWN_AGE = lazy(
    r"\b(?P<old>\d{1,3})(?=[- ]?(?:years?|yrs?)[- ]olds?\b)"
    r"|\b(?:I am|I['’]m|(?:who|dad|mum|he|she|they) (?:is|are)|aged?|turn(?:s|ed|ing)?) (?P<age>\d{1,3})\b"
    r"(?! ?(?:%|months?|weeks?|days?|minutes?|hours?|km|kg))"
    r"|(?P<han>\d{1,3})(?= ?周?岁(?!以))",
    re.IGNORECASE,
)
"""Pattern of an age in years that somebody says of a person."""

_ABOUT_AGE = lazy(
    r"\b(?:ages?d?|years?|old(?:er)?|young(?:er)?|children|adults?|kids|over|under)\b|岁|年龄", re.IGNORECASE
)
_AGE_COLUMN = lazy(r"ages?|aged|age group|年龄(?:段|组)?", re.IGNORECASE)
_UNIT = r"(?P<months> months?|个月)?(?: years?| yrs?|周?岁)?"
_RANGES = [
    lazy(
        rf"(?<![\d.,£$€])(?P<low>\d{{1,3}}){_UNIT} ?(?:[-–—]|to|and|至|到) ?(?P<high>\d{{1,3}})"
        r"(?![\d.,:]*\d| ?(?:%|months?|个月))",
        re.IGNORECASE,
    ),
    lazy(
        r"(?<![\d.,£$€])(?P<low>\d{1,3})(?: years?|周?岁)?(?: ?\+| (?:and|or) (?:over|older|above|up)|及?以上)",
        re.IGNORECASE,
    ),
    lazy(r"\b(?:over|above|from|at least|older than) (?:the age of )?(?P<low>\d{1,3})\b(?!\.\d|[:%])", re.IGNORECASE),
    lazy(r"\bup to (?:the age of )?(?P<high>\d{1,3})\b(?!\.\d|[:%])|(?<!\d)(?P<han>\d{1,3})周?岁及以下", re.IGNORECASE),
    lazy(r"\b(?:under|below|younger than) (?:the age of )?(?P<below>\d{1,3})\b(?!\.\d|[:%])", re.IGNORECASE),
    lazy(r"(?<!\d)(?P<below>\d{1,3})周?岁以下"),
]


@lru_cache(maxsize=1_024)
def asked_age(question: str) -> int | None:
    """The one age in years that a question gives of a person; None without one, and with several."""
    ages = {int(match["old"] or match["age"] or match["han"]) for match in OWN_AGE.finditer(question)}
    return ages.pop() if len(ages) == 1 else None


def is_for(text: str, cells: Sequence[Cell], age: int) -> bool | None:
    """Whether a sentence, or a row with these cells, is for people of this age; None where it names no range of age."""
    column = next((cell.text for cell in cells if _AGE_COLUMN.fullmatch(cell.column)), None)
    if column is None and not _ABOUT_AGE.search(text):
        return None
    for form in _RANGES:
        if match := form.search(text if column is None else column):
            return _holds(match, age)
    return None


def _holds(match: re.Match[str], age: int) -> bool:
    named = match.groupdict()
    low = 0 if named.get("months") else int(named.get("low") or 0)
    high = float(named.get("high") or named.get("han") or math.inf)
    return low <= age <= high and age < float(named.get("below") or math.inf)

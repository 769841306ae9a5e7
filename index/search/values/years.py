"""Years that a question asks about."""

import re
from functools import lru_cache

from index.articles.dates import BARE_YEAR
from index.patterns import lazy

# Before a year that only limits a time, or against which the one that is meant is set.
_LIMIT = (
    r"\b(?:since|after|before|until|till|between|from|than|unlike|versus|vs\.?|instead of|not"
    r"|(?:as )?(?:opposed|compared|distinct) (?:to|with|from))\b,?"
)
_PART = r"(?:early |mid-?|late |(?:end|beginning|middle|year) (?:of )?|spring |summer |autumn |winter )?(?:of )?"
_LIMITED = lazy(rf"{_LIMIT} (?:(?:in|for|of|by|at|that|those) ){{0,2}}(?:the |a )?{_PART}$", re.IGNORECASE)
_RANGE = r" ?(?:[-–—]|and|to|through|和|至|到|与) ?"
_ENDS_RANGE = lazy(rf"(?:19|20)\d\d{_RANGE}$", re.IGNORECASE)
_BEGINS_RANGE = lazy(
    rf"{_RANGE}(?:19|20)\d\d| ?年?[以之]?[来后前]| (?:and|or) (?:later|earlier|after|before|since)\b", re.IGNORECASE
)
_ZH_LIMITED = lazy(r"(?:自从?|从|而?不是|比|早于|晚于)$")


@lru_cache(maxsize=1_024)
def asked_years(question: str) -> frozenset[str]:
    """The years that a question asks about: none of a range, after "since" or "before", or that it sets others against.

    "In 2030 rather than 2027" asks about 2030 alone.
    """
    return frozenset(
        match[0]
        for match in BARE_YEAR.finditer(question)
        if not any(form.search(question, 0, match.start()) for form in (_LIMITED, _ZH_LIMITED, _ENDS_RANGE))
        and not _BEGINS_RANGE.match(question, match.end())
    )

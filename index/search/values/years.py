"""Years that a question asks about, and the rows of a table that stand for others."""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.articles.article import Article
from index.articles.dates import BARE_YEAR, years_in
from index.keywords.patterns import lazy
from index.passages.sentences import Span
from index.search.values.rows import cells_of, is_row

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


def rows_of_other_years(article: Article, spans: Sequence[Span], years: frozenset[str]) -> list[int]:
    """The places of the rows of a table whose first cell has other years than these.

    None of them unless some sentence among the `spans` has one of these years.
    """
    texts = [article.text[slice(*span)] for span in spans] if years else []
    if not any(years & {*years_in(text)} for text in texts):
        return []
    rows = (place for place, (start, _) in enumerate(spans) if is_row(article, start))
    return [place for place in rows if (held := _key_years(texts[place])) and not held & years]


def _key_years(row: str) -> set[str]:
    cells = cells_of(row)
    return {*years_in(cells[0].text)} if cells else set()

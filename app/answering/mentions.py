"""Dates and publishers that a question names: what is of them is preferred, and nothing else is left out for it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal

import numpy as np

from index.arrays import Scores
from index.articles.article import is_date
from index.articles.facets import Days, Facets, Named
from index.articles.filters import WORD, folded, period
from index.keywords.tokenizer import has_words
from index.passages.sentences import Span

_MOST = 10
_LONGEST = 12  # words or Chinese characters of a publisher's name
_REACH = 31  # days around a date in which an article may be about it
_HALF = np.float32(0.5)  # of a weight; chosen from .1 to 1 on the project's questions

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAMES = (
    "jan(uary)? feb(ruary)? mar(ch)? apr(il)? may june? july? aug(ust)? sept?(ember)? oct(ober)? nov(ember)? "
    "dec(ember)?"
)
_MONTH = rf"\b(?P<month>{'|'.join(_NAMES.replace('(', '(?:').split())})\b\.?"
_MONTHS = [name[:3] for name in _NAMES.split()]
_ZH_MONTHS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
_FORMS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},?(?: of)? {_YEAR}",
        rf"(?<![\d/-]){_YEAR}(?P<sign>[-/])(?P<month>\d\d?)(?:(?P=sign)(?P<day>\d\d?))?(?![\d/-])",
        rf"(?<!\d){_YEAR} ?年 ?(?P<month>\d\d?|{'|'.join(reversed(_ZH_MONTHS))}) ?月(?: ?(?P<day>\d\d?) ?[日号])?",
    )
]
# A single word may well be something else, such as Nature: it names a publisher where it is quoted.
_QUOTED = [
    re.compile(r"\b(?:according to|(?:told|quoted|published|reported) by|reports? (?:by|from|in))(?: the)? $", re.I),
    re.compile(r"(?:['’]s)? (?:reports?|reported|says?|said|writes?|wrote)\b", re.I),
]
_OWNED = [re.compile(r"\b(?:by|from|via|per)(?: the)? $", re.I), re.compile(r"['’]s\b")]
_LINK_BEFORE = (
    r"(?:\b(?:(?:according to|(?:told|quoted|published|reported) by|reports? (?:by|from|in))(?: the)?"
    r"|as of|on|in|of|at|for|from|by|via|per|during|dated) |[在于据])?"
)
_LINK_AFTER = r"(?:['’]s(?: (?:reports?|articles?|story|coverage))?|报道|[的份])?"
# "by June 2025" and "after June 2025" bound a time rather than name one.
_BOUND_BEFORE = re.compile(r"\b(?:after|before|since|until|till|by|to|than) (?:the )?(?:end of )?$|[到至自从]$", re.I)
_BOUND_AFTER = re.compile(r"底?(?:以来|[以之]?[前后])")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question: a date in ISO form or a publisher as the build writes it, and the question's words."""

    kind: Literal["published", "publisher"]
    value: str
    text: str

    @property
    def key(self) -> str:
        """Key to ignore it by: `published:2025-01`, `publisher:Xinhua`."""
        return f"{self.kind}:{self.value}"


def mentioned(question: str, facets: Facets) -> tuple[Mention, ...]:
    """The first ten dates and publishers named in the question that some article fits, each once.

    A date is a month or a day with its year. A bare year says more often what a text is about than
    when it was written: preferring by it lost more on the project's own questions than it won.
    """
    found: dict[str, Mention] = {}
    for mention in chain(_dates(question), _publishers(question, facets)):
        found.setdefault(mention.key, mention)
    return tuple(islice((mention for mention in found.values() if weights(mention, facets).any()), _MOST))


def telling(mentions: Iterable[Mention], facets: Facets) -> tuple[Mention, ...]:
    """The mentions that tell some articles from others."""
    return tuple(mention for mention in mentions if np.ptp(weights(mention, facets)))


def weights(mention: Mention, facets: Facets) -> Scores:
    """The weight of each article for a mention, in [0, 1].

    An article of the very day weighs 1; a month, a publisher and the date of a source halve the weight.
    Weights fall as 1 / (1 + days) with the distance in time, to 0 after 31 days.
    """
    if mention.kind == "publisher":
        return facets.with_any([facets.publishers[folded(mention.value)]]) * _HALF
    days = period(mention.value)
    nearness = _nearness(facets.first, facets.last, days)
    rows, first_days, last_days = facets.sources.T
    np.maximum.at(nearness, rows, _HALF * _nearness(first_days, last_days, days))
    return nearness if days[0] == days[1] else nearness * _HALF


def preferred(mentions: Iterable[Mention], facets: Facets) -> Scores:
    """The weight of each article for the mentions together, in [0, 1].

    Of several mentions of a kind the best counts; the weights of a publisher and of a date are added.
    """
    kinds: dict[str, Scores] = {}
    for mention in mentions:
        found = weights(mention, facets)
        kinds[mention.kind] = np.maximum(kinds.get(mention.kind, found), found)
    total = sum(kinds.values(), np.zeros(len(facets.first), np.float32))
    return np.asarray(total / max(1, total.max(initial=0)), np.float32)


def without(question: str, mentions: Iterable[Mention]) -> str:
    """The question without the words of the mentions and the prepositions before them; unchanged if no word is left."""
    text = question
    for mention in mentions:
        words = rf"(?<![A-Za-z0-9]){re.escape(mention.text)}(?![A-Za-z0-9])"
        text = re.sub(f"{_LINK_BEFORE}{words}{_LINK_AFTER}", " ", text, flags=re.IGNORECASE)
    text = re.sub(r" (?=[,.?!])", "", " ".join(text.split())).strip(" ,，").replace(",?", "?")
    return text if has_words(text) else question


def _nearness(first: Days, last: Days, days: Span) -> Scores:
    """1 / (1 + distance) for periods that go beyond the `days` by a distance of at most 31 days, else 0."""
    begin, end = days
    distance = np.maximum(0, np.maximum(begin - first, last - end))
    return np.asarray(np.where(distance <= _REACH, 1 / (1 + distance), 0), np.float32)


def _dates(question: str) -> Iterator[Mention]:
    taken: list[Span] = []
    for form in _FORMS:  # a day's before a month's, which it holds
        for match in form.finditer(question):
            inside = any(start < match.end() and match.start() < end for start, end in taken)
            taken.append(match.span())
            if not inside and is_date(value := _iso(match)) and not _bounds(question, match.span()):
                yield Mention("published", value, match[0])


def _bounds(question: str, span: Span) -> bool:
    start, end = span
    return bool(_BOUND_BEFORE.search(question[:start]) or _BOUND_AFTER.match(question, end))


def _iso(match: re.Match[str]) -> str:
    named = match.groupdict()
    day = f"-{int(named['day']):02}" if named.get("day") else ""
    return f"{named['year']}-{_month(named['month']):02}{day}"


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if written in _ZH_MONTHS:
        return _ZH_MONTHS.index(written) + 1
    return _MONTHS.index(written[:3].lower()) + 1


def _publishers(question: str, facets: Facets) -> Iterator[Mention]:
    """The longest names first at each word, none inside another."""
    words = [match.span() for match in WORD.finditer(question)]
    end = 0
    for number, (start, first) in enumerate(words):
        if start < end or folded(question[start:first]) not in facets.beginnings:
            continue
        for _, stop in reversed(words[number : number + _LONGEST]):
            named = facets.publishers.get(folded(question[start:stop]))
            if named and _is_meant(question, start, stop, named):
                yield Mention("publisher", named.name, question[start:stop])
                end = stop
                break


def _is_meant(question: str, start: int, stop: int, named: Named) -> bool:
    """Whether these words name a publisher: several do; one that is not quoted must be written as the name is."""
    text, before, after = question[start:stop], question[:start], question[stop:]
    if len(WORD.findall(text)) > 1:
        return True
    (reported_by, reported), (owned_by, owned) = _QUOTED, _OWNED
    if reported_by.search(before) or reported.match(after):
        return True
    return text == named.name and bool(owned_by.search(before) or owned.match(after))

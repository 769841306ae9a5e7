"""As of: a question about a past time has the passages of later articles last."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.answering.ways.times.alike import alike, days_of, reordered
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import blanked, without_spans
from index.articles.article import is_date
from index.articles.filters import period
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.hits import Hit

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d-]|[/–]\d| to \d)"
_AS_OF = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        r"\bas (?:of|at) (?:the )?(?:(?:end|close) of |early |mid-?|late )?"
        r"(?:(?:(?P<day>\d\d?)(?:st|nd|rd|th)? )?"
        rf"(?P<month>(?:{'|'.join(_NAMES)})[a-z]*)\.?,? )?{_YEAR}",
        r"\bas (?:of|at) (?P<year>(?:19|20)\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?!\d)",
        r"截[至止]到? ?(?P<year>(?:19|20)\d\d) ?年"
        r"(?: ?(?P<month>\d\d?) ?月(?: ?(?P<day>\d\d?) ?日)?)?[底末]?",
    )
]
_IN_YEAR = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?:in|during|throughout) (?:the year )?{_YEAR}(?!['’]s)",
        r"(?<![\d到至截自从于由前过-])(?P<year>(?:19|20)\d\d) ?年"
        r"(?! ?[\d一二三四五六七八九十底末以之前后间代初来至到–-])",
    )
]
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class AsOf(Way):
    """A time up to which articles count: "as of March 2024", 截至2023年, or a bare year, "in 2019".

    A later article may well tell of the time, so that its passages that name the year keep their place.
    """

    kind = "until"
    depth = 20

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The one time that is named, where some article is later."""
        found = [*_found(text, _AS_OF)] or _in_one_year(text)
        for value, (start, end) in found[:1]:
            if is_date(value) and bool((known.facets.first > period(value)[1]).any()):
                yield Mention(self.kind, value, text[start:end])

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without "as of" and the time; a bare year stays, as texts name it."""
        return without_spans(text, [span for _, span in _found(text, _AS_OF)])

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages of later articles that do not name the year come last, for a bare year among alike ones alone.

        Articles up to the time come the newest first, if the best passage is of one and does not name the year.
        """
        mention = mentions[0]
        end, year = period(mention.value)[1], mention.value[:4]

        def is_later(hit: Hit) -> bool:
            return not self.fits(hit.passage, mention, known)

        positions = alike(hits, known) if _is_bare(mention) else list(range(len(hits)))
        hits = reordered(hits, positions, is_later)
        same = [position for position in alike(hits, known) if not is_later(hits[position])]
        timely = [position for position in same if 0 < days_of(hits[position], known)[0] <= end]
        best = max(same, key=lambda position: hits[position].score, default=None)
        if best not in timely or _names(hits[best].passage, year):
            return hits
        return reordered(hits, timely, lambda hit: -days_of(hit, known)[1])

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the article is not later than the time, or the passage names the year."""
        row = known.articles.row(passage.article.id)
        is_later = row is not None and int(known.facets.first[row]) > period(mention.value)[1]
        return not is_later or _names(passage, mention.value[:4])


def _found(text: str, forms: Iterable[re.Pattern[str]]) -> Iterator[tuple[str, Span]]:
    """The ISO value and the span of each time outside quotation marks."""
    for form in forms:
        for match in form.finditer(blanked(text)):
            yield _iso(match.groupdict()), match.span()


def _in_one_year(text: str) -> list[tuple[str, Span]]:
    """The bare year of a question that names no other year."""
    return list(_found(text, _IN_YEAR)) if len(set(_ANY_YEAR.findall(text))) == 1 else []


def _is_bare(mention: Mention) -> bool:
    return not any(form.search(mention.text) for form in _AS_OF)


def _iso(named: dict[str, str | None]) -> str:
    month, day = named.get("month"), named.get("day")
    number = 0 if not month else int(month) if month.isdecimal() else _NAMES.index(month[:3].lower()) + 1
    return f"{named['year']}" + (f"-{number:02}" if month else "") + (f"-{int(day):02}" if day else "")


def _names(passage: Passage, year: str) -> bool:
    return year in _ANY_YEAR.findall(f"{passage.article.title}\n{passage.text}")

"""As of: a question about a past time has the passages of later articles last."""

import re
from collections.abc import Iterable, Sequence

from app.answering.ways.times.alike import alike, article_days, reordered
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import unquoted, without_spans
from index.articles.dates import dates_in, days_of, years_in
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.hits import Hit

_AS_OF = lazy(
    r"\bas (?:of|at) (?:the )?(?:(?:end|close) of |early |mid-?|late "
    r"|spring |summer |autumn |fall |winter )?|截[至止]到? ?",
    re.IGNORECASE,
)
_YEAR = lazy(r"(?:19|20)\d\d(?![\d-]|[/–]\d| to \d)(?: ?年[底末]?)?", re.ASCII)
_IN_YEAR = [
    lazy(form, re.IGNORECASE | re.ASCII)
    for form in (
        r"\b(?:in|during|throughout) (?:the year )?(?P<year>(?:19|20)\d\d)(?![\d-]|[/–]\d| to \d)(?!['’]s)",
        r"(?<![\d到至截自从于由前过-])(?P<year>(?:19|20)\d\d) ?年"
        r"(?! ?[\d一二三四五六七八九十底末以之前后间代初来至到–-])",
    )
]


class AsOf(Way):
    """A time up to which articles count: "as of March 2024", 截至2023年, or a bare year, "in 2019".

    A later article may well tell of the time, so that its passages that name the year keep their place.
    """

    kind = "until"
    depth = 20

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The one time that is named, where some article is later; "as of" it also where all are earlier."""
        explicit = _found(text)
        for value, (start, end) in (explicit or _in_one_year(text))[:1]:
            if explicit or bool((known.facets.first > days_of(value)[1]).any()):
                yield Mention(self.kind, value, text[start:end])

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without "as of" and the time; a bare year stays, as texts name it."""
        return without_spans(text, [span for _, span in _found(text)])

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages of later articles that do not name the year come last, for a bare year among alike ones alone.

        Articles up to the time come the newest first, if the best passage is of one and does not name the year.
        """
        mention = mentions[0]
        end, year = days_of(mention.value)[1], _year(mention)

        def is_later(hit: Hit) -> bool:
            return not self.fits(hit.passage, mention, known)

        positions = alike(hits, known) if _is_bare(mention) else list(range(len(hits)))
        hits = reordered(hits, positions, is_later)
        same = [position for position in alike(hits, known) if not is_later(hits[position])]
        timely = [position for position in same if 0 < article_days(hits[position], known)[0] <= end]
        best = max(same, key=lambda position: hits[position].score, default=None)
        if best not in timely or _names(hits[best].passage, year):
            return hits
        return reordered(hits, timely, lambda hit: -article_days(hit, known)[1])

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the article is not later than the time, or the passage names the year."""
        row = known.articles.row(passage.article.id)
        is_later = row is not None and int(known.facets.first[row]) > days_of(mention.value)[1]
        return not is_later or _names(passage, _year(mention))


def _found(text: str) -> list[tuple[str, Span]]:
    """The value and the span of each "as of" with its time, outside quotation marks."""
    plain = unquoted(text)
    dates = {dated.start: dated for dated in dates_in(plain)}
    found: list[tuple[str, Span]] = []
    for match in _AS_OF.finditer(plain):
        if dated := dates.get(match.end()):
            found.append((dated.value, (match.start(), dated.end)))
        elif year := _YEAR.match(plain, match.end()):
            found.append((year[0][:4], (match.start(), year.end())))
    return found


def _in_one_year(text: str) -> list[tuple[str, Span]]:
    """The bare year of a question that names no other year."""
    if len(set(years_in(text))) != 1:
        return []
    return [(match["year"], match.span()) for form in _IN_YEAR for match in form.finditer(unquoted(text))]


def _is_bare(mention: Mention) -> bool:
    return not _AS_OF.search(mention.text)


def _year(mention: Mention) -> str:
    return mention.value.removeprefix("FY")[:4]


def _names(passage: Passage, year: str) -> bool:
    return year in years_in(f"{passage.article.title}\n{passage.text}")

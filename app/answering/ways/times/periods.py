"""Times: what was published then, or gives a date of then, comes first; "news of last week" lists it."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

import numpy as np

from app.answering.decision import Verdict
from app.answering.ways.times.ranges import Period, dates_beside, times_in
from app.answering.ways.times.relative import relative_times
from app.answering.ways.way import Known, Mention, Way
from app.answering.ways.wording import without
from index.arrays import Scores
from index.articles.dates import Dated, dates_in, days_of, years_in
from index.keywords.tokenizer import has_words
from index.keywords.values import blanked
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.hits import Hit

# Words of a question that asks for nothing but what was reported; one of the first kind must be there.
_REPORTING = lazy(
    r"\b(?:news|articles?|stor(?:y|ies)|reports?|reported|published|written|happen(?:ed|s)?|appeared|announced"
    r"|c[ao]me out)\b"
    r"|新闻|报道|文章|发表|发布|发生|消息",
    re.IGNORECASE,
)
_HAPPENED = lazy(r"\bhappen(?:ed|s)?\b|发生", re.IGNORECASE)
_LAST = lazy(
    r"\blast (?:month|quarter|year)\b|去年|上个?(?:月|季度)", re.IGNORECASE
)  # of the times that passages tell of
_NEAR = 0.5  # of the best score, from which a passage of the time comes before others
_ASKING = lazy(
    r"\b(?:what|which|any|all|the|is|are|was|were|has|have|been|there|new|came|come|out|do|did|you|anything|something|"
    r"things?|show|me|give|tell|list|please|here|in|on|of|from|for|since)\b"
    r"|有什么|什么|有哪些|哪些|列出|请|有|的|了|过|些|事",
    re.IGNORECASE,
)


class Periods(Way):
    """A relative time beside a subject: passages of that time come before the others."""

    kind = "period"
    depth = 50

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The relative times, unless nothing is asked but what was reported then."""
        return (
            ()
            if asks_for_news(text, known.today)
            else (_mention(self.kind, text, each) for each in relative_times(text, known.today))
        )

    def reworded(self, text: str, mention: Mention) -> str:
        """The question without the relative time: a year in its place would find whatever else is of that year.

        Of a range within one year that year stays, as texts name it.
        """
        years = set(years_in(mention.text))
        return text.replace(mention.text, years.pop()) if len(years) == 1 else without(text, mention.text)

    def weights(self, mention: Mention, known: Known) -> Scores:
        """1 for each article of the time, so that its passages are found."""
        return np.asarray(known.facets.within(*days_of(mention.value)), np.float32)

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """Passages of the time first, then those that name the year of a range.

        Those with half of the best score come first, and of a range those that give the very same time. A sentence that
        gives a date of the time is marked rather than one of another time.
        """
        years = {year for mention in mentions for year in years_in(mention.text)}
        least = _NEAR * max((hit.score for hit in hits), default=0.0)

        def rank(hit: Hit) -> int:
            if hit.score >= least and any(is_of(hit.passage, mention) for mention in mentions):
                return 1 - (bool(years) and any(_gives(hit.passage, mention) for mention in mentions))
            return 2 if years and not years.isdisjoint(years_in(hit.passage.text)) else 3

        return sorted((_marked(hit, mentions) if _gives_date(hit) else hit for hit in hits), key=rank)

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """At most `related` where the first passage is of another time."""
        fits = bool(hits) and is_of(hits[0].passage, mention)
        return verdict if fits or verdict == "none" else "related"

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the article is of the time, or the passage gives a date of it."""
        return is_of(passage, mention)


class News(Periods):
    """A time with nothing beside it but words for reporting: the articles of that time answer, newest first."""

    kind = "news"

    def recognise(self, text: str, known: Known) -> Iterable[Mention]:
        """The time of a question for news alone."""
        if not asks_for_news(text, known.today) or self.kind != _reported(text):
            return ()
        dates = (Mention(self.kind, each.value, text[each.start : each.end]) for each in dates_beside(text))
        return chain((_mention(self.kind, text, each) for each in relative_times(text, known.today)), dates)

    def reworded(self, text: str, mention: Mention) -> str:
        """The question as it is: without the time there would be nothing to search for."""
        return text

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The passages of articles of the time alone, those of the newest article first."""
        of_time = [hit for hit in hits if any(_was_published(hit.passage, mention) for mention in mentions)]
        return sorted(of_time, key=lambda hit: hit.passage.article.published, reverse=True)

    def verdict(self, verdict: Verdict, hits: Sequence[Hit], mention: Mention) -> Verdict:
        """Answered where some article is of the time."""
        return "answer" if hits else "none"

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the article is of the time."""
        return _was_published(passage, mention)


class Events(News):
    """A time with nothing beside it but words for what happened: passages that give a date of it answer."""

    kind = "event"

    def ordered(self, hits: list[Hit], mentions: Sequence[Mention], known: Known) -> list[Hit]:
        """The passages of the time alone, with the sentence that gives its date marked; the dated ones first."""
        of_time = [_marked(hit, mentions) for hit in hits if any(is_of(hit.passage, mention) for mention in mentions)]
        return sorted(of_time, key=lambda hit: not _is_dated(hit.passage.text, mentions))

    def fits(self, passage: Passage, mention: Mention, known: Known) -> bool:
        """Whether the article is of the time, or the passage gives a date of it."""
        return is_of(passage, mention)


def asks_for_news(text: str, today: date) -> bool:
    """Whether a question holds a time, and beside it only words for reporting."""
    if not _REPORTING.search(text):
        return False
    times: list[Period | Dated] = [*relative_times(text, today), *dates_in(text)]
    rest = _REPORTING.sub(" ", blanked(text, ((time.start, time.end) for time in times)))
    return bool(times) and not has_words(_ASKING.sub(" ", rest))


def _reported(text: str) -> str:
    """The kind of way that reads a question for news: what happened, or what was published."""
    return Events.kind if _HAPPENED.search(text) else News.kind


def _mention(kind: str, text: str, found: Period) -> Mention:
    return Mention(kind, found.value, text[found.start : found.end])


def is_of(passage: Passage, mention: Mention) -> bool:
    """Whether an article was published in a time, or its passage gives a date of that time.

    "Last year" in a passage counts from the day of its article.
    """
    if _was_published(passage, mention) or _is_dated(passage.text, [mention]):
        return True
    published = passage.article.published
    if not published or not _LAST.search(passage.text):
        return False
    day = date.fromordinal(days_of(published)[0])
    return any(days_of(each.value) == days_of(mention.value) for each in relative_times(passage.text, day))


def _gives(passage: Passage, mention: Mention) -> bool:
    """Whether a passage gives a time of just these days: the fourth quarter, for October to December."""
    return days_of(mention.value) in _days_in(passage.text)


def _marked(hit: Hit, mentions: Sequence[Mention]) -> Hit:
    """The hit with its best sentence among those that give a date of the times; as it was without any."""
    text = hit.passage.article.text
    if _is_dated(text[slice(*hit.best_sentence)], mentions):
        return hit
    scored = zip(hit.sentences.scores, hit.sentences.spans, strict=True)
    dated = max(((score, span) for score, span in scored if _is_dated(text[slice(*span)], mentions)), default=None)
    return hit.marking(dated[1]) if dated else hit


def _gives_date(hit: Hit) -> bool:
    """Whether the marked sentence gives a date of any time."""
    marked = hit.passage.article.text[slice(*hit.best_sentence)]
    return bool(dates_in(marked) or years_in(marked))


def _is_dated(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a text gives a date of one of the times."""
    times = [days_of(mention.value) for mention in mentions]
    return any(first <= begin and end <= last for begin, end in _days_in(text) for first, last in times)


def _days_in(text: str) -> list[Span]:
    """The first and the last day of each time in a text."""
    return [days_of(each.value) for found in times_in(text) for each in found] + [*map(days_of, years_in(text))]


def _was_published(passage: Passage, mention: Mention) -> bool:
    """Whether the date of a passage's article lies in a time, or overlaps it."""
    published, (first, last) = passage.article.published, days_of(mention.value)
    if not published:
        return False
    begin, end = days_of(published)
    return begin <= last and end >= first

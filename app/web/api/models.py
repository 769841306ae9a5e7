"""Responses of the interface as its description has them, each for the JSON of a record."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from app.answering.citation import Citation
from app.answering.conversation.smalltalk import Help
from app.answering.conversation.steps import Step
from app.answering.decision import Verdict
from app.answering.inventory.listing import Listing
from app.answering.links import article_address
from app.answering.suggestions.suggestion import Suggestion
from app.answering.ways.forms.comparisons import Side
from app.web.requests import Closed
from index.articles.article import Source
from index.articles.catalogue import Entry
from index.passages.sentences import Span
from index.reading.freshness import State
from index.search.explanation import Share, Thought, Word


class FiltersUsed(Closed):
    """The filters that were given, with names as the index writes them."""

    since: str = ""
    until: str = ""
    publishers: Sequence[str] = ()
    languages: Sequence[str] = ()
    folders: Sequence[str] = ()
    articles: Sequence[str] = ()


class Preference(Closed):
    """A part of the question that orders the passages; `key` is its name for `ignore`."""

    key: str
    kind: str
    value: str
    text: str


class AskResponse(Closed):
    """The passages that answer as `citations`, or else the nearest ones as `closest`.

    `answer`: the citations hold the answer; `related`: the closest passages may hold it; `none`: the articles do not
    say.
    """

    question: str
    verdict: Verdict
    answered: bool
    citations: Sequence[Citation]
    closest: Sequence[Citation]
    build: str
    history_used: Sequence[str]
    read_as: str
    step: Step | None
    section: str | None
    filters: FiltersUsed
    preferences: Sequence[Preference]
    notes: Sequence[str]
    respelled: dict[str, str]
    absent: Sequence[str]
    next: Sequence[str]
    sides: Sequence[Side]
    help: Help | None
    listing: Listing | None


class Fit(Preference):
    """A preference of the question, and whether the passage is as it asks."""

    fits: bool


class Bounds(Closed):
    """A span of an article's text."""

    start: int
    end: int


class WhyResponse(Closed):
    """The reasons for which a question finds a passage."""

    words: Sequence[Word]
    sentence: Bounds
    cosine: float
    shares: Sequence[Share] | None
    rest: float | None
    reader: Thought | None
    quote: str
    preferences: Sequence[Fit]


class Value(Closed):
    """A value to filter by, and the number of articles that have it."""

    name: str
    count: int


class FacetsResponse(Closed):
    """The values to filter by, most frequent first, and the range of dates."""

    publishers: Sequence[Value]
    languages: Sequence[Value]
    folders: Sequence[Value]
    first: str
    last: str


class CountedValue(Value):
    """A value to filter by, as people read it, and the number of articles that it would leave."""

    label: str


class Period(Closed):
    """A period to filter by, and its number of articles."""

    name: str
    since: str
    until: str
    count: int


class CountsResponse(Closed):
    """The values of each kind, counted under the filters of the other kinds."""

    articles: int
    publishers: Sequence[CountedValue]
    languages: Sequence[CountedValue]
    folders: Sequence[CountedValue]
    periods: Sequence[Period]
    more: Sequence[str]


class SuggestResponse(Closed):
    """Texts to ask for the words typed so far."""

    suggestions: Sequence[Suggestion]


class SearchResponse(Closed):
    """The ranked passages from `offset` on, numbered by rank; `more` tells whether others follow."""

    question: str
    verdict: Verdict
    build: str
    filters: FiltersUsed
    results: Sequence[Citation]
    offset: int
    more: bool


class ArticleEntry(Closed):
    """An article of the list; `link` opens its page."""

    article: str
    title: str
    publisher: str
    published: str
    link: str


def entry_of(entry: Entry, base: str) -> ArticleEntry:
    """An article of the list, with a link that begins with `base`."""
    return ArticleEntry(
        article=entry.id,
        title=entry.title,
        publisher=entry.publisher,
        published=entry.published,
        link=base + article_address(entry.id),
    )


class ArticlesResponse(Closed):
    """The articles from `offset` on, of `total`."""

    total: int
    offset: int
    articles: Sequence[ArticleEntry]
    build: str


class ArticleResponse(Closed):
    """An article with its whole text, of which every offset counts Unicode code points.

    `receipt` tells whether its file still holds it; `headings` are spans of the text.
    """

    article: str
    title: str
    text: str
    headings: Sequence[Span]
    publisher: str
    published: str
    sources: Sequence[Source]
    url: str | None
    language: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    receipt: State
    valid_until: str
    changed: str
    fetched: str
    link: str
    build: str

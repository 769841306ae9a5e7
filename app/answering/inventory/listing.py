"""Listing: articles that a question about the collection means, counted, ordered and quoted from the index."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.answering.inventory.quotation import quoted_hit
from app.answering.inventory.recognition import InventoryQuestion, Kind
from app.answering.inventory.summary import summary
from app.answering.links import passage_address
from index.arrays import Mask, Rows
from index.articles.filters import Filters
from index.keywords.tokenizer import terms
from index.reading.freshness import Freshness
from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.searcher import Searcher

PAGE = 20  # articles of a list
_FEW = 5  # newest or oldest articles
MAX_OFFSET = 1_000_000
_RANKED = 100  # passages by which articles are ordered; the others follow by date
_TOPICS = 50
_RETRIES = 10  # times that articles whose files have changed are left out


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article of a list, with a sentence of it: `quote == text[start:end]`."""

    article: str
    title: str
    publisher: str
    published: str
    link: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A folder, or a word of titles, and the number of its articles."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer to a question about the collection, and its `text` in the language of the question.

    `total` counts all articles that are meant, of which `articles` are those from `offset` on. `more` tells whether
    others follow.
    """

    kind: Kind
    text: str
    total: int
    articles: tuple[ListedArticle, ...] = ()
    order: Literal["date", "relevance"] = "date"
    offset: int = 0
    more: bool = False
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """The articles of a collection that pass the filters."""

    searcher: Searcher
    freshness: Freshness
    filters: Filters

    def listing(self, question: InventoryQuestion, offset: int, base: str) -> tuple[Listing, tuple[Hit, ...]]:
        """The listing, from the article `offset` on (of the first page), and a hit for each of its articles.

        Links begin with `base`. Raises BadFilter.
        """
        size = _FEW if question.kind in ("newest", "oldest") else PAGE
        first = offset + question.page * size
        stale = self.freshness.stale()
        for _ in range(_RETRIES):
            rows, order = self._ordered(question, stale)
            hits = self._hits(question, rows[first : first + size])
            if self.freshness.stale() <= stale:
                break
            stale |= self.freshness.stale()
        listing = Listing(
            kind=question.kind,
            text="",
            total=len(rows),
            articles=tuple(_listed(hit, base) for hit in hits),
            order=order,
            offset=first,
            more=first + size < len(rows),
        )
        if question.kind == "topics":
            topics, folders = self._topics(rows)
            listing = Listing("topics", "", len(rows), topics=topics)
            return _with_text(listing, summary(question, len(rows), folders=folders)), ()
        newest = self._entry(rows[:1])
        return _with_text(listing, summary(question, len(rows), newest)), hits

    def _ordered(self, question: InventoryQuestion, stale: Collection[str]) -> tuple[Rows, Literal["date", "relevance"]]:
        """The rows of the articles that are meant, in order, and the kind of the order."""
        rows = np.flatnonzero(self._meant(question, stale))
        facets, wanted = self.searcher.facets, question.conditions.order
        first, last = facets.first[rows], facets.last[rows]
        if question.kind in ("newest", "oldest"):
            wanted = question.kind
            rows, first, last = rows[first > 0], first[first > 0], last[first > 0]
        sign = 1 if wanted == "oldest" else -1
        by_date = rows[np.lexsort((rows, sign * last, sign * first, first == 0))]
        if wanted or not question.subject:
            return by_date, "date"
        hits = self.searcher.fused(Question(question.subject), _RANKED, filters=self.filters)
        ranks: dict[int | None, int] = {}
        for hit in hits:
            ranks.setdefault(self.searcher.articles.row(hit.passage.article.id), len(ranks))
        ranked = sorted(by_date.tolist(), key=lambda row: ranks.get(row, len(ranks)))
        return np.array(ranked, np.int64), "relevance"

    def _meant(self, question: InventoryQuestion, stale: Collection[str]) -> Mask:
        """Whether each article is meant: visible, as its file was read, and as the filters and the question want it."""
        facets, articles, conditions = self.searcher.facets, self.searcher.articles, question.conditions
        meant = facets.passing(self.filters) & self._visible()
        meant[[row for name in stale if (row := articles.row(name)) is not None]] = False
        if conditions.days:
            meant &= facets.within(*conditions.days)
        for name in conditions.publishers:
            meant &= facets.with_any([facets.publishers[name]])
        for row in np.flatnonzero(meant & ~self._mentioning(question)).tolist():
            meant[row] = False
        return meant

    def _visible(self) -> Mask:
        seen = self.searcher.articles.seen
        return np.ones(len(self.searcher.facets.first), np.bool_) if seen is None else seen.copy()

    def _mentioning(self, question: InventoryQuestion) -> Mask:
        """Whether each article mentions the subject.

        A passage, the heading above it and the title hold all its terms together. Words in quotation marks must stand
        in the article next to each other; then the terms may stand in different passages.
        """
        if not question.tokens:
            return self._visible()
        groups = [[token] for token in question.tokens] if question.phrases else [question.tokens]
        mentioning = self._visible()
        for tokens in groups:
            holding = np.zeros(len(mentioning), np.bool_)
            holding[self.searcher.articles_with(tokens)] = True
            mentioning &= holding
        return mentioning

    def _hits(self, question: InventoryQuestion, rows: Rows) -> tuple[Hit, ...]:
        hits = []
        for _, name in self.searcher.articles.ids(rows.tolist()):
            article = self.searcher.articles.by_id(name)
            if article and self.freshness.state(article) not in ("changed", "gone"):
                hits.append(quoted_hit(article, question.tokens, question.phrases))
        return tuple(hits)

    def _entry(self, rows: Rows) -> tuple[str, str]:
        """Title and date of the first of these articles, empty without any."""
        ids = self.searcher.articles.ids(rows.tolist())
        article = self.searcher.articles.by_id(ids[0][1]) if ids else None
        return (article.title, article.published) if article else ("", "")

    def _topics(self, rows: Rows) -> tuple[tuple[Topic, ...], int]:
        """Topics with their numbers of articles, most first, and the number of folders; without folders, words."""
        folders = ((value.name, len(np.intersect1d(value.rows, rows))) for value in self.searcher.facets.folders.values())
        topics = [Topic(name, count) for name, count in folders if count]
        found = topics or [Topic(word, count) for word, count in self._title_words(rows)]
        found.sort(key=lambda topic: (-topic.count, topic.name))
        return tuple(found[:_TOPICS]), len(topics)

    def _title_words(self, rows: Rows) -> Iterator[tuple[str, int]]:
        """The words of the articles' titles, as first written, with the number of titles that hold each."""
        titles: Sequence[str] = self.searcher.articles.column("title")
        counts: Counter[str] = Counter()
        written: dict[str, str] = {}
        for row in rows.tolist():
            of_title = {term: word for word, term in reversed(terms(titles[row])) if not term[0].isdigit()}
            counts.update(of_title.keys())
            written = of_title | written
        return ((written[term], count) for term, count in counts.most_common(_TOPICS))


def _listed(hit: Hit, base: str) -> ListedArticle:
    article, (start, end) = hit.passage.article, hit.best_sentence
    link = base + passage_address(hit.passage, hit.best_sentence)
    return ListedArticle(
        article.id, article.title, article.publisher, article.published, link, article.text[start:end], start, end
    )

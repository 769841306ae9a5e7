"""Inventory: questions about the collection, answered from the index."""

from dataclasses import dataclass

from app.answering.inventory.listing import Listing, listed
from app.answering.inventory.quotation import quoted_hit
from app.answering.inventory.recognition import InventoryQuestion
from app.answering.inventory.selection import Selection
from app.answering.inventory.summary import end_summary, summary, topics_summary
from app.answering.inventory.topics import folders, title_words
from index.arrays import Rows
from index.articles.filters import Filters
from index.reading.freshness import Freshness
from index.search.hits import Hit
from index.search.searcher import Searcher

PAGE = 20  # articles of a list
MAX_PAGE = 100  # of a list that is to be as long as the question says
MAX_OFFSET = 1_000_000
_NEWEST = 5  # articles of a list of the newest or oldest
_ATTEMPTS = 10  # selections until the articles of a collection that changes all over have to do


@dataclass(frozen=True, slots=True)
class Inventory:
    """The visible articles of a collection that pass the filters and are as they were read."""

    searcher: Searcher
    freshness: Freshness
    filters: Filters

    def listing(self, question: InventoryQuestion, offset: int = 0, base: str = "") -> tuple[Listing, tuple[Hit, ...]]:
        """The answer, and a hit for each article in it.

        The list begins `offset` articles after the page that the question asks for; links begin with `base`. Raises
        BadFilter.
        """
        size = min(question.most, MAX_PAGE) or (_NEWEST if question.kind in ("newest", "oldest") else PAGE)
        first = offset + question.page * size
        for _ in range(_ATTEMPTS):
            stale = self.freshness.stale()
            rows, order = Selection(self.searcher, self.filters, stale).rows(question)
            hits = [] if question.kind == "topics" else self._hits(question, rows[first : first + size])
            if self.freshness.stale() <= stale:
                break
        if question.kind == "topics":
            return self._topics(question, rows), ()
        articles, total = tuple(listed(hit, base) for hit in hits), len(rows)
        shown_all = total and first >= total
        text = end_summary(question, total) if shown_all else summary(question, total, self._entry(rows[:1]))
        more = first + size < total
        return Listing(question.kind, text, total, articles, order=order, offset=first, more=more), tuple(hits)

    def _topics(self, question: InventoryQuestion, rows: Rows) -> Listing:
        named = folders(self.searcher.facets, rows)
        text = topics_summary(question, len(rows), len(named))
        return Listing("topics", text, len(rows), topics=named or title_words(self.searcher.articles, rows))

    def _entry(self, rows: Rows) -> tuple[str, str]:
        """Title and date of the first of these articles, empty without any."""
        ids = self.searcher.articles.ids(rows.tolist())
        article = self.searcher.articles.by_id(ids[0][1]) if ids else None
        return (article.title, article.published) if article else ("", "")

    def _hits(self, question: InventoryQuestion, rows: Rows) -> list[Hit]:
        articles = (self.searcher.articles.by_id(name) for _, name in self.searcher.articles.ids(rows.tolist()))
        fresh = (each for each in articles if each and self.freshness.state(each) not in ("changed", "gone"))
        return [quoted_hit(article, question.tokens, question.phrases) for article in fresh]

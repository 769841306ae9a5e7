"""Selection of the articles that a question about the collection means, and their order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from app.answering.inventory.listing import Order
from app.answering.inventory.recognition import InventoryQuestion
from app.answering.ways.words.verbatim import holds
from index.arrays import Mask, Rows
from index.articles.filters import Filters
from index.search.questions.question import Question
from index.search.searcher import Searcher

_RANKED = 100  # passages by which articles are ordered; articles with none of them follow by date


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection from the visible articles that pass the filters, without the articles `exclude` (ids)."""

    searcher: Searcher
    filters: Filters
    exclude: Collection[str]

    def rows(self, question: InventoryQuestion) -> tuple[Rows, Order]:
        """The rows of all articles that are meant, in order, and the kind of order. Raises BadFilter."""
        rows = self._by_date(question)
        if question.conditions.order or not question.subject or question.kind in ("newest", "oldest"):
            return rows, "date"
        hits = self.searcher.fused(Question(question.subject), _RANKED, filters=self.filters)
        articles = dict.fromkeys(hit.passage.article.id for hit in hits)
        ranks = {self.searcher.articles.row(name): rank for rank, name in enumerate(articles)}
        return np.array(sorted(rows.tolist(), key=lambda row: ranks.get(row, len(ranks))), np.int64), "relevance"

    def _by_date(self, question: InventoryQuestion) -> Rows:
        """The rows by date, newest first unless the oldest are wanted; articles without a date last, or left out.

        A year or month counts from its first day.
        """
        facets, rows = self.searcher.facets, np.flatnonzero(self._meant(question))
        if question.kind in ("newest", "oldest"):
            rows = rows[facets.first[rows] > 0]
        sign = 1 if "oldest" in (question.kind, question.conditions.order) else -1
        first, last = facets.first[rows], facets.last[rows]
        return rows[np.lexsort((rows, sign * last, sign * first, first == 0))]

    def _meant(self, question: InventoryQuestion) -> Mask:
        facets, articles, conditions = self.searcher.facets, self.searcher.articles, question.conditions
        meant = facets.passing(self.filters)
        if articles.seen is not None:
            meant &= articles.seen
        meant[[row for name in self.exclude if (row := articles.row(name)) is not None]] = False
        if conditions.days:
            meant &= facets.within(*conditions.days)
        if conditions.languages:
            values = facets.languages
            meant &= facets.with_any([values[code] for code in conditions.languages if code in values])
        for name in conditions.publishers:
            meant &= facets.with_any([facets.publishers[name]])
        # The terms of a phrase are looked up one by one, since a phrase may go on from one passage to the next.
        for tokens in [[token] for token in question.tokens] if question.phrases else [question.tokens]:
            meant &= self._holding(tokens)
        for tokens in question.without:
            meant &= ~self._holding(tokens)
        if question.phrases:
            meant[[row for row in np.flatnonzero(meant) if not self._has_phrases(int(row), question.phrases)]] = False
        return meant

    def _holding(self, tokens: Collection[str]) -> Mask:
        """Whether each article has a passage that holds all of these terms, with its heading and title."""
        holding: Mask = np.full(len(self.searcher.facets.first), not tokens)
        if tokens:
            holding[self.searcher.articles_with(tokens)] = True
        return holding

    def _has_phrases(self, row: int, phrases: Sequence[str]) -> bool:
        articles = self.searcher.articles
        article = next((articles.by_id(name) for _, name in articles.ids([row])), None)
        return article is not None and all(holds(f"{article.title}\n{article.text}", each) for each in phrases)

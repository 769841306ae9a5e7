"""A database as a store: candidates found by two legs of SQL, and measured from their rows."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from psycopg.sql import Composed

from index.arrays import Mask
from index.articles.catalogue import known_as, may_see
from index.articles.facets import Facets
from index.articles.filters import Filters
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.keywords.vocabulary import Vocabulary
from index.search.query import EncodedQuery
from index.search.store import Choice
from index.stores.postgresql.candidates import DatabaseCandidates
from index.stores.postgresql.catalogue import DatabaseCatalogue, Texts
from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.export import encoded_articles
from index.stores.postgresql.retrieval import Leg, Subset, among, any_label, filtered, found, outside
from index.stores.postgresql.scoring import Keywords, fetched
from index.stores.postgresql.seen import SeenVocabulary
from index.stores.postgresql.vocabulary import DatabaseVocabulary, having, totals

_MOST_OFFSET = 2**31 - 1
_PREFERRED = 5_000  # articles for which candidates of their own are looked for: to prefer more changes nearly nothing


class DatabaseStore:
    """What a database held when it was opened, as an `index.search.store.Store`; search finds what it holds now."""

    def __init__(
        self,
        connections: Connections,
        manifest: Manifest,
        articles: DatabaseCatalogue,
        texts: Texts,
        *,
        groups: tuple[frozenset[str], ...] = (),
        whole: DatabaseVocabulary | None = None,
    ) -> None:
        self._connections = connections
        self._texts = texts
        self._groups = groups
        self._passages = np.array(articles.passages, np.int64)
        self.manifest = manifest
        self.articles = articles
        self.facets = Facets.of(articles)
        self._visible = tuple(any_label("g", known_as(own)) for own in groups)
        self._whole = whole or DatabaseVocabulary(connections, manifest.counts.passages)
        self.vocabulary: Vocabulary = self._whole if articles.seen is None else self._seen_words(articles.seen)

    def seen_by(self, groups: frozenset[str]) -> "DatabaseStore":
        """The same database as somebody of these groups sees it."""
        articles, seen_by = self.articles.seen_by(groups), (*self._groups, groups)
        return DatabaseStore(self._connections, self.manifest, articles, self._texts, groups=seen_by, whole=self._whole)

    def share(self, article_ids: Collection[str]) -> float:
        """Which share of the passages is these articles'."""
        return self._passing(self._of(article_ids)) / max(int(self._passages.sum()), 1)

    def candidates(self, views: Sequence[EncodedQuery], limit: int, choice: Choice) -> DatabaseCandidates:
        """The best `limit` passages of each leg for each way to read a question. Raises BadFilter or Unavailable."""
        subsets = self._subsets(choice)

        def measured(connection: Connection) -> DatabaseCandidates:
            keywords = _keywords(connection, views)
            legs = [Leg(view, keywords, subset, limit) for view in views for subset in subsets]
            places = found(connection, legs)
            rows = fetched(connection, (place for own in places for place in own))
            complete = all(len(own) < limit for own in places)
            return DatabaseCandidates(rows, views, keywords, self._texts, prefer=choice.prefer, complete=complete)

        return self._connections.ask(measured)

    def at(self, article_id: str, start: int, end: int, view: EncodedQuery) -> DatabaseCandidates | None:
        """The passage with this span, measured by this way to read a question, or None."""
        if self.articles.row(article_id) is None:
            return None

        def measured(connection: Connection) -> DatabaseCandidates | None:
            rows = fetched(connection, [(article_id, start)])
            if rows is None or rows.ends != [end]:
                return None
            return DatabaseCandidates(rows, [view], _keywords(connection, [view]), self._texts)

        found = self._connections.ask(measured) if 0 <= start < end <= _MOST_OFFSET else None
        return found if found and self._may_see(found) else None

    def encoded(self) -> Iterator[EncodedArticle]:
        """All that the database holds, in order of article id."""
        return encoded_articles(self._connections)

    def _may_see(self, found: DatabaseCandidates) -> bool:
        """Whether the article of the passage found is for whoever sees this store, as it is now."""
        named = [passage.article.groups for _, passage in found.passages([0])]
        return all(may_see(groups, own) for groups in self._groups for own in named)

    def _seen_words(self, seen: Mask) -> SeenVocabulary:
        hidden = int(self._passages[~seen].sum())
        return SeenVocabulary(self._whole, self._connections, self._visible, hidden)

    def _subsets(self, choice: Choice) -> list[Subset]:
        """What is searched, and where some articles are preferred, besides these alone."""
        within = self.facets.resolved(choice.within) if choice.within else choice.within
        conditions = (*filtered(within), *self._visible)
        passing = self._allowed(within)
        if choice.without:
            conditions += (outside(choice.without),)
        subsets = [self._subset(conditions, passing)]
        if 0 < len(choice.prefer) <= _PREFERRED:
            subsets.append(self._subset((*conditions, among(choice.prefer)), passing & self._of(choice.prefer)))
        return subsets

    def _subset(self, conditions: tuple[Composed, ...], passing: Mask) -> Subset:
        return Subset(conditions, self._passing(passing), int(self._passages.sum()))

    def _allowed(self, within: Filters) -> Mask:
        """For each article whether it passes and is seen, as far as is known here."""
        passing = self.facets.passing(within)
        return passing if self.articles.seen is None else passing & self.articles.seen

    def _of(self, article_ids: Collection[str]) -> Mask:
        """For each article whether it is one of these."""
        mask = np.zeros(len(self._passages), np.bool_)
        mask[[row for article_id in article_ids if (row := self.articles.row(article_id)) is not None]] = True
        return mask

    def _passing(self, articles: Mask) -> int:
        """How many passages these articles have."""
        return int(self._passages[articles].sum())


def _keywords(connection: Connection, views: Sequence[EncodedQuery]) -> Keywords:
    return Keywords(having({token for view in views for token in view.tokens}, connection), totals(connection))

"""A database as a store: candidates are retrieved by SQL, signals are computed from their rows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from index.arrays import Mask, Rows
from index.articles.catalogue import known_as
from index.articles.facets import Facets
from index.errors import Unavailable
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.keywords.vocabulary import Vocabulary
from index.search.questions.query import EncodedQuery
from index.search.store import Scope
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.export import encoded_articles
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.search import textsearch
from index.stores.postgresql.search.candidates import DatabaseCandidates
from index.stores.postgresql.search.catalogue import DatabaseCatalogue
from index.stores.postgresql.search.retrieval import (
    Subset,
    among,
    any_label,
    articles_with,
    filtered,
    outside,
    retrieve,
)
from index.stores.postgresql.search.scoring import Keywords, fetch_passages
from index.stores.postgresql.search.vocabulary import DatabaseVocabulary, statistics, visible_words
from index.stores.seen_vocabulary import SeenVocabulary

_MAX_OFFSET = 2**31 - 1
_READ_AHEAD = 12  # best passages of a ranking whose articles are read together with the candidates
_BOOSTED = 5_000  # articles at most that get candidates of their own


class DatabaseStore:
    """A database as an `index.search.store.Store`: metadata as of its opening, passages as of the search."""

    def __init__(
        self,
        connections: Connections,
        manifest: Manifest,
        articles: DatabaseCatalogue,
        whole: DatabaseVocabulary | None = None,
        *,
        shards: tuple[str, ...] = (),
        incomplete: int = 0,
    ) -> None:
        """`shards` are the views of the passages of each shard that is read, where the database joins some."""
        self._connections, self._shards, self.incomplete = connections, shards, incomplete
        self._passages = np.array(articles.passages, np.int64)
        self.manifest = manifest
        self.articles = articles
        self.facets = Facets.of(articles)
        self._visible = tuple(any_label("g", known_as(names)) for names in articles.groups)
        self._whole = whole or DatabaseVocabulary(connections, manifest.counts.passages)
        self.vocabulary: Vocabulary = self._whole if articles.seen is None else self._seen_words(articles.seen)

    def seen_by(self, groups: frozenset[str]) -> "DatabaseStore":
        """The same database, restricted to articles that members of these groups may see."""
        seen = self.articles.seen_by(groups)
        return DatabaseStore(
            self._connections,
            self.manifest,
            seen,
            self._whole,
            shards=self._shards,
            incomplete=self.incomplete,
        )

    def candidates(self, queries: Sequence[EncodedQuery], limit: int, scope: Scope) -> DatabaseCandidates:
        """The best `limit` passages of each retriever for each query. Raises BadFilter or Unavailable."""
        subsets = self._subsets(scope)

        def retrieved(connection: Connection) -> DatabaseCandidates:
            index = textsearch.state(connection)  # sent together with the next statements
            keywords = _keywords(connection, queries)
            indexed = textsearch.usable(index)
            self._whole.notice(keywords.totals)
            rankings = retrieve(connection, queries, keywords, subsets, limit, indexed=indexed)
            best = {article for ranking in rankings for article, _ in ranking[:_READ_AHEAD]}
            with self.articles.texts.read_ahead(connection, best):
                rows = fetch_passages(connection, chain.from_iterable(rankings), sharded=bool(self._shards))
            complete = all(len(ranking) < limit for ranking in rankings)
            return DatabaseCandidates(
                rows, queries, keywords, self.articles.texts, boost=scope.boost, complete=complete
            )

        return self._connections.ask(retrieved)

    def articles_with(self, tokens: Collection[str]) -> Rows:
        """The rows of the visible articles with a passage that holds all of these index terms, in order."""
        statement = articles_with(tokens, self._visible)
        ids = self._connections.ask(lambda connection: [name for (name,) in connection.execute(statement)])
        return np.array(sorted(row for name in ids if (row := self.articles.row(name)) is not None), np.int64)

    def at(self, article_id: str, start: int, end: int, query: EncodedQuery) -> DatabaseCandidates | None:
        """The passage with this span and its signals for the query, or None."""
        if self.articles.row(article_id) is None:
            return None

        def fetched(connection: Connection) -> DatabaseCandidates | None:
            rows = fetch_passages(connection, [(article_id, start)], sharded=bool(self._shards))
            if rows.ends != [end]:
                return None
            return DatabaseCandidates(rows, [query], _keywords(connection, [query]), self.articles.texts)

        candidates = self._connections.ask(fetched) if 0 <= start < end <= _MAX_OFFSET else None
        return candidates if candidates and self.articles.by_id(article_id) else None

    def encoded(self) -> Iterator[EncodedArticle]:
        """All articles with their passages and vectors, in order of article id. Raises Unavailable if incomplete."""
        if self.incomplete:
            raise Unavailable(f"one of the {self.incomplete} shards of {self._connections} does not answer")
        return encoded_articles(self._connections)

    def _seen_words(self, seen: Mask) -> SeenVocabulary:
        return SeenVocabulary(self._whole, visible_words(self._connections, self._visible, self._passing(~seen)))

    def _subsets(self, scope: Scope) -> list[Subset]:
        """The subset to search and, with a boost, the boosted articles in it as a second subset.

        Of too many boosted articles, those with the highest weight are the second subset.
        """
        filters = self.facets.resolved(scope.filters) if scope.filters else scope.filters
        conditions = (*filtered(filters), *self._visible)
        passing = self.facets.passing(filters)  # articles as of the opening
        if self.articles.seen is not None:
            passing = passing & self.articles.seen
        if scope.exclude:
            conditions += (outside(scope.exclude),)
        subsets = [Subset(conditions, self._passing(passing), int(self._passages.sum()), self._shards)]
        boosted = set(scope.boost)
        if len(boosted) > _BOOSTED:
            heaviest = max(scope.boost.values())
            boosted = {article for article, weight in scope.boost.items() if weight == heaviest}
        if 0 < len(boosted) <= _BOOSTED:
            count = self._passing(passing & self._of(boosted))
            subsets.append(replace(subsets[0], conditions=(*conditions, among(boosted)), passing=count))
        return subsets

    def _of(self, article_ids: Collection[str]) -> Mask:
        """Whether each article is one of these."""
        mask = np.zeros(len(self._passages), np.bool_)
        mask[[row for article_id in article_ids if (row := self.articles.row(article_id)) is not None]] = True
        return mask

    def _passing(self, articles: Mask) -> int:
        """Number of passages of these articles."""
        return int(self._passages[articles].sum())


def _keywords(connection: Connection, queries: Sequence[EncodedQuery]) -> Keywords:
    tokens = {token for query in queries for token in query.tokens}
    return Keywords(*statistics(tokens, connection))

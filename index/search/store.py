"""The protocol of a store: all that search needs of the engine that holds a collection.

Implementations: a folder of builds searched by FAISS (`index.stores.builds.store`), and PostgreSQL
with pgvector (`index.stores.postgresql.search.store`). Both give the same records, signals and errors.
BadQuestion, BadFilter and BadRecord are never retried. A foreign schema or encoder is refused on
opening (ForeignIndex). An unreachable store is retried with growing pauses before Unavailable is raised.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from index.arrays import Rows, Scores, Vectors
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.articles.filters import EVERYTHING, Filters
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.keywords.vocabulary import Vocabulary
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.questions.query import EncodedQuery, Signals

NO_BOOST: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a collection to search: articles that pass the filters, minus `exclude` (ids).

    Passages of the articles in `boost` (id to weight) are candidates beside the best of all passages.
    """

    filters: Filters = EVERYTHING
    exclude: frozenset[str] = frozenset()
    boost: Mapping[str, float] = field(default_factory=dict)


class Candidates(Protocol):
    """Passages that may answer a question, sorted by article id and start; a position is an index into them."""

    @property
    def signals(self) -> Sequence[Signals]:
        """Signals of the candidates for each query."""

    @property
    def boosts(self) -> Scores:
        """The weight of each candidate's article in the boost, 0 without one."""

    @property
    def complete(self) -> bool:
        """Whether a larger limit would find no other candidates."""

    def __len__(self) -> int:
        """Number of candidates."""

    def passages(self, positions: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        """These positions with their passages, in this order; passages that have been deleted since are left out."""

    def passage(self, position: int) -> Passage:
        """The passage at a position that `passages` has returned."""

    def sentences(self, position: int) -> list[Span]:
        """The spans of a passage's sentences."""

    def vector(self, position: int) -> Vectors:
        """A passage's vector, shape (dimension,), float32."""

    def bm25(self, token: str, positions: Sequence[int]) -> Scores:
        """The part of one occurrence of a token in the question in the BM25 score of each of these passages."""


class Store(Protocol):
    """A collection that can be searched; threads may share it."""

    @property
    def manifest(self) -> Manifest:
        """Encoder, settings and counts of the collection."""

    @property
    def incomplete(self) -> int:
        """The number of servers that hold the collection if one of them does not answer and is left out, else 0."""

    @property
    def articles(self) -> Catalogue:
        """The articles of the collection."""

    @property
    def facets(self) -> Facets:
        """Names that articles can be filtered by."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of BM25."""

    def candidates(self, queries: Sequence[EncodedQuery], limit: int, scope: Scope) -> Candidates:
        """The best `limit` passages of each retriever (dense, BM25) for each query. Raises BadFilter or Unavailable."""

    def articles_with(self, tokens: Collection[str]) -> Rows:
        """The rows of the visible articles with a passage that holds all of these index terms, in order.

        The title and the heading above a passage belong to it. There must be at least one term. Raises Unavailable.
        """

    def at(self, article_id: str, start: int, end: int, query: EncodedQuery) -> Candidates | None:
        """The passage with this span and its signals for the query; None if there is no such passage."""

    def seen_by(self, groups: frozenset[str]) -> "Store":
        """The same collection, restricted to articles that members of these groups may see."""

    def encoded(self) -> Iterator[EncodedArticle]:
        """All articles with their passages and vectors, in order of article id, for another store to take over."""

"""The seam: what search needs of the store that keeps a collection. Nothing above it knows which engine runs.

There are two: a folder of builds, searched by FAISS (`index.stores.builds.snapshot`), and PostgreSQL with pgvector
(`index.stores.postgresql`). Both give the same records, the same signals and the same errors: what is wrong
with what was asked or given is never tried again (BadQuestion, BadFilter, BadRecord); another schema
or encoder is refused when a store is opened (ForeignIndex); one that cannot be reached for a while is
tried again, ever more rarely, before Unavailable is raised.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.arrays import Mask, Vectors
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.articles.filters import EVERYTHING, Filters
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.keywords.vocabulary import Vocabulary
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.query import EncodedQuery, Signals


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a collection is searched: what passes the filters but is not `without`, articles by id.

    For the passages of the articles in `prefer` candidates are found besides those of all.
    """

    within: Filters = EVERYTHING
    without: frozenset[str] = frozenset()
    prefer: frozenset[str] = frozenset()


class Candidates(Protocol):
    """Passages that may answer a question, by place: in order of article id and start.

    `signals` are theirs for each way in which the question is read. `complete` says that a larger
    limit would find no others.
    """

    @property
    def signals(self) -> Sequence[Signals]:
        """For each way to read the question."""

    @property
    def preferred(self) -> Mask:
        """Which of them are of articles that are preferred."""

    @property
    def complete(self) -> bool:
        """Whether a larger limit would find no others."""

    def __len__(self) -> int:
        """How many there are."""

    def passages(self, places: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        """These places with their passages, in this order; one that has gone since is left out."""

    def passage(self, place: int) -> Passage:
        """The passage at a place that `passages` has given."""

    def sentences(self, place: int) -> list[Span]:
        """The spans of a passage's sentences."""

    def vector(self, place: int) -> Vectors:
        """A passage's vector, shape (dimension,), float32."""

    def bm25(self, token: str, place: int) -> float:
        """What a token of a question adds to a passage's BM25 score, once for each time it is asked."""


class Store(Protocol):
    """A collection that can be searched; threads may share it."""

    @property
    def manifest(self) -> Manifest:
        """What it holds and what it was made of."""

    @property
    def articles(self) -> Catalogue:
        """Its articles."""

    @property
    def facets(self) -> Facets:
        """What its articles can be filtered by."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of its keyword leg."""

    def candidates(self, views: Sequence[EncodedQuery], limit: int, choice: Choice) -> Candidates:
        """The best `limit` passages of each leg for each way to read a question. Raises BadFilter or Unavailable."""

    def at(self, article_id: str, start: int, end: int, view: EncodedQuery) -> Candidates | None:
        """The one passage with this span, measured by this way to read a question; None where there is none."""

    def share(self, article_ids: Collection[str]) -> float:
        """Which share of the passages is these articles'; an article that is not there has none."""

    def seen_by(self, groups: frozenset[str]) -> "Store":
        """The same collection as somebody of these groups sees it: articles of other groups are not there."""

    def encoded(self) -> Iterator[EncodedArticle]:
        """All that it holds, in order of article id, for another store to take over."""

"""A build as a store: candidates are rows of its tables, signals are read from memory-mapped files."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np

from index.arrays import Mask, Rows, Scores, Vectors
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.keywords.sentence_terms import ranges
from index.keywords.vocabulary import Vocabulary
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.questions.query import EncodedQuery, Signals
from index.search.store import Scope
from index.stores.builds.snapshot import Snapshot, damage_told, encoded_articles, read_snapshot
from index.stores.seen_vocabulary import SeenVocabulary


@dataclass(frozen=True, slots=True)
class RowCandidates:
    """Candidates of a build, by row: an `index.search.store.Candidates`."""

    snapshot: Snapshot
    rows: Rows
    signals: Sequence[Signals]
    boosts: Scores
    complete: bool

    def __len__(self) -> int:
        return len(self.rows)

    def passages(self, positions: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        """These positions with their passages; passages of a build are never deleted."""
        return ((position, self.passage(position)) for position in positions)

    def passage(self, position: int) -> Passage:
        """The passage at a position."""
        return self.snapshot.passage(int(self.rows[position]))

    def sentences(self, position: int) -> list[Span]:
        """The spans of a passage's sentences."""
        return self.snapshot.sentences_of(int(self.rows[position]))

    def vector(self, position: int) -> Vectors:
        """A passage's vector."""
        return self.snapshot.vectors.at(int(self.rows[position]))

    def bm25(self, token: str, positions: Sequence[int]) -> Scores:
        """The part of one occurrence of a token in the question in the BM25 score of each of these passages."""
        return self.snapshot.bm25.scores([token], self.rows[list(positions)])


class SnapshotStore:
    """One build as an `index.search.store.Store`, whole or restricted to visible articles."""

    incomplete = 0

    def __init__(self, snapshot: Snapshot, articles: Catalogue) -> None:
        self._snapshot = snapshot
        self.manifest: Manifest = snapshot.manifest
        self.articles = articles
        self.facets = Facets.of(articles)
        self._seen = None if articles.seen is None else articles.seen[snapshot.rows.passages["article"]]
        bm25 = snapshot.bm25
        self.vocabulary: Vocabulary = bm25 if articles.seen is None else SeenVocabulary(bm25, self._visible_words)

    def seen_by(self, groups: frozenset[str]) -> "SnapshotStore":
        """The same build, restricted to articles that members of these groups may see."""
        return SnapshotStore(self._snapshot, self.articles.seen_by(groups))

    def candidates(self, queries: Sequence[EncodedQuery], limit: int, scope: Scope) -> RowCandidates:
        """The best `limit` passages of each retriever for each query. Raises BadFilter."""
        allowed, boosts = self._allowed(scope), self._weights(scope.boost)
        masks = [allowed]
        if scope.boost:
            masks.append((boosts > 0) if allowed is None else (boosts > 0) & allowed)
        rankings = [rows for query in queries for mask in masks for rows in self._retrieved(query, limit, mask)]
        found = set().union(*(ranking.tolist() for ranking in rankings))  # numpy.unique would import numpy.ma
        rows = np.array(sorted(found), np.int64)
        complete = all(len(ranking) < limit for ranking in rankings)
        signals = score_signals(queries, self._snapshot, rows)
        return RowCandidates(self._snapshot, rows, signals, boosts[rows], complete)

    def articles_with(self, tokens: Collection[str]) -> Rows:
        """The rows of the visible articles with a passage that holds all of these index terms, in order."""
        passages = reduce(np.intersect1d, map(self._snapshot.bm25.passages_with, tokens))
        articles = np.unique(self._snapshot.rows.passages["article"][passages]).astype(np.int64)
        return articles if self.articles.seen is None else articles[self.articles.seen[articles]]

    def at(self, article_id: str, start: int, end: int, query: EncodedQuery) -> RowCandidates | None:
        """The passage with this span and its signals for the query, or None."""
        article = self.articles.row(article_id)
        row = None if article is None else self._snapshot.row_of(article, start, end)
        if row is None:
            return None
        rows = np.array([row])
        signals = score_signals([query], self._snapshot, rows)
        return RowCandidates(self._snapshot, rows, signals, np.zeros(1, np.float32), complete=True)

    def encoded(self) -> Iterator[EncodedArticle]:
        """All articles with their passages and vectors, in order of article id."""
        return encoded_articles(self._snapshot)

    def _visible_words(self, words: Iterable[str]) -> set[str]:
        """The words that occur in a visible passage."""
        bm25, seen = self._snapshot.bm25, self._seen
        return {word for word in words if seen is None or seen[bm25.passages_with(word)].any()}

    def _retrieved(self, query: EncodedQuery, limit: int, allowed: Mask | None) -> Iterator[Rows]:
        """Rows of the best `limit` passages by BM25, then by cosine."""
        limit = min(limit, self._snapshot.bm25.passages)
        yield self._snapshot.bm25.best(query.tokens, limit, allowed)
        if query.vocabulary_coverage:  # without it the vector is noise
            yield self._snapshot.vectors.search(query.vector, limit, allowed)

    def _allowed(self, scope: Scope) -> Mask | None:
        """Whether each passage is searched; None if all are. Raises BadFilter."""
        masks = [] if self._seen is None else [self._seen]
        if scope.filters:
            masks.append(self.facets.passing(scope.filters)[self._snapshot.rows.passages["article"]])
        if scope.exclude:
            masks.append(self._weights(dict.fromkeys(scope.exclude, 1.0)) == 0)
        return np.logical_and.reduce(masks) if masks else None

    def _weights(self, of_articles: Mapping[str, float]) -> Scores:
        """The weight of each passage's article, 0 for other articles; unknown articles are left out."""
        rows = {row: weight for name, weight in of_articles.items() if (row := self.articles.row(name)) is not None}
        if not rows:  # the usual case: the table need not be read
            return np.zeros(self._snapshot.bm25.passages, np.float32)
        weights = np.zeros(len(self.facets.first), np.float32)
        weights[list(rows)] = list(rows.values())
        return np.asarray(weights[self._snapshot.rows.passages["article"]])


def read_store(folder: Path) -> SnapshotStore:
    """Open the build in `folder`; raises like `read_snapshot`."""
    snapshot = read_snapshot(folder)
    with damage_told(folder):
        return SnapshotStore(snapshot, snapshot.articles)


def score_signals(queries: Sequence[EncodedQuery], snapshot: Snapshot, rows: Rows) -> list[Signals]:
    """Signals of the passages in these rows for each query; vectors are read once for all queries."""
    if not len(rows):
        return []
    records = snapshot.rows.passages[rows]
    counts = records["count"].astype(np.int64)
    sentences = ranges(records["first"].astype(np.int64), counts)
    vectors = np.stack([query.vector for query in queries])
    near = zip(
        vectors @ snapshot.vectors.at(rows).T, snapshot.sentence_vectors.cosines(sentences, vectors), strict=True
    )
    return [
        Signals(
            passages=passages,
            sentences=cosines,
            words=snapshot.words.shares(sentences, _shares(query, snapshot)),
            first=np.cumsum(counts) - counts,
            bm25=snapshot.bm25.scores(query.tokens, rows) / np.float32(query.max_bm25 or 1),
            vocabulary_coverage=query.vocabulary_coverage,
            length_factor=query.length_factor,
        )
        for query, (passages, cosines) in zip(queries, near, strict=True)
    ]


def _shares(query: EncodedQuery, snapshot: Snapshot) -> dict[int, float]:
    """The idf share of each known term of the query, by its row in the vocabulary."""
    rows = ((snapshot.bm25.row_of(word), share) for word, share in query.idf_shares().items())
    return {row: share for row, share in rows if row is not None}

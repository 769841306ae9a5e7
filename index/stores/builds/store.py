"""One build as a store: candidates are rows of its tables, and signals are read from its mapped files."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.arrays import Mask, Rows, Vectors
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.keywords.bm25 import Bm25
from index.keywords.sentence_terms import ranges
from index.keywords.vocabulary import Vocabulary
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.query import EncodedQuery, Signals
from index.search.store import Choice
from index.stores.builds.export import encoded_articles
from index.stores.builds.snapshot import Snapshot, damage_told, read_snapshot


@dataclass(frozen=True, slots=True)
class RowCandidates:
    """Passages of a build by row: an `index.search.store.Candidates`."""

    snapshot: Snapshot
    rows: Rows
    signals: Sequence[Signals]
    preferred: Mask
    complete: bool

    def __len__(self) -> int:
        return len(self.rows)

    def passages(self, places: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        """These places with their passages: nothing goes from a build."""
        return ((place, self.passage(place)) for place in places)

    def passage(self, place: int) -> Passage:
        """The passage at a place."""
        return self.snapshot.passage(int(self.rows[place]))

    def sentences(self, place: int) -> list[Span]:
        """The spans of its sentences."""
        return self.snapshot.sentences_of(int(self.rows[place]))

    def vector(self, place: int) -> Vectors:
        """Its vector."""
        return self.snapshot.vectors.at(int(self.rows[place]))

    def bm25(self, token: str, place: int) -> float:
        """What a token of a question adds to its BM25 score."""
        return self.snapshot.bm25.part(token, int(self.rows[place]))


@dataclass(frozen=True, slots=True)
class SeenWords:
    """The words of a build's keyword leg that somebody may see: an `index.keywords.vocabulary.Vocabulary`.

    How many passages have a word is counted in all of them, so that scores stay comparable.
    """

    bm25: Bm25
    seen: Mask  # of passages

    @property
    def passages(self) -> int:
        """How many passages there are, hidden ones among them."""
        return self.bm25.passages

    def having(self, words: Collection[str]) -> dict[str, int]:
        """How many passages have each of these words; those that no passage has which is seen are left out."""
        found = self.bm25.having(words)
        return {word: count for word, count in found.items() if self.seen[self.bm25.passages_with(word)].any()}

    def beginning(self, letter: str) -> list[str]:
        """The words that begin with this letter, hidden ones among them: `having` tells."""
        return self.bm25.beginning(letter)


class SnapshotStore:
    """One build as an `index.search.store.Store`, whole or as somebody sees it."""

    def __init__(self, snapshot: Snapshot, articles: Catalogue) -> None:
        self._snapshot = snapshot
        self.manifest: Manifest = snapshot.manifest
        self.articles = articles
        self.facets = Facets.of(articles)
        seen = articles.seen
        self._seen = None if seen is None else seen[snapshot.rows.passages["article"]]
        self.vocabulary: Vocabulary = snapshot.bm25 if self._seen is None else SeenWords(snapshot.bm25, self._seen)

    def seen_by(self, groups: frozenset[str]) -> "SnapshotStore":
        """The same build as somebody of these groups sees it."""
        return SnapshotStore(self._snapshot, self.articles.seen_by(groups))

    def share(self, article_ids: Collection[str]) -> float:
        """Which share of the passages is these articles'."""
        return float(self._passages_of(article_ids).mean())

    def candidates(self, views: Sequence[EncodedQuery], limit: int, choice: Choice) -> RowCandidates:
        """The best `limit` passages of each leg for each way to read a question. Raises BadFilter."""
        allowed, preferred = self._allowed(choice), self._passages_of(choice.prefer)
        masks = [allowed]
        if choice.prefer:
            masks.append(preferred if allowed is None else preferred & allowed)
        found = [each for view in views for mask in masks for each in self._legs(view, limit, mask)]
        rows = np.unique(np.concatenate([np.empty(0, np.int64), *found]))
        complete = all(len(each) < limit for each in found)
        return RowCandidates(
            self._snapshot, rows, score_signals(views, self._snapshot, rows), preferred[rows], complete
        )

    def at(self, article_id: str, start: int, end: int, view: EncodedQuery) -> RowCandidates | None:
        """The passage with this span, measured by this way to read a question, or None."""
        article = self.articles.row(article_id)
        row = None if article is None else self._snapshot.row_of(article, start, end)
        if row is None:
            return None
        rows = np.array([row])
        signals = score_signals([view], self._snapshot, rows)
        return RowCandidates(self._snapshot, rows, signals, np.zeros(1, np.bool_), complete=True)

    def encoded(self) -> Iterator[EncodedArticle]:
        """All that the build holds, in order of article id."""
        return encoded_articles(self._snapshot)

    def _legs(self, view: EncodedQuery, limit: int, allowed: Mask | None) -> Iterator[Rows]:
        """Rows of the best `limit` passages of each leg that can say something."""
        limit = min(limit, self._snapshot.bm25.passages)
        yield self._snapshot.bm25.best(view.tokens, limit, allowed)
        if view.vocabulary_coverage:  # else its vector is noise
            yield self._snapshot.vectors.search(view.vector, limit, allowed)

    def _allowed(self, choice: Choice) -> Mask | None:
        """For each passage whether it is searched at all; None where all are. Raises BadFilter."""
        allowed = self._seen
        if choice.within:
            passing = self.facets.passing(choice.within)[self._snapshot.rows.passages["article"]]
            allowed = passing if allowed is None else allowed & passing
        if choice.without:
            kept = ~self._passages_of(choice.without)
            allowed = kept if allowed is None else allowed & kept
        return allowed

    def _passages_of(self, article_ids: Collection[str]) -> Mask:
        """For each passage whether it is one of these articles'; an article that is not there has none."""
        wanted = [row for article_id in article_ids if (row := self.articles.row(article_id)) is not None]
        if not wanted:  # as most questions have it: the rows need not be read
            return np.zeros(self._snapshot.bm25.passages, np.bool_)
        return np.isin(self._snapshot.rows.passages["article"], wanted)


def read_store(folder: Path) -> SnapshotStore:
    """Open the build in `folder`; raises as `read_snapshot` does."""
    snapshot = read_snapshot(folder)
    with damage_told(folder):
        return SnapshotStore(snapshot, snapshot.articles)


def score_signals(views: Sequence[EncodedQuery], snapshot: Snapshot, rows: Rows) -> list[Signals]:
    """The signals of the passages in these rows, for each way to read a question; vectors are read once for all."""
    if not len(rows):
        return []
    records = snapshot.rows.passages[rows]
    counts = records["count"].astype(np.int64)
    sentences = ranges(records["first"].astype(np.int64), counts)
    wanted = np.stack([view.vector for view in views])
    near = zip(wanted @ snapshot.vectors.at(rows).T, snapshot.sentence_vectors.cosines(sentences, wanted), strict=True)
    return [
        Signals(
            passages=passages,
            sentences=cosines,
            words=snapshot.words.shares(sentences, _weights(view, snapshot)),
            first=np.cumsum(counts) - counts,
            bm25=snapshot.bm25.scores(view.tokens, rows) / np.float32(view.max_bm25 or 1),
            vocabulary_coverage=view.vocabulary_coverage,
            length_factor=view.length_factor,
        )
        for view, (passages, cosines) in zip(views, near, strict=True)
    ]


def _weights(view: EncodedQuery, snapshot: Snapshot) -> dict[int, float]:
    """The share of the question that each of its words tells, by the row of the word; unknown ones are left out."""
    rows = ((snapshot.bm25.row_of(word), share) for word, share in view.idf_shares().items())
    return {row: share for row, share in rows if row is not None}

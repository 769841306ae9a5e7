"""Candidates of a database: signals are computed at once, articles are read on demand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from index.arrays import Scores, Vectors
from index.articles.article import Article
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.questions.query import EncodedQuery, Signals
from index.search.store import NO_BOOST
from index.stores.postgresql.search.catalogue import RecordKey, Texts
from index.stores.postgresql.search.scoring import Keywords, PassageRows, score_signals

_READ_AHEAD = 16  # candidates whose articles are read in one query


class DatabaseCandidates:
    """Passages of a database by position: an `index.search.store.Candidates`."""

    def __init__(
        self,
        rows: PassageRows,
        queries: Sequence[EncodedQuery],
        keywords: Keywords,
        texts: Texts,
        *,
        boost: Mapping[str, float] = NO_BOOST,
        complete: bool = True,
    ) -> None:
        self._rows = rows
        self._keywords = keywords
        self._texts = texts
        self._articles: dict[RecordKey, Article] = {}
        self.signals: Sequence[Signals] = score_signals(queries, rows, keywords)
        self.boosts: Scores = np.array([boost.get(article, 0.0) for article, _ in rows.ids], np.float32)
        self.complete = complete

    def __len__(self) -> int:
        return len(self._rows.ids)

    def passages(self, positions: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        """These positions with their passages, in this order, without passages whose article has changed since."""
        rest = iter(positions)
        while batch := list(islice(rest, _READ_AHEAD)):
            keys = {self._record(position) for position in batch} - set(self._articles)
            self._articles |= self._texts.records(keys) if keys else {}
            unchanged = (position for position in batch if self._record(position) in self._articles)
            yield from ((position, self.passage(position)) for position in unchanged)

    def passage(self, position: int) -> Passage:
        """The passage at a position that `passages` has returned."""
        start, end = self._rows.ids[position][1], self._rows.ends[position]
        return Passage(self._articles[self._record(position)], start, end)

    def sentences(self, position: int) -> list[Span]:
        """The spans of a passage's sentences."""
        return self._rows.sentences(position)

    def vector(self, position: int) -> Vectors:
        """A passage's vector."""
        vector: Vectors = self._rows.vectors[position]
        return vector

    def bm25(self, token: str, positions: Sequence[int]) -> Scores:
        """The part of one occurrence of a token in the question in the BM25 score of each of these passages."""
        return self._rows.bm25(token, np.array(positions, np.int64), self._keywords)

    def _record(self, position: int) -> RecordKey:
        return self._rows.ids[position][0], self._rows.record_hashes[position]

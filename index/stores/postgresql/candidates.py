"""What a search has found in a database: measured at once, the articles read when they are asked for."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from index.arrays import Mask, Vectors
from index.articles.article import Article
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.query import EncodedQuery, Signals
from index.stores.postgresql.catalogue import Edition, Texts
from index.stores.postgresql.scoring import Fetched, Keywords, score_signals

_READ_AHEAD = 16  # candidates whose articles are read at once


class DatabaseCandidates:
    """Passages of a database by place: an `index.search.store.Candidates`."""

    def __init__(
        self,
        rows: Fetched | None,
        views: Sequence[EncodedQuery],
        keywords: Keywords,
        texts: Texts,
        *,
        prefer: Collection[str] = (),
        complete: bool = True,
    ) -> None:
        self._rows = rows
        self._keywords = keywords
        self._texts = texts
        self._articles: dict[Edition, Article] = {}
        self.signals: Sequence[Signals] = score_signals(views, rows, keywords) if rows else []
        self.preferred: Mask = np.array([article in prefer for article, _ in rows.places] if rows else [], np.bool_)
        self.complete = complete

    def __len__(self) -> int:
        return len(self._rows.places) if self._rows else 0

    def passages(self, places: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        """These places with their passages, in this order; one whose article has changed since is left out."""
        wanted = iter(places)
        while some := list(islice(wanted, _READ_AHEAD)):
            editions = {self._edition(place) for place in some} - set(self._articles)
            self._articles |= self._texts.editions(editions) if editions else {}
            yield from ((place, self.passage(place)) for place in some if self._edition(place) in self._articles)

    def passage(self, place: int) -> Passage:
        """The passage at a place that `passages` has given."""
        return Passage(self._articles[self._edition(place)], self._found.places[place][1], self._found.ends[place])

    def sentences(self, place: int) -> list[Span]:
        """The spans of its sentences."""
        return self._found.sentences(place)

    def vector(self, place: int) -> Vectors:
        """Its vector."""
        vector: Vectors = self._found.vectors[place]
        return vector

    def bm25(self, token: str, place: int) -> float:
        """What a token of a question adds to its BM25 score."""
        return float(self._found.bm25(token, np.array([place]), self._keywords)[0])

    @property
    def _found(self) -> Fetched:
        if self._rows is None:
            raise IndexError("there are no candidates")
        return self._rows

    def _edition(self, place: int) -> Edition:
        return self._found.places[place][0], self._found.editions[place]

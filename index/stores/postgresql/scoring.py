"""The signals of passages, worked out from the columns of their rows as those of a build are from its files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, Scores, Vectors
from index.keywords.bm25 import idf, weight
from index.passages.sentences import Span
from index.search.query import EncodedQuery, Signals
from index.stores.postgresql.connection import Connection
from index.stores.postgresql.rows import HELD, TERM, spans_of, vectors_of
from index.stores.postgresql.vocabulary import Totals, number

Place = tuple[str, int]
"""A passage by its article and its start."""

_FETCH = """
SELECT article, start, "end", edition, length, vector, terms, spans, words, scales, sentences
FROM passages JOIN unnest(%s::text[], %s::int[]) AS wanted (article, start) USING (article, start)
"""


@dataclass(frozen=True, slots=True)
class Keywords:
    """What BM25 needs: how many passages have each word that some passage has, and how much there is of all."""

    having: Mapping[str, int]
    totals: Totals

    def telling(self, word: str) -> float:
        """How much a word tells that some passage has."""
        return float(idf(self.totals.passages, min(self.having[word], self.totals.passages)))


@dataclass(frozen=True, slots=True)
class Fetched:
    """Passages in order of article and start, with what their signals are worked out from.

    `terms` and `held` are records of all of them; `term_owners` and `held_owners` are the places of
    the passages, and of the sentences, that these belong to. The sentences of passage n begin at `first[n]`.
    """

    places: list[Place]
    ends: list[int]
    editions: list[str]
    lengths: npt.NDArray[np.int64]
    vectors: Vectors
    spans: list[bytes]
    first: Rows
    cosine_rows: npt.NDArray[np.int8]
    scales: Scores
    terms: npt.NDArray[np.void]
    term_owners: Rows
    held: npt.NDArray[np.void]
    held_owners: Rows

    def sentences(self, place: int) -> list[Span]:
        """The spans of a passage's sentences."""
        return list(spans_of(self.spans[place]))

    def bm25(self, word: str, places: Rows | slice, keywords: Keywords) -> npt.NDArray[np.float32]:
        """What a word adds to the BM25 of each of these passages."""
        parts = np.zeros(len(self.places), np.float32)
        if word in keywords.having:
            own = self.terms["word"] == np.uint64(number(word))
            here = self.term_owners[own]
            lengths = self.lengths[here] / keywords.totals.mean_length
            parts[here] = (keywords.telling(word) * weight(self.terms["times"][own], lengths)).astype(np.float32)
        return parts[places]


def fetched(connection: Connection, wanted: Iterable[Place]) -> Fetched | None:
    """The rows of these passages, None where there are none; one that is not there is left out."""
    places = sorted(set(wanted))
    articles, starts = [place[0] for place in places], [place[1] for place in places]
    with connection.cursor(binary=True) as cursor:
        rows = sorted(cursor.execute(_FETCH, [articles, starts]).fetchall(), key=lambda row: row[:2])
    if not rows:
        return None
    article, start, ends, editions, lengths, vectors, terms, spans, held, scales, sentences = zip(*rows, strict=True)
    counts = np.array([len(raw) // 4 for raw in scales], np.int64)
    first = np.cumsum(counts) - counts
    held_records, holders = _joined(held, HELD)
    term_records, owners = _joined(terms, TERM)
    dimension = len(vectors[0]) // 2 - 2
    return Fetched(
        places=list(zip(article, start, strict=True)),
        ends=list(ends),
        editions=list(editions),
        lengths=np.array(lengths, np.int64),
        vectors=vectors_of(vectors).astype(np.float32),
        spans=list(spans),
        first=first,
        cosine_rows=np.frombuffer(b"".join(sentences), np.int8).reshape(-1, dimension),
        scales=np.frombuffer(b"".join(scales), "<f4"),
        terms=term_records,
        term_owners=owners,
        held=held_records,
        held_owners=first[holders] + held_records["sentence"],
    )


def _joined(raw: Sequence[bytes], kind: np.dtype[Any]) -> tuple[npt.NDArray[np.void], Rows]:
    """The records of all rows, and the row of each."""
    counts = [len(own) // kind.itemsize for own in raw]
    return np.frombuffer(b"".join(raw), kind), np.repeat(np.arange(len(raw)), counts)


def score_signals(views: Sequence[EncodedQuery], rows: Fetched, keywords: Keywords) -> list[Signals]:
    """The signals of the passages for each way to read a question."""
    wanted = np.stack([view.vector for view in views])
    sentences = (wanted @ rows.cosine_rows.astype(np.float32).T) * rows.scales
    return [
        Signals(
            passages=passages,
            sentences=cosines,
            words=_shares(view, rows, keywords),
            first=rows.first,
            bm25=_bm25(view, rows, keywords) / np.float32(view.max_bm25 or 1),
            vocabulary_coverage=view.vocabulary_coverage,
            length_factor=view.length_factor,
        )
        for view, passages, cosines in zip(views, wanted @ rows.vectors.T, sentences, strict=True)
    ]


def _bm25(view: EncodedQuery, rows: Fetched, keywords: Keywords) -> Scores:
    total = np.zeros(len(rows.places))
    for word, times in Counter(view.tokens).items():
        total += times * rows.bm25(word, slice(None), keywords)
    return total.astype(np.float32)


def _shares(view: EncodedQuery, rows: Fetched, keywords: Keywords) -> Scores:
    """For each sentence the sum of the shares of the question's words that it holds."""
    total = np.zeros(len(rows.scales))
    for word, share in view.idf_shares().items():
        if word in keywords.having:
            total[rows.held_owners[rows.held["word"] == np.uint64(number(word))]] += share
    return total.astype(np.float32)

"""Signals of passages, computed from the columns of their rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, Scores, Vectors
from index.keywords.bm25 import idf, weight
from index.passages.sentences import Span
from index.search.questions.query import EncodedQuery, Signals
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import SENTENCE_WORD, TERM, spans_of, vectors_of
from index.stores.postgresql.search.vocabulary import Totals, number

PassageId = tuple[str, int]
"""A passage's article and start."""

_FETCH = """
SELECT article, start, "end", record_hash, length, vector, terms, spans, words, scales, sentences
FROM passages JOIN unnest(%(articles)s::text[], %(starts)s::int[]) AS requested (article, start) USING (article, start)
"""
# Shards are not sent the pairs: they select by both columns, which lets hardly any other passage through.
_SELECTED = "WHERE passages.article = ANY(%(articles)s) AND passages.start = ANY(%(starts)s)"


@dataclass(frozen=True, slots=True)
class Keywords:
    """Statistics for BM25: the document frequencies of a question's words (0 left out), and the totals."""

    document_frequencies: Mapping[str, int]
    totals: Totals

    def idf(self, word: str) -> float:
        """The inverse document frequency of a word that occurs somewhere."""
        return float(idf(self.totals.passages, min(self.document_frequencies[word], self.totals.passages)))


@dataclass(frozen=True, slots=True)
class PassageRows:
    """Columns of passages, in order of article and start.

    `terms` and `sentence_words` are records of all passages together; `term_owners` has the passage
    of each term, `word_owners` the sentence of each word. The sentences of passage n begin at `first[n]`.
    """

    ids: list[PassageId]
    ends: list[int]
    record_hashes: list[str]
    lengths: npt.NDArray[np.int64]
    vectors: Vectors
    spans: list[bytes]
    first: Rows
    cosine_rows: npt.NDArray[np.int8]
    scales: Scores
    terms: npt.NDArray[np.void]
    term_owners: Rows
    sentence_words: npt.NDArray[np.void]
    word_owners: Rows

    def sentences(self, position: int) -> list[Span]:
        """The spans of a passage's sentences."""
        return list(spans_of(self.spans[position]))

    def bm25(self, word: str, positions: Rows | slice, keywords: Keywords) -> npt.NDArray[np.float32]:
        """The part of a word in the BM25 of each of these passages."""
        parts = np.zeros(len(self.ids), np.float32)
        if word in keywords.document_frequencies:
            matches = self.terms["word"] == np.uint64(number(word))
            owners = self.term_owners[matches]
            lengths = self.lengths[owners] / keywords.totals.mean_length
            parts[owners] = (keywords.idf(word) * weight(self.terms["times"][matches], lengths)).astype(np.float32)
        return parts[positions]


def fetch_passages(connection: Connection, passages: Iterable[PassageId], *, sharded: bool = False) -> PassageRows:
    """The rows of these passages, without deleted ones."""
    ids = sorted(set(passages))
    wanted = {"articles": [article for article, _ in ids], "starts": [start for _, start in ids]}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(_FETCH + _SELECTED if sharded else _FETCH, wanted).fetchall()
    rows = sorted(rows, key=lambda row: row[:2])
    columns: Iterable[tuple[Any, ...]] = zip(*rows, strict=True) if rows else [()] * 11
    article, start, ends, hashes, lengths, raw_vectors, terms, spans, words, scales, sentences = columns
    counts = np.array([len(raw) // 4 for raw in scales], np.int64)
    first = np.cumsum(counts) - counts
    sentence_words, passages_of_words = _joined(words, SENTENCE_WORD)
    term_records, owners = _joined(terms, TERM)
    vectors = vectors_of(raw_vectors).astype(np.float32)
    return PassageRows(
        ids=list(zip(article, start, strict=True)),
        ends=list(ends),
        record_hashes=list(hashes),
        lengths=np.array(lengths, np.int64),
        vectors=vectors,
        spans=list(spans),
        first=first,
        cosine_rows=np.frombuffer(b"".join(sentences), np.int8).reshape(-1, max(vectors.shape[-1], 1)),
        scales=np.frombuffer(b"".join(scales), "<f4"),
        terms=term_records,
        term_owners=owners,
        sentence_words=sentence_words,
        word_owners=first[passages_of_words] + sentence_words["sentence"],
    )


def _joined(raw: Sequence[bytes], kind: np.dtype[Any]) -> tuple[npt.NDArray[np.void], Rows]:
    """The records of all rows, and the row of each record."""
    counts = [len(records) // kind.itemsize for records in raw]
    return np.frombuffer(b"".join(raw), kind), np.repeat(np.arange(len(raw)), counts)


def score_signals(queries: Sequence[EncodedQuery], rows: PassageRows, keywords: Keywords) -> list[Signals]:
    """Signals of the passages for each query."""
    if not rows.ids:
        return []
    vectors = np.stack([query.vector for query in queries])
    sentences = (vectors @ rows.cosine_rows.astype(np.float32).T) * rows.scales
    return [
        Signals(
            passages=passages,
            sentences=cosines,
            words=_shares(query, rows, keywords),
            first=rows.first,
            bm25=_bm25(query, rows, keywords) / np.float32(query.max_bm25 or 1),
            vocabulary_coverage=query.vocabulary_coverage,
            length_factor=query.length_factor,
        )
        for query, passages, cosines in zip(queries, vectors @ rows.vectors.T, sentences, strict=True)
    ]


def _bm25(query: EncodedQuery, rows: PassageRows, keywords: Keywords) -> Scores:
    total = np.zeros(len(rows.ids))
    for word, times in Counter(query.tokens).items():
        total += times * rows.bm25(word, slice(None), keywords)
    return total.astype(np.float32)


def _shares(query: EncodedQuery, rows: PassageRows, keywords: Keywords) -> Scores:
    """For each sentence the sum of the idf shares of the query's words in it."""
    total = np.zeros(len(rows.scales))
    for word, share in query.idf_shares().items():
        if word in keywords.document_frequencies:
            total[rows.word_owners[rows.sentence_words["word"] == np.uint64(number(word))]] += share
    return total.astype(np.float32)

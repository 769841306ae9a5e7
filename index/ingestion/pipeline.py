"""The stream that every store is filled from: articles become passages, passages vectors, window by window.

The articles and vectors of two windows are in memory at most: one being written, the next being encoded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from tqdm import tqdm

from index.articles.article import Article
from index.encoder.encoder import Encoder
from index.ingestion.coverage import account, folder_coverage
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import Record, Sources, encode, passage_keys
from index.ingestion.manifest import Coverage
from index.ingestion.passage_keys import FirstRow, first_rows
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunk, Chunking, split
from index.passages.tables import Tables, chunks_of, passage_texts, tables
from index.reading.folder import Folder

WINDOW = 4096  # passages encoded together, sorted by length


@dataclass(frozen=True, slots=True)
class SplitArticles:
    """Articles and their passages; the passages of article n are rows `firsts[n]` to `firsts[n + 1]`."""

    articles: Sequence[Article]
    rows: Tables
    firsts: list[int]

    def sizes(self) -> list[int]:
        """The number of passages of each article."""
        return [end - first for first, end in pairwise(self.firsts)]

    def chunks(self, article: int) -> tuple[Chunk, ...]:
        """The passages of the article in this row."""
        return chunks_of(self.rows, self.firsts[article], self.firsts[article + 1])

    def first_rows(self) -> FirstRow:
        """The look-up of all passages by key."""
        return first_rows(passage_keys(self.rows, passage_texts(self.rows, self.articles)))


def split_folder(folder: Folder, encoder: Encoder, chunking: Chunking) -> tuple[SplitArticles, Coverage]:
    """The articles of a folder, split into passages, and the coverage of its files."""
    split = split_articles(folder.articles, encoder, chunking)
    accounts = map(account, folder.readings, map(split.chunks, range(len(folder.articles))))
    return split, folder_coverage(folder, accounts)


def chunk_articles(articles: Iterable[Article], encoder: Encoder, chunking: Chunking) -> Iterator[list[Chunk]]:
    """The chunks of each article, none larger than the encoder's limit."""
    fitting = Chunking(chunking.target, min(chunking.limit, encoder.max_tokens))
    return (split(article, encoder.count_tokens, fitting) for article in articles)


def split_articles(articles: Sequence[Article], encoder: Encoder, chunking: Chunking) -> SplitArticles:
    """The articles, split into passages."""
    rows = tables(chunk_articles(articles, encoder, chunking))
    firsts = np.searchsorted(rows.passages["article"], np.arange(len(articles) + 1)).tolist()
    return SplitArticles(articles, rows, firsts)


def encoded_windows(
    split: SplitArticles,
    articles: Sequence[int],
    encoder: Encoder,
    sources: Callable[[Sequence[Article]], Sources],
    *,
    size: int = WINDOW,
    keep: Callable[[Sequence[Record]], None] | None = None,
    show_progress: bool = False,
) -> Iterator[tuple[list[EncodedArticle], VectorSources]]:
    """The articles in these rows with their vectors, in windows of about `size` passages, and the vectors' sources.

    `sources` returns the earlier vectors for the articles of a window; only passages without any are
    encoded, equal ones once a window. Each batch is handed to `keep` as soon as it is encoded.
    """

    def keep_batch(batch: Sequence[Record]) -> None:
        if keep:
            keep(batch)
        bar.update(len(batch))

    sizes = split.sizes()
    total = sum(sizes[row] for row in articles)
    with tqdm(total=total, unit="passage", desc="encoding", disable=not show_progress) as bar:
        for rows in windows(articles, sizes, size):
            encoded, counts = _encoded(split, rows, encoder, sources, keep_batch)
            bar.update(sum(sizes[row] for row in rows) - counts.encoded)
            yield encoded, counts


def _encoded(
    split: SplitArticles,
    window: Sequence[int],
    encoder: Encoder,
    sources: Callable[[Sequence[Article]], Sources],
    keep: Callable[[Sequence[Record]], None],
) -> tuple[list[EncodedArticle], VectorSources]:
    """The articles in these rows with their vectors, and the vectors' sources."""
    articles, chunks = [split.articles[row] for row in window], [split.chunks(row) for row in window]
    rows = tables(chunks)
    vectors, counts = encode(rows, passage_texts(rows, articles), encoder, sources(articles), keep)
    spans = pairwise(accumulate(map(len, chunks), initial=0))
    encoded = [
        EncodedArticle(article, passages, *vectors.of(*span))
        for article, passages, span in zip(articles, chunks, spans, strict=True)
    ]
    return encoded, counts


def windows(rows: Iterable[int], sizes: Sequence[int], passages: int) -> Iterator[list[int]]:
    """The rows in runs of at most `passages` passages; a larger row is a run of its own."""
    window: list[int] = []
    count = 0
    for row in rows:
        if window and count + sizes[row] > passages:
            yield window
            window, count = [], 0
        window.append(row)
        count += sizes[row]
    if window:
        yield window

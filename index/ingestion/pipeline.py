"""The stream that every store is filled from: articles become passages, passages vectors, window by window.

The articles and vectors of two windows are in memory at most: one being written, the next being encoded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal, TypeAlias

import numpy as np
from tqdm import tqdm

from index.articles.article import Article
from index.encoder.encoder import Encoder
from index.ingestion.coverage import Tally
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import Record, VectorSource, encode, passage_keys
from index.ingestion.manifest import Coverage
from index.ingestion.passage_keys import Keys
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunk, Chunking, TokenCounter, chunk_articles
from index.passages.tables import PassageTexts, Tables, chunks_of, tables
from index.reading.folder import Folder

WINDOW = 4096  # passages encoded together, sorted by length

Sources: TypeAlias = Mapping[Literal["resumed", "reused", "repeated"], VectorSource | None]
"""Vectors of earlier passages, asked in this order, each under the count of `VectorSources` that it adds to."""


@dataclass(frozen=True, slots=True)
class SplitArticles:
    """Articles and their passages: those of article n are in rows `firsts[n]` to `firsts[n + 1]`."""

    articles: Sequence[Article]
    rows: Tables
    firsts: list[int]

    def sizes(self) -> list[int]:
        """The number of passages of each article."""
        return [end - first for first, end in pairwise(self.firsts)]

    def keys(self) -> Keys:
        """The keys of all passages."""
        return Keys(passage_keys(self.rows, PassageTexts(self.rows, self.articles)))


def split_folder(found: Folder, encoder: TokenCounter, chunking: Chunking) -> tuple[SplitArticles, Coverage]:
    """The articles of a folder, split into passages, and how much of the files these hold."""
    tally = Tally(found)
    split = _split(found.articles, tally.of(chunk_articles(found.articles, encoder, chunking)))
    return split, tally.coverage()


def split_articles(articles: Sequence[Article], encoder: TokenCounter, chunking: Chunking) -> SplitArticles:
    """The articles, split into passages."""
    return _split(articles, chunk_articles(articles, encoder, chunking))


def _split(articles: Sequence[Article], chunks: Iterable[Sequence[Chunk]]) -> SplitArticles:
    rows = tables(chunks)
    firsts = np.searchsorted(rows.passages["article"], np.arange(len(articles) + 1)).tolist()
    return SplitArticles(articles, rows, firsts)


@dataclass(frozen=True, slots=True)
class Window:
    """Articles with their vectors, and where these came from."""

    articles: list[EncodedArticle]
    sources: VectorSources


def encoded_windows(
    split: SplitArticles,
    wanted: Sequence[int],
    encoder: Encoder,
    sources: Callable[[Sequence[Article]], Sources],
    *,
    size: int = WINDOW,
    keep: Callable[[Sequence[Record]], None] | None = None,
    show_progress: bool = False,
) -> Iterator[Window]:
    """The articles in the rows `wanted`, in windows of about `size` passages.

    `sources` gives the vectors known before for the articles of a window; only passages that none of
    them has are encoded, equal ones once a window. Each batch is handed to `keep` as soon as it is encoded.
    """

    def kept(batch: Sequence[Record]) -> None:
        if keep:
            keep(batch)
        bar.update(len(batch))

    sizes = split.sizes()
    total = sum(sizes[row] for row in wanted)
    with tqdm(total=total, unit="passage", desc="encoding", disable=not show_progress) as bar:
        for rows in windows(wanted, sizes, size):
            window = _encoded(split, rows, encoder, sources, kept)
            bar.update(sum(sizes[row] for row in rows) - window.sources.encoded)
            yield window


def _encoded(
    split: SplitArticles,
    wanted: Sequence[int],
    encoder: Encoder,
    sources: Callable[[Sequence[Article]], Sources],
    keep: Callable[[Sequence[Record]], None],
) -> Window:
    """The articles in these rows with their vectors."""
    articles = [split.articles[row] for row in wanted]
    chunks = [chunks_of(split.rows, split.firsts[row], split.firsts[row + 1]) for row in wanted]
    rows = tables(chunks)
    known = {name: source for name, source in sources(articles).items() if source is not None}
    vectors, encoded, taken = encode(rows, PassageTexts(rows, articles), encoder, known=[*known.values()], keep=keep)
    counts: dict[str, int] = dict(zip(known, taken, strict=True))
    reused, resumed = counts.get("reused", 0), counts.get("resumed", 0)
    return Window(
        [
            EncodedArticle(article, own, *vectors.of(first, end))
            for article, own, (first, end) in zip(
                articles, chunks, pairwise(accumulate(map(len, chunks), initial=0)), strict=True
            )
        ],
        VectorSources(encoded, len(rows.passages) - encoded - reused - resumed, reused, resumed),
    )


def windows(rows: Iterable[int], sizes: Sequence[int], passages: int) -> Iterator[list[int]]:
    """The rows in runs that have about so many passages, at least one row each."""
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

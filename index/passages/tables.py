"""Tables of passages and sentences: their files, rows and dtypes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.arrays import Lazy, Table
from index.articles.article import Article
from index.articles.catalogue import Catalogue
from index.passages.chunking import Chunk
from index.passages.sentences import Span

PASSAGES, SENTENCES = "passages.npy", "sentences.npy"
BM25 = "bm25"

# `article` is a row of the articles; the sentences of a passage are rows `first` to `first + count`.
PASSAGE = np.dtype([("article", "<i4"), ("start", "<i4"), ("end", "<i4"), ("first", "<i8"), ("count", "<i4")])
SENTENCE = np.dtype([("start", "<i4"), ("end", "<i4")])


@dataclass(frozen=True, slots=True)
class Tables:
    """Passages and sentences of a collection as rows; offsets refer to the article's text."""

    passages: Table
    sentences: Table


def tables(chunks: Iterable[Sequence[Chunk]]) -> Tables:
    """The rows for the chunks of each article, in order; the chunks themselves are not kept in memory."""
    passages, sentences, first = [np.empty(0, PASSAGE)], [np.empty(0, SENTENCE)], 0
    for article, parts in enumerate(chunks):
        rows = article_rows(parts, article, first)
        passages.append(rows.passages)
        sentences.append(rows.sentences)
        first += len(rows.sentences)
    return Tables(np.concatenate(passages), np.concatenate(sentences))


def article_rows(chunks: Sequence[Chunk], article: int, first: int) -> Tables:
    """The rows of one article, which is in row `article`; `first` is the row of its first sentence."""
    passages: list[tuple[int, ...]] = []
    spans: list[Span] = []
    for chunk in chunks:
        passages.append((article, *chunk.span, first + len(spans), len(chunk.sentences)))
        spans += chunk.sentences
    return Tables(np.array(passages, PASSAGE), np.array(spans, SENTENCE))


def chunks_of(rows: Tables, first: int, end: int) -> tuple[Chunk, ...]:
    """The passages in rows `first` to `end` as chunks."""
    passages = rows.passages[first:end]
    if not len(passages):
        return ()
    begin = int(passages["first"][0])
    spans: list[Span] = rows.sentences[begin : int(passages["first"][-1] + passages["count"][-1])].tolist()
    return tuple(
        Chunk((start, stop), tuple(spans[at - begin : at - begin + count]))
        for _, start, stop, at, count in passages.tolist()
    )


def fit(rows: Tables, articles: int) -> bool:
    """Whether every passage row refers to one of `articles` rows and to its sentences, in order."""
    passages, sentences = rows.passages, rows.sentences
    if passages.dtype != PASSAGE or sentences.dtype != SENTENCE:
        return False
    first, count = passages["first"], passages["count"].astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(count)])
    if (count < 1).any() or (first != starts[:-1]).any() or starts[-1] != len(sentences):
        return False
    bounds = np.repeat(passages, count)
    ordered = (bounds["start"] <= sentences["start"]) & (sentences["start"] < sentences["end"])
    in_range = (passages["article"] >= 0) & (passages["article"] < articles) & (passages["start"] >= 0)
    return bool((ordered & (sentences["end"] <= bounds["end"])).all() and in_range.all())


def passage_texts(rows: Tables, articles: Sequence[Article] | Catalogue) -> Lazy[str]:
    """The verbatim text of every passage, cut from its article on demand."""

    def text(row: int) -> str:
        article, start, end, *_ = rows.passages[row].item()
        return articles[article].text[start:end]

    return Lazy(len(rows.passages), text)


def sentence_texts(rows: Tables, articles: Sequence[Article] | Catalogue) -> Iterator[str]:
    """The verbatim text of every sentence."""
    owners = np.repeat(rows.passages["article"], rows.passages["count"])
    for owner, sentence in zip(owners, rows.sentences, strict=True):
        yield articles[int(owner)].text[sentence["start"] : sentence["end"]]

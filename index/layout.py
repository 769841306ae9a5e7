"""The tables of a build: which rows there are, in which files, of which types."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.articles import Article
from index.passages import Chunk
from index.sentences import Span

PASSAGES, SENTENCES = "passages.npy", "sentences.npy"
VECTORS, SENTENCE_VECTORS = "vectors.faiss", "sentence_vectors.npy"
BM25 = "bm25"

# `article` is a row of the articles; the sentences of a passage are rows `first` to `first + count`.
PASSAGE = np.dtype([("article", "<i4"), ("start", "<i4"), ("end", "<i4"), ("first", "<i8"), ("count", "<i4")])
SENTENCE = np.dtype([("start", "<i4"), ("end", "<i4")])

Table = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Tables:
    """Passages and sentences of a collection as rows; offsets are those of the articles."""

    passages: Table
    sentences: Table


def tables(chunks: list[list[Chunk]]) -> Tables:
    """The rows for the chunks of each article, in order."""
    passages: list[tuple[int, ...]] = []
    sentences: list[Span] = []
    for row, parts in enumerate(chunks):
        for chunk in parts:
            passages.append((row, *chunk.span, len(sentences), len(chunk.sentences)))
            sentences += chunk.sentences
    return Tables(np.array(passages, PASSAGE), np.array(sentences, SENTENCE))


def fit(rows: Tables, articles: int) -> bool:
    """Whether every row points into `articles` rows of articles and into the sentences, in order."""
    passages, sentences = rows.passages, rows.sentences
    if passages.dtype != PASSAGE or sentences.dtype != SENTENCE:
        return False
    first, count = passages["first"], passages["count"].astype(np.int64)
    owned = np.concatenate([[0], np.cumsum(count)])
    if (count < 1).any() or (first != owned[:-1]).any() or owned[-1] != len(sentences):
        return False
    inside = (sentences["start"] >= np.repeat(passages["start"], count)) & (
        sentences["end"] <= np.repeat(passages["end"], count)
    )
    known = (passages["article"] >= 0) & (passages["article"] < articles)
    return bool(
        (inside & (sentences["start"] < sentences["end"])).all() and known.all() and (passages["start"] >= 0).all()
    )


def passage_texts(rows: Tables, articles: list[Article]) -> list[str]:
    """The verbatim text of every passage."""
    return [articles[row["article"]].text[row["start"] : row["end"]] for row in rows.passages]


def sentence_texts(rows: Tables, articles: Sequence[Article]) -> list[str]:
    """The verbatim text of every sentence."""
    owners = np.repeat(rows.passages["article"], rows.passages["count"])
    spans = zip(owners, rows.sentences, strict=True)
    return [articles[owner].text[sentence["start"] : sentence["end"]] for owner, sentence in spans]

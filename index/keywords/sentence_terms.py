"""The terms of each sentence, from which the sentence signal and the highlight are calculated."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import ArrayFile, Rows, Scores, mapped
from index.articles.article import Article
from index.keywords.postings import write_keywords
from index.keywords.tokenizer import tokenise
from index.passages.sentences import Span
from index.passages.tables import BM25, Tables, sentence_texts

_WORDS, _FIRST = "sentence_words.npy", "sentence_words_first.npy"


@dataclass(frozen=True, slots=True)
class WordTable:
    """The distinct terms of each sentence, as rows of the BM25 vocabulary.

    The terms of sentence n are `words[first[n]:first[n + 1]]`; `words` is int32, `first` int64 with one
    value more than there are sentences.
    """

    words: npt.NDArray[np.int32]
    first: Rows

    @classmethod
    def read(cls, folder: Path) -> "WordTable":
        """The table in a folder, memory-mapped. Raises ValueError if its files do not fit each other."""
        words, first = (mapped(folder / name) for name in (_WORDS, _FIRST))
        typed = words.dtype == np.int32 and first.dtype == np.int64 and first.ndim == words.ndim == 1
        if not typed or not len(first) or first[0] != 0 or first[-1] != len(words) or (first[1:] < first[:-1]).any():
            raise ValueError(f"{_FIRST} does not fit {_WORDS}")
        return cls(words, first)

    def __len__(self) -> int:
        return len(self.first) - 1

    def shares(self, sentences: Rows, weights: Mapping[int, float]) -> Scores:
        """For each of these sentences the sum of the weights of its terms."""
        if not weights or not len(sentences):
            return np.zeros(len(sentences), np.float32)
        targets = np.array(sorted(weights), np.int64)
        target_weights = np.array([weights[row] for row in targets], np.float32)
        first = self.first[sentences]
        counts = self.first[sentences + 1] - first
        words = self.words[ranges(first, counts)]
        positions = np.minimum(np.searchsorted(targets, words), len(targets) - 1)
        matched = np.where(targets[positions] == words, target_weights[positions], 0)
        owners = np.repeat(np.arange(len(sentences)), counts)
        return np.bincount(owners, weights=matched, minlength=len(sentences)).astype(np.float32)


def passage_terms(article: Article, start: int, end: int) -> list[str]:
    """The terms that BM25 indexes for a passage: those of the title, its heading and its text."""
    return list(chain(*map(tokenise, (*above(article, start), article.text[start:end]))))


def above(article: Article, start: int) -> tuple[str, ...]:
    """The title, and the heading above a passage that begins at `start` unless the passage begins with it."""
    blocks = article.blocks[: bisect_right(article.blocks, start, key=attrgetter("start"))]
    heading = next((block for block in reversed(blocks) if block.kind == "heading"), None)
    above = [heading] if heading and heading.start != start else []
    return article.title, *(article.text[block.start : block.end] for block in above)


def headings_above(article: Article, spans: Sequence[Span]) -> list[str]:
    """The heading above each of the sentences of a passage, empty without one."""
    first, last = (
        bisect_right(article.blocks, place, key=attrgetter("start")) for place in (spans[0][0], spans[-1][0])
    )
    parting = [block for block in article.blocks[first:last] if block.kind == "heading"]
    starts = [block.start for block in parting]
    texts = ["".join(above(article, spans[0][0])[1:]), *(article.text[block.start : block.end] for block in parting)]
    return [texts[bisect_right(starts, start)] for start, _ in spans]


def write_words(articles: Sequence[Article], rows: Tables, folder: Path) -> None:
    """Write the BM25 index of the passages and the terms of the sentences."""
    records = map(np.void.item, rows.passages)
    passages = (passage_terms(articles[article], start, end) for article, start, end, *_ in records)
    vocabulary = write_keywords(passages, folder / BM25)
    write_table(map(tokenise, sentence_texts(rows, articles)), vocabulary, folder)


def write_table(sentences: Iterable[Sequence[str]], vocabulary: Mapping[str, int], folder: Path) -> None:
    """Write the table of tokenised sentences into a folder; words outside the vocabulary are left out."""
    ends = array("q", [0])
    with ArrayFile(folder / _WORDS, np.int32) as words, ArrayFile(folder / _FIRST, np.int64) as first:
        for tokens in sentences:
            words.add(array("i", sorted({vocabulary[token] for token in tokens if token in vocabulary})))
            ends.append(len(words))
        first.add(ends)


def ranges(first: Rows, counts: Rows) -> Rows:
    """The numbers `first[n]` to `first[n] + counts[n]`, one range after another."""
    ends = np.cumsum(counts)
    numbers: Rows = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
    return numbers

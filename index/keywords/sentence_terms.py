"""Which words each sentence holds: what the sentence signal and the marked sentence are measured by."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from index.arrays import ArrayFile, Rows, Scores
from index.articles.article import Article
from index.keywords.postings import write_keywords
from index.keywords.tokenizer import tokenise
from index.passages.tables import BM25, Tables, sentence_texts

_WORDS, _FIRST = "sentence_words.npy", "sentence_words_first.npy"
_PIECE = 4_096  # passages, or sentences, that are in memory at once


@dataclass(frozen=True, slots=True)
class WordTable:
    """Rows of the keyword leg's vocabulary, each once a sentence.

    Those of sentence n are `words[first[n]:first[n + 1]]`; `words` is int32, `first` int64 with one
    value more than there are sentences.
    """

    words: Any  # numpy.memmap or ndarray
    first: Any

    @classmethod
    def read(cls, folder: Path) -> "WordTable":
        """The table in a folder, memory-mapped. Raises ValueError where its parts do not fit each other."""
        words, first = (np.load(folder / name, mmap_mode="r") for name in (_WORDS, _FIRST))
        typed = words.dtype == np.int32 and first.dtype == np.int64 and first.ndim == words.ndim == 1
        if not typed or not len(first) or first[0] != 0 or first[-1] != len(words) or (first[1:] < first[:-1]).any():
            raise ValueError(f"{_FIRST} does not fit {_WORDS}")
        return cls(words, first)

    def __len__(self) -> int:
        return len(self.first) - 1

    def shares(self, sentences: Rows, weights: Mapping[int, float]) -> Scores:
        """For each of these sentences the sum of the weights of the words that it holds."""
        if not weights or not len(sentences):
            return np.zeros(len(sentences), np.float32)
        wanted = np.array(sorted(weights), np.int64)
        worth = np.array([weights[row] for row in wanted], np.float32)
        first = np.asarray(self.first[sentences])
        counts = np.asarray(self.first[sentences + 1]) - first
        held = np.asarray(self.words[ranges(first, counts)])
        places = np.minimum(np.searchsorted(wanted, held), len(wanted) - 1)
        found = np.where(wanted[places] == held, worth[places], 0)
        owners = np.repeat(np.arange(len(sentences)), counts)
        return np.bincount(owners, weights=found, minlength=len(sentences)).astype(np.float32)


def passage_terms(article: Article, start: int, end: int) -> list[str]:
    """The terms that BM25 indexes for a passage: those of the title, its heading and its text."""
    return list(chain(*map(tokenise, (*_above(article, start), article.text[start:end]))))


def _above(article: Article, start: int) -> tuple[str, ...]:
    """The title, and the heading above a passage that begins at `start` unless the passage begins with it."""
    blocks = article.blocks[: bisect_right(article.blocks, start, key=attrgetter("start"))]
    heading = next((block for block in reversed(blocks) if block.kind == "heading"), None)
    if heading is None or heading.start == start:
        return (article.title,)
    return article.title, article.text[heading.start : heading.end]


def write_words(articles: Sequence[Article], rows: Tables, folder: Path) -> None:
    """Write the BM25 index of the passages and the terms of the sentences."""
    passages = (passage_terms(articles[article], start, end) for article, start, end in _records(rows))
    vocabulary = write_keywords(passages, folder / BM25)
    write_table(map(tokenise, sentence_texts(rows, articles)), vocabulary, folder)


def write_table(sentences: Iterable[Sequence[str]], vocabulary: Mapping[str, int], folder: Path) -> None:
    """Write the table of sentences given as their tokens into a build's folder; words without a row are left out."""
    end = 0
    words, ends = array("i"), array("q", [end])
    with ArrayFile(folder / _WORDS, np.int32) as words_file, ArrayFile(folder / _FIRST, np.int64) as first_file:
        for tokens in sentences:
            own = sorted({vocabulary[token] for token in tokens if token in vocabulary})
            words.extend(own)
            end += len(own)
            ends.append(end)
            if len(ends) >= _PIECE:
                words_file.add(words)
                first_file.add(ends)
                words, ends = array("i"), array("q")
        words_file.add(words)
        first_file.add(ends)


def _records(rows: Tables) -> Iterator[tuple[int, int, int]]:
    """Article, start and end of every passage."""
    for start in range(0, len(rows.passages), _PIECE):
        yield from rows.passages[start : start + _PIECE][["article", "start", "end"]].tolist()


def ranges(first: Rows, counts: Rows) -> Rows:
    """The numbers `first[n]` to `first[n] + counts[n]`, one range after another."""
    ends = np.cumsum(counts)
    numbers: Rows = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
    return numbers

"""The protocol of a BM25 vocabulary, for every store."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from index.keywords.bm25 import idf


class Vocabulary(Protocol):
    """The words of a BM25 index and their document frequencies."""

    @property
    def passages(self) -> int:
        """The number of passages."""

    def document_frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """The document frequency of each word; words without any passage are left out."""

    def beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, in order, hidden words included."""


def inverse_document_frequencies(words: Collection[str], vocabulary: Vocabulary) -> dict[str, float]:
    """The inverse document frequency of each term; a term that occurs nowhere gets the maximum."""
    frequencies = vocabulary.document_frequencies(words)
    return {word: float(idf(vocabulary.passages, frequencies.get(word, 0))) for word in words}

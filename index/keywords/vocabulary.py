"""The words of a keyword leg, whichever engine keeps them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from index.keywords.bm25 import idf


class Vocabulary(Protocol):
    """The words of the keyword leg; `passages` is how many passages there are."""

    @property
    def passages(self) -> int:
        """How many passages there are."""

    def having(self, words: Collection[str]) -> Mapping[str, int]:
        """How many passages have each of these words; those that none has are left out."""

    def beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, in order; only `having` says which of them are seen."""


def telling(words: Collection[str], vocabulary: Vocabulary) -> dict[str, float]:
    """How much each of these words tells, as `index.keywords.bm25.idf` says; one that no passage has tells the most."""
    having = vocabulary.having(words)
    return {word: float(idf(vocabulary.passages, having.get(word, 0))) for word in words}

"""A vocabulary restricted to visible passages."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from index.keywords.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SeenVocabulary:
    """The words of visible passages: an `index.keywords.vocabulary.Vocabulary`.

    `visible` picks the words that occur in a visible passage from words with their document
    frequencies, which count all passages, so that scores stay comparable.
    """

    whole: Vocabulary
    visible: Callable[[Mapping[str, int]], Collection[str]]

    @property
    def passages(self) -> int:
        """Number of passages, hidden ones included."""
        return self.whole.passages

    def document_frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Document frequencies of these words, without words that occur in no visible passage."""
        frequencies = self.whole.document_frequencies(words)
        visible = self.visible(frequencies)
        return {word: count for word, count in frequencies.items() if word in visible}

    def beginning(self, letter: str) -> Sequence[str]:
        """The words that begin with this letter, hidden ones included; `document_frequencies` filters them."""
        return self.whole.beginning(letter)

"""The keyword leg of a few passages, for tests that hold it against sums worked out by hand."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.keywords.bm25 import Bm25
from index.keywords.postings import write_keywords
from index.keywords.vocabulary import inverse_document_frequencies


def told(keywords: Bm25, word: str) -> float:
    """How much a word tells there."""
    return inverse_document_frequencies([word], keywords)[word]


def keywords_of(passages: Iterable[Sequence[str]], run: int = 1_000) -> Bm25:
    """Of passages given as their tokens; what is mapped does not mind that its files are gone."""
    with tempfile.TemporaryDirectory() as place:
        write_keywords(passages, Path(place, "bm25"), run)
        return Bm25.read(Path(place, "bm25"))

"""Words that no article has, to the nearest ones that some article has."""

from collections.abc import Collection, Iterable

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

_LETTERS = regex.compile(r"\p{Script=Latin}+|\p{Script=Cyrillic}+|\p{Script=Greek}+")
_LEAST = 5  # letters: shorter words have neighbours by chance
_COMPARED = 20  # near terms
_LONG = 9  # letters from which two slips are forgiven


def respelled(words: Iterable[str], vocabulary: Collection[str]) -> dict[str, str]:
    """For index terms that the vocabulary lacks the one term that differs by a slip or, if long, by two.

    A slip is a letter more, less, other, or changed with its neighbour (optimal string alignment
    distance). The first letter has to be right; where several terms are as near, none is taken.
    """
    found = {}
    for word in words:
        if len(word) >= _LEAST and word not in vocabulary and _LETTERS.fullmatch(word):
            nearest = _nearest(word, vocabulary)
            if nearest:
                found[word] = nearest
    return found


def _nearest(word: str, vocabulary: Collection[str]) -> str | None:
    most = 2 if len(word) >= _LONG else 1
    found = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=_COMPARED)
    near = [(str(hit[0]), int(hit[1])) for hit in found if hit[0][:1] == word[:1] and _LETTERS.fullmatch(hit[0])]
    best = min((distance for _, distance in near), default=0)
    terms = [term for term, distance in near if distance == best]
    return terms[0] if len(terms) == 1 else None

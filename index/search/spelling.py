"""Words that no article has, to the nearest ones that some article has."""

from collections.abc import Mapping

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.keywords.tokenizer import terms
from index.keywords.vocabulary import Vocabulary

_LETTERS = regex.compile(r"\p{Script=Latin}+|\p{Script=Cyrillic}+|\p{Script=Greek}+")
_LEAST = 6  # letters: shorter words have neighbours by chance
_MOST_WORDS = 16  # unknown ones of a text
_COMPARED = 20  # near terms
_LONG = 9  # letters from which two slips are forgiven


def respelled(words: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """For index terms that the vocabulary lacks the one term that differs by a slip or, if long, by two.

    `words` holds for each term how it is written: a slip may have changed the stem, too. A slip is a
    letter more, less, other, or changed with its neighbour (optimal string alignment distance). The
    first letter has to be right; where several terms are as near, none is taken. Of unknown words
    the first sixteen are looked at.
    """
    written = [term for term in words if _LETTERS.fullmatch(term)]
    known = vocabulary.having(written)
    unknown = [term for term in written if term not in known]
    found = {}
    for term in unknown[:_MOST_WORDS]:
        if near := _nearest(term, vocabulary) or _nearest(words[term].casefold(), vocabulary):
            found[term] = near
    return found


def read_as(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """The terms of a text that are read as others, with those."""
    return respelled({term: word for word, term in terms(text)}, vocabulary)


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    if len(word) < _LEAST:
        return None
    most = 2 if len(word) >= _LONG else 1
    found = process.extract(
        word, vocabulary.beginning(word[:1]), scorer=OSA.distance, score_cutoff=most, limit=_COMPARED
    )
    written = [(str(hit[0]), int(hit[1])) for hit in found if _LETTERS.fullmatch(hit[0])]
    having = vocabulary.having([term for term, _ in written])
    near = [(term, distance) for term, distance in written if term in having]
    best = min((distance for _, distance in near), default=0)
    nearest = [term for term, distance in near if distance == best]
    return nearest[0] if len(nearest) == 1 else None

"""Spelling correction: terms that occur in no article to the nearest term that occurs in some article."""

from collections.abc import Mapping

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.keywords.tokenizer import terms
from index.keywords.vocabulary import Vocabulary

_LETTERS = regex.compile(r"\p{Script=Latin}+|\p{Script=Cyrillic}+|\p{Script=Greek}+")
_MIN_LETTERS = 6  # of a corrected term: shorter words have neighbours by chance
_MAX_UNKNOWN = 16  # terms of a text
_MAX_NEAR = 20  # terms that are compared
_TWO_ERRORS_FROM = 9  # letters


def respelled(words: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Corrections of index terms that are missing from the vocabulary: missing term -> nearest known term.

    `words` maps each term to the word as typed, since an error may change the stem. The greatest
    optimal string alignment distance is 1, for long words 2. The first letter has to be right. A term
    with several equally near neighbours is not corrected. Only the first sixteen unknown terms are tried.
    """
    candidates = [term for term in words if _LETTERS.fullmatch(term)]
    known = vocabulary.document_frequencies(candidates)
    unknown = [term for term in candidates if term not in known]
    corrections = {}
    for term in unknown[:_MAX_UNKNOWN]:
        if near := _nearest(term, vocabulary) or _nearest(words[term].casefold(), vocabulary):
            corrections[term] = near
    return corrections


def corrections_of(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Corrections of the terms of a text: missing term -> nearest known term."""
    return respelled({term: word for word, term in terms(text)}, vocabulary)


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    if len(word) < _MIN_LETTERS:
        return None
    max_distance = 2 if len(word) >= _TWO_ERRORS_FROM else 1
    matches = process.extract(
        word, vocabulary.beginning(word[:1]), scorer=OSA.distance, score_cutoff=max_distance, limit=_MAX_NEAR
    )
    distances = {str(match[0]): int(match[1]) for match in matches if _LETTERS.fullmatch(match[0])}
    known = vocabulary.document_frequencies(list(distances))
    near = [(term, distance) for term, distance in distances.items() if term in known]
    best = min((distance for _, distance in near), default=0)
    nearest = [term for term, distance in near if distance == best]
    return nearest[0] if len(nearest) == 1 else None

"""Spelling correction: common words that occur in no article to the nearest term that occurs in some article."""

import math
from collections.abc import Collection, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.keywords.tokenizer import is_value, terms, word_spans
from index.keywords.vocabulary import Vocabulary
from index.patterns import lazy_regex
from index.search.questions.dictionary import rightly_spelled

_LETTERS = lazy_regex(r"\p{Script=Latin}+|\p{Script=Cyrillic}+|\p{Script=Greek}+")
_MIN_LETTERS = 6  # of a corrected term: shorter words have neighbours by chance
_MAX_UNKNOWN = 16  # terms of a text
_MAX_NEAR = 20  # terms that are compared
_COMMON = 0.001  # least share of the passages with a term that others are corrected to
_QUOTED = lazy_regex(r'"[^"]+"|“[^”]+”|„[^“]+“|«[^»]+»')
_FOREIGN = 3  # unknown words that are most of the words are of another language


def respelled(words: Mapping[str, str], vocabulary: Vocabulary, known: Collection[str] | None = None) -> dict[str, str]:
    """Corrections of index terms that are missing from the vocabulary: missing term -> nearest known term.

    `words` maps each term to the word as typed, since an error may change the stem. Only words in
    lower case are corrected, which keeps names, acronyms and codes, and only to a single neighbour
    with the same first letter at an optimal string alignment distance of 1 that is common. A word
    that is a neighbour with a letter more or less at the end may be another word or a name ("modern",
    "moderna") and is kept, as is each word of the dictionary ("expensive" beside "extension").
    `known` are the terms that occur, if they have been looked up already.
    """
    right = rightly_spelled()
    candidates = [
        term for term, word in words.items() if _LETTERS.fullmatch(term) and word.islower() and word not in right
    ]
    known = vocabulary.document_frequencies(candidates) if known is None else known
    unknown = [term for term in candidates if term not in known]
    corrections = {}
    for term in unknown[:_MAX_UNKNOWN]:
        if near := _nearest(term, vocabulary) or _nearest(words[term].casefold(), vocabulary):
            corrections[term] = near
    return corrections


def corrections_of(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Corrections of the terms of a text: missing term -> nearest known term.

    None in quotation marks, which want the very words, and none if most of the words are unknown: they are of another
    language.
    """
    text = _QUOTED.sub(" ", text)
    words = {term: word for word, term in terms(text) if not is_value(term)}
    known = vocabulary.document_frequencies(list(words))
    unknown = len(words) - len(known)
    if unknown >= _FOREIGN and 2 * unknown > len(word_spans(text)):
        return {}
    return respelled(words, vocabulary, known)


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    if len(word) < _MIN_LETTERS:
        return None
    matches = process.extract(
        word, vocabulary.beginning(word[:1]), scorer=OSA.distance, score_cutoff=1, limit=_MAX_NEAR
    )
    near = [str(match[0]) for match in matches if _LETTERS.fullmatch(match[0])]
    frequencies = vocabulary.document_frequencies(near)
    common = math.ceil(_COMMON * vocabulary.passages)
    neighbours = [term for term in near if frequencies.get(term, 0) >= common]
    if len(neighbours) != 1 or neighbours[0].startswith(word) or word.startswith(neighbours[0]):
        return None
    return neighbours[0]

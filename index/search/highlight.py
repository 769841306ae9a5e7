"""The sentence of a passage that is marked."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from index.arrays import Scores
from index.keywords.tokenizer import tokenise
from index.passages.sentences import Span
from index.search.query import Asked
from index.search.store import Candidates

_OWN_WORDS, _OF_TITLE = 0.5, 0.25  # of .1 to .5 and 0 to 1 the best at finding gold sentences, own and public


def marked_sentence(candidates: Candidates, place: int, view: Asked, cosines: Scores) -> Span:
    """The span of the sentence that answers, of a candidate whose sentences have these cosines."""
    spans, article = candidates.sentences(place), candidates.passage(place).article
    sentences = [article.text[start:end] for start, end in spans]
    return spans[best_sentence(sentences, view.known * cosines, view.words, article.title)]


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """The index terms of a text."""
    return frozenset(tokenise(text))


def coverage(words: Mapping[str, float], text: str) -> float:
    """The share of the question's words, each counted by its idf, that the text holds; 0 without words."""
    held = words_of(text)
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in held) / total if total else 0.0


def best_sentence(sentences: Sequence[str], cosines: Scores, words: Mapping[str, float], title: str = "") -> int:
    """Which sentence of a passage answers: near in meaning, with words of the question that the others lack.

    Each word counts by its idf times the share of the sentences without it, one of the title by a
    quarter of that; of all that the passage holds, a sentence with every one gets 0.5 beside its
    cosine in [-1, 1].
    """
    held, known = [words_of(sentence) for sentence in sentences], words_of(title)
    told = {word: idf * (_OF_TITLE if word in known else 1) for word, idf in words.items()}
    worth = {word: weight * (1 - sum(word in own for own in held) / len(held)) for word, weight in told.items()}
    found = np.array([sum(weight for word, weight in worth.items() if word in own) for own in held])
    most = sum(weight for word, weight in worth.items() if any(word in own for own in held))
    return int(np.argmax(cosines + (_OWN_WORDS * found / most if most else found)))

"""Highlight: the sentence to mark in a passage, and the share of a question's terms in a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.arrays import Scores
from index.keywords.tokenizer import tokenise
from index.passages.sentences import Span
from index.search.questions.query import EncodedQuery
from index.search.store import Candidates

# Weights of terms. Chosen from .1 to .5 and from 0 to 1 by the gold sentences of our own and public questions.
_TERMS, _TITLE_TERM = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a passage: their spans of the article, and how well each fits the question."""

    spans: tuple[Span, ...]
    scores: tuple[float, ...]

    @property
    def best(self) -> int:
        """The row of the sentence to mark."""
        return int(np.argmax(self.scores))


def scored_sentences(candidates: Candidates, position: int, query: EncodedQuery, cosines: Scores) -> Sentences:
    """The scored sentences of a candidate; `cosines` has one value a sentence."""
    spans, article = candidates.sentences(position), candidates.passage(position).article
    sentences = [article.text[start:end] for start, end in spans]
    scores = sentence_scores(sentences, query.vocabulary_coverage * cosines, query.words, article.title)
    return Sentences(tuple(spans), tuple(scores.tolist()))


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """The index terms of a text."""
    return frozenset(tokenise(text))


def coverage(words: Mapping[str, float], text: str) -> float:
    """The share of these terms that occur in the text, weighted by idf; 0 without terms."""
    text_words, total = words_of(text), sum(words.values())
    return sum(idf for word, idf in words.items() if word in text_words) / total if total else 0.0


def sentence_scores(sentences: Sequence[str], cosines: Scores, words: Mapping[str, float], title: str = "") -> Scores:
    """The score of each sentence: high if it is near in meaning and has terms of the question that others lack.

    A term weighs its idf times the share of sentences without it, and a quarter of that if it is in
    the title. The terms of a sentence add 0.5 to its cosine if they are all terms of the passage,
    and proportionally less otherwise.
    """
    sentence_words, title_words = [words_of(sentence) for sentence in sentences], words_of(title)
    idfs = {word: idf * (_TITLE_TERM if word in title_words else 1) for word, idf in words.items()}
    weights = {
        word: idf * (1 - sum(word in each for each in sentence_words) / len(sentence_words))
        for word, idf in idfs.items()
    }
    sums = np.array([sum(weight for word, weight in weights.items() if word in each) for each in sentence_words])
    total = sum(weight for word, weight in weights.items() if any(word in each for each in sentence_words))
    return np.asarray(cosines + (_TERMS * sums / total if total else sums))

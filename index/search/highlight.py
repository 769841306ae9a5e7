"""Highlight: the sentence to mark in a passage, and the share of a question's terms in a text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from index.arrays import Scores
from index.keywords.sentence_terms import headings_above
from index.keywords.tokenizer import is_value, words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.questions.query import EncodedQuery
from index.search.values.datelines import datelines
from index.search.values.extremes import extreme_rows
from index.search.values.former import is_former
from index.search.values.kinds import holds_kind, number_asked
from index.search.values.others import Line, lines_of_others
from index.search.values.rows import looked_up, row_cells

# Weights of terms. Chosen from .1 to .5 and from 0 to 1 by the gold sentences of our own and public questions.
_TERMS, _TITLE_TERM = 0.5, 0.25
# Bonus of a sentence for the numbers and dates of the question, for a number of the kind that it asks for, and for a
# row of a table whose cell it names. Chosen from 0 to .8 by our own questions and the dev split of the reader's set.
_VALUE, _KIND, _ROW = 0.2, 0.1, 0.3
_EXTREME = 0.6  # bonus of a row with the highest or lowest value, for a question for that
_FORMER = 0.4  # malus of a sentence on what was before, for a question about what is
_QUESTION = lazy(r"[?？][\"”’)\]*_]*\s*$")
_OTHER = 2.0  # malus of a line for something else than what is asked about, of a dateline and of a question


@dataclass(frozen=True, slots=True)
class Fits:
    """How well each sentence of a passage fits a question.

    `cells` maps those that are rows of a table to the span of the cell that is asked for.
    """

    scores: tuple[float, ...]
    cells: Mapping[int, Span] = field(default_factory=dict)


class Sentences:
    """The sentences of a passage: their spans of the article, and how well each fits the question.

    They are compared with the question on first use: of the hits of a search only a few are shown.
    """

    def __init__(self, spans: Iterable[Span], fits: Callable[[], Fits]) -> None:
        self.spans = tuple(spans)
        self._compare = fits

    @classmethod
    def alone(cls, span: Span) -> "Sentences":
        """The only sentence of a passage."""
        return cls((span,), lambda: Fits((1.0,)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentences) and (self.spans, self._fits) == (other.spans, other._fits)

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def _fits(self) -> Fits:
        return self._compare()

    @property
    def scores(self) -> tuple[float, ...]:
        """One score a sentence, higher for a better fit."""
        return self._fits.scores

    @property
    def cells(self) -> Mapping[int, Span]:
        """The span of the asked cell of each row of a table, by the number of the sentence."""
        return self._fits.cells

    @cached_property
    def best(self) -> int:
        """The number of the sentence to mark."""
        return int(np.argmax(self.scores))


def compared(passage: Passage, spans: Sequence[Span], query: EncodedQuery, cosines: Scores, question: str) -> Sentences:
    """The sentences of a passage for the text of a question; `cosines` has one value a sentence."""
    return Sentences(spans, lambda: _fits(passage, spans, query, cosines, question))


def _fits(passage: Passage, spans: Sequence[Span], query: EncodedQuery, cosines: Scores, question: str) -> Fits:
    kind, article = number_asked(question), passage.article
    sentences = [article.text[start:end] for start, end in spans]
    cosines, headings = query.vocabulary_coverage * cosines, headings_above(article, spans)
    scores = sentence_scores(sentences, cosines, query.words, article.title, headings=headings)
    lines = [Line(sentence, row_cells(article, span)) for sentence, span in zip(sentences, spans, strict=True)]
    lookups = {
        row: lookup
        for row, line in enumerate(lines)
        if line.cells and (lookup := looked_up(line.cells, query.words, kind))
    }
    values = {word: idf for word, idf in query.words.items() if is_value(word)}
    for row, sentence in enumerate(sentences):
        scores[row] += _VALUE * (coverage(values, sentence) if values else 0)
        scores[row] += _KIND * (kind is not None and holds_kind(sentence, kind))
        scores[row] += _ROW * (row in lookups and lookups[row].whole)
    extreme, beside = extreme_rows(article, question, query.words)
    scores += _EXTREME * np.array([start in extreme for start, _ in spans])
    less = [row for row, (start, _) in enumerate(spans) if start in beside]
    scores[sorted({*lines_of_others(lines, question, query.words), *less})] -= _OTHER
    scores -= _FORMER * np.array([is_former(sentence, question) for sentence in sentences])
    if passage.start == 0:
        scores[datelines(sentences, question)] -= _OTHER
    _behind_questions(scores, sentences)
    cells = {row: (spans[row][0] + at.asked[0], spans[row][0] + at.asked[1]) for row, at in lookups.items()}
    return Fits(tuple(scores.tolist()), cells)


def is_question(sentence: str) -> bool:
    """Whether a sentence of a text asks rather than states."""
    return _QUESTION.search(sentence) is not None


def _behind_questions(scores: Scores, sentences: Sequence[str]) -> None:
    """Let the sentence behind a question stand for it: "Is there a doctor? No, but a nurse is in room 12."

    A question is no answer, so its own score falls below all others, unless there are questions alone.
    """
    asks = [is_question(sentence) for sentence in sentences]
    if all(asks):
        return
    for row in range(len(asks) - 1, -1, -1):
        if asks[row]:
            if row + 1 < len(asks) and not asks[row + 1]:
                scores[row + 1] = max(scores[row], scores[row + 1])
            scores[row] -= _OTHER


def coverage(words: Mapping[str, float], *texts: str) -> float:
    """The share of these terms that occur in one of the texts, weighted by idf; 0 without terms."""
    held, total = frozenset().union(*map(words_of, texts)), sum(words.values())
    return sum([idf for word, idf in words.items() if word in held]) / total if total else 0.0


def sentence_scores(
    sentences: Sequence[str],
    cosines: Scores,
    words: Mapping[str, float],
    title: str = "",
    *,
    headings: Sequence[str] = (),
) -> Scores:
    """The score of each sentence: high if it is near in meaning and has terms of the question that others lack.

    A term weighs its idf times the share of sentences without it, and a quarter of that if it is in the title and no
    number or date. The terms of a sentence and of the heading above it, one of the `headings`, add 0.5 to its cosine if
    they are all terms of the passage, and proportionally less otherwise.
    """
    sentence_words, title_words = [words_of(sentence) for sentence in sentences], words_of(title)
    idfs = {
        word: idf * (_TITLE_TERM if word in title_words and not is_value(word) else 1) for word, idf in words.items()
    }
    weights = {
        word: idf * (1 - sum(word in each for each in sentence_words) / len(sentence_words))
        for word, idf in idfs.items()
    }
    held = [own | words_of(above) for own, above in zip(sentence_words, headings or [""] * len(sentences), strict=True)]
    sums = np.array([sum(weight for word, weight in weights.items() if word in each) for each in held])
    total = sum(weight for word, weight in weights.items() if any(word in each for each in held))
    return np.asarray(cosines + (_TERMS * sums / total if total else sums))

"""Hits: the passages that a search returns, with their scores and features."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from index.arrays import Scores
from index.keywords.tokenizer import words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.reader.reader import PassageReading
from index.search.highlight import Sentences, compared, coverage
from index.search.ranking import EncodedQuestion, Ranked

_LOOKED_AT = 30  # best candidates, among which those are that a passage stands out from
_OTHERS = 4  # of these
_LEAST = 0.05  # score of a passage that shares hardly anything with the question
_ALIKE = 0.5  # shared terms by all terms of two passages


@dataclass(frozen=True, slots=True)
class HitFeatures:
    """Features of a hit: two cosines in [-1, 1], BM25 (0 or more), and shares in [0, 1].

    `coverage` is the share of the question's terms in the passage and its title, by idf. `missing` is
    the relative idf of the rarest name in the question that occurs in neither: 0 without such a name,
    1 for a name that occurs nowhere in the collection. `contrast`, at most 1, is the share of its score by which it
    lies above those of passages that say something else. If the context leads, all features but `missing` refer to the
    question after its context.
    """

    passage: float
    sentence: float
    bm25: float
    coverage: float
    missing: float = 0.0
    contrast: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its sentences, and its score in [0, 1]: higher is nearer.

    `reading` is how the reader read it, None without one. `marked` is the sentence to mark and the answer in it, where
    the sentences themselves do not tell it. `also_in` holds the ids of other articles with the same text.
    `lacks` holds the terms of the numbers and rare names in the question that occur
    in neither the passage nor its title. `in_context` tells whether the earlier questions counted.
    """

    passage: Passage
    score: float
    features: HitFeatures
    sentences: Sentences
    also_in: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    in_context: bool = False
    reading: PassageReading | None = None
    marked: tuple[Span, tuple[Span, ...]] | None = None

    @property
    def best_sentence(self) -> Span:
        """The sentence to mark, a span of the article."""
        return self.marked[0] if self.marked else self.sentences.spans[self.sentences.best]

    @property
    def answer(self) -> tuple[Span, ...]:
        """The answer: spans of the article in the best sentence.

        Empty where neither the reader found one nor a row of a table has the asked cell.
        """
        if self.marked:
            return self.marked[1]
        best, cells = self.sentences.best, self.sentences.cells
        return (cells[best],) if best in cells else ()

    def marking(self, sentence: Span, answer: tuple[Span, ...] = ()) -> "Hit":
        """The hit with another sentence to mark, and the answer in it."""
        return replace(self, marked=(sentence, answer))


def hits_of(ranking: Ranked, read: EncodedQuestion, chosen: Mapping[int, Sequence[str]], scores: Scores) -> list[Hit]:
    """The hits of the candidates at the `chosen` positions, each with the other articles that hold its text.

    `scores` are those of all candidates, and are cut to [0, 1].
    """
    contrasts = _contrasts(ranking, chosen)
    return [
        _hit(
            ranking,
            read,
            position,
            score=float(scores[position]),
            contrast=contrasts[position],
            also_in=tuple(also_in),
        )
        for position, also_in in chosen.items()
    ]


def _hit(
    ranking: Ranked, read: EncodedQuestion, position: int, *, score: float, contrast: float, also_in: tuple[str, ...]
) -> Hit:
    passage, query, signals = ranking.candidates.passage(position), ranking.query, ranking.signals
    words = held(passage)
    first = int(signals.first[position])
    spans = ranking.candidates.sentences(position)
    cosines = signals.sentences[first : first + len(spans)]
    features = HitFeatures(
        passage=float(signals.passages[position]),
        sentence=float(cosines.max()),
        bm25=float(signals.bm25[position]) * query.max_bm25,
        coverage=coverage(query.words, passage.article.title, passage.text),
        missing=max((rarity for name, rarity in read.names.items() if name not in words), default=0.0),
        contrast=contrast,
    )
    sentences = compared(passage, spans, query, ranking.background.standardised(cosines), read.text)
    lacks = read.asked_for - words
    return Hit(passage, min(max(score, 0.0), 1.0), features, sentences, also_in, lacks, ranking.in_context)


def placed_behind(hits: Sequence[Hit], lowest: float) -> list[Hit]:
    """The hits with their scores scaled to lie below the lowest score of better ones."""
    return [replace(hit, score=lowest * hit.score) for hit in hits]


def held(passage: Passage) -> frozenset[str]:
    """The index terms of a passage and its title."""
    return words_of(passage.text) | words_of(passage.article.title)


def _contrasts(ranking: Ranked, positions: Iterable[int]) -> dict[int, float]:
    """The contrast of the passages at these positions: the score less the mean of the best four unlike passages', as a
    share of it.

    Where fewer of those looked at are unlike, a missing one has a score of 0. Passages with much the same words are
    alike, such as the minutes of two meetings: they do not speak against each other.
    """
    order = [int(position) for position in np.argsort(-ranking.scores, kind="stable")[:_LOOKED_AT]]
    best = list(ranking.candidates.passages(order))
    contrasts = {}
    for position in positions:
        own = words_of(ranking.candidates.passage(position).text)
        unlike = islice((other for other, passage in best if not _alike(own, words_of(passage.text))), _OTHERS)
        mean = sum(max(float(ranking.scores[other]), 0.0) for other in unlike) / _OTHERS
        score = float(ranking.scores[position])
        contrasts[position] = (score - mean) / max(score, _LEAST)
    return contrasts


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= _ALIKE * (len(one) + len(other) - shared)

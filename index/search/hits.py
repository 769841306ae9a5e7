"""Hits: the passages that a search returns, with their scores and features."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.keywords.tokenizer import words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.reader.reader import PassageReading
from index.search.highlight import Sentences, coverage, scored_sentences
from index.search.ranking import EncodedQuestion, Ranked


@dataclass(frozen=True, slots=True)
class HitFeatures:
    """Features of a hit: two cosines in [-1, 1], BM25 (0 or more), and shares in [0, 1].

    `coverage` is the share of the question's terms in the passage and its title, by idf. `missing` is
    the relative idf of the rarest name in the question that occurs in neither: 0 without such a name,
    1 for a name that occurs nowhere in the collection. If the context leads, all features but
    `missing` refer to the question after its context.
    """

    passage: float
    sentence: float
    bm25: float
    coverage: float
    missing: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its best sentence and its answer (spans of the article), and its score in [0, 1]: higher is nearer.

    `sentences` are those of the passage. `reading` is how the reader read it, None without one; `answer` lies in the
    best sentence and is empty where neither the reader found one nor a row of a table has the asked cell.
    `also_in` holds the ids of other articles with the same text.
    `lacks` holds the terms of the numbers and rare names in the question that occur
    in neither the passage nor its title. `in_context` tells whether the earlier questions counted.
    """

    passage: Passage
    best_sentence: Span
    score: float
    features: HitFeatures
    sentences: Sentences
    also_in: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    in_context: bool = False
    reading: PassageReading | None = None
    answer: tuple[Span, ...] = ()


def hit_of(ranking: Ranked, read: EncodedQuestion, position: int, *, score: float, also_in: tuple[str, ...]) -> Hit:
    """The hit of the candidate at this position; `score` is cut to [0, 1]."""
    passage, query, signals = ranking.candidates.passage(position), ranking.query, ranking.signals
    words = held(passage)
    first = int(signals.first[position])
    cosines = signals.sentences[first : first + len(ranking.candidates.sentences(position))]
    features = HitFeatures(
        passage=float(signals.passages[position]),
        sentence=float(cosines.max()),
        bm25=float(signals.bm25[position]) * query.max_bm25,
        coverage=coverage(query.words, passage.article.title, passage.text),
        missing=max((rarity for name, rarity in read.names.items() if name not in words), default=0.0),
    )
    sentences = scored_sentences(
        ranking.candidates, position, query, ranking.background.standardised(cosines), read.number
    )
    answer = (sentences.cells[sentences.best],) if sentences.best in sentences.cells else ()
    return Hit(
        passage,
        sentences.spans[sentences.best],
        min(max(score, 0.0), 1.0),
        features,
        sentences,
        also_in,
        read.asked_for - words,
        ranking.in_context,
        answer=answer,
    )


def placed_behind(hits: Sequence[Hit], lowest: float) -> list[Hit]:
    """The hits with their scores scaled to lie below the lowest score of better ones."""
    return [replace(hit, score=lowest * hit.score) for hit in hits]


def held(passage: Passage) -> frozenset[str]:
    """The index terms of a passage and its title."""
    return words_of(passage.text) | words_of(passage.article.title)

"""Ranking: candidates scored for the whole question, for its parts, and for the question after its context."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from index.arrays import Scores
from index.encoder.encoder import Encoder
from index.keywords.vocabulary import Vocabulary, telling
from index.search.fusion import Fusion, Weights
from index.search.names import names_of
from index.search.query import EncodedQuery, Signals, encode_queries
from index.search.question import Context, with_context
from index.search.store import Candidates
from index.search.subquestions import subquestions

_PARTS_SHARE = 0.35  # weight of the best part's score, the rest is that of the whole question; chosen from 0 to .5
_CONTRASTED = 20  # rank of the candidate that hits are compared with


@dataclass(frozen=True, slots=True)
class Views:
    """The ways a question is read: whole, then in its parts, then after its context where it has one.

    `names` holds its names, each with how much it tells: 1 for one that no passage has.
    """

    all: tuple[EncodedQuery, ...]
    context: Context
    names: Mapping[str, float]

    @property
    def place(self) -> int:
        """Of the way that says what is asked: after the context where that leads, else whole."""
        return len(self.all) - 1 if self.context.leads else 0

    @property
    def understood(self) -> EncodedQuery:
        """That way."""
        return self.all[self.place]


def views(
    question: str, context: Context, vocabulary: Vocabulary, encoder: Encoder, corrections: Mapping[str, str]
) -> Views:
    """All views of a checked question, from one pass of the encoder.

    `corrections` maps terms to the terms to search instead.
    """
    texts = [question, *subquestions(question), *([with_context(question, context)] if context.questions else [])]
    read = encode_queries(texts, vocabulary, encoder, corrections)
    if context.questions:  # a long context is no reason to trust BM25 more
        read[-1] = replace(read[-1], length_factor=1.0)
    names = dict.fromkeys(corrections.get(name, name) for name in names_of(question))
    idfs = {word: idf for query in read for word, idf in query.words.items()}
    idfs |= telling([name for name in names if name not in idfs], vocabulary)
    max_idf = math.log(2 * vocabulary.passages + 2)  # of a term that occurs nowhere
    return Views(tuple(read), context, {name: idfs[name] / max_idf for name in names})


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates with their scores, the signals for `Views.understood`, and the scores for each part of the question.

    `contrasted` is the twentieth best score, or the last of fewer.
    """

    candidates: Candidates
    scores: Scores
    signals: Signals
    parts: tuple[Scores, ...]
    contrasted: float


def ranked(read: Views, candidates: Candidates, weights: Weights, fusion: Fusion) -> Ranked | None:
    """The candidates with their scores; None without candidates."""
    if not len(candidates):
        return None
    blended, *others = (fusion(signals, weights) for signals in candidates.signals)
    after = others.pop() if read.context.questions else None
    if others:
        blended = (1 - _PARTS_SHARE) * blended + _PARTS_SHARE * np.max(others, axis=0)
    if after is not None:
        blended = (1 - read.context.share) * blended + read.context.share * after
    contrasted = float(np.sort(blended)[::-1][min(_CONTRASTED, len(candidates)) - 1])
    signals = candidates.signals[read.place]
    return Ranked(candidates, np.asarray(blended, np.float32), signals, tuple(others), contrasted)

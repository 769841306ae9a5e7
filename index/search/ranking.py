"""The candidates of a question, scored: it is read whole, in its parts and after its context."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from index.arrays import Scores
from index.encoder.encoder import Encoder
from index.keywords.vocabulary import Vocabulary, telling
from index.search.fusion import Fusion, Weights
from index.search.names import names_of
from index.search.query import Asked, Measured, asked
from index.search.question import Context, with_context
from index.search.store import Candidates
from index.search.subquestions import parts_of

_PARTS_SHARE = 0.35  # of the best part's score beside that of the whole question; 0 to .5 was tried
_CONTRASTED = 20  # the candidate that the first hit is compared with


@dataclass(frozen=True, slots=True)
class Views:
    """The ways a question is read: whole, then in its parts, then after its context where it has one.

    `names` holds its names, each with how much it tells: 1 for one that no passage has.
    """

    all: tuple[Asked, ...]
    context: Context
    names: Mapping[str, float]

    @property
    def place(self) -> int:
        """Of the way that says what is asked: after the context where that leads, else whole."""
        return len(self.all) - 1 if self.context.leads else 0

    @property
    def understood(self) -> Asked:
        """That way."""
        return self.all[self.place]


def views(question: str, context: Context, vocabulary: Vocabulary, encoder: Encoder, meant: Mapping[str, str]) -> Views:
    """All ways to read a checked question; one pass of the encoder. Words in `meant` are read as others."""
    texts = [question, *parts_of(question), *([with_context(question, context)] if context.questions else [])]
    read = asked(texts, vocabulary, encoder, meant)
    if context.questions:  # its many words are no reason to trust the keyword leg more
        read[-1] = replace(read[-1], stretch=1.0)
    names = dict.fromkeys(meant.get(name, name) for name in names_of(question))
    told = {word: idf for view in read for word, idf in view.words.items()}
    others = telling([name for name in names if name not in told], vocabulary)
    rarity = math.log(2 * vocabulary.passages + 2)  # of a word that no passage has
    return Views(tuple(read), context, {name: {**told, **others}[name] / rarity for name in names})


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates with their scores, the signals that a hit is told by, and the scores of each part.

    `contrasted` is the twentieth best score, or the last: what a hit's is compared with.
    """

    candidates: Candidates
    scores: Scores
    found: Measured
    parts: tuple[Scores, ...]
    contrasted: float


def ranked(read: Views, candidates: Candidates, weights: Weights, fusion: Fusion) -> Ranked | None:
    """The candidates, scored; None where there are none."""
    if not len(candidates):
        return None
    blended, *others = (fusion(signals, weights) for signals in candidates.signals)
    after = others.pop() if read.context.questions else None
    if others:
        blended = (1 - _PARTS_SHARE) * blended + _PARTS_SHARE * np.max(others, axis=0)
    if after is not None:
        blended = (1 - read.context.share) * blended + read.context.share * after
    contrasted = float(np.sort(blended)[::-1][min(_CONTRASTED, len(candidates)) - 1])
    found = candidates.signals[read.place]
    return Ranked(candidates, np.asarray(blended, np.float32), found, tuple(others), contrasted)

"""The candidates of a question, scored: it is read whole, in its parts and after its context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.fusion import Fusion, Measured, Scores, Weights
from index.names import names_of
from index.parts import parts_of
from index.question import Context, with_context
from index.signals import Asked, Mask, asked, candidates, measured
from index.snapshot import Snapshot
from index.wordtable import Rows

_PARTS_SHARE = 0.35  # of the best part's score beside that of the whole question; 0 to .5 was tried
_CONTRASTED = 20  # the candidate that the first hit is compared with


@dataclass(frozen=True, slots=True)
class Views:
    """The ways a question is read: alone, in its parts, and after its context where it has one; and its names."""

    names: tuple[str, ...]
    whole: Asked
    parts: tuple[Asked, ...]
    after: Asked | None
    context: Context

    @property
    def all(self) -> tuple[Asked, ...]:
        """Every way."""
        return (self.whole, *self.parts, *([self.after] if self.after else []))

    @property
    def understood(self) -> Asked:
        """The way that says what is asked: after the context where that leads, else alone."""
        return self.after if self.after and self.context.leads else self.whole


def views(question: str, context: Context, snapshot: Snapshot, encoder: Encoder, meant: Mapping[str, str]) -> Views:
    """All ways to read a checked question; one pass of the encoder. Words in `meant` are read as others."""
    parts = parts_of(question)
    texts = [question, *parts, *([with_context(question, context)] if context.questions else [])]
    whole, *others = asked(texts, snapshot, encoder, meant)
    after = others.pop() if context.questions else None
    # Of a long context its many words are no reason to trust the keyword leg more.
    names = tuple(meant.get(name, name) for name in names_of(question))
    return Views(names, whole, tuple(others), _unstretched(after) if after else None, context)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows of passages with their scores, the signals that a hit is told by, and the scores of each part.

    `contrasted` is the twentieth best score, or the last: what a hit's is compared with.
    """

    rows: Rows
    scores: Scores
    found: Measured
    parts: tuple[Scores, ...]
    contrasted: float


def ranked(
    read: Views, snapshot: Snapshot, weights: Weights, fusion: Fusion, *, limit: int, masks: Sequence[Mask | None]
) -> Ranked | None:
    """The best `limit` candidates of each leg, view and mask, scored; None where there are none."""
    rows = np.unique(np.concatenate([candidates(v, snapshot, limit, mask) for v in read.all for mask in masks]))
    if not len(rows):
        return None
    found = {id(view): measured(view, snapshot, rows) for view in read.all}
    scores = {id(view): fusion(found[id(view)], weights) for view in read.all}
    parts = tuple(scores[id(part)] for part in read.parts)
    blended = scores[id(read.whole)]
    if parts:
        blended = (1 - _PARTS_SHARE) * blended + _PARTS_SHARE * np.max(parts, axis=0)
    if read.after:
        share = read.context.share
        blended = (1 - share) * blended + share * scores[id(read.after)]
    ordered = np.sort(blended)[::-1]
    contrasted = float(ordered[min(_CONTRASTED, len(ordered)) - 1])
    return Ranked(rows, np.asarray(blended, np.float32), found[id(read.understood)], parts, contrasted)


def _unstretched(view: Asked) -> Asked:
    return Asked(view.words, view.vector, view.bm25, view.most, view.known, 1.0)

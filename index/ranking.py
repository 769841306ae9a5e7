"""The candidates of a question, scored: it is read whole, in its parts and after its context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.encoder import Encoder
from index.fusion import Fusion, Measured, Scores, Weights
from index.layout import Mask, Rows
from index.names import names_of
from index.parts import parts_of
from index.question import Context, with_context
from index.signals import Asked, asked, candidates, measured
from index.snapshot import Snapshot

_PARTS_SHARE = 0.35  # of the best part's score beside that of the whole question; 0 to .5 was tried
_CONTRASTED = 20  # the candidate that the first hit is compared with


@dataclass(frozen=True, slots=True)
class Views:
    """The ways a question is read: whole, then in its parts, then after its context where it has one; and its names."""

    all: tuple[Asked, ...]
    context: Context
    names: tuple[str, ...]

    @property
    def place(self) -> int:
        """Of the way that says what is asked: after the context where that leads, else whole."""
        return len(self.all) - 1 if self.context.leads else 0

    @property
    def understood(self) -> Asked:
        """That way."""
        return self.all[self.place]


def views(question: str, context: Context, snapshot: Snapshot, encoder: Encoder, meant: Mapping[str, str]) -> Views:
    """All ways to read a checked question; one pass of the encoder. Words in `meant` are read as others."""
    texts = [question, *parts_of(question), *([with_context(question, context)] if context.questions else [])]
    read = asked(texts, snapshot, encoder, meant)
    if context.questions:  # its many words are no reason to trust the keyword leg more
        read[-1] = replace(read[-1], stretch=1.0)
    return Views(tuple(read), context, tuple(meant.get(name, name) for name in names_of(question)))


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
    found = measured(read.all, snapshot, rows)
    blended, *others = (fusion(signals, weights) for signals in found)
    after = others.pop() if read.context.questions else None
    if others:
        blended = (1 - _PARTS_SHARE) * blended + _PARTS_SHARE * np.max(others, axis=0)
    if after is not None:
        blended = (1 - read.context.share) * blended + read.context.share * after
    contrasted = float(np.sort(blended)[::-1][min(_CONTRASTED, len(rows)) - 1])
    return Ranked(rows, np.asarray(blended, np.float32), found[read.place], tuple(others), contrasted)

"""Spans: the best answer among some tokens of a window, by the logits of its first and its last token."""

import numpy as np

from index.arrays import Scores
from index.passages.sentences import Span

_LONGEST = 40  # tokens of an answer


def best_tokens(starts: Scores, ends: Scores) -> tuple[float, Span]:
    """The highest sum of a first token's and a last token's logit, and the positions of the two.

    Both have shape (tokens,), at least one; an answer has at most 40 tokens.
    """
    sums = starts[:, None] + ends[None, :]
    distance = np.arange(len(starts))[None, :] - np.arange(len(starts))[:, None]
    sums = np.where((distance >= 0) & (distance < _LONGEST), sums, -np.inf)
    first, last = divmod(int(sums.argmax()), len(starts))
    return float(sums[first, last]), (first, last)

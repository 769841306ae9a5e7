"""Candidates for the top k by BM25, without a full pass over the postings of common words.

MaxScore (Turtle and Flood, 1995): lists are added up in order of their greatest impact, until the
remaining lists cannot lift a new passage into the top k; then only the candidates are looked up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from index.arrays import Mask, Rows, Scores

Listed = npt.NDArray[np.int32]  # rows as stored; numpy indexes fastest by `Rows`, and filters fastest by `compress`

_SLACK = 1e-4  # of the greatest score: more than the rounding error of sums in 32 bits
_LOOKUP_COST = 10  # relative to adding a posting
_LONG = 5_000  # postings: before a longer list is added, the threshold is checked
_AHEAD = 2  # times the limit: leaders that are scored in full for that check
_FEW = 8  # if a list has more than this many postings per allowed passage, the passages are looked up


@dataclass(frozen=True, slots=True)
class WordList:
    """The postings of a word of a question: rows in order, and the impact in each.

    `most` is the greatest impact; `times` is how often the question has the word.
    """

    rows: Listed
    impacts: Scores
    most: float
    times: int = 1

    @property
    def greatest(self) -> float:
        """The greatest contribution of the word to a score."""
        return self.times * self.most

    def at(self, rows: Rows) -> Scores:
        """The contribution of the word to the scores of these passages."""
        targets = rows.astype(np.int32)  # the list's own type: else numpy would copy the list
        positions = np.minimum(self.rows.searchsorted(targets), len(self.rows) - 1)
        return self.times * np.where(self.rows[positions] == targets, self.impacts[positions], np.float32(0))


def contenders(lists: Sequence[WordList], limit: int, passages: int, allowed: Mask | None) -> Rows:
    """The rows, in order, of candidates that include the best `limit` allowed passages by the sum over the lists."""
    if not lists or limit < 1:
        return np.zeros(0, np.int64)
    if allowed is not None and np.count_nonzero(allowed) * _FEW < sum(len(words.rows) for words in lists) / len(lists):
        return np.flatnonzero(allowed)
    lists = sorted(lists, key=lambda words: -words.greatest)
    possible = accumulate((words.greatest for words in reversed(lists)), initial=0.0)
    left = list(possible)[::-1]  # the possible score of the words from n on
    sums = np.zeros(passages, np.float32)
    slack = _SLACK * left[0]
    rows, least, added = _added_up(lists, left, limit, sums, allowed)
    for position, words in enumerate(lists[added:], added + 1):
        _look_up(words, sums, rows)
        least = max(least, _least(sums[rows], limit))
        rows = rows.compress(sums[rows] + (left[position] + slack) >= least)
    return np.sort(rows)


def _added_up(
    lists: Sequence[WordList], left: Sequence[float], limit: int, sums: Scores, allowed: Mask | None
) -> tuple[Rows, float, int]:
    """The candidates of the first lists, a lower bound for the top-k threshold, and the number of lists added."""
    rows, least, slack = np.zeros(0, np.int64), 0.0, _SLACK * left[0]
    for added, words in enumerate(lists):
        if len(words.rows) > _LONG:
            least = max(least, _promised(lists[added:], sums, rows, limit))
            rows = rows.compress(sums[rows] + (left[added] + slack) >= least)
            if least > left[added] + slack:
                return rows, least, added
        rows = np.concatenate([rows, _add(words, sums, allowed)])
    least = max(least, _least(sums[rows], limit))
    return rows.compress(sums[rows] + slack >= least), least, len(lists)


def _promised(lists: Sequence[WordList], sums: Scores, rows: Rows, limit: int) -> float:
    """A lower bound for the final top-k threshold: the full scores of the current leaders."""
    most = min(len(rows), _AHEAD * limit)
    if most < limit:
        return 0.0
    scores = sums[rows]
    ahead = np.sort(rows.compress(scores >= _least(scores, most))[:most])
    return _least(sums[ahead] + sum(words.at(ahead) for words in lists), limit)


def _add(words: WordList, sums: Scores, allowed: Mask | None) -> Rows:
    """Add a list to the sums; returns the passages that had no score before."""
    rows, impacts = words.rows.astype(np.int64), words.impacts
    if allowed is not None:
        passing = allowed[rows]
        rows, impacts = rows.compress(passing), impacts.compress(passing)
    before = sums[rows]
    sums[rows] = before + words.times * impacts
    return rows.compress(before == 0)


def _look_up(words: WordList, sums: Scores, rows: Rows) -> None:
    """Add a list to the sums of these passages in the cheaper way."""
    if len(rows) * _LOOKUP_COST > len(words.rows):
        np.add.at(sums, words.rows, words.times * words.impacts)
    else:
        sums[rows] += words.at(rows)


def _least(scores: Scores, limit: int) -> float:
    """The `limit`-th highest score (the top-k threshold), 0 with fewer scores."""
    position = len(scores) - limit
    return float(np.partition(scores, position)[position]) if position >= 0 else 0.0

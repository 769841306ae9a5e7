"""Which passages can be among the best for some words, without adding up the lists of common words.

MaxScore (Turtle and Flood, 1995): from the word that can count most down, lists are added up until
those left cannot lift a new passage among the best; then only the passages found are looked up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from index.arrays import Mask, Rows, Scores

Listed = npt.NDArray[np.int32]  # rows as they are kept; numpy counts fastest by `Rows`, and filters them by `compress`

_SLACK = 1e-4  # of the greatest score: what sums in 32 bits may be wrong by, and more
_DEAR = 10  # times as long as to add a posting it takes to look one up
_LONG = 5_000  # postings of a list before which it is asked whether it can matter
_AHEAD = 2  # times as many passages as are wanted are scored for that
_FEW = 8  # times as many postings as passages: from there on the passages are looked up


@dataclass(frozen=True, slots=True)
class WordList:
    """The passages that have a word of a question, in order, with what it counts for each.

    `most` is the greatest of the impacts; all count as many `times` as the word is asked.
    """

    rows: Listed
    impacts: Scores
    most: float
    times: int = 1

    @property
    def greatest(self) -> float:
        """The most that the word adds to a score."""
        return self.times * self.most

    def at(self, rows: Rows) -> Scores:
        """What the word adds to the scores of these passages."""
        wanted = rows.astype(np.int32)  # of the list's own type: else numpy would copy the list
        places = np.minimum(self.rows.searchsorted(wanted), len(self.rows) - 1)
        return self.times * np.where(self.rows[places] == wanted, self.impacts[places], np.float32(0))


def contenders(lists: Sequence[WordList], limit: int, passages: int, allowed: Mask | None) -> Rows:
    """The rows, in order, of passages among which the best `limit` allowed ones are, by the sum over the lists."""
    if not lists or limit < 1:
        return np.zeros(0, np.int64)
    if allowed is not None and np.count_nonzero(allowed) * _FEW < sum(len(words.rows) for words in lists) / len(lists):
        return np.flatnonzero(allowed)
    lists = sorted(lists, key=lambda words: -words.greatest)
    left = [*accumulate((words.greatest for words in reversed(lists)), initial=0.0)][::-1]  # by the words from n on
    sums = np.zeros(passages, np.float32)
    slack = _SLACK * left[0]
    rows, least, added = _added_up(lists, left, limit, sums, allowed)
    for place, words in enumerate(lists[added:], added + 1):
        _look_up(words, sums, rows)
        least = max(least, _least(sums[rows], limit))
        rows = rows.compress(sums[rows] + (left[place] + slack) >= least)
    return np.sort(rows)


def _added_up(
    lists: Sequence[WordList], left: Sequence[float], limit: int, sums: Scores, allowed: Mask | None
) -> tuple[Rows, float, int]:
    """Passages of the first lists, what the best sums are at least, and how many lists those are."""
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
    """What the best sums over all lists are at least, by those passages that are ahead without these lists."""
    most = min(len(rows), _AHEAD * limit)
    if most < limit:
        return 0.0
    scores = sums[rows]
    ahead = np.sort(rows.compress(scores >= _least(scores, most))[:most])
    return _least(sums[ahead] + sum(words.at(ahead) for words in lists), limit)


def _add(words: WordList, sums: Scores, allowed: Mask | None) -> Rows:
    """Add a list to the sums; the passages that it brings are those that had none."""
    rows, impacts = words.rows.astype(np.int64), words.impacts
    if allowed is not None:
        passing = allowed[rows]
        rows, impacts = rows.compress(passing), impacts.compress(passing)
    held = sums[rows]
    sums[rows] = held + words.times * impacts
    return rows.compress(held == 0)


def _look_up(words: WordList, sums: Scores, rows: Rows) -> None:
    """Add a list to the sums of these passages, whichever way is less work."""
    if len(rows) * _DEAR > len(words.rows):
        np.add.at(sums, words.rows, words.times * words.impacts)
    else:
        sums[rows] += words.at(rows)


def _least(scores: Scores, limit: int) -> float:
    """What the best `limit` have at least; 0 where there are fewer."""
    place = len(scores) - limit
    return float(np.partition(scores, place)[place]) if place >= 0 else 0.0

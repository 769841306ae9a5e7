"""What each word of a passage adds to a cosine, put together from what its tokens add."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.encoder.pooling import Part
from index.keywords.tokenizer import word_spans
from index.passages.sentences import Span


@dataclass(frozen=True, slots=True)
class Share:
    """A word of the passage, its span of the article, and what it adds to the cosine; it may be negative."""

    word: str
    start: int
    end: int
    share: float


def shared(text: str, first: int, parts: Sequence[Part]) -> tuple[tuple[Share, ...], float]:
    """The parts of a text's tokens by word, and the sum of those that lie in none.

    `first` is where the text begins in its article. Words that share a token, such as characters
    of CJK scripts, count as one.
    """
    groups = _joined(word_spans(text), [span for span, _ in parts])
    sums, rest = dict[Span, float](), 0.0
    for span, part in parts:
        place, end = _touched(groups, span)
        if place < end:
            sums[groups[place]] = sums.get(groups[place], 0.0) + part
        else:
            rest += part
    shares = (Share(text[start:end], first + start, first + end, sums[start, end]) for start, end in sorted(sums))
    return tuple(shares), rest


def _joined(words: list[Span], tokens: list[Span]) -> list[Span]:
    """The words, those that one token touches as one."""
    joins = set[int]()  # words that belong to the one before
    for token in tokens:
        first, end = _touched(words, token)
        joins.update(range(first + 1, end))
    groups: list[Span] = []
    for place, (start, end) in enumerate(words):
        if place in joins:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    return groups


def _touched(words: Sequence[Span], token: Span) -> tuple[int, int]:
    """Which of the words, as places from and to, have a character of the token."""
    start, end = token
    if start >= end:
        return 0, 0
    return bisect_right(words, start, key=lambda word: word[1]), bisect_left(words, end, key=lambda word: word[0])

"""Deduplication: of passages with nearly the same text only the best is a hit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from index.passages.chunking import Passage
from index.search.highlight import words_of

_ALIKE = 0.9  # least Jaccard similarity of the terms of near-copies
_LOOKED_AT = 20  # passages after the last hit that are searched for copies of the hits


def say_the_same(terms: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two texts are near-copies: they share nine terms of ten and every number."""
    if min(len(terms), len(others)) < _ALIKE * max(len(terms), len(others)):  # quick, and decides most pairs
        return False
    if not terms or len(terms & others) < _ALIKE * len(terms | others):
        return False
    return not any(word[0].isdigit() for word in terms ^ others)


@dataclass(frozen=True, slots=True)
class _Original:
    """A chosen passage, to compare later passages with."""

    position: int
    article: str
    words: frozenset[str]
    also_in: list[str]


def distinct(ranked: Iterable[tuple[int, Passage]], k: int) -> dict[int, list[str]]:
    """Positions of the first `k` passages with different texts, each with the other articles that hold its text.

    `ranked` gives positions and passages, best first. Two passages of one article are copies only
    if they are equal.
    """
    originals: list[_Original] = []
    by_text: dict[str, _Original] = {}
    behind = 0
    for position, passage in ranked:
        article, text = passage.article.id, passage.text
        original = by_text.get(text)
        if original is None:
            words = words_of(text)
            others = (other for other in originals if other.article != article and say_the_same(words, other.words))
            original = next(others, None)
        if original is not None:
            if article != original.article and article not in original.also_in:
                original.also_in.append(article)
        elif len(originals) < k:
            originals.append(_Original(position, article, words, []))
            by_text[text] = originals[-1]
        elif (behind := behind + 1) > _LOOKED_AT:
            break
    return {original.position: original.also_in for original in originals}


def ensure_included(chosen: Sequence[int], needed: Collection[int]) -> list[int]:
    """The chosen positions, the last ones replaced by missing needed ones; the first position is never replaced."""
    missing = [position for position in dict.fromkeys(needed) if position not in chosen][: max(len(chosen) - 1, 0)]
    positions = list(chosen)
    for position in missing:
        last = next((n for n in range(len(positions) - 1, 0, -1) if positions[n] not in needed), None)
        if last is None:
            break
        del positions[last]
        positions.append(position)
    return positions

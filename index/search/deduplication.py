"""Passages that say the same: one of them is a hit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from index.passages.chunking import Passage
from index.search.highlight import words_of

_ALIKE = 0.9  # share of the words of two passages that both hold, from which they say the same
_LOOKED_AT = 20  # passages behind the last hit among which copies of the hits are looked for


def say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, given as their index terms, share nine words of ten and every number: one of them is shown."""
    if min(len(one), len(other)) < _ALIKE * max(len(one), len(other)):  # spares most of the comparing
        return False
    if not one or len(one & other) < _ALIKE * len(one | other):
        return False
    return not any(word[0].isdigit() for word in one ^ other)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A passage that is shown, for others to be compared with."""

    place: int
    article: str
    words: frozenset[str]
    also_in: list[str]


def distinct(ranked: Iterable[tuple[int, Passage]], k: int) -> dict[int, list[str]]:
    """The places of the first `k` passages that say different things, each with the other articles of its text.

    `ranked` gives places and passages, best first. Passages of one article are copies only where
    they are equal.
    """
    found: list[_Kept] = []
    by_text: dict[str, _Kept] = {}
    behind = 0
    for place, passage in ranked:
        article, text = passage.article.id, passage.text
        original = by_text.get(text)
        if original is None:
            words = words_of(text)
            original = next((own for own in found if own.article != article and say_the_same(words, own.words)), None)
        if original is not None:
            if article != original.article and article not in original.also_in:
                original.also_in.append(article)
        elif len(found) < k:
            found.append(_Kept(place, article, words, []))
            by_text[text] = found[-1]
        elif (behind := behind + 1) > _LOOKED_AT:
            break
    return {own.place: own.also_in for own in found}


def with_each(chosen: Sequence[int], needed: Collection[int]) -> list[int]:
    """The chosen places, the last of them changed for the needed ones that are not among them; the first stays."""
    lacking = [place for place in dict.fromkeys(needed) if place not in chosen][: max(len(chosen) - 1, 0)]
    kept = list(chosen)
    for place in lacking:
        last = next((n for n in range(len(kept) - 1, 0, -1) if kept[n] not in needed), None)
        if last is None:
            break
        kept[last : last + 1] = []
        kept.append(place)
    return kept

"""Deduplication: passages with the same text are shown once."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from index.passages.chunking import Passage
from index.patterns import lazy_regex

_LOOKED_AT = 20  # passages after the last hit that are searched for copies of the hits
# A number with its sign and separators, a word with its apostrophes and combining marks, or a symbol such as %, € or °.
_TOKENS = lazy_regex(r"[-−+]?\p{N}+(?:[.,:/]\p{N}+)*|[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*|[%‰&#@\p{S}]")
_HARMLESS = frozenset({"a", "an", "the"})


@lru_cache(maxsize=16_384)
def same_text_key(text: str) -> tuple[str, ...]:
    """The tokens of a text, equal for texts that say the same.

    White space, case, punctuation and English articles are set aside. Order, negations, names,
    numbers with their signs, and symbols are kept.
    """
    folded = text.casefold().replace("’", "'")
    return tuple(token for token in _TOKENS.findall(folded) if token not in _HARMLESS)


def distinct(ranked: Iterable[tuple[int, Passage]], k: int) -> dict[int, list[str]]:
    """Positions of the first `k` passages with different texts, each with the other articles that hold its text.

    `ranked` gives positions and passages, best first. Texts without any token are the same only if they are equal.
    """
    first: dict[object, tuple[int, str]] = {}
    also_in: dict[int, list[str]] = {}
    behind = 0
    for position, passage in ranked:
        key, article = same_text_key(passage.text) or passage.text, passage.article.id
        if key in first:
            original, original_article = first[key]
            if article != original_article and article not in also_in[original]:
                also_in[original].append(article)
        elif len(first) < k:
            first[key] = (position, article)
            also_in[position] = []
        elif (behind := behind + 1) > _LOOKED_AT:
            break
    return also_in


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

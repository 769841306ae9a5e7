"""Negation: whether a text says that something is not so."""

from collections.abc import Sequence

from index.keywords.tokenizer import tokenise
from index.patterns import lazy

_REACH = 3  # index terms between a word that negates and the last one that it negates
_NEGATING = frozenset(
    tokenise(
        "no not without never neither nor none cannot except excluding lacks instead rather unlike "
        "exempt exemption waived absent"
    )
)
_FREE = frozenset(tokenise("free"))  # hemp-free, free of hemp
_PARTS = lazy(r"[.;:!?](?=\s)|[。；：！？\n]")
_ZH_BEFORE = lazy(r"(?:[无没不未非除]|没有)[^，。；]{0,4}$")
_ZH_AFTER = lazy(r"除外|[以之]外")


def negated(text: str, words: str) -> bool:
    """Whether the words occur in the text with a negation: "without hemp", "hemp-free", "is not smoked"."""
    terms = tokenise(words)
    if not terms:
        return False
    return any(_negated(tokenise(part), terms) or _negated_zh(part, words) for part in _PARTS.split(text))


def _negated(part: Sequence[str], terms: Sequence[str]) -> bool:
    for row, term in enumerate(part):
        if term == terms[0]:
            before = part[max(0, row - _REACH) : row]
            after = part[row + len(terms) : row + len(terms) + 1]
            near = [*before[-1:], *after]
            if any(_negates(other) for other in (*before, *after)) or not _FREE.isdisjoint(near):
                return True
    return False


def _negates(term: str) -> bool:
    return term in _NEGATING or term.endswith("n't")


def _negated_zh(part: str, words: str) -> bool:
    place = part.find(words)
    return place >= 0 and bool(_ZH_BEFORE.search(part[:place]) or _ZH_AFTER.match(part, place + len(words)))

"""Which earlier questions a question must be read after to make sense."""

import re
from collections.abc import Sequence

from index.tokens import tokenise

_REACH = 3  # earlier questions that count
_SHORT = 3  # a question with fewer words that tell something leans on the one before it
_NAMED = 2  # words that tell something, before a word that points back: it then points at them
_POINTS_BACK = re.compile(
    r"\b([Ii]ts?|[Tt]hey|[Tt]hem|[Tt]heir|[Hh]e|[Hh]im|[Hh]is|[Ss]he|[Hh]er|[Tt]hose|[Tt]hese|former|latter)\b"
    r"|^([Aa]nd|[Bb]ut|[Oo]r|[Ww]hat about|[Hh]ow about|[Ww]hich one)\b"
    r"|[它他她]|前者|后者|^(那|还有)"
)


def context_of(question: str, earlier: Sequence[str]) -> tuple[str, ...]:
    """The last earlier questions, oldest first, where the question leans on them; else none.

    It leans where it is short, or where a word points back before the question has named anything
    itself: reading every question after those before it would let an old topic into a new one.
    """
    return tuple(earlier[-_REACH:]) if _leans(question) else ()


def _leans(question: str) -> bool:
    if len(tokenise(question)) < _SHORT:
        return True
    pointer = _POINTS_BACK.search(question)
    return pointer is not None and len(tokenise(question[: pointer.start()])) < _NAMED

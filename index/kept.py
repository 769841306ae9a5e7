"""Results that are kept for texts of a passage's length: whole articles would stay in memory with them."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")
OfText: TypeAlias = Callable[[str], Result]

_LONGEST = 10_000  # characters


def kept(most: int) -> Callable[[OfText[Result]], OfText[Result]]:
    """Decorator of a function of a text: its last `most` results are kept, those for longer texts left out.

    The results must not be changed.
    """

    def keeping(function: OfText[Result]) -> OfText[Result]:
        cached = lru_cache(maxsize=most)(function)

        @wraps(function)
        def result(text: str) -> Result:
            return cached(text) if len(text) <= _LONGEST else function(text)

        return result

    return keeping

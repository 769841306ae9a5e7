"""Which earlier questions a question must be read after to make sense."""

import re
from collections.abc import Sequence

from index.tokens import tokenise

_REACH = 3  # earlier questions that count
_SHORT = 3  # a question with fewer words that tell something leans on the one before it
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|then|one|ones|former|latter|same)\b"
    r"|^(and|but|or|so|also|what about|how about|why|which one)\b"
    r"|[它他她]|这[个项些次]|那[个项些次么]?|该|其中|前者|后者|^(那|还有|为什么)",
    re.IGNORECASE,
)


def context_of(question: str, earlier: Sequence[str]) -> tuple[str, ...]:
    """The last earlier questions, oldest first, where the question leans on them; else none.

    It leans where it is short or has a word that points back: reading every question after those
    before it would let an old topic into a new one.
    """
    leans = len(tokenise(question)) < _SHORT or _POINTS_BACK.search(question)
    return tuple(earlier[-_REACH:]) if leans else ()

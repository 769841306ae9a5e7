"""Sentences on what was before ("Until 2023 the fee was 40 euros"), which do not answer a question about what is."""

import re

from index.patterns import lazy

_FORMERLY = lazy(
    r"(?:(?:up )?until (?:(?:the end of )?(?:\w+ )?(?:19|20)\d\d|then|recently|now)|before (?:\w+ )?(?:19|20)\d\d"
    r"|formerly|previously|in the past|originally|initially|at first)\b"
    r"|(?:此前|以前|过去|原来|原先|最初|曾经)|直到?(?:19|20)\d\d年",
    re.IGNORECASE,
)
_OF_THE_PAST = lazy(
    r"\b(?:was|were|did|had|been|until|before|former(?:ly)?|previous(?:ly)?|past|original(?:ly)?|initial(?:ly)?|first|once"
    r"|used to|chang\w*|ago|since|history)\b|(?:19|20)\d\d|此前|以前|之前|过去|原来|原先|最初|曾|变化",
    re.IGNORECASE,
)


def is_former(sentence: str, question: str) -> bool:
    """Whether a sentence begins with a time that is over, and the question asks for no past."""
    return _FORMERLY.match(sentence) is not None and _OF_THE_PAST.search(question) is None

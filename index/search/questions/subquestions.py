"""Query decomposition: a question of several parts to its subquestions."""

import regex

from index.keywords.tokenizer import tokenise
from index.patterns import lazy_regex

_MAX_PARTS = 4
_MIN_TERMS = 3  # of a subquestion
_ASKS = "who|whose|whom|what|when|where|which|why|how|did|does|do|is|are|was|were|has|have|had|by|in"
_BETWEEN = lazy_regex(
    r"[?？!！;；]\s*"
    r"|,?\s+(?:while|whereas|versus|vs\.?|compared (?:with|to))\s+"
    r"|,\s+(?:and|but|or)\s+"
    rf"|\s+and\s+(?=(?:{_ASKS})\b)",
    regex.IGNORECASE,
)


_YEAR, _NAMED = r"(?:in )?(?:19|20)\d\d年?", r"\p{Lu}[\w-]*(?: \p{Lu}[\w-]*){0,7}"
_PAIR = lazy_regex(
    rf"(?P<one>{_YEAR})(?:,? (?:and|or|versus|vs\.?) |和|与|、)(?P<other>{_YEAR})"
    rf"|(?<=\s)(?P<one>{_NAMED}) (?:and|or|versus|vs\.?) (?P<other>{_NAMED})"
)


def subquestions(question: str) -> tuple[str, ...]:
    """Parts of a question that could be asked alone, at most four; empty for a single question.

    "What was it in 2023 and 2024?" has a part for each year; two names joined by "and" make two parts.
    """
    pieces = (piece.strip() for piece in _BETWEEN.split(question) if piece)
    parts = [piece for piece in pieces if len(set(tokenise(piece))) >= _MIN_TERMS]
    if len(parts) > 1:
        return tuple(parts[:_MAX_PARTS])
    pair = _PAIR.search(question)
    if pair is None:
        return ()
    before, after = question[: pair.start()], question[pair.end() :]
    return tuple(f"{before}{pair[name]}{after}" for name in ("one", "other"))

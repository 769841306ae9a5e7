"""A question of several parts to the questions in it."""

import regex

from index.tokens import tokenise

_MOST = 4
_LEAST = 3  # words that tell something, below which a part is none of its own
_ASKS = "who|whose|whom|what|when|where|which|why|how|did|does|do|is|are|was|were|has|have|had|by|in"
_BETWEEN = regex.compile(
    r"[?？!！;；]\s*"
    r"|,?\s+(?:while|whereas|versus|vs\.?|compared (?:with|to))\s+"
    r"|,\s+(?:and|but|or)\s+"
    rf"|\s+and\s+(?=(?:{_ASKS})\b)",
    regex.IGNORECASE,
)


def parts_of(question: str) -> tuple[str, ...]:
    """The parts of a question that could be asked alone, at most four; none where it is one question."""
    pieces = (piece.strip() for piece in _BETWEEN.split(question) if piece)
    parts = [piece for piece in pieces if len(set(tokenise(piece))) >= _LEAST]
    return tuple(parts[:_MOST]) if len(parts) > 1 else ()

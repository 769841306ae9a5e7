"""Whether the best passage answers, or the articles do not say."""

from index.search import Hit

# Best sentence's cosine plus share of the question's words covered. On a public set of questions,
# 5 % of the answerable ones lie below.
_LEAST = 0.93


def answers(hits: list[Hit]) -> bool:
    """Whether the first hit supports an answer; the articles are silent otherwise."""
    return bool(hits) and hits[0].signals.sentence + hits[0].signals.coverage >= _LEAST

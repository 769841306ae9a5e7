"""Short pieces: passages that little more than repeat a question, and the passage that explains in front of them."""

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from index.arrays import Scores
from index.keywords.tokenizer import tokenise
from index.passages.chunking import Passage
from index.search.highlight import coverage
from index.search.questions.names import name_terms
from index.search.store import Candidates

_SHORT = 8  # terms of a passage, below which it may only repeat the question's
_WHOLE = 3  # terms of a passage that is looked up with its own words
_COVERED = 0.999  # of the short pieces' share of the question's terms, rounding aside
_LOWERED = 0.5  # of the score of the passage that explains: a reader changes scores by a tenth
# A short piece without a number or name of its own may well answer "Is it open?", "How old is it?" or "What colour?".
_BRIEF = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must|when)\b"
    r"|\bhow (?:many|much|long|far|old|often|big|high|large|fast|tall|deep)\b"
    r"|\bwhat (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|must\b|should\b|has\b|have\b|can\b|about\b|rules?\b)"
    r"|\bwhat (?:is|are|was|were) the \w+ (?:of|for|in)\b|多少|几|何时|什么时候|吗",
    re.IGNORECASE,
)


_STATES = re.compile(r"\b(?:is|are|was|were|has|have|had|must|may|can|will)\b|[是有为在]", re.IGNORECASE)


def explaining_first(question: str, words: Mapping[str, float], candidates: Candidates, scores: Scores) -> Scores:
    """The scores, with those of short pieces that come first at most half that of the passage that explains.

    Only a question with a name or a code is concerned. The passage that explains is the best one that is not short and
    holds no less of the question's terms; without any the scores are unchanged. `words` maps these terms to their idf.
    """
    order = (int(position) for position in np.argsort(-scores, kind="stable"))
    asked, short, most = frozenset(words), list[int](), 0.0
    if _BRIEF.search(question) or not name_terms(f"of {question}"):
        return scores
    for position, passage in candidates.passages(order):
        if _repeats(passage, asked):
            short.append(position)
            most = max(most, _coverage(words, passage))
        elif not short:
            break
        elif len(_terms(passage.text)) >= _SHORT and _coverage(words, passage) >= _COVERED * most:
            lowered = scores.copy()
            lowered[short] *= _LOWERED * scores[position] / scores[short[0]]
            return lowered
    return scores


def _repeats(passage: Passage, asked: frozenset[str]) -> bool:
    """Whether a passage is short, states nothing, and has no number or name of its own.

    One that is asked for with all its words is none.
    """
    terms = _terms(passage.text)
    if len(terms) >= _SHORT or _STATES.search(passage.text) or name_terms(passage.text) - asked:
        return False
    return not asked.issuperset(terms) or len(set(terms)) < _WHOLE


@lru_cache(maxsize=4_096)
def _terms(text: str) -> list[str]:
    return tokenise(text)


def _coverage(words: Mapping[str, float], passage: Passage) -> float:
    return coverage(words, passage.article.title, passage.text)

"""Short pieces: passages that little more than repeat a question, and the passage that explains in front of them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from index.arrays import Scores
from index.keywords.tokenizer import tokenise, words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.search.highlight import coverage, is_question
from index.search.hits import Hit
from index.search.questions.names import name_terms
from index.search.store import Candidates

_SHORT = 8  # terms of a passage or sentence, below which it may only repeat the question's
_WHOLE = 3  # terms of a passage that is looked up with its own words
_COVERED = 0.999  # of the short pieces' share of the question's terms, rounding aside
_LOWERED = 0.5  # of the score of the passage that explains: a reader changes scores by a tenth
_LISTED = 3  # terms of an entry of a list in one sentence, at most
# A short piece without a number or name of its own may well answer "Is it open?", "How old is it?" or "What colour?".
_BRIEF = lazy(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must|when)\b"
    r"|\bhow (?:many|much|long|far|old|often|big|high|large|fast|tall|deep)\b"
    r"|\bwhat (?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|must\b|should\b|has\b|have\b|can\b|about\b|rules?\b)"
    r"|\bwhat (?:is|are|was|were) the \w+ (?:of|for|in)\b|多少|几|何时|什么时候|吗",
    re.IGNORECASE,
)
# Questions that no mere mention answers, be it beside a number or a name: "What is a saggar?", "soft close rules".
_EXPLAIN = lazy(
    r"^(?:(?:and|so|ok|okay|hi|hello|please)\b,? )*(?:"
    r"what(?:['’]?s| is| are| was| were) (?!(?:the|your|our|my|his|her|its|their|this|that|these|those|on|in|at)\b)"
    r"(?:an? )?[\w'’-]+(?: (?!(?:of|for|in|on|at|to|from|with|by|about|like)\b)[\w'’-]+){0,3}"
    r"|(?:(?:can|could|would|will) you )?(?:please )?(?:explain|describe|define)\b.+"
    r"|(?:(?:can|could|would|will) you )?(?:please )?tell (?:me|us) (?:more |something |all )?about .+"
    r"|how (?:does|do|did) .+ works?|what (?:does|do|did) .+ (?:mean|do)|what (?:is|are|was|were) .+ (?:used )?for"
    r"|.+ (?:explained|rules?)|(?:the )?(?:rules? (?:of|for|on)|meaning of|definition of) .+)[?.! ]*$"
    r"|什么是|是什么[?？]?$|解释|介绍|有什么用|规则[?？]?$",
    re.IGNORECASE,
)
_BARE = lazy(r"[\w'’-]+(?: [\w'’-]+){0,3}\?*")  # "ghost light?": a thing and nothing else
_ASKING = words_of("work mean use explain explained describe define tell rule meaning definition")
_STATES = lazy(
    r"\b(?:is|are|was|were|has|have|had|must|may|can|will|means?|stands?|refers?|denotes?|gets?|gives?|takes?|makes?"
    r"|lets?|allows?|shows?|keeps?|comes?|goes|needs?|costs?|does|do)\b|[是有为在]",
    re.IGNORECASE,
)
_SEPARATOR = lazy(r"[,·|/、，]")


def explaining_first(question: str, words: Mapping[str, float], candidates: Candidates, scores: Scores) -> Scores:
    """The scores, with those of short pieces that come first at most half that of the passage that explains.

    Only a question for an explanation is concerned, or one with a name, a code or few words. The passage that explains
    is the best one that is no short piece and holds no less of the question's terms; without any the scores are
    unchanged. `words` maps these terms to their idf.
    """
    explain = _EXPLAIN.search(question) is not None
    named = not _BRIEF.search(question) and bool(name_terms(f"of {question}"))
    if not (explain or named or _BARE.fullmatch(question)):
        return scores
    words = {term: idf for term, idf in words.items() if not explain or term not in _ASKING} or words
    asked, short, best, most = frozenset(words), list[int](), 0.0, 0.0
    for position, passage in candidates.passages(int(row) for row in np.argsort(-scores, kind="stable")):
        if scores[position] < _LOWERED * best:
            break
        spans = candidates.sentences(position)
        repeats = (explain or named) and _repeats(passage, asked)
        if repeats or (explain and _only_mentions(passage, spans, asked)) or _only_entries(passage, spans, asked):
            short.append(position)
            most = max(most, 0.0 if best else _coverage(words, passage))
        elif not short:
            break
        elif not best and len(_terms(passage.text)) >= _SHORT and _coverage(words, passage) >= _COVERED * most:
            best = float(scores[position])
    if not best:
        return scores
    lowered = scores.copy()
    lowered[short] *= _LOWERED * best / scores[short[0]]
    return lowered


def lacks_explanation(question: str, hit: Hit) -> bool:
    """Whether the question wants an explanation, and the passage mentions what it is about in lists and questions."""
    asked = frozenset(_terms(question)) - _ASKING
    return _EXPLAIN.search(question) is not None and _only_mentions(hit.passage, hit.sentences.spans, asked)


def _only_entries(passage: Passage, spans: Sequence[Span], asked: frozenset[str]) -> bool:
    """Whether the question's terms stand in entries of a list alone that say nothing else: "Lamp", "Ghost light"."""
    entries = [terms for terms in (_terms(passage.article.text[slice(*span)]) for span in spans) if asked & set(terms)]
    return len(spans) > 1 and bool(entries) and all(asked.issuperset(terms) for terms in entries)


def _repeats(passage: Passage, asked: frozenset[str]) -> bool:
    """Whether a passage is short, states nothing, and has no number or name of its own.

    One that is asked for with all its words is none.
    """
    terms = _terms(passage.text)
    if len(terms) >= _SHORT or _STATES.search(passage.text) or name_terms(passage.text) - asked:
        return False
    return not asked.issuperset(terms) or len(set(terms)) < _WHOLE


def _only_mentions(passage: Passage, spans: Sequence[Span], asked: frozenset[str]) -> bool:
    """Whether the sentences with a term of the question are questions or entries of lists: "Saggar, see Firing"."""
    sentences = (passage.article.text[slice(*span)] for span in spans)
    holding = [sentence for sentence in sentences if not asked.isdisjoint(_terms(sentence))]
    return bool(holding) and all(map(_mentions, holding))


def _mentions(sentence: str) -> bool:
    """Whether a sentence asks, or states nothing and is short or a list."""
    if is_question(sentence):
        return True
    terms, entries = len(_terms(sentence)), len(_SEPARATOR.findall(sentence)) + 1
    return not _STATES.search(sentence) and (terms < _SHORT or terms <= _LISTED * entries)


@lru_cache(maxsize=4_096)
def _terms(text: str) -> list[str]:
    return tokenise(text)


def _coverage(words: Mapping[str, float], passage: Passage) -> float:
    return coverage(words, passage.article.title, passage.text)

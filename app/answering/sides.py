"""Sides: of each thing that a question sets beside others, the best passage is among the first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from app.answering.decision import Verdict
from app.answering.ways.all import WAYS
from app.answering.ways.forms.comparisons import names_side
from app.answering.ways.way import Mention
from index.articles.dates import years_in
from index.patterns import lazy
from index.search.hits import Hit
from index.search.questions.question import Question

Alone: TypeAlias = tuple[Question, Mention]
"""The question about one side alone, and the side."""

ALONE = 10  # hits of the question about one side in which its best one is looked for
# Both chosen on the project's questions, from 0 to 1 and from 0.7 to 1.
_WHOLE = 0.5  # weight of a hit's score for the whole question; that for the question about its side weighs 1
_OTHER_TIME = 0.8  # worth of a hit that is about another time than the question
_WHEN = lazy(r"^(?:when|since when|(?:in )?(?:what|which) year)\b|何时|什么时候|哪一?年", re.IGNORECASE)


def best_of_each(alone: Mapping[Alone, Sequence[Hit]], hits: Sequence[Hit]) -> dict[Mention, Hit]:
    """The best hit of each side that has any, by the hits of the question about it alone and those of the whole one."""
    scores = {hit.passage.id: hit.score for hit in hits}
    sides = [side for _, side in alone]
    best: dict[Mention, Hit] = {}
    for (question, side), found in alone.items():
        others = [each for each in sides if each != side]
        worths = [WAYS[side.kind].worth(hit.passage, side, others) * _timely(hit, question.text) for hit in found]
        both = [hit.score + _WHOLE * scores.get(hit.passage.id, 0) for hit in found]
        ranks = [worth * score for worth, score in zip(worths, both, strict=True)]
        if any(ranks):
            best[side] = found[ranks.index(max(ranks))]
    return best


def leading(best: Iterable[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """The hits behind the best ones, which are in the order of the hits, and each passage once."""
    first = {hit.passage.id: hit for hit in best}
    ids = [hit.passage.id for hit in hits]
    order = [*(name for name in ids if name in first), *(name for name in first if name not in ids)]
    return [*(first[name] for name in order), *(hit for hit in hits if hit.passage.id not in first)]


def verdict_beside(verdict: Verdict, best: Mapping[Mention, Hit]) -> Verdict:
    """The verdict, at least `related` where the best passages of both sides name them: what is compared is there."""
    found = len(best) > 1 and all(names_side(hit.passage, side.value) for side, hit in best.items())
    return "related" if verdict == "none" and found else verdict


def _timely(hit: Hit, question: str) -> float:
    """1, but less for a hit without the year that is asked for, or without any year where the question asks when.

    What counts is the title and the last year that the best sentence names: with an earlier one it compares.
    """
    article, asked = hit.passage.article, set(years_in(question))
    told = sorted(years_in(article.text[slice(*hit.best_sentence)]))[-1:]
    named = {*told, *years_in(article.title)}
    return _OTHER_TIME if (asked and not asked & named) or (_WHEN.search(question) and not told) else 1.0

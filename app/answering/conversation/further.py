"""Retrieval for a question of a conversation: the passages that its step from the answer before asks for."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.answering.conversation.focus import in_focus
from app.answering.conversation.followup import FollowUp
from app.answering.decision import Rule, Verdict, features, relevance
from app.answering.retrieval import Retrieved
from app.answering.ways.ordering import fitting_first
from index.ingestion.background import Background
from index.keywords.tokenizer import tokenise, words_of
from index.search.hits import Hit
from index.search.questions.question import Question

_ORDERED = 10  # hits among which those with the new words of a follow-up come first
_ALIKE = 0.7  # of the score of another hit, from which one with these words comes before it
_MOST_STEPS = 20
_VERDICTS: tuple[Verdict, ...] = ("none", "related", "answer")


def retrieved(
    question: Question, k: int, retrieve: Callable[..., Retrieved], rule: Rule, background: Background
) -> Retrieved:
    """The `k` hits that a question asks for.

    `retrieve` takes a question and a number of hits, and ids to `exclude`. Passages beyond those that were shown
    before are decided by themselves, by the `rule` with the `background` of the encoder.
    """
    if not isinstance(question, FollowUp):
        return retrieve(question, k)
    if question.step is None:
        found = _with_focus(retrieve(question, max(k, _ORDERED)), question.focus, k)
        if question.meant:  # it holds these words itself
            return found
        return replace(found, hits=[in_focus(hit, question.focus) for hit in found.hits])
    number = min(question.step.number, _MOST_STEPS)
    if question.step.kind == "passage":
        return _pointed(retrieve(question, max(k, number)), number, k)
    if question.step.kind == "more":
        found = retrieve(question, k * (number + 1))
        return _decided(found, found.hits[k * number :], rule, background)
    shown, found = set[str](), retrieve(question, k)
    for _ in range(number):
        shown |= {hit.passage.article.id for hit in found.hits}
        found = retrieve(question, k, exclude=shown)
    return found


def _with_focus(found: Retrieved, focus: str, k: int) -> Retrieved:
    """The hits with those that hold the words of `focus` before alike ones."""
    terms = frozenset(tokenise(focus))
    hits = fitting_first(found.hits, lambda hit: terms <= words_of(hit.passage.text), _ALIKE)
    return replace(found, hits=hits[:k], others=[*hits[k:], *found.others])


def _pointed(found: Retrieved, number: int, k: int) -> Retrieved:
    """The hit of this number, from 1, and the others of its article; none where there is no such hit."""
    pointed = found.hits[number - 1 : number]
    articles = [hit.passage.article for hit in pointed]
    beside = [hit for hit in found.hits if hit.passage.article in articles and hit not in pointed]
    verdict: Verdict = found.verdict if pointed else "none"
    return replace(found, hits=[*pointed, *beside][:k], others=(), verdict=verdict)


def _decided(found: Retrieved, hits: Sequence[Hit], rule: Rule, background: Background) -> Retrieved:
    """These hits with a verdict of their own, at most that of all hits together."""
    told = None
    if hits and found.features:  # the passages before them are no reason to doubt these
        told = replace(features(hits, background), contrast=found.features.contrast, relevance=relevance(hits))
    verdict = min(found.verdict, rule.verdict(told), key=_VERDICTS.index)
    return replace(found, hits=list(hits), others=(), features=told, support=rule.support(told), verdict=verdict)

"""The variants of a question (whole, subquestions, in context), and its candidates scored by them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np

from index.arrays import Scores
from index.ingestion.background import UNKNOWN, Background
from index.keywords.tokenizer import is_value
from index.keywords.vocabulary import Vocabulary, inverse_document_frequencies
from index.search.fusion import Fusion, Weights
from index.search.questions.names import Name, names_of
from index.search.questions.query import (
    WHOLE,
    EncodedQuery,
    Pieces,
    QuestionEncoder,
    Signals,
    encode_queries,
    encoder_texts,
)
from index.search.questions.question import ALONE, Context, Question
from index.search.questions.subquestions import subquestions
from index.search.store import Candidates
from index.search.values.kinds import Kind, number_asked
from index.search.values.own_values import Given, own_values_first

_PARTS_SHARE = 0.35  # weight of the best part's score, the rest is that of the whole question; chosen from 0 to .5
_RARE = 0.5  # relative idf of a rare name
_RELATED = 0.5  # of the best score, which a context's best passage must reach for the question alone
_STRONG = 0.6  # best score of a question that finds its answer alone
_CACHED = 64  # questions, which are read when they are encoded and again when they are searched
_NEEDED = 0.4  # share from which a context counts for a question that finds nothing alone, too


Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Variants(Generic[Item]):
    """One item for each variant of a question: whole, each of its subquestions, and in its context if it has one."""

    whole: Item
    parts: tuple[Item, ...] = ()
    in_context: Item | None = None

    @property
    def all(self) -> list[Item]:
        """The items in one list, in the order of the fields."""
        return [self.whole, *self.parts, *([] if self.in_context is None else [self.in_context])]

    def like(self, items: Sequence[Other]) -> "Variants[Other]":
        """Other items in the order of `all`, each for the same variant."""
        parts = 1 + len(self.parts)
        return Variants(items[0], tuple(items[1:parts]), None if self.in_context is None else items[parts])

    def understood(self, context: Context) -> Item:
        """The item of the variant that says what is asked: in context where that leads, else whole."""
        return self.in_context if context.leads and self.in_context is not None else self.whole


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """The encoded variants of a question, whose own text is `text`.

    `names` maps its names to their idf, relative to that of a term that no passage has; `asked_for` are those that a
    shown passage should hold: numbers, dates, and words that are rare in the collection. `rarest` is the relative idf
    of its rarest term, 0 without any.
    """

    text: str
    queries: Variants[EncodedQuery]
    context: Context
    names: Mapping[str, float]
    asked_for: frozenset[str]
    rarest: float

    @property
    def values(self) -> dict[str, float]:
        """The numbers and dates among the names."""
        return {name: rarity for name, rarity in self.names.items() if is_value(name)}

    @property
    def number(self) -> Kind | None:
        """The kind of number or date that is asked for."""
        return number_asked(self.text)


def encoded_variants(
    question: Question, vocabulary: Vocabulary, encoder: QuestionEncoder, corrections: Mapping[str, str]
) -> EncodedQuestion:
    """All variants of a question, encoded in one pass; `corrections` maps terms to the terms to search instead.

    A context that does not lead is encoded by its questions, whose vectors are known from before.
    """
    text, context = question.text, question.context
    texts, pieces = _texts(question)
    queries = texts.like(encode_queries(texts.all, vocabulary, encoder, corrections, pieces))
    if queries.in_context is not None:  # its many words are no reason to trust the keyword leg more
        queries = replace(queries, in_context=replace(queries.in_context, length_factor=1.0))
    names = dict.fromkeys(_looked_for(name, vocabulary, corrections) for name in names_of(text))
    told = {word: idf for query in queries.all for word, idf in query.words.items()}
    others = inverse_document_frequencies([name for name in names if name not in told], vocabulary)
    rarity = math.log(2 * vocabulary.passages + 2)  # of a word that no passage has
    rarest = max(queries.whole.words.values(), default=0.0) / rarity
    rarities = {name: {**told, **others}[name] / rarity for name in names}
    asked_for = frozenset(name for name in rarities if is_value(name) or (rarities[name] >= _RARE and len(name) > 1))
    return EncodedQuestion(text, queries, context, rarities, asked_for, rarest)


def encoded_texts(question: Question) -> list[str]:
    """The texts that the encoder is given for a question."""
    texts, pieces = _texts(question)
    return [each for text in texts.all for each in encoder_texts(text, pieces)]


@lru_cache(maxsize=_CACHED)
def _texts(question: Question) -> tuple[Variants[str], Pieces]:
    """All variants of a question, and the pieces of the one in context unless the context leads."""
    text, context = question.text, question.context
    if not context.questions:
        return Variants(text, subquestions(text)), WHOLE
    variants = Variants(text, subquestions(text), question.in_context)
    return variants, WHOLE if context.leads else {question.in_context: (*context.questions, text)}


def _looked_for(name: Name, vocabulary: Vocabulary, corrections: Mapping[str, str]) -> str:
    """The form of a name that passages should hold: the first that some passage has, else the first."""
    forms = [corrections.get(form, form) for form in name.forms]
    known = vocabulary.document_frequencies(forms) if len(forms) > 1 else forms
    return next((form for form in forms if form in known), forms[0])


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates with their scores, those of each part of the question, and the query understood with its signals.

    Scores are made of cosines standardised by the `background` of the encoder; `signals` holds the cosines themselves.
    `in_context` tells whether the context counted.
    """

    candidates: Candidates
    scores: Scores
    query: EncodedQuery
    signals: Signals
    parts: tuple[Scores, ...]
    background: Background
    in_context: bool


def ranked(
    read: EncodedQuestion,
    candidates: Candidates,
    weights: Weights,
    fusion: Fusion,
    background: Background = UNKNOWN,
) -> Ranked | None:
    """The candidates, scored; None where there are none.

    A context counts if it is related: its best passage is a good one for the question alone. An
    unrelated one counts only for a question that needs it and finds nothing good alone.
    """
    if not len(candidates):
        return None
    signals = read.queries.like(candidates.signals)
    scores = read.queries.like([fusion(each.standardised(background), weights) for each in signals.all])
    alone = scores.whole
    if scores.parts:
        alone = (1 - _PARTS_SHARE) * alone + _PARTS_SHARE * np.max(scores.parts, axis=0)
    context, blended = ALONE, alone
    if scores.in_context is not None and _counts(read, alone, scores.in_context):
        context = read.context
        blended = (1 - context.share) * alone + context.share * scores.in_context
    query = read.queries.understood(context)
    return Ranked(
        candidates,
        own_values_first(Given(read.values, query.words, read.number), candidates, np.asarray(blended, np.float32)),
        query,
        signals.understood(context),
        scores.parts,
        background,
        context is not ALONE,
    )


def _counts(read: EncodedQuestion, alone: Scores, in_context: Scores) -> bool:
    best = float(alone.max())
    is_related = float(alone[np.argmax(in_context)]) >= _RELATED * best
    return is_related or (read.context.share >= _NEEDED and (best < _STRONG or read.rarest < _RARE))

"""Own values: passages whose own text holds a number or date of the question come before those with it in the title."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.arrays import Scores
from index.keywords.sentence_terms import above
from index.keywords.tokenizer import words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.search.store import Candidates
from index.search.values.kinds import Kind
from index.search.values.rows import cells_of, is_row, looked_up

_LOOKED_AT = 60  # best candidates
# Weights of a sentence with the value and of a row with the asked cell. Chosen from 0 to .6 by our own questions and
# the dev split of the reader's training set.
_VALUE, _ROW = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Given:
    """A question with its values and their relative idf, all its terms and their idf, and the number it asks for."""

    values: Mapping[str, float]
    words: Mapping[str, float]
    kind: Kind | None


def own_values_first(given: Given, candidates: Candidates, scores: Scores) -> Scores:
    """The scores with a bonus for passages with a sentence that holds numbers and dates of the question.

    The bonus is larger for rare values and for a sentence that, with title and heading above it, holds more of the
    question's other terms; a row of a table with the cell that is asked for gets more. Scores are divided to stay
    in [0, 1].
    """
    values = given.values
    if not values:
        return scores
    others = {word: idf for word, idf in given.words.items() if word not in values}
    order = [int(position) for position in np.argsort(-scores, kind="stable")[:_LOOKED_AT]]
    parts = np.max([candidates.bm25(value, order) for value in values], axis=0)
    holding = [position for position, part in zip(order, parts, strict=True) if part > 0]
    bonus = np.zeros_like(scores)
    for position, passage in candidates.passages(holding):
        bonus[position] = max(_bonus(given, others, passage, span) for span in candidates.sentences(position))
    return np.asarray((scores + bonus) / (1 + bonus.max()), np.float32)


def _bonus(given: Given, others: Mapping[str, float], passage: Passage, span: Span) -> float:
    """The bonus of a passage for one sentence; `others` are the terms of the question without its values."""
    sentence = passage.article.text[slice(*span)]
    terms = words_of(sentence)
    if terms.isdisjoint(given.values):
        return 0.0
    rarity = sum(rarity for value, rarity in given.values.items() if value in terms) / len(given.values)
    context = terms.union(*map(words_of, above(passage.article, passage.start)))
    total = sum(others.values())
    coverage = sum(idf for word, idf in others.items() if word in context) / total if total else 1.0
    row = is_row(passage.article, span[0]) and looked_up(cells_of(sentence), given.words, given.kind) is not None
    return coverage * (_VALUE * rarity + _ROW * row)

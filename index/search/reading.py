"""Reading of hits: the reader moves their order, chooses the sentence to mark, and finds the answer in it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from index.keywords.tokenizer import words_of
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.patterns import lazy
from index.reader.reader import Extract, PassageReading, Reader
from index.search.highlight import Sentences
from index.search.hits import Hit, placed_behind

READ = 8  # best hits that are read
# Chosen by the dev split of the reader's own training set.
_READER = 0.1  # weight of the reader's probability in a score, the rest is that of fusion
_REACH = _READER / (1 - _READER)  # a hit whose score lies farther below the best cannot come first by being read
_ALWAYS = 3  # first hits that are read in any case
_SENTENCE = 0.06  # weight of the reader's margin in the score of a sentence
_WHO = lazy(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_LEAST_MARGIN = -2.0  # of a span that is shown as the answer


def read_hits(hits: Sequence[Hit], reader: Reader, question: str) -> list[Hit]:
    """The hits with the best ones read and in the order of both scores; unchanged if the reader abstains.

    Of the first eight those are read that may come first by it, and the first three. A hit that is not read keeps
    its place among the others by the mean of their readings.
    """
    best, behind = hits[:READ], hits[READ:]
    least = max((hit.score for hit in best), default=0.0) - _REACH
    near = [row for row, hit in enumerate(best) if row < _ALWAYS or hit.score > least]
    extracts = [extract_of(best[row].passage, best[row].sentences) for row in near]
    readings = {row: each for row, each in zip(near, reader.read(question, extracts), strict=True) if each}
    if not readings:
        return list(hits)
    mean = float(np.mean([each.probability for each in readings.values()]))
    scored = [
        _read(hit, own, (1 - _READER) * hit.score + _READER * (own.probability if own else mean), question)
        for row, hit in enumerate(best)
        for own in (readings.get(row),)
    ]
    ordered = sorted(scored, key=lambda hit: -hit.score)
    return ordered + placed_behind(behind, ordered[-1].score)


def read_sentences(
    sentences: Sentences, reading: PassageReading, start: int, echoes: Collection[int] = ()
) -> tuple[Span, tuple[Span, ...]]:
    """The sentence to mark, by rule and reader together, and the answer in it: spans of the article.

    `start` is the offset of the passage. There is no answer where the reader is much surer that there is none. A
    sentence that was not read counts as the worst that was, and so do those in `echoes`, whose answer is a name that
    the question gives itself. In a row of a table the answer lies in the asked cell.
    """
    margins = {row: sentence.margin for row, sentence in reading.sentences.items()}
    least = min(margins.values())
    margins |= dict.fromkeys(echoes, min(least, _LEAST_MARGIN))
    scores = [score + _SENTENCE * margins.get(row, least) for row, score in enumerate(sentences.scores)]
    row = int(np.argmax(scores))
    found, cell = reading.sentences.get(row), sentences.cells.get(row)
    answer = (start + found.answer[0], start + found.answer[1]) if found and row not in echoes else None
    if cell:
        return sentences.spans[row], (answer if answer and cell[0] <= answer[0] and answer[1] <= cell[1] else cell,)
    if answer is None or (found and found.margin < _LEAST_MARGIN):
        return sentences.spans[row], ()
    return sentences.spans[row], (answer,)


def extract_of(passage: Passage, sentences: Sentences) -> Extract:
    """A passage as the reader wants it."""
    spans = [(first - passage.start, last - passage.start) for first, last in sentences.spans]
    return Extract(passage.article.title, passage.text, spans, sentences.best)


def _read(hit: Hit, reading: PassageReading | None, score: float, question: str) -> Hit:
    if reading is None:
        return replace(hit, score=score)
    echoes = _echoes(reading, hit.passage.text, question)
    sentence, answer = read_sentences(hit.sentences, reading, hit.passage.start, echoes)
    return replace(hit, score=score, reading=reading, marked=(sentence, answer))


def _echoes(reading: PassageReading, passage: str, question: str) -> list[int]:
    """The sentences whose answer to "who" has no other words than the question: "Who was rector before Thornbury?"."""
    if not _WHO.search(question):
        return []
    asked = words_of(question)
    return [row for row, each in reading.sentences.items() if words_of(passage[slice(*each.answer)]) <= asked]

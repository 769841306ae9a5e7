"""Why a passage is found: the words it shares with the question, and what each of its words adds to the cosine."""

import dataclasses
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.encoder.encoder import Encoder
from index.encoder.pooling import Part
from index.keywords.tokenizer import terms, word_spans
from index.passages.sentences import Span
from index.search.highlight import marked_sentence
from index.search.query import EncodedQuery
from index.search.store import Candidates

_SHOWN = 6  # words of a passage that people are told


@dataclass(frozen=True, slots=True)
class Share:
    """A word of the passage, its span of the article, and what it adds to the cosine; it may be negative."""

    word: str
    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that the passage holds, and its part of the BM25 score."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage is found.

    The weights of `words`, heaviest first, sum to the passage's BM25 score. `sentence` is the best
    one. `shares`, in order of the text, sum with `rest` (punctuation, markers, prefix) to `cosine`
    within about .001 (they are calculated anew, in bfloat16); both are None where the encoder's vector is no
    mean. Words that the encoder does not read have no share.
    """

    words: tuple[Word, ...]
    sentence: Span
    cosine: float
    shares: tuple[Share, ...] | None
    rest: float | None

    def to_json(self) -> dict[str, Any]:
        """The explanation as the HTTP interface and `index search --why --json` give it."""
        start, end = self.sentence
        return {**dataclasses.asdict(self), "sentence": {"start": start, "end": end}}

    def lines(self) -> list[str]:
        """The explanation for people: matched words, then the cosine with the words that add most to it."""
        matched = ", ".join(f"{word.word} {word.weight:.2f}" for word in self.words)
        lines = [f"words: {matched or 'none of the question'}"]
        heaviest = sorted(self.shares or (), key=lambda share: -share.share)[:_SHOWN]
        most = ", ".join(f"{share.word} {share.share:.3f}" for share in heaviest)
        return [*lines, f"meaning: cosine {self.cosine:.3f}" + (f", most of it from {most}" if most else "")]


def explained(
    question: str, found: Candidates, encoder: Encoder, *, view: EncodedQuery, corrections: Mapping[str, str]
) -> Explanation:
    """Why a question that was read so finds the one passage that was found."""
    passage = found.passage(0)
    sentence = marked_sentence(found, 0, view, found.signals[0].sentences)
    cosine = float(found.vector(0) @ view.vector)
    words = matched(question, found, corrections)
    parts = encoder.parts(passage.text, view.vector)
    if parts is None:
        return Explanation(words, sentence, cosine, None, None)
    shares, rest = shared(passage.text, passage.start, parts)
    return Explanation(words, sentence, cosine, shares, rest)


def matched(question: str, found: Candidates, corrections: Mapping[str, str]) -> tuple[Word, ...]:
    """The question's words that the one passage found holds, as first written, heaviest first; some read as others."""
    written: dict[str, str] = {}
    asked = Counter[str]()
    for word, stem in terms(question):
        term = corrections.get(stem, stem)
        written.setdefault(term, word)
        asked[term] += 1
    words = [Word(written[term], times * found.bm25(term, 0)) for term, times in asked.items()]
    return tuple(sorted((word for word in words if word.weight), key=lambda word: -word.weight))


def shared(text: str, first: int, parts: Sequence[Part]) -> tuple[tuple[Share, ...], float]:
    """The parts of a text's tokens by word, and the sum of those that lie in none.

    `first` is where the text begins in its article. Words that share a token, such as characters
    of CJK scripts, count as one.
    """
    groups = _joined(word_spans(text), [span for span, _ in parts])
    sums, rest = dict[Span, float](), 0.0
    for span, part in parts:
        place, end = _touched(groups, span)
        if place < end:
            sums[groups[place]] = sums.get(groups[place], 0.0) + part
        else:
            rest += part
    shares = (Share(text[start:end], first + start, first + end, sums[start, end]) for start, end in sorted(sums))
    return tuple(shares), rest


def _joined(words: list[Span], tokens: list[Span]) -> list[Span]:
    """The words, those that one token touches as one."""
    joins = set[int]()  # words that belong to the one before
    for token in tokens:
        first, end = _touched(words, token)
        joins.update(range(first + 1, end))
    groups: list[Span] = []
    for place, (start, end) in enumerate(words):
        if place in joins:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    return groups


def _touched(words: Sequence[Span], token: Span) -> tuple[int, int]:
    """Which of the words, as places from and to, have a character of the token."""
    start, end = token
    if start >= end:
        return 0, 0
    return bisect_right(words, start, key=lambda word: word[1]), bisect_left(words, end, key=lambda word: word[0])

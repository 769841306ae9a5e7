"""Explanation of a hit: words shared with the question, and the share of each of its words in the cosine."""

import dataclasses
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.encoder.encoder import Encoder
from index.encoder.pooling import Part
from index.ingestion.background import Background
from index.keywords.tokenizer import terms, word_spans
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.reader.reader import Reader
from index.search.highlight import Sentences, compared
from index.search.questions.query import EncodedQuery
from index.search.reading import extract_of, read_sentences
from index.search.store import Candidates

_SHOWN = 6  # words of a passage in the text for people


@dataclass(frozen=True, slots=True)
class Share:
    """A word of the passage, its span of the article, and its share in the cosine, which may be negative."""

    word: str
    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that occurs in the passage, and its part of the BM25 score."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Thought:
    """The reader's view of a passage: its probability that it answers, and the words that do, empty for none."""

    probability: float
    answer: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question finds a passage.

    The weights of `words`, heaviest first, sum to the passage's BM25 score. `sentence` is the span of
    the best sentence. `shares`, in order of the text, sum with `rest` (punctuation, markers, prefix)
    to `cosine` within about .001 (they are computed again, in bfloat16). Both are None for encoders
    without mean pooling. Words after the encoder's limit have no share. `reader` is what the reader
    thinks, None without one. `quote` is the text of the passage.
    """

    words: tuple[Word, ...]
    sentence: Span
    cosine: float
    shares: tuple[Share, ...] | None
    rest: float | None
    reader: Thought | None = None
    quote: str = ""

    def to_json(self) -> dict[str, Any]:
        """The explanation as the HTTP interface and `index search --why --json` give it."""
        start, end = self.sentence
        return {**dataclasses.asdict(self), "sentence": {"start": start, "end": end}}

    def lines(self) -> list[str]:
        """The explanation for people: matched words, then the cosine with the words that add most to it."""
        matched = ", ".join(f"{word.word} {word.weight:.2f}" for word in self.words)
        lines = [f"words: {matched or 'none of the question'}"]
        heaviest = sorted(self.shares or (), key=lambda share: -share.share)[:_SHOWN]
        parts = ", ".join(f"{share.word} {share.share:.3f}" for share in heaviest)
        lines.append(f"meaning: cosine {self.cosine:.3f}" + (f", most of it from {parts}" if parts else ""))
        if self.reader:
            words = f"“{self.reader.answer}”" if self.reader.answer else "no words that answer"
            lines.append(f"reader: answers with probability {self.reader.probability:.2f}, {words}")
        return lines


def explained(
    question: str,
    candidates: Candidates,
    encoder: Encoder,
    *,
    query: EncodedQuery,
    corrections: Mapping[str, str],
    background: Background,
    reader: Reader | None = None,
) -> Explanation:
    """Why a question finds the only candidate; `query` is the question, encoded with these corrections."""
    passage = candidates.passage(0)
    cosines = background.standardised(candidates.signals[0].sentences)
    sentences = compared(passage, candidates.sentences(0), query, cosines, question)
    sentence, thought = _thought(reader, question, passage, sentences)
    cosine = float(candidates.vector(0) @ query.vector)
    words = matched(question, candidates, corrections)
    parts = encoder.parts(passage.text, query.vector)
    if parts is None:
        return Explanation(words, sentence, cosine, None, None, thought, passage.text)
    shares, rest = shared(passage.text, passage.start, parts)
    return Explanation(words, sentence, cosine, shares, rest, thought, passage.text)


def _thought(
    reader: Reader | None, question: str, passage: Passage, sentences: Sentences
) -> tuple[Span, Thought | None]:
    """The sentence to mark, and what the reader thinks of the passage."""
    reading = reader.read(question, [extract_of(passage, sentences)])[0] if reader else None
    if reading is None:
        return sentences.spans[sentences.best], None
    sentence, answer = read_sentences(sentences, reading, passage.start)
    words = " ".join(passage.article.text[start:end] for start, end in answer)
    return sentence, Thought(round(reading.probability, 4), words)


def matched(question: str, candidates: Candidates, corrections: Mapping[str, str]) -> tuple[Word, ...]:
    """The question's words, as typed, that match the only candidate after correction, heaviest first."""
    words: dict[str, str] = {}
    counts = Counter[str]()
    for word, stem in terms(question):
        term = corrections.get(stem, stem)
        words.setdefault(term, word)
        counts[term] += 1
    weights = [Word(words[term], times * float(candidates.bm25(term, [0])[0])) for term, times in counts.items()]
    return tuple(sorted((word for word in weights if word.weight), key=lambda word: -word.weight))


def shared(text: str, first: int, parts: Sequence[Part]) -> tuple[tuple[Share, ...], float]:
    """Shares of a text's words in a cosine, summed over their tokens, and the sum of tokens outside words.

    `first` is the offset of the text in its article. Words that share a token, such as characters
    of CJK scripts, count as one word.
    """
    groups = _joined(word_spans(text), [span for span, _ in parts])
    sums, rest = dict[Span, float](), 0.0
    for span, part in parts:
        index, end = _touched(groups, span)
        if index < end:
            sums[groups[index]] = sums.get(groups[index], 0.0) + part
        else:
            rest += part
    shares = (Share(text[start:end], first + start, first + end, sums[start, end]) for start, end in sorted(sums))
    return tuple(shares), rest


def _joined(words: list[Span], tokens: list[Span]) -> list[Span]:
    """Spans of the words; words with a token in common are joined."""
    joins = set[int]()  # indices of words that belong to the previous word
    for token in tokens:
        first, end = _touched(words, token)
        joins.update(range(first + 1, end))
    groups: list[Span] = []
    for index, (start, end) in enumerate(words):
        if index in joins:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    return groups


def _touched(words: Sequence[Span], token: Span) -> tuple[int, int]:
    """The index range (start, end) of the words that overlap the token."""
    start, end = token
    if start >= end:
        return 0, 0
    return bisect_right(words, start, key=lambda word: word[1]), bisect_left(words, end, key=lambda word: word[0])

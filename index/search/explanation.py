"""Why a passage is found: the words it shares with the question, and what each of its words adds to the cosine."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.encoder.encoder import Encoder
from index.keywords.tokenizer import terms
from index.passages.sentences import Span
from index.search.attribution import Share, shared
from index.search.highlight import marked_sentence
from index.search.query import Asked
from index.search.store import Candidates

_SHOWN = 6  # words of a passage that people are told


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
    question: str, found: Candidates, encoder: Encoder, *, view: Asked, meant: Mapping[str, str]
) -> Explanation:
    """Why a question that was read so finds the one passage that was found."""
    passage = found.passage(0)
    sentence = marked_sentence(found, 0, view, found.signals[0].sentences)
    cosine = float(found.vector(0) @ view.vector)
    words = matched(question, found, meant)
    parts = encoder.parts(passage.text, view.vector)
    if parts is None:
        return Explanation(words, sentence, cosine, None, None)
    shares, rest = shared(passage.text, passage.start, parts)
    return Explanation(words, sentence, cosine, shares, rest)


def matched(question: str, found: Candidates, meant: Mapping[str, str]) -> tuple[Word, ...]:
    """The question's words that the one passage found holds, as first written, heaviest first; some read as others."""
    written: dict[str, str] = {}
    asked = Counter[str]()
    for word, stem in terms(question):
        term = meant.get(stem, stem)
        written.setdefault(term, word)
        asked[term] += 1
    words = [Word(written[term], times * found.bm25(term, 0)) for term, times in asked.items()]
    return tuple(sorted((word for word in words if word.weight), key=lambda word: -word.weight))

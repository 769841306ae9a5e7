"""A text asked for, as both legs read it: its vector, and its words with what each of them tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Scores, Vectors
from index.encoder.encoder import Encoder
from index.keywords.tokenizer import tokenise
from index.keywords.vocabulary import Vocabulary, telling

_USUAL = 8  # words of a question, from the most telling one: what more it has makes it a long one


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to search for: its tokens, its words with their idf, and its vector.

    `most` is the BM25 that a short passage of all its words would approach; `known` and `stretch`
    are those of `Measured`.
    """

    tokens: list[str]
    words: dict[str, float]
    vector: Vectors
    most: float
    known: float
    stretch: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The signals of some passages, and how they compare with the most that there could be.

    `passages` and `bm25` have one value a passage: cosines, and BM25 as a share of what a passage of
    all the question's words would have. `sentences` (cosines) and `words` (share of the question's
    words, by idf) have one a sentence; those of passage n begin at `first[n]`. `known` in [0, 1] is
    how far the encoder can read the question, `stretch` from 1 up how much longer it is than usual.
    """

    passages: Scores
    sentences: Scores
    words: Scores
    first: npt.NDArray[np.int64]
    bm25: Scores
    known: float = 1.0
    stretch: float = 1.0

    def best(self, of_sentences: Scores) -> Scores:
        """For each passage the highest of its sentences' values."""
        return np.asarray(np.maximum.reduceat(of_sentences, self.first), np.float32)


def asked(texts: Sequence[str], vocabulary: Vocabulary, encoder: Encoder, meant: Mapping[str, str]) -> list[Asked]:
    """The texts read by the encoder, all in one pass, and by the keyword leg; words in `meant` are read as others."""
    vectors, known = encoder.questions(texts), encoder.known(texts)
    read = [[meant.get(token, token) for token in tokenise(text)] for text in texts]
    told = telling(set().union(*read), vocabulary)
    return [_asked(tokens, told, *encoded) for tokens, *encoded in zip(read, vectors, known, strict=True)]


def _asked(tokens: list[str], told: Mapping[str, float], vector: Vectors, known: float) -> Asked:
    words = {token: told[token] for token in tokens}
    worth = sorted((times * words[token] for token, times in Counter(tokens).items()), reverse=True)
    return Asked(
        tokens=tokens,
        words=words,
        vector=vector,
        most=sum(worth),
        known=weight_of_meaning(known),
        stretch=sum(worth) / sum(worth[:_USUAL]) if worth else 1.0,
    )


def weight_of_meaning(known: float) -> float:
    """How much the vectors count for a text of which the encoder knows this share; nothing from half downwards."""
    return max(0.0, 2 * known - 1)


def shares(view: Asked) -> dict[str, float]:
    """The share of the question that each of its words tells."""
    total = sum(view.words.values())
    return {word: idf / total for word, idf in view.words.items()}

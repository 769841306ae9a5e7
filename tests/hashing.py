"""A small real encoder: words hashed into vectors. Deterministic, needs no files, and near texts are near."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.arrays import Vectors
from index.encoder.model_files import Identity
from index.encoder.pooling import Part
from index.ingestion.background import EVERYDAY
from index.passages.sentences import Span
from index.search.searcher import Searcher
from index.stores.address import LocationLike, open_location

IDENTITY = Identity("hashing", "0" * 64)


class HashingEncoder:
    """An index.encoder.Encoder: a text is the sum of its words' and their trigrams' fixed random signs.

    Cosines of texts about the same are lower than those of a model. Everyday questions are therefore farther from all
    passages, so that the background, of mean -0.3 and deviation 0.075, lifts each standardised cosine by 0.3.
    """

    dimension = 64
    max_tokens = 250

    def __init__(self, identity: Identity = IDENTITY) -> None:
        self.identity = identity
        self.encoded = 0  # passages encoded so far

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_words(text)) for text in texts]

    def questions(self, texts: Sequence[str]) -> Vectors:
        if texts is EVERYDAY:
            return np.array([[(-0.3 + 0.075 * (-1) ** row) / _SHARED, *[0] * 63] for row in range(40)], np.float32)
        return _rows([_vector(self.identity.question_prefix + text) for text in texts])

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        return [1.0 for _ in texts]

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        self.encoded += len(texts)
        prefix = self.identity.passage_prefix
        parts = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
        return _rows([_vector(prefix + text) for text in texts]), _rows([_vector(prefix + part) for part in parts])

    def parts(self, text: str, question: Vectors) -> list[Part] | None:
        prefix = self.identity.passage_prefix
        matches = list(_WORD.finditer((prefix + text).lower()))
        sums = [_sum([match[0]]).astype(np.float64) for match in matches]
        length = float(np.linalg.norm(np.sum(sums, axis=0))) if sums else 0.0
        if not length:
            return [((0, 0), float(question[0]))]
        spans = [(match.start() - len(prefix), match.end() - len(prefix)) for match in matches]
        shares = [float(own @ question) * _OWN / length for own in sums]
        return [((0, 0), _SHARED * float(question[0])), *zip(spans, shares, strict=True)]


_SHARED = 0.1  # first component of every vector
_OWN = (1 - _SHARED**2) ** 0.5  # length of the others
_WORD = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _rows(vectors: list[Vectors]) -> Vectors:
    return np.stack(vectors) if vectors else np.empty((0, HashingEncoder.dimension), np.float32)


def _vector(text: str) -> Vectors:
    total = _sum(_words(text))
    norm = float(np.linalg.norm(total))
    if not norm:
        total[0] = 1
        return total
    vector: Vectors = total * np.float32(_OWN / norm)
    vector[0] = _SHARED
    return vector


def _sum(words: Sequence[str]) -> Vectors:
    total = np.zeros(HashingEncoder.dimension, np.float32)
    for word in words:
        for part in [word, *(word[i : i + 3] for i in range(len(word) - 2))]:
            digest = hashlib.blake2b(part.encode(), digest_size=HashingEncoder.dimension // 8).digest()
            total += np.unpackbits(np.frombuffer(digest, np.uint8)).astype(np.float32) * 2 - 1
    total[0] = 0
    return total


def searcher_of(where: LocationLike) -> Searcher:
    """The searcher of an index that this encoder made."""
    return Searcher.open(open_location(where).open(), load=HashingEncoder)

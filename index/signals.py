"""What a text asked for finds in a build: candidates of two legs, and three signals of each."""

from dataclasses import dataclass
from functools import lru_cache

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Encoder, Vectors
from index.fusion import Scores
from index.snapshot import Snapshot
from index.tokens import tokenise

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]  # one value a row of the passages


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to search for: its words with their idf, its vector, and BM25 of every passage for it."""

    words: dict[str, float]
    vector: Vectors
    bm25: Scores


@dataclass(frozen=True, slots=True)
class Measured:
    """The signals of some passages: cosine, cosines of the sentences of each, BM25."""

    passage: Scores
    sentences: list[Scores]
    bm25: Scores

    @property
    def best_sentence(self) -> Scores:
        """For each passage the highest cosine of its sentences."""
        return np.array([own.max() for own in self.sentences], np.float32)


def asked(text: str, snapshot: Snapshot, encoder: Encoder) -> Asked:
    """The text read by the encoder and by the keyword leg."""
    tokens = tokenise(text)
    words = {token: snapshot.bm25.idf(token) for token in tokens}
    return Asked(words, encoder.questions([text])[0], snapshot.bm25.scores(tokens))


def candidates(wanted: Asked, snapshot: Snapshot, limit: int, allowed: Mask | None = None) -> Rows:
    """Rows of the best `limit` passages of each leg among the `allowed` ones, in order of row."""
    limit = min(limit, len(wanted.bm25))
    keyword = wanted.bm25 if allowed is None else np.where(allowed, wanted.bm25, 0)
    best = np.argpartition(-keyword, limit - 1)[:limit]
    dense = snapshot.vectors.search(wanted.vector[None], limit, params=_only(allowed))[1][0]
    found = np.union1d(dense[dense >= 0], best[keyword[best] > 0])  # FAISS pads short answers with -1
    return found.astype(np.int64)


def _only(allowed: Mask | None) -> faiss.SearchParameters | None:
    if allowed is None:
        return None
    # FAISS's types know neither the array nor the keyword that its Python classes take.
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def measured(wanted: Asked, snapshot: Snapshot, rows: Rows) -> Measured:
    """The signals of the passages in these rows."""
    vectors = np.array([snapshot.vectors.reconstruct(int(row)) for row in rows])
    records = snapshot.rows.passages[rows]
    members = [np.arange(record["first"], record["first"] + record["count"]) for record in records]
    cosines = np.asarray(snapshot.sentence_vectors[np.concatenate(members)], np.float32) @ wanted.vector
    parts = np.split(cosines, np.cumsum(records["count"])[:-1])
    return Measured(vectors @ wanted.vector, parts, wanted.bm25[rows])


@lru_cache(maxsize=16_384)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(tokenise(text))


def coverage(words: dict[str, float], text: str) -> float:
    """The share of the question's words, each counted by its idf, that the text holds; 0 without words."""
    held = _words_of(text)
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in held) / total if total else 0.0

"""What a text asked for finds in a build: candidates of two legs, and the signals of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Encoder
from index.fusion import Measured, Scores
from index.pooling import Vectors
from index.snapshot import Snapshot
from index.tokens import tokenise
from index.wordtable import Rows, ranges

Mask = npt.NDArray[np.bool_]  # one value a row of the passages

_USUAL = 8  # words of a question, from the most telling one: what more it has makes it a long one


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to search for: its words with their idf, its vector, and BM25 of every passage for it.

    `most` is the BM25 that a short passage of all its words would approach; `known` and `stretch`
    are those of `Measured`.
    """

    words: dict[str, float]
    vector: Vectors
    bm25: Scores
    most: float
    known: float
    stretch: float


def asked(texts: Sequence[str], snapshot: Snapshot, encoder: Encoder, meant: Mapping[str, str]) -> list[Asked]:
    """The texts read by the encoder, all in one pass, and by the keyword leg; words in `meant` are read as others."""
    vectors, known = encoder.questions(texts), encoder.known(texts)
    read = zip(texts, vectors, known, strict=True)
    return [_asked([meant.get(t, t) for t in tokenise(text)], vector, share, snapshot) for text, vector, share in read]


def _asked(tokens: list[str], vector: Vectors, known: float, snapshot: Snapshot) -> Asked:
    words = {token: snapshot.bm25.idf(token) for token in tokens}
    worth = sorted((times * words[token] for token, times in Counter(tokens).items()), reverse=True)
    return Asked(
        words=words,
        vector=vector,
        bm25=snapshot.bm25.scores(tokens),
        most=sum(worth),
        known=weight_of_meaning(known),
        stretch=sum(worth) / sum(worth[:_USUAL]) if worth else 1.0,
    )


def weight_of_meaning(known: float) -> float:
    """How much the vectors count for a text of which the encoder knows this share; nothing from half downwards."""
    return max(0.0, 2 * known - 1)


def candidates(wanted: Asked, snapshot: Snapshot, limit: int, allowed: Mask | None = None) -> Rows:
    """Rows of the best `limit` passages of each leg among the `allowed` ones, in order of row."""
    limit = min(limit, len(wanted.bm25))
    keyword = wanted.bm25 if allowed is None else np.where(allowed, wanted.bm25, 0)
    best = np.argpartition(-keyword, limit - 1)[:limit]
    found = best[keyword[best] > 0]
    if wanted.known:  # else its vector is noise
        dense = snapshot.vectors.search(wanted.vector[None], limit, params=_only(allowed))[1][0]
        found = np.union1d(dense[dense >= 0], found)  # FAISS pads short answers with -1
    return np.sort(found).astype(np.int64)


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
    counts = records["count"].astype(np.int64)
    sentences = ranges(records["first"].astype(np.int64), counts)
    total = sum(wanted.words.values())
    vocabulary = snapshot.bm25.vocabulary
    weights = {vocabulary[word]: idf / total for word, idf in wanted.words.items() if word in vocabulary}
    return Measured(
        passages=vectors @ wanted.vector,
        sentences=np.asarray(snapshot.sentence_vectors[sentences], np.float32) @ wanted.vector,
        words=snapshot.words.shares(sentences, weights),
        first=np.cumsum(counts) - counts,
        bm25=wanted.bm25[rows] / np.float32(wanted.most or 1),
        known=wanted.known,
        stretch=wanted.stretch,
    )

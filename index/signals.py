"""What a text asked for finds in a build: candidates of two legs, and the signals of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.fusion import Measured
from index.layout import Mask, Rows
from index.pooling import Vectors
from index.snapshot import Snapshot
from index.tokens import tokenise
from index.wordtable import ranges

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


def asked(texts: Sequence[str], snapshot: Snapshot, encoder: Encoder, meant: Mapping[str, str]) -> list[Asked]:
    """The texts read by the encoder, all in one pass, and by the keyword leg; words in `meant` are read as others."""
    vectors, known = encoder.questions(texts), encoder.known(texts)
    read = zip(texts, vectors, known, strict=True)
    return [_asked([meant.get(t, t) for t in tokenise(text)], vector, share, snapshot) for text, vector, share in read]


def _asked(tokens: list[str], vector: Vectors, known: float, snapshot: Snapshot) -> Asked:
    words = {token: snapshot.bm25.idf(token) for token in tokens}
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


def candidates(wanted: Asked, snapshot: Snapshot, limit: int, allowed: Mask | None = None) -> Rows:
    """Rows of the best `limit` passages of each leg among the `allowed` ones, in order of row."""
    limit = min(limit, snapshot.bm25.passages)
    found = snapshot.bm25.best(wanted.tokens, limit, allowed)
    if wanted.known:  # else its vector is noise
        found = np.union1d(snapshot.vectors.search(wanted.vector, limit, allowed), found)
    return np.sort(found)


def measured(views: Sequence[Asked], snapshot: Snapshot, rows: Rows) -> list[Measured]:
    """The signals of the passages in these rows, for each way to read a question; vectors are read once for all."""
    records = snapshot.rows.passages[rows]
    counts = records["count"].astype(np.int64)
    sentences = ranges(records["first"].astype(np.int64), counts)
    wanted = np.stack([view.vector for view in views])
    near = zip(wanted @ snapshot.vectors.at(rows).T, snapshot.sentence_vectors.cosines(sentences, wanted), strict=True)
    return [
        Measured(
            passages=passages,
            sentences=cosines,
            words=snapshot.words.shares(sentences, _weights(view, snapshot)),
            first=np.cumsum(counts) - counts,
            bm25=snapshot.bm25.scores(view.tokens, rows) / np.float32(view.most or 1),
            known=view.known,
            stretch=view.stretch,
        )
        for view, (passages, cosines) in zip(views, near, strict=True)
    ]


def _weights(view: Asked, snapshot: Snapshot) -> dict[int, float]:
    """The share of the question that each of its words tells, by the row of the word; unknown ones are left out."""
    total = sum(view.words.values())
    known = ((snapshot.bm25.row_of(word), idf) for word, idf in view.words.items())
    return {row: idf / total for row, idf in known if row is not None}

"""Question in, ranked passages out: two legs find candidates, three signals order them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoder import Encoder, LoadEncoder, Vectors, load_encoder
from index.fusion import Scores, Weights, fuse
from index.manifest import Manifest
from index.passages import Passage
from index.question import checked
from index.sentences import Span
from index.snapshot import Snapshot, read_snapshot
from index.store import open_live
from index.texts import Texts
from index.tokens import tokenise

_CANDIDATES = 100  # best passages of each leg
_WEIGHTS = Weights()
_COVERAGE_SHARE = 0.5  # of a sentence's word coverage beside its cosine; 0 to 2 was tried on labelled answers

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Signals:
    """What a hit rests on: two cosines in [-1, 1], BM25 from 0 up, and the share (by idf, in
    [0, 1]) of the question's words that the passage holds."""

    passage: float
    sentence: float
    bm25: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its best sentence (a span of the article) and its score in [0, 1]: higher is nearer."""

    passage: Passage
    best_sentence: Span
    score: float
    signals: Signals


class Searcher:
    """Searches one build; threads may share it."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self._snapshot = snapshot
        self._encoder = encoder

    @classmethod
    def open(cls, root: Path | str, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of the live build below `root`.

        Raises NoIndex, ForeignIndex (another format or encoder), DamagedIndex or BadModel.
        """
        snapshot = open_live(Path(root), read_snapshot)
        return cls(snapshot, load(snapshot.manifest.identity))

    @property
    def manifest(self) -> Manifest:
        """What the build was made of."""
        return self._snapshot.manifest

    @property
    def articles(self) -> Texts:
        """The articles of the build."""
        return self._snapshot.articles

    def search(self, question: str, k: int = 5) -> list[Hit]:
        """The `k` best passages, best first; equal texts are given once. It ranks and never refuses.

        Raises BadQuestion for a question without words or over 2,000 characters.
        """
        tokens = tokenise(question := checked(question))
        vector = self._encoder.questions([question])
        keyword = self._snapshot.bm25.scores(tokens)
        limit = max(k, _CANDIDATES)
        hits = self._hits(tokens, vector, keyword, limit, k)
        while len(hits) < k and limit < len(keyword):  # copies of one text have taken the places of others
            limit *= 4
            hits = self._hits(tokens, vector, keyword, limit, k)
        return hits

    def _hits(self, tokens: list[str], vector: Vectors, keyword: Scores, limit: int, k: int) -> list[Hit]:
        """The `k` best of the candidates, equal texts once."""
        rows = self._candidates(vector, keyword, limit)
        passage = np.array([self._snapshot.vectors.reconstruct(int(row)) for row in rows]) @ vector[0]
        cosines = self._sentence_cosines(rows, vector[0])
        sentence = np.array([own.max() for own in cosines], np.float32)
        scores = fuse(passage, sentence, keyword[rows], _WEIGHTS)
        words = {token: self._snapshot.bm25.idf(token) for token in tokens}
        hits: list[Hit] = []
        seen: set[str] = set()
        for i in np.argsort(-scores, kind="stable"):
            if len(hits) == k:
                break
            found = self._snapshot.passage(int(rows[i]))
            if found.text not in seen:
                seen.add(found.text)
                best = self._best_sentence(int(rows[i]), cosines[i], words, found.article.text)
                covered = coverage(words, found.text)
                signals = Signals(float(passage[i]), float(sentence[i]), float(keyword[rows[i]]), covered)
                hits.append(Hit(found, best, float(scores[i]), signals))
        return hits

    def _candidates(self, vector: Vectors, keyword: Scores, limit: int) -> Rows:
        """Rows of the best passages of both legs, in order of row."""
        dense = self._snapshot.vectors.search(vector, min(limit, len(keyword)))[1][0]
        best = np.argpartition(-keyword, min(limit, len(keyword)) - 1)[:limit]
        found = np.union1d(dense[dense >= 0], best[keyword[best] > 0])  # FAISS pads short answers with -1
        return found.astype(np.int64)

    def _sentence_cosines(self, rows: Rows, vector: Vectors) -> list[Scores]:
        """For each passage the cosines of its sentences."""
        records = self._snapshot.rows.passages[rows]
        members = [np.arange(record["first"], record["first"] + record["count"]) for record in records]
        cosines = np.asarray(self._snapshot.sentence_vectors[np.concatenate(members)], np.float32) @ vector
        return np.split(cosines, np.cumsum(records["count"])[:-1])

    def _best_sentence(self, row: int, cosines: Scores, words: dict[str, float], text: str) -> Span:
        """The sentence of a passage that is nearest in meaning and in words together."""
        first = int(self._snapshot.rows.passages[row]["first"])
        spans = [self._snapshot.sentence(first + place) for place in range(len(cosines))]
        shared = [coverage(words, text[start:end]) for start, end in spans]
        return spans[int(np.argmax(cosines + _COVERAGE_SHARE * np.array(shared)))]


def coverage(words: dict[str, float], text: str) -> float:
    """The share of the question's words, each counted by its idf, that the text holds; 0 without words."""
    held = set(tokenise(text))
    total = sum(words.values())
    return sum(weight for word, weight in words.items() if word in held) / total if total else 0.0

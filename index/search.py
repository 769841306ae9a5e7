"""Question in, ranked passages out: two legs find candidates, three signals order them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.encoder import Encoder, LoadEncoder, load_encoder
from index.facets import Facets
from index.filters import EVERYTHING, Filters
from index.fusion import SIGNALS, Fusion, Scores, Weights, fuse
from index.manifest import Manifest
from index.passages import Passage
from index.question import MAX_CHARACTERS, checked
from index.sentences import Span
from index.signals import Asked, Mask, Measured, asked, candidates, coverage, measured
from index.snapshot import Snapshot, read_snapshot
from index.store import open_live
from index.texts import Texts

_CANDIDATES = 100  # best passages of each leg
_PREFERENCE = 0.15  # what a preferred article adds to a score in [0, 1]; 0 to 0.3 was tried on labelled answers
_COVERAGE_SHARE = 0.5  # of a sentence's word coverage beside its cosine; 0 to 2 was tried on labelled answers


@dataclass(frozen=True, slots=True)
class Signals:
    """What a hit rests on: two cosines in [-1, 1], BM25 from 0 up, and the share (by idf, in
    [0, 1]) of the question's words that the passage holds. With a context, of question and context."""

    passage: float
    sentence: float
    bm25: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its best sentence (a span of the article) and its score in [0, 1]: higher is nearer.

    `also_in` names the other articles that hold the same text.
    """

    passage: Passage
    best_sentence: Span
    score: float
    signals: Signals
    also_in: tuple[str, ...] = ()


class Searcher:
    """Searches one build; threads may share it."""

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, weights: Weights = SIGNALS["all"], fusion: Fusion = fuse
    ) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._weights = weights
        self._fusion = fusion

    @classmethod
    def open(cls, root: Path | str, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of the live build below `root`.

        Raises NoIndex, ForeignIndex (another format or encoder), DamagedIndex or BadModel.
        """
        snapshot = open_live(Path(root), read_snapshot)
        return cls(snapshot, load(snapshot.manifest.identity))

    def reopened(self, root: Path | str, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of the build that is live now, ranking as this one does; raises as `open` does.

        The encoder stays where the new build has the same one.
        """
        snapshot = open_live(Path(root), read_snapshot)
        same = snapshot.manifest.identity == self.manifest.identity
        encoder = self._encoder if same else load(snapshot.manifest.identity)
        return Searcher(snapshot, encoder, self._weights, self._fusion)

    @property
    def manifest(self) -> Manifest:
        """What the build was made of."""
        return self._snapshot.manifest

    @property
    def articles(self) -> Texts:
        """The articles of the build."""
        return self._snapshot.articles

    @property
    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        return self._snapshot.facets

    def ranked_by(self, weights: Weights, fusion: Fusion = fuse) -> "Searcher":
        """The same search with another ranking."""
        return Searcher(self._snapshot, self._encoder, weights, fusion)

    def search(
        self,
        question: str,
        k: int = 5,
        *,
        context: Sequence[str] = (),
        without: Collection[str] = (),
        prefer: Collection[str] = (),
        within: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages, best first; equal texts are given once. It ranks and never refuses.

        With a `context` of earlier questions the score is half that of the question alone and half
        that of the question read after them. Articles named in `without` are not searched; those in
        `prefer` come before others that are nearly as good, and hide none. What does not pass the
        filters `within` is left out before anything is ranked. Raises BadQuestion for a question
        without words or over 2,000 characters, BadFilter for a name that no article has.
        """
        question = checked(question)
        texts = [question, " ".join([*context, question])[-MAX_CHARACTERS:]] if context else [question]
        views = [asked(text, self._snapshot, self._encoder) for text in texts]
        allowed = self._snapshot.allowed(within, without)
        reachable = self.manifest.counts.passages if allowed is None else int(allowed.sum())
        preferred = self._snapshot.passages_of(prefer) if prefer else None
        limit = max(k, _CANDIDATES)
        hits = self._hits(views, allowed, preferred, limit, k)
        while len(hits) < k and limit < reachable:  # copies of one text have taken the places
            limit *= 4
            hits = self._hits(views, allowed, preferred, limit, k)
        return hits

    def _hits(self, views: list[Asked], allowed: Mask | None, preferred: Mask | None, limit: int, k: int) -> list[Hit]:
        """The `k` best of the candidates, equal texts once."""
        found_by = [candidates(view, self._snapshot, limit, allowed) for view in views]
        if preferred is not None:
            section = preferred if allowed is None else preferred & allowed
            found_by += [candidates(view, self._snapshot, limit, section) for view in views]
        rows = np.unique(np.concatenate(found_by))
        if not len(rows):
            return []
        found = [measured(view, self._snapshot, rows) for view in views]
        scores = np.mean([self._fusion(m.passage, m.best_sentence, m.bm25, self._weights) for m in found], axis=0)
        if preferred is not None:
            bonus = _PREFERENCE * (1 - preferred.mean())  # to prefer nearly everything tells nearly nothing
            scores = (scores + bonus * preferred[rows]) / (1 + bonus)
        distinct: dict[str, list[int]] = {}  # places of equal texts; the preference alone tells their scores apart
        for place in np.argsort(-scores, kind="stable"):
            text = self._snapshot.passage(int(rows[place])).text
            if len(distinct) < k or text in distinct:
                distinct.setdefault(text, []).append(int(place))
            elif preferred is None:
                break
        hits = []
        for place, *copies in distinct.values():
            hit = self._hit(int(rows[place]), place, float(scores[place]), views[-1], found[-1])
            others = (self._snapshot.passage(int(rows[copy])).article.id for copy in copies)
            hits.append(replace(hit, also_in=tuple(dict.fromkeys(o for o in others if o != hit.passage.article.id))))
        return hits

    def _hit(self, row: int, place: int, score: float, view: Asked, found: Measured) -> Hit:
        passage = self._snapshot.passage(row)
        signals = Signals(
            float(found.passage[place]),
            float(found.sentences[place].max()),
            float(found.bm25[place]),
            coverage(view.words, passage.text),
        )
        return Hit(passage, self._best_sentence(passage, row, found.sentences[place], view.words), score, signals)

    def _best_sentence(self, passage: Passage, row: int, cosines: Scores, words: dict[str, float]) -> Span:
        """The sentence of a passage that is nearest in meaning and in words together."""
        spans = self._snapshot.sentences_of(row)
        shared = [coverage(words, passage.article.text[start:end]) for start, end in spans]
        return spans[int(np.argmax(cosines + _COVERAGE_SHARE * np.array(shared)))]

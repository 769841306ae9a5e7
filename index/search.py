"""Question in, ranked passages out: two legs find candidates, three signals order them."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder import Encoder, LoadEncoder, load_encoder
from index.errors import NoPassage
from index.explanation import Explanation, explained
from index.facets import Facets
from index.filters import EVERYTHING, Filters
from index.fusion import SIGNALS, Fusion, Measured, Scores, Weights, fuse
from index.hits import Hit, Signals, best_sentence, coverage, distinct, with_each, words_of
from index.manifest import Manifest
from index.names import names_of
from index.passages import Passage
from index.question import ALONE, Context, checked, understood
from index.ranking import Ranked, Views, ranked, views
from index.reranker import RERANKED, Reranker, reranked
from index.signals import Asked, Mask, asked, measured, weight_of_meaning
from index.snapshot import Snapshot, read_snapshot
from index.spelling import read_as
from index.store import open_live
from index.texts import Texts
from index.tokens import tokenise

_CANDIDATES = 100  # best passages of each leg
_PREFERENCE = 0.03  # what a preferred article adds to a score in [0, 1]; 0 to .12 was tried on labelled answers


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read: words changed for near spellings, and which legs could say nothing to it."""

    respelled: dict[str, str]
    keywords_silent: bool
    vectors_silent: bool


class Searcher:
    """Searches one build; threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        weights: Weights = SIGNALS["all"],
        fusion: Fusion = fuse,
        reranker: Reranker | None = None,
        *,
        tolerant: bool = True,
    ) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._weights = weights
        self._fusion = fusion
        self._reranker = reranker
        self._tolerant = tolerant  # of slips in words that no article has

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
        return Searcher(snapshot, encoder, self._weights, self._fusion, self._reranker, tolerant=self._tolerant)

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

    @property
    def reranker(self) -> Reranker | None:
        """What orders the best hits, if anything does."""
        return self._reranker

    def ranked_by(self, weights: Weights, fusion: Fusion = fuse, *, tolerant: bool = True) -> "Searcher":
        """The same search with another ranking; one that is not `tolerant` reads each word as it is spelt."""
        return Searcher(self._snapshot, self._encoder, weights, fusion, self._reranker, tolerant=tolerant)

    def with_reranker(self, reranker: Reranker | None) -> "Searcher":
        """The same search with its best hits in this reranker's order; without one for None."""
        return Searcher(self._snapshot, self._encoder, self._weights, self._fusion, reranker, tolerant=self._tolerant)

    def search(
        self,
        question: str,
        k: int = 5,
        *,
        context: Context = ALONE,
        without: Collection[str] = (),
        prefer: Collection[str] = (),
        within: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages, best first; equal texts are given once. It ranks and never refuses.

        They are those of `fused`, in the reranker's order where there is one. Raises as `fused`
        does, and BadModel where the reranker fails.
        """
        found = self.fused(question, k, context=context, without=without, prefer=prefer, within=within)
        return self.reranked(question, found, context=context, prefer=prefer)[:k]

    def reranked(
        self, question: str, hits: Sequence[Hit], *, context: Context = ALONE, prefer: Collection[str] = ()
    ) -> list[Hit]:
        """Hits of `fused` for this question in the reranker's order; as they are without one.

        It reads the question after its context where that leads.
        """
        if self._reranker is None:
            return list(hits)
        text = understood(checked(question), context)
        return reranked(hits, self._reranker, text, prefer=prefer, preference=_PREFERENCE)

    def fused(
        self,
        question: str,
        k: int = 5,
        *,
        context: Context = ALONE,
        without: Collection[str] = (),
        prefer: Collection[str] = (),
        within: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages by the fused signals alone, best first; equal texts are given once.

        Behind them, where there is a reranker, stand those that it may put before them. The best
        passage of each part of the question is among them. Articles named in `without` are not
        searched; those in `prefer` come before others that are nearly as good, and hide none. What
        does not pass the filters `within` is left out before anything is ranked. Raises BadQuestion
        for a question without words or over 2,000 characters, BadFilter for a name that no article has.
        """
        question = checked(question)
        read = views(question, context, self._snapshot, self._encoder, tolerant=self._tolerant)
        allowed = self._snapshot.allowed(within, without)
        reachable = self.manifest.counts.passages if allowed is None else int(allowed.sum())
        masks, preferred = [allowed], self._snapshot.passages_of(prefer) if prefer else None
        if preferred is not None:
            masks.append(preferred if allowed is None else preferred & allowed)
        limit, wanted = max(k, _CANDIDATES), max(k, RERANKED) if self._reranker else k
        hits = self._hits(read, masks, preferred, limit, wanted)
        while len(hits) < k and limit < reachable:  # copies of one text have taken the places
            limit *= 4
            hits = self._hits(read, masks, preferred, limit, wanted)
        return hits

    def reading(self, question: str) -> Reading:
        """How a question is read by itself. Raises BadQuestion."""
        question, vocabulary = checked(question), self._snapshot.bm25.vocabulary
        meant = read_as(question, vocabulary.keys()) if self._tolerant else {}
        silent = not any(token in meant or token in vocabulary for token in tokenise(question))
        return Reading(meant, silent, vectors_silent=not weight_of_meaning(self._encoder.known([question])[0]))

    def explain(self, question: str, article_id: str, start: int, end: int, *, context: Context = ALONE) -> Explanation:
        """Why the passage at `start` to `end` of an article is found by the question, as it is understood.

        Raises BadQuestion, and NoPassage where the build has no such passage.
        """
        text = understood(checked(question), context)
        row = self._snapshot.row_of(article_id, start, end)
        if row is None:
            raise NoPassage(f"{article_id!r} has no passage {start}-{end} in the build that is live. Ask again")
        view = asked([text], self._snapshot, self._encoder)[0]
        best = self._best_sentence(row, 0, view, measured(view, self._snapshot, np.array([row])))
        return explained(text, self._snapshot, self._encoder, row, vector=view.vector, sentence=best)

    def _hits(self, read: Views, masks: Sequence[Mask | None], preferred: Mask | None, limit: int, k: int) -> list[Hit]:
        """The `k` best of the candidates, equal texts once."""
        found = ranked(read, self._snapshot, self._weights, self._fusion, limit=limit, masks=masks)
        if found is None or not k:
            return []
        scores = found.scores if preferred is None else _preferring(preferred, found)
        order = [int(place) for place in np.argsort(-scores, kind="stable")]
        chosen = distinct(self._passages(found, order), k)
        kept = with_each(list(chosen), [int(np.argmax(part)) for part in found.parts])
        if kept != list(chosen):  # what a part needs may be a copy of a hit, or have copies
            chosen = distinct(self._passages(found, [*kept, *(place for place in order if place not in kept)]), k)
        ordered = sorted(chosen, key=lambda place: -scores[place])
        return [self._hit(place, found, read, float(scores[place]), tuple(chosen[place])) for place in ordered]

    def _passages(self, found: Ranked, places: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        return ((place, self._snapshot.passage(int(found.rows[place]))) for place in places)

    def _hit(self, place: int, found: Ranked, read: Views, score: float, also_in: tuple[str, ...]) -> Hit:
        row = int(found.rows[place])
        passage, view, signals = self._snapshot.passage(row), read.understood, found.found
        first = int(signals.first[place])
        own = signals.sentences[first : first + int(self._snapshot.rows.passages[row]["count"])]
        told = Signals(
            passage=float(signals.passages[place]),
            sentence=float(own.max()),
            bm25=float(view.bm25[row]),
            coverage=coverage(view.words, passage.text),
            contrast=float(found.contrast[place]),
            missing=self._missing(names_of(read.question), passage),
        )
        return Hit(passage, self._best_sentence(row, place, view, signals), min(max(score, 0.0), 1.0), told, also_in)

    def _missing(self, names: Sequence[str], passage: Passage) -> float:
        """How much the rarest of the names tells that neither passage nor title holds, of the most a word can."""
        held = words_of(passage.text) | words_of(passage.article.title)
        lacking = [self._snapshot.bm25.idf(name) for name in names if name not in held]
        return max(lacking, default=0.0) / math.log(2 * self._snapshot.bm25.passages + 2)

    def _best_sentence(self, row: int, place: int, view: Asked, signals: Measured) -> tuple[int, int]:
        """The span of the sentence that is marked."""
        spans, text = self._snapshot.sentences_of(row), self._snapshot.passage(row).article.text
        first = int(signals.first[place])
        cosines = view.known * signals.sentences[first : first + len(spans)]
        return spans[best_sentence([text[start:end] for start, end in spans], cosines, view.words)]


def _preferring(preferred: Mask, found: Ranked) -> Scores:
    """The scores with what the preferred passages gain; to prefer nearly everything tells nearly nothing."""
    bonus = _PREFERENCE * (1 - preferred.mean())
    return np.asarray((found.scores + bonus * preferred[found.rows]) / (1 + bonus), np.float32)

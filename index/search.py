"""Question in, ranked passages out: two legs find candidates, three signals order them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder, LoadEncoder, load_encoder
from index.errors import NoPassage
from index.evidence import hit_of, marked_sentence
from index.explanation import Explanation, explained
from index.facets import Facets
from index.filters import EVERYTHING, Filters
from index.fusion import SIGNALS, Fusion, Scores, Weights, fuse
from index.hits import Hit, distinct, with_each
from index.layout import Mask
from index.manifest import Manifest
from index.passages import Passage
from index.question import ALONE, Context, checked, understood, with_context
from index.ranking import Ranked, Views, ranked, views
from index.reranker import RERANKED, Reranker, reranked
from index.signals import asked, measured, weight_of_meaning
from index.snapshot import Snapshot, read_snapshot
from index.spelling import read_as
from index.store import open_live
from index.texts import Texts
from index.tokens import tokenise

_CANDIDATES = 100  # best passages of each leg
_KEPT_READINGS = 256  # of texts: one that was searched is read again for what is said beside its answer
_PREFERENCE = 0.03  # what a preferred article adds to a score in [0, 1]; 0 to .12 was tried on labelled answers


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read: words changed for near spellings, and which legs could say nothing to it."""

    respelled: dict[str, str]
    keywords_silent: bool
    vectors_silent: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a search ranks: what each signal counts and how they are put together, and what orders the best hits.

    One that is not `tolerant` reads each word as it is spelt, also where no article has it.
    """

    weights: Weights = SIGNALS["all"]
    fusion: Fusion = fuse
    reranker: Reranker | None = None
    tolerant: bool = True


class Searcher:
    """Searches one build; threads may share it."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, ranking: Ranking = Ranking()) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._ranking = ranking
        self._read_as = lru_cache(maxsize=_KEPT_READINGS)(partial(read_as, vocabulary=snapshot.bm25))

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
        return Searcher(snapshot, encoder, self._ranking)

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
        return self._ranking.reranker

    def ranked_by(self, weights: Weights, fusion: Fusion = fuse) -> "Searcher":
        """The same search with other weights, put together in another way."""
        return self._with(weights=weights, fusion=fusion)

    def literal(self) -> "Searcher":
        """The same search, reading each word as it is spelt."""
        return self._with(tolerant=False)

    def with_reranker(self, reranker: Reranker | None) -> "Searcher":
        """The same search with its best hits in this reranker's order; without one for None."""
        return self._with(reranker=reranker)

    def _with(self, **changes: Any) -> "Searcher":
        return Searcher(self._snapshot, self._encoder, replace(self._ranking, **changes))

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
        if self._ranking.reranker is None:
            return list(hits)
        text = understood(checked(question), context)
        bonus = _bonus(self._snapshot.passages_of(prefer)) if prefer else 0.0
        return reranked(hits, self._ranking.reranker, text, prefer=prefer, preference=bonus)

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
        read = views(question, context, self._snapshot, self._encoder, self._meant(with_context(question, context)))
        allowed = self._snapshot.allowed(within, without)
        reachable = self.manifest.counts.passages if allowed is None else int(allowed.sum())
        masks, preferred = [allowed], self._snapshot.passages_of(prefer) if prefer else None
        if preferred is not None:
            masks.append(preferred if allowed is None else preferred & allowed)
        limit, counts = max(k, _CANDIDATES), (k, max(k, RERANKED) if self._ranking.reranker else k)
        hits = self._hits(read, masks, preferred, limit, counts)
        while len(hits) < k and limit < reachable:  # copies of one text have taken the places
            limit *= 4
            hits = self._hits(read, masks, preferred, limit, counts)
        return hits

    def reading(self, question: str) -> Reading:
        """How a question is read by itself. Raises BadQuestion."""
        question = checked(question)
        tokens, meant = tokenise(question), self._meant(question)
        silent = bool(tokens) and not any(token in meant or token in self._snapshot.bm25 for token in tokens)
        return Reading(meant, silent, vectors_silent=not weight_of_meaning(self._encoder.known([question])[0]))

    def _meant(self, text: str) -> dict[str, str]:
        return self._read_as(text) if self._ranking.tolerant else {}

    def explain(self, question: str, article_id: str, start: int, end: int, *, context: Context = ALONE) -> Explanation:
        """Why the passage at `start` to `end` of an article is found by the question, as it is understood.

        Raises BadQuestion, and NoPassage where the build has no such passage.
        """
        text = understood(checked(question), context)
        row = self._snapshot.row_of(article_id, start, end)
        if row is None:
            raise NoPassage(f"{article_id!r} has no passage {start}-{end} in the build that is live. Ask again")
        meant = self._meant(text)
        view = asked([text], self._snapshot, self._encoder, meant)[0]
        (signals,) = measured([view], self._snapshot, np.array([row]))
        best = marked_sentence(self._snapshot, row, 0, view, signals)
        return explained(text, self._snapshot, self._encoder, row, view=view, meant=meant, sentence=best)

    def _hits(
        self, read: Views, masks: Sequence[Mask | None], preferred: Mask | None, limit: int, counts: tuple[int, int]
    ) -> list[Hit]:
        """So many of the best candidates, equal texts once: first those that are cited, in order, then the others."""
        found = ranked(read, self._snapshot, self._ranking.weights, self._ranking.fusion, limit=limit, masks=masks)
        cited, wanted = counts
        if found is None or not cited:
            return []
        scores = found.scores if preferred is None else _preferring(preferred, found)
        order = [int(place) for place in np.argsort(-scores, kind="stable")]
        chosen = distinct(self._passages(found, order), wanted)
        first = with_each(list(chosen)[:cited], [int(np.argmax(part)) for part in found.parts])
        if first != list(chosen)[:cited]:  # what a part needs may be a copy of a hit, or have copies
            others = (place for place in order if place not in first)
            chosen = distinct(self._passages(found, [*first, *others]), wanted)
        ordered = sorted(chosen, key=lambda place: (place not in first, -scores[place]))
        return [
            hit_of(self._snapshot, found, read, place, score=float(scores[place]), also_in=tuple(chosen[place]))
            for place in ordered
        ]

    def _passages(self, found: Ranked, places: Iterable[int]) -> Iterator[tuple[int, Passage]]:
        return ((place, self._snapshot.passage(int(found.rows[place]))) for place in places)


def _preferring(preferred: Mask, found: Ranked) -> Scores:
    """The scores with what the preferred passages gain."""
    bonus = _bonus(preferred)
    return np.asarray((found.scores + bonus * preferred[found.rows]) / (1 + bonus), np.float32)


def _bonus(preferred: Mask) -> float:
    """What a preferred passage gains: to prefer nearly everything tells nearly nothing."""
    return _PREFERENCE * (1 - float(preferred.mean()))

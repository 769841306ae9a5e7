"""Question in, ranked passages out: two legs find candidates, three signals order them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from index.arrays import Scores
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.articles.filters import EVERYTHING, Filters
from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.errors import NoPassage
from index.ingestion.manifest import Manifest
from index.keywords.tokenizer import tokenise
from index.search.deduplication import distinct, ensure_included
from index.search.explanation import Explanation, explained
from index.search.fusion import WEIGHTINGS, Fusion, Weights, fuse
from index.search.hits import Hit, hit_of
from index.search.query import encode_queries, vocabulary_coverage
from index.search.question import Question
from index.search.ranking import EncodedQuestion, Ranked, encoded_variants, ranked
from index.search.reranker import RERANKED, Reranker, reranked
from index.search.spelling import read_as
from index.search.store import Candidates, Choice, Store

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

    weights: Weights = WEIGHTINGS["all"]
    fusion: Fusion = fuse
    reranker: Reranker | None = None
    tolerant: bool = True


class Searcher:
    """Searches one opened store; threads may share it."""

    def __init__(self, store: Store, encoder: Encoder, ranking: Ranking = Ranking()) -> None:
        self.store = store
        self._encoder = encoder
        self._ranking = ranking
        self._read_as = lru_cache(maxsize=_KEPT_READINGS)(partial(read_as, vocabulary=store.vocabulary))

    @classmethod
    def open(cls, store: Store, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of an opened store, with the encoder that its vectors came from. Raises BadModel."""
        return cls(store, load(store.manifest.identity))

    def reopened(self, store: Store, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of a newer store, ranking as this one does. Raises BadModel.

        The encoder stays where the new store has the same one.
        """
        same = store.manifest.identity == self.manifest.identity
        encoder = self._encoder if same else load(store.manifest.identity)
        return Searcher(store, encoder, self._ranking)

    def seen_by(self, groups: frozenset[str]) -> "Searcher":
        """The same search of what somebody of these groups may see."""
        return Searcher(self.store.seen_by(groups), self._encoder, self._ranking)

    @property
    def manifest(self) -> Manifest:
        """What the store holds and was made of."""
        return self.store.manifest

    @property
    def articles(self) -> Catalogue:
        """The articles."""
        return self.store.articles

    @property
    def facets(self) -> Facets:
        """What the articles can be filtered by."""
        return self.store.facets

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
        return Searcher(self.store, self._encoder, replace(self._ranking, **changes))

    def search(
        self,
        question: Question,
        k: int = 5,
        *,
        without: Collection[str] = (),
        prefer: Collection[str] = (),
        within: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages, best first; equal texts are given once. It ranks and never refuses.

        They are those of `fused`, in the reranker's order where there is one. Raises as `fused`
        does, and BadModel where the reranker fails.
        """
        hits = self.fused(question, k, without=without, prefer=prefer, within=within)
        return self.reranked(question, hits, prefer=prefer)[:k]

    def reranked(self, question: Question, hits: Sequence[Hit], *, prefer: Collection[str] = ()) -> list[Hit]:
        """Hits of `fused` for this question in the reranker's order; as they are without one.

        It reads the question as it is understood.
        """
        if self._ranking.reranker is None:
            return list(hits)
        bonus = self._bonus(prefer)
        return reranked(hits, self._ranking.reranker, question.understood, prefer=prefer, preference=bonus)

    def fused(
        self,
        question: Question,
        k: int = 5,
        *,
        without: Collection[str] = (),
        prefer: Collection[str] = (),
        within: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages by the fused signals alone, best first; equal texts are given once.

        Behind them, where there is a reranker, stand those that it may put before them. The best
        passage of each part of the question is among them. Articles named in `without` are not
        searched; those in `prefer` come before others that are nearly as good, and hide none. What
        does not pass the filters `within` is left out before anything is ranked. Raises BadFilter for
        a name that no article has.
        """
        corrections = self._meant(question.in_context)
        read = encoded_variants(question, self.store.vocabulary, self._encoder, corrections)
        choice = Choice(within, frozenset(without), frozenset(prefer))
        counts, bonus = (k, max(k, RERANKED) if self._ranking.reranker else k), self._bonus(prefer)
        limit = max(k, _CANDIDATES)
        while True:
            candidates = self.store.candidates(read.queries.all, limit, choice)
            hits = self._hits(read, candidates, bonus, counts)
            if len(hits) >= k or candidates.complete:
                return hits
            limit *= 4  # copies of one text have taken the places

    def reading(self, question: Question) -> Reading:
        """How a question is read as it is understood."""
        text = question.understood
        tokens, corrections = tokenise(text), self._meant(text)
        silent = bool(tokens) and not corrections and not self.store.vocabulary.having(tokens)
        return Reading(
            corrections, silent, vectors_silent=not vocabulary_coverage(self._encoder.known_shares([text])[0])
        )

    def _meant(self, text: str) -> dict[str, str]:
        return self._read_as(text) if self._ranking.tolerant else {}

    def explain(self, question: Question, article_id: str, start: int, end: int) -> Explanation:
        """Why the passage at `start` to `end` of an article is found by the question, as it is understood.

        Raises NoPassage where the build has no such passage.
        """
        text = question.understood
        corrections = self._meant(text)
        view = encode_queries([text], self.store.vocabulary, self._encoder, corrections)[0]
        found = self.store.at(article_id, start, end, view)
        if found is None or not list(found.passages([0])):
            raise NoPassage(f"{article_id!r} has no passage {start}-{end} in the build that is live. Ask again")
        return explained(text, found, self._encoder, view=view, corrections=corrections)

    def _bonus(self, prefer: Collection[str]) -> float:
        """What a preferred passage gains: to prefer nearly everything tells nearly nothing."""
        return _PREFERENCE * (1 - self.store.share(prefer)) if prefer else 0.0

    def _hits(self, read: EncodedQuestion, candidates: Candidates, bonus: float, counts: tuple[int, int]) -> list[Hit]:
        """So many of the best candidates, equal texts once: first those that are cited, in order, then the others."""
        found = ranked(read, candidates, self._ranking.weights, self._ranking.fusion)
        cited, wanted = counts
        if found is None or not cited:
            return []
        scores = _preferring(found, bonus)
        order = [int(place) for place in np.argsort(-scores, kind="stable")]
        chosen = distinct(candidates.passages(order), wanted)
        needed = [place for part in found.parts for place, _ in candidates.passages([int(np.argmax(part))])]
        first = ensure_included(list(chosen)[:cited], needed)
        if first != list(chosen)[:cited]:  # what a part needs may be a copy of a hit, or have copies
            others = (place for place in order if place not in first)
            chosen = distinct(candidates.passages([*first, *others]), wanted)
        ordered = sorted(chosen, key=lambda place: (place not in first, -scores[place]))
        return [
            hit_of(found, read, place, score=float(scores[place]), also_in=tuple(chosen[place])) for place in ordered
        ]


def _preferring(found: Ranked, bonus: float) -> Scores:
    """The scores with what the preferred passages gain."""
    return np.asarray((found.scores + bonus * found.candidates.preferred) / (1 + bonus), np.float32)

"""Searcher: two retrievers (dense, BM25) find candidates for a question, fused signals rank them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from index.arrays import Rows
from index.articles.catalogue import Catalogue
from index.articles.dates import written_out
from index.articles.facets import Facets
from index.articles.filters import EVERYTHING, Filters
from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.errors import NoPassage
from index.ingestion.manifest import Manifest
from index.keywords.tokenizer import tokenise
from index.search.deduplication import distinct, ensure_included
from index.search.explanation import Explanation, explained
from index.search.fusion import WEIGHTINGS, Fusion, Weights, boosted, fuse
from index.search.hits import Hit, hits_of
from index.search.models import NO_MODELS, Models
from index.search.names_first import FIRST, with_names
from index.search.questions.query import CachedQuestions, encode_queries, vocabulary_coverage
from index.search.questions.question import Question
from index.search.questions.spelling import corrections_of
from index.search.ranking import EncodedQuestion, encoded_texts, encoded_variants, ranked
from index.search.reading import READ, read_hits
from index.search.reranker import RERANKED, reranked
from index.search.short_pieces import explaining_first
from index.search.store import NO_BOOST, Candidates, Scope, Store

_CANDIDATES = 100  # best passages of each retriever
_CACHED = 256  # texts: the corrections of a question are needed again beside its answer


@dataclass(frozen=True, slots=True)
class Reading:
    """Corrected terms of a question, and which of the retrievers can find nothing for it."""

    respelled: dict[str, str]
    keywords_silent: bool
    vectors_silent: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """Settings of ranking: weights of the signals, their fusion, and the models that read the best hits.

    `tolerant` turns on spelling correction.
    """

    weights: Weights = WEIGHTINGS["all"]
    fusion: Fusion = fuse
    models: Models = NO_MODELS
    tolerant: bool = True


class Searcher:
    """Searches one opened store; threads may share it."""

    def __init__(self, store: Store, encoder: Encoder, ranking: Ranking = Ranking()) -> None:
        self.store = store
        self.encoder = encoder
        self._ranking = ranking
        self._corrections_of = lru_cache(maxsize=_CACHED)(partial(corrections_of, vocabulary=store.vocabulary))
        self._questions = CachedQuestions(encoder)

    @classmethod
    def open(cls, store: Store, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of an opened store, with the encoder that made its vectors. Raises BadModel."""
        return cls(store, load(store.manifest.identity))

    def reopened(self, store: Store, load: LoadEncoder = load_encoder) -> "Searcher":
        """The searcher of a newer store with the same ranking. Raises BadModel.

        The encoder is kept if the new store was made with it.
        """
        same = store.manifest.identity == self.manifest.identity
        encoder = self.encoder if same else load(store.manifest.identity)
        return Searcher(store, encoder, self._ranking)

    def seen_by(self, groups: frozenset[str]) -> "Searcher":
        """The same searcher, restricted to articles that members of these groups may see."""
        return Searcher(self.store.seen_by(groups), self.encoder, self._ranking)

    @property
    def manifest(self) -> Manifest:
        """Encoder, settings and counts of the store."""
        return self.store.manifest

    @property
    def articles(self) -> Catalogue:
        """The articles of the store."""
        return self.store.articles

    @property
    def facets(self) -> Facets:
        """Names that articles can be filtered by."""
        return self.store.facets

    @property
    def models(self) -> Models:
        """The models that read the best hits."""
        return self._ranking.models

    def ranked_by(self, weights: Weights, fusion: Fusion = fuse) -> "Searcher":
        """The same searcher with other weights and fusion."""
        return self._with(weights=weights, fusion=fusion)

    def literal(self) -> "Searcher":
        """The same searcher without spelling correction."""
        return self._with(tolerant=False)

    def with_models(self, models: Models) -> "Searcher":
        """The same searcher with these models for its best hits."""
        return self._with(models=models)

    def _with(self, **changes: Any) -> "Searcher":
        return Searcher(self.store, self.encoder, replace(self._ranking, **changes))

    def search(
        self,
        question: Question,
        k: int = 5,
        *,
        exclude: Collection[str] = (),
        boost: Mapping[str, float] = NO_BOOST,
        filters: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages, best first, without duplicate texts. It ranks and never refuses.

        Hits of `fused`, read by the reader and in the reranker's order if there are any. Raises like
        `fused`, and BadModel if the reranker fails.
        """
        hits = self.fused(question, k, exclude=exclude, boost=boost, filters=filters)
        return self.reranked(question, self.read(question, hits), boost=boost)[:k]

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Hit]:
        """Hits of `fused` for this question, after its context if that leads; the best are read, where a reader is."""
        reader = self.models.reader
        return list(hits) if reader is None else read_hits(hits, reader, written_out(question.understood))

    def reranked(self, question: Question, hits: Sequence[Hit], *, boost: Mapping[str, float] = NO_BOOST) -> list[Hit]:
        """Hits for this question, after its context if that leads, in the reranker's order, where one is."""
        if self.models.reranker is None:
            return list(hits)
        return reranked(hits, self.models.reranker, written_out(question.understood), boost=boost)

    def prepare(self, questions: Iterable[Question]) -> None:
        """Encode questions that will be searched one after the other in one pass."""
        self._questions.questions([text for question in questions for text in encoded_texts(question)])

    def fused(
        self,
        question: Question,
        k: int = 5,
        *,
        exclude: Collection[str] = (),
        boost: Mapping[str, float] = NO_BOOST,
        filters: Filters = EVERYTHING,
    ) -> list[Hit]:
        """The `k` best passages by the fused signals alone, best first, without duplicate texts.

        Reader and reranker get further hits behind them. Among the first five are the best passage of each
        subquestion and of each number or rare name that some passage holds.
        Articles in `exclude` are not searched; articles in `boost` get a bonus by their weight and hide no others.
        Filters apply before ranking. Raises BadFilter for a name that no article has.
        """
        corrections = self.corrections(question.in_context)
        read = encoded_variants(question, self.store.vocabulary, self._questions, corrections)
        scope = Scope(filters, frozenset(exclude), boost)
        counts = (k, max(k, self._looked_through))
        limit = max(k, _CANDIDATES)
        while True:
            candidates = self.store.candidates(read.queries.all, limit, scope)
            hits = self._hits(read, candidates, counts)
            if len(hits) >= k or candidates.complete:
                return hits
            limit *= 4  # too many of the candidates are copies

    @property
    def _looked_through(self) -> int:
        """The number of hits that the reader or the reranker reorders."""
        return RERANKED if self.models.reranker else READ if self.models.reader else 0

    def reading(self, question: Question) -> Reading:
        """Corrections of a question, and the retrievers that can find nothing for it."""
        text = question.understood
        tokens, corrections = tokenise(text), self.corrections(text)
        silent = bool(tokens) and not corrections and not self.store.vocabulary.document_frequencies(tokens)
        return Reading(
            corrections, silent, vectors_silent=not vocabulary_coverage(self.encoder.known_shares([text])[0])
        )

    def corrections(self, text: str) -> dict[str, str]:
        """Misspelt terms of a question with the terms that they are read as."""
        return self._corrections_of(text) if self._ranking.tolerant else {}

    def articles_with(self, tokens: Collection[str]) -> Rows:
        """The rows of the visible articles with a passage that holds all of these index terms, at least one."""
        return self.store.articles_with(tokens)

    def explain(self, question: Question, article_id: str, start: int, end: int) -> Explanation:
        """Why the question finds the passage from `start` to `end` of an article.

        Raises NoPassage if the index has no such passage.
        """
        text = question.understood
        corrections = self.corrections(text)
        query = encode_queries([text], self.store.vocabulary, self.encoder, corrections)[0]
        candidates = self.store.at(article_id, start, end, query)
        if candidates is None or not list(candidates.passages([0])):
            raise NoPassage(f"{article_id!r} has no passage {start}-{end} in the build that is live. Ask again")
        return explained(
            text,
            candidates,
            self.encoder,
            query=query,
            corrections=corrections,
            background=self.manifest.background,
            reader=self.models.reader,
        )

    def _hits(self, read: EncodedQuestion, candidates: Candidates, counts: tuple[int, int]) -> list[Hit]:
        """The top `counts[1]` hits without duplicate texts; the first `counts[0]` are the ones to cite."""
        ranking = ranked(read, candidates, self._ranking.weights, self._ranking.fusion, self.manifest.background)
        cited, count = counts
        if ranking is None or not cited:
            return []
        fused = boosted(ranking.scores, candidates.boosts)
        scores = explaining_first(read.text, ranking.query.words, candidates, fused)
        order = [int(position) for position in np.argsort(-scores, kind="stable")]
        chosen = distinct(candidates.passages(order), count)
        parts = [position for part in ranking.parts for position, _ in candidates.passages([int(np.argmax(part))])]
        best = list(chosen)[:cited]
        first = with_names(read.asked_for, candidates, order, ensure_included(best, parts))
        if first != best:  # a needed passage may be a copy of a hit, or have copies
            others = (position for position in order if position not in first)
            chosen = distinct(candidates.passages([*first, *others]), count)
        tiers = (first[:FIRST], first)
        ordered = sorted(chosen, key=lambda position: (*(position not in tier for tier in tiers), -scores[position]))
        return hits_of(ranking, read, {position: chosen[position] for position in ordered}, scores)

"""Questions in groups of alike ones, by the vectors that search them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from app.answering.collection import Collection
from app.answering.verified_search import verified_hits
from index.search.hits import Hit
from index.search.questions.question import Question

_MOST_TEXTS, _MOST_GROUPS = 300, 20  # that are compared, and shown
_NEAR = 20  # passages looked at for a group
_SAME, _ALIKE = 1.5, 0.65  # more than any standardised cosine, and that of two questions about the same
_NEAR_COSINE = 0.15  # of a question and a sentence, from which a passage is near


@dataclass(frozen=True, slots=True)
class Group:
    """Questions about the same, the most frequent first, each with its number; `near` is the number of near passages.

    `hits` are the nearest ones.
    """

    questions: Sequence[tuple[str, int]]
    hits: Sequence[Hit]
    near: int

    @property
    def count(self) -> int:
        """How often they were asked."""
        return sum(count for _, count in self.questions)


def groups_of(texts: Iterable[str], collection: Collection) -> list[Group]:
    """The groups of questions that are asked most, with the passages that come nearest to the first of each."""
    counted = Counter(texts).most_common(_MOST_TEXTS)
    groups = sorted(_alike(counted, collection), key=lambda group: -sum(count for _, count in group))
    return [_group(group, collection) for group in groups[:_MOST_GROUPS]]


def _alike(counted: Sequence[tuple[str, int]], collection: Collection) -> list[list[tuple[str, int]]]:
    if len(counted) < 2:
        return [list(counted)] if counted else []
    from sklearn.cluster import AgglomerativeClustering  # slow to import

    vectors = np.asarray(collection.searcher.encoder.questions([text for text, _ in counted]), np.float32)
    background = collection.searcher.manifest.background
    distances = np.clip(_SAME - background.standardised(vectors @ vectors.T), 0, None)
    labels = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=_SAME - _ALIKE
    ).fit_predict(distances)
    return [
        [pair for pair, label in zip(counted, labels, strict=True) if label == own] for own in dict.fromkeys(labels)
    ]


def _group(questions: Sequence[tuple[str, int]], collection: Collection) -> Group:
    searcher = collection.searcher
    search = partial(searcher.fused, Question(questions[0][0]))
    hits = verified_hits(search, _NEAR, collection.freshness)
    cosines = searcher.manifest.background.standardised(np.array([hit.features.sentence for hit in hits], np.float32))
    return Group(questions, hits[:3], int(np.count_nonzero(cosines >= _NEAR_COSINE)))

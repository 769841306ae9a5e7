"""Questions in groups of alike ones, by the vectors that search them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.answering.collection import Collection
from index.arrays import Vectors
from index.ingestion.background import Background
from index.search.hits import Hit
from index.search.questions.query import vocabulary_coverage

_MOST_TEXTS, _MOST_GROUPS = 200, 20  # that are compared, and shown
MOST_NEAR = 20  # passages that are counted
_SAME, _ALIKE = 1.5, 0.65  # more than any standardised cosine, and that of two questions about the same
_NEAR_COSINE = 0.4  # of a question and a sentence, from which a passage is near


@dataclass(frozen=True, slots=True)
class Group:
    """Questions about the same, the most frequent first, each with its number; `near` is the number of near passages,
    at most MOST_NEAR, and `hits` are the nearest ones.
    """

    questions: Sequence[tuple[str, int]]
    hits: Sequence[Hit]
    near: int

    @property
    def count(self) -> int:
        """The number of times that they were asked."""
        return sum(count for _, count in self.questions)


def groups_of(texts: Iterable[str], collection: Collection) -> list[Group]:
    """The groups of questions that are asked most, with the passages that come nearest to the first of each.

    A question that the encoder cannot read is a group of its own.
    """
    counted, encoder = Counter(texts).most_common(_MOST_TEXTS), collection.searcher.encoder
    shares = encoder.known_shares([text for text, _ in counted])
    read = [bool(vocabulary_coverage(share)) for share in shares]
    readable = [pair for pair, is_read in zip(counted, read, strict=True) if is_read]
    groups = _alike(readable, collection) + [[pair] for pair in counted if pair not in readable]
    groups.sort(key=lambda group: -sum(count for _, count in group))
    return [_group(group, collection) for group in groups[:_MOST_GROUPS]]


def _alike(counted: Sequence[tuple[str, int]], collection: Collection) -> list[list[tuple[str, int]]]:
    searcher, groups = collection.searcher, dict[int, list[tuple[str, int]]]()
    labels = _labels(
        searcher.encoder.questions, searcher.manifest.background, tuple(sorted(text for text, _ in counted))
    )
    for text, count in counted:
        groups.setdefault(labels[text], []).append((text, count))
    return list(groups.values())


@lru_cache(maxsize=4)
def _labels(
    encode: Callable[[Sequence[str]], Vectors], background: Background, texts: tuple[str, ...]
) -> dict[str, int]:
    """The number of the group of each text."""
    if len(texts) < 2:
        return dict.fromkeys(texts, 0)
    from sklearn.cluster import AgglomerativeClustering  # slow to import

    vectors = np.asarray(encode(texts), np.float32)
    distances = np.clip(_SAME - background.standardised(vectors @ vectors.T), 0, None)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=_SAME - _ALIKE
    )
    return dict(zip(texts, clustering.fit_predict(distances).tolist(), strict=True))


def _group(questions: Sequence[tuple[str, int]], collection: Collection) -> Group:
    hits = collection.nearest(questions[0][0], MOST_NEAR)
    cosines = np.array([hit.features.sentence for hit in hits], np.float32)
    near = collection.searcher.manifest.background.standardised(cosines) >= _NEAR_COSINE
    return Group(questions, hits[:3], int(np.count_nonzero(near)))

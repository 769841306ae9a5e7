"""The unit of work of a build by many: the files of a shard become its articles in a store that is changed in place.

It may be run any number of times and by several workers at once. An article is stored whole or not
at all, one that is stored as it is in the folder is left alone, and only what a store held before
the folder was read is ever removed from it: so a worker that is killed loses and doubles nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from tqdm import tqdm

from index.articles.article import Article
from index.encoder.encoder import Encoder
from index.errors import BadRecord
from index.ingestion.coverage import Tally
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import PassageVectors, encode, passage_keys, progress
from index.ingestion.manifest import Coverage
from index.ingestion.passage_keys import Keys
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunking, chunk_articles
from index.passages.tables import PassageTexts, Tables, chunks_of, tables
from index.reading.folder import Folder, Problem

_WINDOW = 1024  # passages that are encoded before they are stored: what a worker that is killed may lose
_BATCH = 256  # passages stored in one transaction, or a single article
_REMOVED = 500  # articles removed in one transaction


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article that a store holds: its edition changes with any of its fields, `sha256` with its bytes alone."""

    edition: str
    sha256: str
    file: str


class ArticleSink(Protocol):
    """A store that takes articles in and lets them go one by one; each call is done whole or not at all."""

    def edition(self, article: Article) -> str:
        """What the store would know this article by."""

    def stored(self, ids: Sequence[str]) -> Iterable[EncodedArticle]:
        """The articles with these ids, in order; one that is gone is left out."""

    def upsert(self, batch: Sequence[EncodedArticle]) -> None:
        """Store these articles, in order of id, in the place of those with their ids."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the articles with these ids, in order."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a unit did; `refused` are articles that no store takes."""

    coverage: Coverage
    origins: VectorSources
    changed: bool
    refused: list[Problem]


def changed_rows(found: Folder, before: Mapping[str, StoredArticle], target: ArticleSink) -> list[int]:
    """The rows of the articles that were not stored as they are in the folder."""
    rows = []
    for row, article in enumerate(found.articles):
        held = before.get(article.id)
        if held is None or held.edition != target.edition(article):
            rows.append(row)
    return rows


def ingest(
    found: Folder,
    wanted: Sequence[int],
    before: Mapping[str, StoredArticle],
    target: ArticleSink,
    encoder: Encoder,
    *,
    chunking: Chunking,
    force: bool = False,
    show_progress: bool = False,
) -> Ingested:
    """Store the articles in the rows `wanted`, and remove those of `before` that the folder has no more.

    `before` is what was stored before the folder was read, by id; what lies in a folder that could not be
    read is kept. A passage that is equal to one of the same window, or that its article held before, also
    under another name, is not encoded again; with `force` nothing is taken from the store.
    """
    tally = Tally(found)
    rows = tables(tally.of(chunk_articles(found.articles, encoder, chunking)))
    firsts = np.searchsorted(rows.passages["article"], np.arange(len(found.articles) + 1)).tolist()
    sizes = [end - first for first, end in pairwise(firsts)]
    own = sum(sizes[row] for row in wanted)
    unit = _Unit(found, rows, target, encoder, _Earlier(target, {} if force else before))
    origins, refused = VectorSources(reused=len(rows.passages) - own), dict[str, Problem]()
    with progress(own, show=show_progress) as bar:
        for window in _windows(wanted, sizes, _WINDOW):
            origins += unit.store(window, [(firsts[row], firsts[row + 1]) for row in window], bar, refused)
    stored = {reading.article.id for reading in found.readings} - refused.keys()
    gone = sorted(article_id for article_id in before.keys() - stored if found.knows(before[article_id].file))
    for start in range(0, len(gone), _REMOVED):
        target.delete(gone[start : start + _REMOVED])
    changed = len(wanted) > len(refused) or bool(gone)
    return Ingested(tally.coverage(), origins if changed else VectorSources(), changed, list(refused.values()))


@dataclass(frozen=True, slots=True)
class _Unit:
    """What each window of articles needs on its way into the store."""

    found: Folder
    rows: Tables
    target: ArticleSink
    encoder: Encoder
    earlier: "_Earlier"

    def store(
        self,
        window: Sequence[int],
        spans: Sequence[tuple[int, int]],
        bar: "tqdm[Any]",
        refused: dict[str, Problem],
    ) -> VectorSources:
        """Encode and store the articles in these rows, whose passages are in the rows `spans`."""
        articles = [self.found.articles[row] for row in window]
        chunks = [chunks_of(self.rows, *span) for span in spans]
        own = tables(chunks)
        texts = PassageTexts(own, articles)
        keys = Keys(passage_keys(own, texts))
        vectors = _Vectors(own, self.encoder.dimension)
        known = _Stored(self.earlier.like(articles))
        encoded = encode(own, texts, self.encoder, vectors, keys=keys, known=[known], bar=bar)
        bar.update(len(keys) - encoded.encoded)
        ends = np.cumsum([0, *map(len, chunks)]).tolist()
        made = [
            EncodedArticle(article, parts, *vectors.of(first, end))
            for article, parts, (first, end) in zip(articles, chunks, pairwise(ends), strict=True)
        ]
        self._upsert(made, refused)
        taken = encoded.taken[0]
        return VectorSources(encoded.encoded, len(keys) - encoded.encoded - taken, taken)

    def _upsert(self, made: Iterable[EncodedArticle], refused: dict[str, Problem]) -> None:
        """Store what a store takes, in batches; what is wrong with another goes to `refused` by its id."""
        good = []
        for encoded in made:
            try:
                good.append(encoded.checked(self.encoder.dimension))
            except BadRecord as error:
                refused[encoded.article.id] = Problem(encoded.article.file, str(error), lost=True)
        for places in _windows(range(len(good)), [len(encoded.chunks) for encoded in good], _BATCH):
            self.target.upsert([good[place] for place in places])


class _Earlier:
    """What a store held before, by the articles' ids."""

    def __init__(self, target: ArticleSink, before: Mapping[str, StoredArticle]) -> None:
        self._target, self._before = target, before
        self._of_hash = {held.sha256: article_id for article_id, held in before.items()}

    def like(self, articles: Sequence[Article]) -> Iterable[EncodedArticle]:
        """What was stored under these articles' ids, or was made of the same bytes."""
        same = {article_id for article in articles if (article_id := self._of_hash.get(article.sha256))}
        ids = same | {article.id for article in articles if article.id in self._before}
        return self._target.stored(sorted(ids)) if ids else ()


class _Vectors:
    """The vectors of a window's passages in memory."""

    def __init__(self, rows: Tables, dimension: int) -> None:
        self._first = np.append(rows.passages["first"], len(rows.sentences))
        self._passages = np.zeros((len(rows.passages), dimension), np.float16)
        self._sentences = np.zeros((len(rows.sentences), dimension), np.int8)
        self._scales = np.zeros(len(rows.sentences), np.float32)

    def put(self, rows: Iterable[int], vectors: PassageVectors) -> None:
        """Set the vectors of equal passages."""
        for row in rows:
            own = slice(self._first[row], self._first[row + 1])
            self._passages[row] = vectors.passage
            self._sentences[own], self._scales[own] = vectors.sentences, vectors.scales

    def of(self, first: int, end: int) -> tuple[Any, Any, Any]:
        """Those of an article's passages and of their sentences, with the scales of these."""
        own = slice(self._first[first], self._first[end])
        return self._passages[first:end], self._sentences[own], self._scales[own]


class _Stored:
    """The vectors of articles that are stored already, by passage."""

    def __init__(self, articles: Iterable[EncodedArticle]) -> None:
        self._vectors = dict[bytes, PassageVectors]()
        for encoded in articles:
            rows = tables([encoded.chunks])
            first = [*rows.passages["first"].tolist(), len(rows.sentences)]
            keys = passage_keys(rows, PassageTexts(rows, [encoded.article]))
            for key, vector, (start, end) in zip(keys, encoded.vectors, pairwise(first), strict=True):
                self._vectors[key] = PassageVectors(vector, encoded.sentences[start:end], encoded.scales[start:end])

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of a passage of these articles, or None."""
        return self._vectors.get(key)


def _windows(rows: Iterable[int], sizes: Sequence[int], passages: int) -> Iterator[list[int]]:
    """The rows in runs that have about so many passages, at least one row each."""
    window: list[int] = []
    held = 0
    for row in rows:
        if window and held + sizes[row] > passages:
            yield window
            window, held = [], 0
        window.append(row)
        held += sizes[row]
    if window:
        yield window

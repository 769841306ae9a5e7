"""The unit of work of a build by many: the files of a shard become its articles in a store that is changed in place.

It may be run any number of times and by several workers at once. An article is stored whole or not
at all, one that is stored as it is in the folder is left alone, and only what a store held before
the folder was read is ever removed from it: so a worker that is killed loses and doubles nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from index.articles.article import Article
from index.encoder.encoder import Encoder
from index.errors import BadRecord
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import PassageVectors, Sources, passage_keys
from index.ingestion.manifest import Coverage
from index.ingestion.pipeline import encoded_windows, split_folder, windows
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunking
from index.passages.tables import PassageTexts, tables
from index.reading.folder import Folder, Problem

_WINDOW = 1024  # passages that are encoded before they are stored: what a worker that is killed may lose
_BATCH = 256  # passages stored in one transaction, or a single article
_REMOVED = 500  # articles removed in one transaction


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article that a store holds: `record_hash` changes with any of its fields, `sha256` with the file alone."""

    record_hash: str
    sha256: str
    file: str


class ArticleSink(Protocol):
    """A store that takes articles in and lets them go one by one; each call is done whole or not at all."""

    def record_hash(self, article: Article) -> str:
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


def changed_rows(found: Folder, before: Mapping[str, StoredArticle], sink: ArticleSink) -> list[int]:
    """The rows of the articles that were not stored as they are in the folder."""
    rows = []
    for row, article in enumerate(found.articles):
        held = before.get(article.id)
        if held is None or held.record_hash != sink.record_hash(article):
            rows.append(row)
    return rows


def ingest(
    found: Folder,
    wanted: Sequence[int],
    before: Mapping[str, StoredArticle],
    sink: ArticleSink,
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
    split, coverage = split_folder(found, encoder, chunking)
    earlier = _Earlier(sink, {} if force else before)
    sizes = split.sizes()
    origins = VectorSources(reused=sum(sizes) - sum(sizes[row] for row in wanted))
    refused: dict[str, Problem] = {}
    for window in encoded_windows(split, wanted, encoder, earlier.sources, size=_WINDOW, show_progress=show_progress):
        refused |= _upsert(window.articles, sink, encoder.dimension)
        origins += window.sources
    stored = {reading.article.id for reading in found.readings} - refused.keys()
    gone = sorted(article_id for article_id in before.keys() - stored if found.knows(before[article_id].file))
    for start in range(0, len(gone), _REMOVED):
        sink.delete(gone[start : start + _REMOVED])
    changed = len(wanted) > len(refused) or bool(gone)
    return Ingested(coverage, origins if changed else VectorSources(), changed, list(refused.values()))


def _upsert(articles: Iterable[EncodedArticle], sink: ArticleSink, dimension: int) -> dict[str, Problem]:
    """Store the articles that a store takes, in batches; the problems of the others, by their ids."""
    good, refused = [], dict[str, Problem]()
    for encoded in articles:
        try:
            good.append(encoded.checked(dimension))
        except BadRecord as error:
            refused[encoded.article.id] = Problem(encoded.article.file, str(error), lost=True)
    for batch in windows(range(len(good)), [len(encoded.chunks) for encoded in good], _BATCH):
        sink.upsert([good[row] for row in batch])
    return refused


class _Earlier:
    """What a store held before, by the articles' ids."""

    def __init__(self, sink: ArticleSink, before: Mapping[str, StoredArticle]) -> None:
        self._sink, self._before = sink, before
        self._of_hash = {held.sha256: article_id for article_id, held in before.items()}

    def sources(self, articles: Sequence[Article]) -> Sources:
        """The vectors of what was stored under these articles' ids, or was made of the same bytes."""
        same = {article_id for article in articles if (article_id := self._of_hash.get(article.sha256))}
        ids = same | {article.id for article in articles if article.id in self._before}
        return {"reused": _Stored(self._sink.stored(sorted(ids))) if ids else None}


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

"""One worker's part of a distributed build: upserts the articles of one shard of a folder.

It may run any number of times and in several workers at once. An article is stored whole or not at
all, an unchanged article is left alone, and only articles that were stored before the folder was read
are deleted: a killed worker loses and doubles nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.articles.article import Article
from index.encoder.encoder import Encoder
from index.errors import BadRecord
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import PassageVectors, Sources, passage_keys
from index.ingestion.manifest import Coverage
from index.ingestion.pipeline import encoded_windows, split_folder, windows
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunking
from index.passages.tables import passage_texts, tables
from index.reading.folder import Folder
from index.reading.places.reader import Problem
from index.stores.postgresql.rows import record_hash
from index.stores.postgresql.writer import StoredArticle, Writer

_WINDOW = 1024  # passages encoded before they are stored: a killed worker loses at most these
_BATCH = 256  # passages stored in one transaction, or a single article
_DELETED = 500  # articles deleted in one transaction


@dataclass(frozen=True, slots=True)
class Ingested:
    """The result for a shard; `refused` are articles that no store accepts."""

    coverage: Coverage
    origins: VectorSources
    changed: bool
    refused: list[Problem]


def changed_rows(contents: Folder, before: Mapping[str, StoredArticle]) -> list[int]:
    """The rows of the folder's articles that are not stored or differ from the stored ones."""
    hashes = {article_id: article.record_hash for article_id, article in before.items()}
    return [row for row, article in enumerate(contents.articles) if hashes.get(article.id) != record_hash(article)]


def ingest(
    contents: Folder,
    rows: Sequence[int],
    before: Mapping[str, StoredArticle],
    writer: Writer,
    encoder: Encoder,
    *,
    chunking: Chunking,
    force: bool = False,
    show_progress: bool = False,
) -> Ingested:
    """Store the articles in these rows, and delete articles of `before` that are no longer in the folder.

    `before` are the articles stored before the folder was read, by id; those in an unreadable subfolder
    are kept. A passage is not encoded again if it equals one in the same window, or one stored for an
    article with the same id or bytes; with `force` no stored vectors are used.
    """
    split, coverage = split_folder(contents, encoder, chunking)
    sources = _stored_vectors(writer, {} if force else before)
    sizes = split.sizes()
    origins = VectorSources(reused=sum(sizes) - sum(sizes[row] for row in rows))
    refused: dict[str, Problem] = {}
    for articles, counts in encoded_windows(split, rows, encoder, sources, size=_WINDOW, show_progress=show_progress):
        refused |= _upsert(articles, writer, encoder.dimension)
        origins += counts
    stored = {reading.article.id for reading in contents.readings} - refused.keys()
    gone = sorted(article_id for article_id in before.keys() - stored if contents.knows(before[article_id].file))
    for start in range(0, len(gone), _DELETED):
        writer.delete(gone[start : start + _DELETED])
    changed = len(rows) > len(refused) or bool(gone)
    return Ingested(coverage, origins if changed else VectorSources(), changed, list(refused.values()))


def _upsert(articles: Iterable[EncodedArticle], writer: Writer, dimension: int) -> dict[str, Problem]:
    """Store the acceptable articles in batches. Returns the problems of the others by id."""
    accepted, refused = [], dict[str, Problem]()
    for encoded in articles:
        try:
            accepted.append(encoded.checked(dimension))
        except BadRecord as error:
            refused[encoded.article.id] = Problem(encoded.article.file, str(error), lost=True)
    for batch in windows(range(len(accepted)), [len(encoded.chunks) for encoded in accepted], _BATCH):
        writer.upsert([accepted[row] for row in batch])
    return refused


def _stored_vectors(writer: Writer, before: Mapping[str, StoredArticle]) -> Callable[[Sequence[Article]], Sources]:
    """A function from articles to the vectors stored for their ids, or for articles made of the same bytes."""
    by_bytes = {article.sha256: article_id for article_id, article in before.items()}

    def sources(articles: Sequence[Article]) -> Sources:
        ids = {by_bytes[article.sha256] for article in articles if article.sha256 in by_bytes}
        ids |= {article.id for article in articles if article.id in before}
        return {"reused": _by_key(writer.encoded(sorted(ids))).get} if ids else {}

    return sources


def _by_key(articles: Iterable[EncodedArticle]) -> dict[bytes, PassageVectors]:
    """The vectors of stored articles by passage."""
    vectors = dict[bytes, PassageVectors]()
    for encoded in articles:
        rows = tables([encoded.chunks])
        first = [*rows.passages["first"].tolist(), len(rows.sentences)]
        keys = passage_keys(rows, passage_texts(rows, [encoded.article]))
        for key, vector, (start, end) in zip(keys, encoded.vectors, pairwise(first), strict=True):
            vectors[key] = PassageVectors(vector, encoded.sentences[start:end], encoded.scales[start:end])
    return vectors

"""Builds a folder, or a shard of it, into a database: `index.stores.postgresql.ingest` on real tables."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.errors import NoIndex
from index.ingestion.coverage import files_lost
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.ingestion.report import Report, VectorSources
from index.passages.chunking import Chunking
from index.reading.folder import Folder, read_folder
from index.reading.shards import Shard
from index.stores.location import BuildWork, Location
from index.stores.notes import read_shard_coverage, write_shard_coverage
from index.stores.postgresql import schema
from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.export import stored_articles
from index.stores.postgresql.ingest import Ingested, StoredArticle, changed_rows, ingest
from index.stores.postgresql.manifest import manifest_of
from index.stores.postgresql.rows import record_hash
from index.stores.postgresql.schema import Collection
from index.stores.postgresql.search.vocabulary import totals
from index.stores.postgresql.writer import Writer, writing

PATIENCE = 60.0  # seconds that a build waits for a database that is away, unless it is told to wait longer

_FETCHED = 5_000  # rows in memory at once
_UNREAD = "{} could not be read: what is stored of it is kept, also of files that are gone"
_HELD = "SELECT article, record_hash, metadata->>'sha256', metadata->>'file' FROM articles"
_FOLDER = """
UPDATE collection SET folder = %s, max_file_bytes = %s WHERE (folder, max_file_bytes) IS DISTINCT FROM (%s, %s::bigint)
"""


def build_into(
    location: Location, connections: Connections, work: BuildWork, load: LoadEncoder = load_encoder
) -> Report:
    """Build a folder, or a shard of it, into a database. Raises as `Location.build` does.

    Any number of processes may do so at once, for the same shard or for others.
    """
    encoder, patience = load(work.identity), work.wait or PATIENCE
    wanted = _collection(work, encoder)
    generation, before = _held(connections, wanted, work.shard, patience)
    found = read_folder(work.folder, work.max_file_bytes, work.shard)  # a wrong folder leaves no empty collection
    with writing(connections, wanted, patience) as writer:
        if writer.collection.generation != generation:  # it was made, or replaced, since
            _, before = _held(connections, wanted, work.shard, patience)
            if before:  # read before the folder is: what is stored of it later stays
                found = read_folder(work.folder, work.max_file_bytes, work.shard)
        target = _Database(writer, connections, patience)
        rows = range(len(found.articles)) if work.force else changed_rows(found, before, target)
        done = None if rows else _unchanged(location, work.shard, found, before)
        if done is None:
            show = work.show_progress
            done = ingest(
                found, rows, before, target, encoder, chunking=wanted.chunking, force=work.force, show_progress=show
            )
        if work.shard.is_whole:
            _keep_folder(connections, wanted, patience)
    problems = [*found.problems, *done.refused]
    coverage = replace(done.coverage, files=found.files, lost_files=files_lost(problems))
    write_shard_coverage(location, work.shard, coverage, _content(found))
    now = connections.read(lambda connection: _manifest(connection, connections), patience)
    return Report(
        build=now.name,
        changed=done.changed,
        counts=now.counts,
        problems=problems,
        ignored=found.ignored,
        coverage=coverage,
        origins=done.origins,
        notes=[_UNREAD.format(name) for name in found.unread],
    )


@contextmanager
def shared(connections: Connections, work: BuildWork, load: LoadEncoder = load_encoder) -> Iterator[None]:
    """Hold a database for a build of many shards, so that its indexes are made once, at the end of all."""
    with writing(connections, _collection(work, load(work.identity)), work.wait or PATIENCE):
        yield


def _collection(work: BuildWork, encoder: Encoder) -> Collection:
    return Collection(
        work.identity,
        Chunking(),
        encoder.dimension,
        str(work.folder.resolve()),
        work.max_file_bytes,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _held(
    connections: Connections, wanted: Collection, shard: Shard, patience: float
) -> tuple[int, dict[str, StoredArticle]]:
    """The generation of what a database holds, 0 for nothing, and its articles of a shard's files.

    Raises ForeignIndex where it has another schema or other vectors.
    """

    def read(connection: Connection) -> tuple[int, dict[str, StoredArticle]]:
        there = schema.read(connection, connections)
        schema.check_vectors(there, wanted, connections)
        with connection.cursor(name="held") as cursor:
            cursor.itersize = _FETCHED
            found = cursor.execute(_HELD)
            held = {
                article: StoredArticle(own, sha256, file) for article, own, sha256, file in found if shard.has(file)
            }
        return there.generation, held

    try:
        return connections.read(read, patience)
    except NoIndex:
        return 0, {}


def _unchanged(location: Location, shard: Shard, found: Folder, before: Mapping[str, StoredArticle]) -> Ingested | None:
    """What there is to say where nothing has changed since a worker last read just these articles, else None."""
    part = read_shard_coverage(location, shard)
    if part is None or part[0] != _content(found) or len(before) != len(found.articles):
        return None
    return Ingested(part[1], VectorSources(), changed=False, refused=[])


def _content(found: Folder) -> str:
    """What changes with any article's id or bytes."""
    digest = hashlib.sha256()
    for reading in found.readings:
        digest.update(f"{reading.article.id}\0{reading.article.sha256}\0".encode())
    return digest.hexdigest()


def _keep_folder(connections: Connections, wanted: Collection, patience: float) -> None:
    """Say where the articles were read, which may be elsewhere now."""
    values = [wanted.folder, wanted.max_file_bytes]
    connections.write(lambda connection: connection.execute(_FOLDER, [*values, *values]).rowcount, patience)


def _manifest(connection: Connection, connections: Connections) -> Manifest:
    """What is stored now."""
    return manifest_of(schema.read(connection, connections), totals(connection))


class _Database:
    """An `index.stores.postgresql.ingest.ArticleSink`."""

    def __init__(self, writer: Writer, connections: Connections, patience: float) -> None:
        self._connections, self._patience = connections, patience
        self.upsert, self.delete = writer.upsert, writer.delete
        self.record_hash = record_hash

    def stored(self, ids: Sequence[str]) -> Iterable[EncodedArticle]:
        """The articles with these ids."""
        return self._connections.read(lambda connection: stored_articles(connection, ids), self._patience)

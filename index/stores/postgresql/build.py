"""Build of a folder, or of a shard of it, into a database."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.ingestion.coverage import files_lost
from index.ingestion.report import Report, VectorSources
from index.passages.chunking import Chunking
from index.reading.folder import Folder, check_folder, read_folder
from index.reading.shards import Shard
from index.stores.location import BuildWork, Location
from index.stores.notes import read_shard_coverage, write_shard_coverage
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.ingest import Ingested, changed_rows, ingest
from index.stores.postgresql.schema import Collection, read_manifest
from index.stores.postgresql.writer import StoredArticle, writing

PATIENCE = 60.0  # seconds that a build waits for an unreachable database, unless it is told to wait longer

_UNREAD = "{} could not be read: its stored articles are kept, even if their files are gone"
_FOLDER = """
UPDATE collection SET folder = %s, max_file_bytes = %s WHERE (folder, max_file_bytes) IS DISTINCT FROM (%s, %s::bigint)
"""


def build_into(
    location: Location, connections: Connections, work: BuildWork, load: LoadEncoder = load_encoder
) -> Report:
    """Build a folder, or a shard of it, into a database. Raises like `Location.build`.

    Any number of processes may do so at once, for the same shard or for others.
    """
    check_folder(work.folder)  # a wrong folder leaves no empty collection
    encoder, patience = load(work.identity), work.wait or PATIENCE
    collection = _collection(work, encoder)
    with writing(connections, collection, patience) as writer:
        before = writer.stored(work.shard)  # before the folder is read: articles stored later must not be deleted
        found = read_folder(work.folder, work.max_file_bytes, work.shard)
        content = _content_hash(found)
        rows = range(len(found.articles)) if work.force else changed_rows(found, before)
        done = None if rows else _unchanged(location, work.shard, found, content, before)
        if done is None:
            done = ingest(
                found,
                rows,
                before,
                writer,
                encoder,
                chunking=collection.chunking,
                force=work.force,
                show_progress=work.show_progress,
            )
        if work.shard.is_whole:  # the folder may have moved
            folder = [collection.folder, collection.max_file_bytes] * 2
            connections.write(lambda connection: connection.execute(_FOLDER, folder).rowcount, patience)
    problems = [*found.problems, *done.refused]
    coverage = replace(done.coverage, files=found.files, lost_files=files_lost(problems))
    write_shard_coverage(location, work.shard, coverage, content)
    manifest = connections.read(lambda connection: read_manifest(connection, connections), patience)
    return Report(
        build=manifest.name,
        changed=done.changed,
        counts=manifest.counts,
        problems=problems,
        ignored=found.ignored,
        coverage=coverage,
        origins=done.origins,
        notes=[_UNREAD.format(name) for name in found.unread],
    )


@contextmanager
def shared(connections: Connections, work: BuildWork, load: LoadEncoder = load_encoder) -> Iterator[None]:
    """Lock a database for a build of many shards, so that its indexes are made once, after the last shard."""
    with writing(connections, _collection(work, load(work.identity)), work.wait or PATIENCE):
        yield


def _collection(work: BuildWork, encoder: Encoder) -> Collection:
    folder, created = str(work.folder.resolve()), datetime.now(UTC).isoformat(timespec="seconds")
    return Collection(work.identity, Chunking(), encoder.dimension, folder, work.max_file_bytes, created)


def _unchanged(
    location: Location, shard: Shard, found: Folder, content: str, before: Mapping[str, StoredArticle]
) -> Ingested | None:
    """The result if the shard has the same articles as in the last build, which need not be split again; else None."""
    part = read_shard_coverage(location, shard)
    if part is None or part[0] != content or len(before) != len(found.articles):
        return None
    return Ingested(part[1], VectorSources(), changed=False, refused=[])


def _content_hash(found: Folder) -> str:
    """A hash of the articles' ids and bytes."""
    digest = hashlib.sha256()
    for reading in found.readings:
        digest.update(f"{reading.article.id}\0{reading.article.sha256}\0".encode())
    return digest.hexdigest()

"""Build of a folder, or of a shard of it, into a database."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime

from index.arrays import Halves
from index.encoder.encoder import Encoder, LoadEncoder, load_encoder
from index.ingestion.background import SAMPLE, measure_background
from index.ingestion.coverage import files_lost
from index.ingestion.manifest import Counts, Manifest
from index.ingestion.report import Report, VectorSources
from index.passages.chunking import Chunking
from index.reading.folder import Folder, check_folder, read_folder
from index.reading.places.folders import written
from index.reading.shards import Shard
from index.stores.location import BuildWork, Location
from index.stores.notes import read_shard_coverage, write_shard_coverage
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.ingest import Ingested, changed_rows, ingest
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.rows import vectors_of
from index.stores.postgresql.schema import read
from index.stores.postgresql.search.vocabulary import totals
from index.stores.postgresql.writer import StoredArticle, writing

PATIENCE = 60.0  # seconds that a build waits for an unreachable database, unless it is told to wait longer

_UNREAD = "{} could not be read: its stored articles are kept, even if their files are gone"
_FOLDER = """
UPDATE collection SET folder = %s, max_file_bytes = %s, programs = %s::jsonb
WHERE (folder, max_file_bytes, programs) IS DISTINCT FROM (%s, %s::bigint, %s::jsonb)
"""
_SYNONYMS = """
WITH changed AS (UPDATE collection SET synonyms = %s::jsonb WHERE synonyms <> %s::jsonb RETURNING one)
INSERT INTO count_changes SELECT 0, 0, 0, 0 FROM changed
"""  # a change that counts nothing, so that whoever has opened the collection opens it again
_SAMPLE = "SELECT vector FROM passages TABLESAMPLE SYSTEM (%s) REPEATABLE (1) LIMIT %s"
_BACKGROUND = "UPDATE collection SET background = %s::jsonb"


def build_into(
    location: Location, connections: Connections, work: BuildWork, load: LoadEncoder = load_encoder
) -> Report:
    """Build a folder, or a shard of it, into a database. Raises like `Location.build`.

    Any number of processes may do so at once, for the same shard or for others.
    """
    if work.shard.is_whole:
        check_folder(work.folder)  # a wrong folder leaves no empty collection
    encoder, patience = load(work.identity), work.wait or PATIENCE
    requested = _manifest(work, encoder)
    with writing(connections, requested, patience) as writer:
        before = writer.stored(work.shard)  # before the folder is read: articles stored later must not be deleted
        contents = read_folder(work.folder, work.max_file_bytes, work.shard, work.programs)
        content = _content_hash(contents)
        rows = range(len(contents.articles)) if work.force else changed_rows(contents, before)
        done = None if rows else _unchanged(location, work.shard, contents, content, before)
        if done is None:
            options = {"force": work.force, "show_progress": work.show_progress}
            done = ingest(contents, rows, before, writer, encoder, chunking=requested.chunking, **options)
        if done.changed:
            _store_background(connections, encoder, patience)
        reworded = _store_synonyms(connections, contents, patience)
        if work.shard.is_whole:  # the folder may have moved
            folder = [requested.folder, requested.max_file_bytes, json.dumps(asdict(requested.programs))] * 2
            connections.write(lambda connection: connection.execute(_FOLDER, folder).rowcount, patience)
    problems = [*contents.problems, *done.refused]
    coverage = replace(done.coverage, files=contents.files, lost_files=files_lost(problems))
    write_shard_coverage(location, work.shard, coverage, content)
    manifest = connections.read(lambda connection: read(connection, connections).manifest, patience)
    return Report(
        build=manifest.name,
        changed=done.changed or reworded,
        counts=manifest.counts,
        problems=problems,
        ignored=contents.ignored,
        coverage=coverage,
        origins=done.origins,
        notes=[_UNREAD.format(name) for name in contents.unread],
    )


def _store_synonyms(connections: Connections, contents: Folder, patience: float) -> bool:
    """Store the owner's synonyms; whether they differ from the stored ones."""
    synonyms = json.dumps(contents.synonyms)
    rows = connections.write(lambda own: own.execute(_SYNONYMS, [synonyms, synonyms]).rowcount, patience)
    return rows > 0


def _store_background(connections: Connections, encoder: Encoder, patience: float) -> None:
    """Measure the background of the encoder on a sample of all passages, and store it."""

    def sampled(connection: Connection) -> Halves:
        # Pages are drawn, so that a large table is not read whole; a page holds several passages.
        share = min(100.0, 200 * SAMPLE / max(totals(connection).passages, 1))
        with connection.cursor(binary=True) as cursor:
            rows = cursor.execute(_SAMPLE, [share, SAMPLE]).fetchall()
        vectors: Halves = vectors_of([vector for (vector,) in rows])
        return vectors

    background = measure_background(encoder, connections.read(sampled, patience))
    fields = json.dumps(asdict(background))
    connections.write(lambda connection: connection.execute(_BACKGROUND, [fields]).rowcount, patience)


@contextmanager
def shared(connections: Connections, work: BuildWork, load: LoadEncoder = load_encoder) -> Iterator[None]:
    """Lock a database for a build of many shards, so that its indexes are made once, after the last shard."""
    with writing(connections, _manifest(work, load(work.identity)), work.wait or PATIENCE):
        yield


def _manifest(work: BuildWork, encoder: Encoder) -> Manifest:
    """The requested settings, without name and counts."""
    folder, created = written(work.folder), datetime.now(UTC).isoformat(timespec="seconds")
    settings = encoder.dimension, "", folder, created, work.max_file_bytes
    return Manifest("", work.identity, Chunking(), Counts(0, 0, 0), *settings, programs=work.programs)


def _unchanged(
    location: Location, shard: Shard, contents: Folder, content: str, before: Mapping[str, StoredArticle]
) -> Ingested | None:
    """The result if the shard has the same articles as in the last build, which need not be split again; else None."""
    part = read_shard_coverage(location, shard)
    if part is None or part[0] != content or len(before) != len(contents.articles):
        return None
    return Ingested(part[1], VectorSources(), changed=False, refused=[])


def _content_hash(contents: Folder) -> str:
    """A hash of the articles' ids and bytes."""
    digest = hashlib.sha256()
    for reading in contents.readings:
        digest.update(f"{reading.article.id}\0{reading.article.sha256}\0".encode())
    return digest.hexdigest()

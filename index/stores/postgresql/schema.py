"""Tables of a collection; `article` is part of every key, so that tables can be sharded by it."""

import hashlib
import json
from dataclasses import asdict, replace
from secrets import randbits
from typing import NamedTuple

from psycopg import sql

from index.encoder.model_files import Identity
from index.errors import ForeignIndex, NoIndex, UserError
from index.ingestion.background import Background
from index.ingestion.manifest import FORMAT, Counts, Manifest
from index.passages.chunking import Chunking
from index.reading.formats.programs import Programs
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.search import textsearch
from index.stores.postgresql.search.vocabulary import totals

VERSION = f"{FORMAT}.1"  # format of articles and passages, then version of the tables: raise it with any change to them
BUILDERS, MAKING = 0x76657262_0001, 0x76657262_0003  # keys of advisory locks
_MIN_SERVER, _MIN_PGVECTOR = 150_000, (0, 8)

# A word is stored as text (see `key` in vocabulary.py), in bytea columns as 8 bytes of its hash.
# Changes of counts are appended and folded later, so that writers do not wait for each other on one row.
_TABLES = """
CREATE TABLE collection (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version text NOT NULL,
    generation bigint NOT NULL,
    identity jsonb NOT NULL,
    chunking jsonb NOT NULL,
    dimension int NOT NULL,
    folder text NOT NULL,
    max_file_bytes bigint NOT NULL,
    created text NOT NULL,
    background jsonb NOT NULL,
    synonyms jsonb NOT NULL,
    programs jsonb NOT NULL
);
CREATE TABLE articles (
    article text COLLATE "C" PRIMARY KEY,
    record_hash text NOT NULL,
    metadata jsonb NOT NULL,
    text text NOT NULL,
    blocks jsonb NOT NULL,
    passages int NOT NULL
);
CREATE TABLE passages (
    article text COLLATE "C" NOT NULL,
    start int NOT NULL,
    "end" int NOT NULL,
    record_hash text NOT NULL,
    length int NOT NULL,
    first_day int NOT NULL,
    last_day int NOT NULL,
    labels text[] COLLATE "C" NOT NULL,
    vector halfvec({dimension}) NOT NULL,
    keywords tsvector NOT NULL,
    terms bytea NOT NULL,
    spans bytea NOT NULL,
    words bytea NOT NULL,
    scales bytea NOT NULL,
    sentences bytea NOT NULL,
    PRIMARY KEY (article, start)
);
ALTER TABLE passages
    ALTER vector SET STORAGE MAIN,
    ALTER keywords SET STORAGE MAIN,
    ALTER terms SET STORAGE EXTERNAL,
    ALTER words SET STORAGE EXTERNAL,
    ALTER sentences SET STORAGE EXTERNAL;
CREATE TABLE words (word text COLLATE "C" PRIMARY KEY, passages bigint NOT NULL);
CREATE TABLE word_changes (word text COLLATE "C" NOT NULL, passages bigint NOT NULL);
CREATE INDEX word_changes_word ON word_changes (word);
CREATE TABLE counts (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    changes bigint NOT NULL, articles bigint NOT NULL, passages bigint NOT NULL, sentences bigint NOT NULL,
    tokens bigint NOT NULL
);
INSERT INTO counts VALUES (true, 0, 0, 0, 0, 0);
CREATE TABLE count_changes (
    articles bigint NOT NULL, passages bigint NOT NULL, sentences bigint NOT NULL, tokens bigint NOT NULL
);
"""
NOTES = "CREATE TABLE IF NOT EXISTS notes (name text PRIMARY KEY, content text NOT NULL, written bigint NOT NULL)"
TABLES = (
    *("collection", "articles", "passages", "passage_words", "words", "word_changes", "counts", "count_changes"),
    "notes",  # last: it stays when the others are replaced
)
_TAKEN = """
SELECT relname, EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = pg_class.oid AND relname = 'collection' AND attname IN ('generation', 'chunking')
    HAVING count(*) = 2
) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = current_schema() AND relname = ANY(%s) ORDER BY relname
"""
# Reads pg_class itself: to_regclass uses a cache of the session, stale after waiting for a lock in this transaction.
_EXISTS = """
SELECT EXISTS (
    SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = ANY(current_schemas(false)) AND relname = 'collection'
)
"""
_COLLECTION = """
SELECT generation, identity, chunking, dimension, folder, created, max_file_bytes, background, synonyms, programs
FROM collection
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS passages_labels ON passages USING gin (labels);
CREATE INDEX IF NOT EXISTS passages_days ON passages (first_day, last_day);
CREATE INDEX IF NOT EXISTS passages_keywords ON passages USING gin (keywords);
CREATE INDEX IF NOT EXISTS passages_vector ON passages USING hnsw (vector halfvec_cosine_ops)
    WITH (m = 16, ef_construction = 200);
"""
_MEMORY = """
SELECT set_config('maintenance_work_mem', greatest(pg_size_bytes(current_setting('maintenance_work_mem')),
    pg_size_bytes('1GB')) / 1024 || 'kB', true)
"""  # for the HNSW graph: with less memory it is built many times slower


class Collection(NamedTuple):
    """The content of a database: its manifest without coverage, and a number that changes when all is replaced."""

    manifest: Manifest
    generation: int


def ready(connections: Connections, requested: Manifest, patience: float) -> Collection:
    """The collection of a database; created as `requested` if the database is empty.

    Raises ForeignIndex for a collection with another schema, encoder or chunking, and for foreign
    tables of the same names.
    """

    def made(connection: Connection) -> Collection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING])
        if not exists(connection):
            check_free(connection, connections)
            make(connection, requested)
        return read(connection, connections)

    collection = connections.write(made, patience)
    stored = collection.manifest
    same = replace(stored, identity=requested.identity, chunking=requested.chunking, dimension=requested.dimension)
    if stored != same:
        raise ForeignIndex(
            f"{connections} holds vectors of {stored.identity.model} ({stored.dimension} wide, passages of "
            f"{stored.chunking.target} tokens), not of {requested.identity.model} ({requested.dimension} wide, "
            f"passages of {requested.chunking.target}). Build in a new database, then switch to it"
        )
    return collection


def check_free(connection: Connection, connections: Connections) -> None:
    """Raise ForeignIndex if the first schema of the search path has foreign tables of the same names."""
    taken = dict(connection.execute(_TAKEN, [list(TABLES)]).fetchall())
    if taken and not any(taken.values()):
        raise ForeignIndex(f"{connections} has tables of something else ({', '.join(taken)}). Name an empty database")


def make(connection: Connection, requested: Manifest) -> None:
    """Create the tables in the first schema of the search path."""
    _check_versions(connection)
    connection.execute(sql.SQL(_TABLES).format(dimension=sql.Literal(requested.dimension)))
    connection.execute(NOTES)
    connection.execute(
        "INSERT INTO collection VALUES (true, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s, %s::jsonb, %s::jsonb, "
        "%s::jsonb)",
        [
            VERSION,
            randbits(62),
            json.dumps(asdict(requested.identity)),
            json.dumps(asdict(requested.chunking)),
            requested.dimension,
            requested.folder,
            requested.max_file_bytes,
            requested.created,
            json.dumps(asdict(requested.background)),
            json.dumps(requested.synonyms),
            json.dumps(asdict(requested.programs)),
        ],
    )


def read(connection: Connection, connections: Connections) -> Collection:
    """The collection of a database; the name in its manifest changes with every change.

    Raises NoIndex, and ForeignIndex for another schema version.
    """
    if not exists(connection):
        raise NoIndex(f"{connections} holds no index. Make one: python -m index build FOLDER --index {connections}")
    row = connection.execute("SELECT version FROM collection").fetchone()
    if row != (VERSION,):
        raise ForeignIndex(
            f"{connections} is of schema {row[0] if row else 'unknown'}; this program reads schema {VERSION}. "
            "Build in a new database, which encodes everything again, then switch to it"
        )
    ((generation, identity, chunking, dimension, folder, created, max_file_bytes, background, synonyms, programs),) = (
        connection.execute(_COLLECTION)
    )
    sizes = totals(connection)
    manifest = Manifest(
        name=hashlib.sha256(f"{generation}/{sizes.changes}".encode()).hexdigest()[:16],
        identity=Identity(**identity),
        chunking=Chunking(**chunking),
        counts=Counts(sizes.articles, sizes.passages, sizes.sentences),
        dimension=dimension,
        vectors="HNSW16,halfvec",
        folder=folder,
        created=created,
        max_file_bytes=max_file_bytes,
        background=Background(**background),
        synonyms=tuple(map(tuple, synonyms)),
        programs=Programs(**programs),
    )
    return Collection(manifest, generation)


def make_indexes(connection: Connection) -> None:
    """Create missing indexes and update the planner's statistics."""
    connection.execute(_MEMORY)
    connection.execute(_INDEXES)
    textsearch.make(connection)
    connection.execute("ANALYZE articles, passages, words")


def exists(connection: Connection) -> bool:
    """Whether the database holds a collection."""
    return connection.execute(_EXISTS).fetchone() == (True,)


def _check_versions(connection: Connection) -> None:
    if connection.info.server_version < _MIN_SERVER:
        shown = connection.info.parameter_status("server_version")
        raise UserError(f"the database runs PostgreSQL {shown}; at least 15 is needed. Upgrade it, or name another")
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    ((version,),) = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    if tuple(int(part) for part in version.split(".")[:2]) < _MIN_PGVECTOR:
        raise UserError(
            f"the database has pgvector {version}; at least 0.8 is needed. Run: ALTER EXTENSION vector UPDATE"
        )

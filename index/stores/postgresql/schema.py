"""The tables of a collection: `article` is the key of everything, so that shards can be cut by it."""

import json
from dataclasses import asdict, dataclass
from secrets import randbits

from psycopg import sql

from index.encoder.model_files import Identity
from index.errors import ForeignIndex, NoIndex, UserError
from index.ingestion.manifest import FORMAT
from index.passages.chunking import Chunking
from index.stores.postgresql.connection import Connection, Connections

VERSION = f"{FORMAT}.1"  # of reading and splitting, then of the tables: raise the latter with any change to them
BUILDERS, FOLDING, MAKING = 0x76657262_0001, 0x76657262_0002, 0x76657262_0003  # keys of advisory locks
_LEAST_SERVER, _LEAST_PGVECTOR = 150_000, (0, 8)

# A word is told from others by its text (see `key` in vocabulary.py), in bytea columns by 8 bytes of its hash.
# What changes the counts is appended, and added up now and then: no row is one that all writers wait for.
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
    created text NOT NULL
);
CREATE TABLE notes (name text PRIMARY KEY, content text NOT NULL, written bigint NOT NULL);
CREATE TABLE articles (
    article text COLLATE "C" PRIMARY KEY,
    edition text NOT NULL,
    metadata jsonb NOT NULL,
    text text NOT NULL,
    blocks jsonb NOT NULL,
    passages int NOT NULL
);
CREATE TABLE passages (
    article text COLLATE "C" NOT NULL,
    start int NOT NULL,
    "end" int NOT NULL,
    edition text NOT NULL,
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
TABLES = ("collection", "articles", "passages", "words", "word_changes", "counts", "count_changes", "notes")
_TAKEN = """
SELECT relname, EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = pg_class.oid AND relname = 'collection' AND attname IN ('generation', 'chunking')
    HAVING count(*) = 2
) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = current_schema() AND relname = ANY(%s) ORDER BY relname
"""
# Asked of the catalogue itself: to_regclass answers from what the session remembers, which whoever waited for a lock
# in this transaction has not brought up to date.
_EXISTS = """
SELECT EXISTS (
    SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = ANY(current_schemas(false)) AND relname = 'collection'
)
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
"""  # for the graph: in less it is built many times slower


@dataclass(frozen=True, slots=True)
class Collection:
    """What a database's content is made of; `generation` is another one whenever all of it was replaced."""

    identity: Identity
    chunking: Chunking
    dimension: int
    folder: str
    max_file_bytes: int
    created: str  # UTC in ISO form
    generation: int = 0

    def same_vectors(self, other: "Collection") -> bool:
        """Whether passages of both may stand in one collection."""
        mine, others = ((own.identity, own.chunking, own.dimension) for own in (self, other))
        return mine == others


def ready(connections: Connections, wanted: Collection, patience: float) -> Collection:
    """The collection of a database, made as wanted where there is none.

    Raises ForeignIndex where the one that is there is of another schema, encoder or chunking, or
    where tables of something else are there.
    """

    def made(connection: Connection) -> Collection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING])
        if not _exists(connection):
            check_free(connection, connections)
            make(connection, wanted)
        return read(connection, connections)

    there = connections.write(made, patience)
    check_vectors(there, wanted, connections)
    return there


def check_vectors(there: Collection, wanted: Collection, connections: Connections) -> None:
    """Raise ForeignIndex where passages of both may not stand in one collection."""
    if not there.same_vectors(wanted):
        raise ForeignIndex(
            f"{connections} holds vectors of {there.identity.model} ({there.dimension} wide, passages of "
            f"{there.chunking.target} tokens), not of {wanted.identity.model} ({wanted.dimension} wide, passages of "
            f"{wanted.chunking.target}). Build in a new database, then switch to it"
        )


def check_free(connection: Connection, connections: Connections) -> None:
    """Raise ForeignIndex where the first schema of the search path has tables of these names, and no collection."""
    taken = dict(connection.execute(_TAKEN, [list(TABLES)]).fetchall())
    if taken and not any(taken.values()):
        raise ForeignIndex(f"{connections} has tables of something else ({', '.join(taken)}). Name an empty database")


def make(connection: Connection, wanted: Collection) -> None:
    """Make the tables in the first schema of the search path."""
    _check_server(connection)
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    _check_extension(connection)
    connection.execute(sql.SQL(_TABLES).format(dimension=sql.Literal(wanted.dimension)))
    connection.execute(
        "INSERT INTO collection VALUES (true, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s)",
        [
            VERSION,
            wanted.generation or randbits(62),
            json.dumps(asdict(wanted.identity)),
            json.dumps(asdict(wanted.chunking)),
            wanted.dimension,
            wanted.folder,
            wanted.max_file_bytes,
            wanted.created,
        ],
    )


def read(connection: Connection, connections: Connections) -> Collection:
    """What the content is made of. Raises NoIndex, and ForeignIndex for another schema."""
    if not _exists(connection):
        raise NoIndex(f"{connections} holds no index. Make one: python -m index build FOLDER --index {connections}")
    row = connection.execute("SELECT version FROM collection").fetchone()
    if row is None or row[0] != VERSION:
        raise ForeignIndex(
            f"{connections} is of schema {row[0] if row else 'unknown'}; this program reads schema {VERSION}. "
            "Build in a new database, then switch to it"
        )
    found = connection.execute(
        "SELECT identity, chunking, dimension, folder, max_file_bytes, created, generation FROM collection"
    ).fetchone()
    assert found is not None  # noqa: S101 - the row was there in this transaction
    identity, chunking, *others = found
    return Collection(Identity(**identity), Chunking(**chunking), *others)


def make_indexes(connection: Connection) -> None:
    """Make the indexes that are missing, and tell the planner what there is."""
    connection.execute(_MEMORY)
    connection.execute(_INDEXES)
    connection.execute("ANALYZE articles, passages, words")


def _exists(connection: Connection) -> bool:
    row = connection.execute(_EXISTS).fetchone()
    return row is not None and bool(row[0])


def _check_server(connection: Connection) -> None:
    if connection.info.server_version < _LEAST_SERVER:
        shown = connection.info.parameter_status("server_version")
        raise UserError(f"the database runs PostgreSQL {shown}; at least 15 is needed. Upgrade it, or name another")


def _check_extension(connection: Connection) -> None:
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    version = str(row[0]) if row else "0"
    if tuple(int(part) for part in version.split(".")[:2]) < _LEAST_PGVECTOR:
        raise UserError(
            f"the database has pgvector {version}; at least 0.8 is needed. Run: ALTER EXTENSION vector UPDATE"
        )

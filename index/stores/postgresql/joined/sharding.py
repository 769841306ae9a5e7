"""Shards: databases with a part of the articles each, which a coordinator's views join to one collection.

The coordinator reaches them by PostgreSQL's own postgres_fdw. Builders write to the shards, never through it.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from index.errors import ForeignIndex
from index.stores.location import NotSupported
from index.stores.postgresql import schema
from index.stores.postgresql.connection import LOCK_OUT, Connections
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.search.retrieval import settings

_PATIENCE = 30.0  # seconds to retry while a server is unreachable
_SERVER = "citewell_shard_{}"  # and the schema of its foreign tables
_PAST = "citewell_past_{}"  # schema of the views that leave this shard out
_JOINED = ("articles", "passages", "words", "word_changes", "counts", "count_changes")
# Options of a connection that are not those of a server: who signs in is said by the user mapping.
_SIGNS_IN = {"user", "password", "client_encoding"}
# The settings of a search's transaction stay with the coordinator, so that its connections bring their own.
_SEARCHING = settings(limit=0)
_SETTINGS = " ".join(f"-c {name}={value}" for name, value in _SEARCHING.items())
_OPTIONS = {
    "extensions": "vector",  # so that distances are computed by the shard
    "async_capable": "true",  # all shards work at once
    "fetch_size": _SEARCHING["hnsw.ef_search"],  # rows sent at a time: as many as a search looks at
    "fdw_tuple_cost": "10",  # what is sent costs most, so sorting and limits are left to the shard
    "connect_timeout": "3",
}
_SHARDS = "CREATE TABLE collection_shards (number int PRIMARY KEY, address text NOT NULL)"
_CREATE_SERVER = "CREATE SERVER {} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({})"
_SIGN_IN = "CREATE USER MAPPING FOR CURRENT_USER SERVER {} OPTIONS ({})"
_ONE = """
CREATE VIEW {home}.collection AS
SELECT one, version, (SELECT bit_xor(generation) FROM {home}.collections) AS generation, identity, chunking, dimension,
    folder, max_file_bytes, created, background, synonyms, programs
FROM {first}.collection
"""
_MADE = """
SELECT nspname, srvname FROM pg_foreign_server
LEFT JOIN pg_namespace ON nspname IN (srvname, replace(srvname, '_shard_', '_past_'))
WHERE srvname ~ '^citewell_shard_[0-9]+$'
"""
_KINDS = "SELECT count(DISTINCT (version, identity, chunking, dimension)) FROM collections"
_TWICE = "SELECT article FROM articles GROUP BY article HAVING count(*) > 1 ORDER BY article LIMIT 1"


def shards_of(connection: Connection) -> list[str]:
    """The addresses of the shards that a database joins, in order; empty where it holds articles itself."""
    if connection.execute("SELECT to_regclass('collection_shards')").fetchone() == (None,):
        return []
    return [address for (address,) in connection.execute("SELECT address FROM collection_shards ORDER BY number")]


def check_alike(connection: Connection, coordinator: Connections) -> None:
    """Raise ForeignIndex where shards were built by different encoders, chunkings or versions of the program."""
    if connection.execute(_KINDS).fetchone() != (1,):
        raise ForeignIndex(
            f"the shards of {coordinator} were built with different models, passages or versions of this program. "
            "Build them all by the same one, then join them again"
        )


def check_writable(connection: Connection, coordinator: Connections) -> None:
    """Raise NotSupported for a coordinator: articles are written to its shards."""
    if shards := shards_of(connection):
        raise NotSupported(
            f"{coordinator} joins {len(shards)} shards and holds no article itself. Build each by its own address: "
            f"python -m index build FOLDER --shard 0/{len(shards)} --index {shards[0]}, and so on"
        )


def twice(connection: Connection) -> str | None:
    """An article that two shards hold; None if there is none."""
    row = connection.execute(_TWICE).fetchone()
    return str(row[0]) if row else None


def join(coordinator: Connections, shards: Sequence[Connections], *, partial_answers: bool = False) -> None:
    """Make a database the coordinator of these shards, in one transaction; it may be one of other shards already.

    With `partial_answers` readers leave out a shard that does not answer; see `index.stores.postgresql.outage`. Whoever
    reads it needs no access to the shards: its views reach them as the role that made them, which
    keeps its passwords. Raises NoIndex or ForeignIndex for a shard that holds no collection, ForeignIndex for
    a database with a collection of its own, for shards that differ, and for an article in two of them, and
    UserError where a role may not do that.
    """
    reached = [shard.read(partial(_reached, shard)) for shard in shards]

    def joined(connection: Connection) -> None:
        if shards_of(connection):
            connection.execute(LOCK_OUT)  # before any table, as readers do
        elif schema.exists(connection):
            raise ForeignIndex(f"{coordinator} holds a collection of its own. Name an empty database")
        _clear(connection)
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
        connection.execute(_SHARDS)
        for number, shard in enumerate(reached, 1):
            _reach(connection, number, shard)
        numbers = range(1, len(shards) + 1)
        ((home,),) = connection.execute("SELECT current_schema()")
        _make_views(connection, str(home), numbers)
        connection.execute(schema.NOTES)
        for number in numbers if partial_answers and len(shards) > 1 else ():
            aside = past(number)
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(aside)))
            # Who may read its views is said by the rights on them.
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO PUBLIC").format(sql.Identifier(aside)))
            _make_views(connection, aside, [each for each in numbers if each != number])
        check_alike(connection, coordinator)
        if article := twice(connection):
            raise ForeignIndex(
                f"{article!r} is in two of the shards. Build shard I of {len(shards)} with --shard I/{len(shards)} "
                "into a database of its own"
            )

    coordinator.write(joined, _PATIENCE)


class _Reached(NamedTuple):
    """How a shard was reached, with what the environment and the password file gave: the options of a connection."""

    address: str
    home: str
    server: dict[str, str]
    user: str
    password: str


def _reached(shard: Connections, connection: Connection) -> _Reached:
    schema.read(connection, shard)
    ((home,),) = connection.execute("SELECT current_schema()")
    info = connection.info
    given = {name: str(value) for name, value in conninfo_to_dict(shard.address).items() if value is not None}
    server = {"host": info.host, "port": str(info.port), "dbname": info.dbname, **given}
    own = {name: value for name, value in server.items() if name not in _SIGNS_IN}
    options = f"{_SETTINGS} {given.get('options', '')}".strip()
    return _Reached(shard.address, str(home), {**_OPTIONS, **own, "options": options}, info.user, info.password)


def _clear(connection: Connection) -> None:
    """Remove what joined other shards; notes stay."""
    made = connection.execute(_MADE).fetchall()
    for name in sorted({name for name, _ in made if name}):  # the views that join shards go with the tables of a shard
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    for name in sorted({name for _, name in made}):
        connection.execute(sql.SQL("DROP SERVER {} CASCADE").format(sql.Identifier(name)))
    connection.execute("DROP TABLE IF EXISTS collection_shards")


def _reach(connection: Connection, number: int, shard: _Reached) -> None:
    """Make the foreign tables of a shard, and a view of its passages alone."""
    name = sql.Identifier(_SERVER.format(number))
    mapping = {"user": shard.user, "password": shard.password}
    if not shard.password and connection.info.parameter_status("is_superuser") == "on":
        mapping |= {"password_required": "false"}
    connection.execute(sql.SQL(_CREATE_SERVER).format(name, _listed(shard.server)))
    connection.execute(sql.SQL(_SIGN_IN).format(name, _listed(mapping)))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    tables = sql.SQL(", ").join(map(sql.Identifier, ("collection", *_JOINED)))
    imported = sql.SQL("IMPORT FOREIGN SCHEMA {} LIMIT TO ({}) FROM SERVER {} INTO {}")
    connection.execute(imported.format(sql.Identifier(shard.home), tables, name, name))
    view = sql.SQL("CREATE VIEW {} AS SELECT * FROM {}.passages")
    connection.execute(view.format(sql.Identifier(passages_of(number)), name))
    connection.execute("INSERT INTO collection_shards VALUES (%s, %s)", [number, shard.address])


def _make_views(connection: Connection, home: str, numbers: Sequence[int]) -> None:
    """Make the views of these shards together, in a schema."""
    schemas = [sql.Identifier(_SERVER.format(number)) for number in numbers]
    for view, table in [("collections", "collection"), *((table, table) for table in _JOINED)]:
        every = [sql.SQL("SELECT * FROM {}.{}").format(each, sql.Identifier(table)) for each in schemas]
        create = sql.SQL("CREATE VIEW {} AS {}")
        connection.execute(create.format(sql.Identifier(home, view), sql.SQL(" UNION ALL ").join(every)))
    connection.execute(sql.SQL(_ONE).format(home=sql.Identifier(home), first=schemas[0]))


def past(number: int) -> str:
    """The schema of the views without this shard; it exists where the coordinator gives partial answers."""
    return _PAST.format(number)


def passages_of(number: int) -> str:
    """The view of one shard's passages; shards are counted from 1."""
    return f"passages_{number}"


def _listed(options: dict[str, str]) -> sql.Composed:
    """Options as in `OPTIONS (name 'value', …)`."""
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in options.items() if value
    )

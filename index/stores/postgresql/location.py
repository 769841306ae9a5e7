"""A collection in PostgreSQL: an `index.stores.location.Location`."""

import dataclasses
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock, Thread
from typing import TYPE_CHECKING

from index.errors import NoIndex, UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Coverage, Manifest
from index.stores.location import BuildWork, Location, NamedBuild, NotSupported, Stamp
from index.stores.notes import COVERAGE
from index.stores.postgresql import schema
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.joined import sharding
from index.stores.postgresql.joined.outage import Reach, Reached
from index.stores.postgresql.pool import Connection
from index.stores.postgresql.replacing import replace
from index.stores.postgresql.search import textsearch
from index.stores.postgresql.search.catalogue import DatabaseCatalogue, Line, Texts, read_lines
from index.stores.postgresql.search.store import DatabaseStore
from index.stores.postgresql.search.vocabulary import totals
from index.stores.postgresql.verification import misfits

if TYPE_CHECKING:  # slow to import, and not needed to answer questions
    from index.ingestion.report import Report

_log = logging.getLogger(__name__)

_PATIENCE = 60.0  # seconds to retry writing a note
_STAMP_LASTS = 1.0  # seconds

_READ_NOTE = "SELECT content FROM notes WHERE name = %s"
_WRITE_NOTE = """
INSERT INTO notes VALUES (%s, %s, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
ON CONFLICT (name) DO UPDATE SET content = excluded.content, written = greatest(excluded.written, notes.written + 1)
"""
_NOTES = "SELECT name, written FROM notes"
_BYTES = """
SELECT sum(pg_total_relation_size(to_regclass(name)))::bigint FROM unnest(%s::text[]) AS name
"""


class Database:
    """A collection in PostgreSQL; threads may share it. Raises UserError for a malformed address."""

    def __init__(self, dsn: str) -> None:
        self.connections = Connections(dsn)
        self._texts = Texts(self.connections)
        self._lines: dict[str, Line] = {}
        self._reach = Reach(self.connections)
        self._changes = _ChangeWatch(self._reach)

    def __str__(self) -> str:
        return str(self.connections)

    def __repr__(self) -> str:
        return f"Database({str(self)!r})"

    def open(self) -> DatabaseStore:
        """Open the collection, or what can be reached of it. Raises NoIndex, ForeignIndex or Unavailable."""
        return self._reach.read(self._opened)

    def _opened(self, reached: Reached) -> DatabaseStore:
        def opened(connection: Connection) -> tuple[Manifest, dict[str, Line], int]:
            if shards := len(sharding.shards_of(connection)):
                sharding.check_alike(connection, self.connections)
            manifest = schema.read(connection, self.connections).manifest
            note = connection.execute(_READ_NOTE, [COVERAGE]).fetchone()
            coverage = Coverage(**json.loads(note[0])) if note else None
            return dataclasses.replace(manifest, coverage=coverage), read_lines(connection, self._lines), shards

        manifest, self._lines, shards = reached.connections.read(opened)
        if not manifest.counts.passages:
            raise NoIndex(f"{self} holds no article. Make an index: python -m index build FOLDER --index {self}")
        texts = Texts(reached.connections) if reached.missing else self._texts
        catalogue = DatabaseCatalogue(self._lines, texts)
        views = tuple(sharding.passages_of(number) for number in range(1, shards + 1) if number != reached.missing)
        return DatabaseStore(reached.connections, manifest, catalogue, shards=views, incomplete=reached.shards)

    def open_kept(self, name: str) -> DatabaseStore:
        """Not supported: raises NotSupported."""
        raise NotSupported(f"{self} keeps no build {name!r}. Name the address of another database, or a folder")

    def stamp(self) -> Stamp:
        """A value that changes with the content; read from the database once a second, in the background."""
        return self._changes.latest()[0]

    def build(self, work: BuildWork) -> "Report":
        """Index a folder; see `index.stores.postgresql.build.build_into`."""
        from index.stores.postgresql.build import build_into

        return build_into(self, self.connections, work)

    def replace(self, articles: Iterable[EncodedArticle], manifest: Manifest, *, show_progress: bool = False) -> None:
        """Replace the content with that of another store; the old content is live until the end."""
        replace(self.connections, articles, manifest, show_progress=show_progress)
        self._changes.forget()

    def join(self, shards: Sequence[Location], *, partial_answers: bool = False) -> None:
        """Make this database the coordinator of others; see `index.stores.postgresql.joined.sharding.join`."""
        databases = [shard.connections for shard in shards if isinstance(shard, Database)]
        if len(databases) < len(shards):
            raise NotSupported("a shard is a folder of builds. Only databases are joined: give their addresses")
        sharding.join(self.connections, databases, partial_answers=partial_answers)
        self._changes.forget()

    def read_note(self, name: str) -> str | None:
        """The content of a note, None without it."""
        try:
            row = self.connections.read(lambda connection: connection.execute(_READ_NOTE, [name]).fetchone())
        except NoIndex:
            return None
        return str(row[0]) if row else None

    def write_note(self, name: str, content: str) -> None:
        """Write or replace a note. Raises NoIndex without a collection, and Unavailable."""
        self.connections.write(lambda connection: connection.execute(_WRITE_NOTE, [name, content]).rowcount, _PATIENCE)
        self._changes.forget()

    def note_stamp(self, name: str) -> int:
        """Time of writing of the note in microseconds; as fresh as `stamp`."""
        return self._changes.latest()[1].get(name, 0)

    def bytes(self) -> int:
        """Size of the tables and their indexes."""
        ((size,),) = self.connections.read(
            lambda connection: connection.execute(_BYTES, [list(schema.TABLES)]).fetchall()
        )
        return int(size)

    def keywords(self) -> str:
        """The version of pg_textsearch if searches use its index, else `tsvector`."""
        return self.connections.read(textsearch.name)

    def builds(self) -> list[NamedBuild]:
        """Empty: content is changed in place."""
        return []

    def roll_back(self) -> tuple[NamedBuild, str]:
        """Not supported: raises NotSupported."""
        raise NotSupported(f"{self} keeps no build before the live one. Restore a back-up of the database")

    def verify(self) -> tuple[str, list[str]]:
        """The name of the live content, and inconsistencies of its tables, a sentence each."""
        return self.open().manifest.name, [f"{self}: {problem}" for problem in self.connections.read(misfits)]

    def argument(self) -> tuple[str, Mapping[str, str]]:
        """The `--index` argument (address without password), and an environment variable for the password."""
        return self.connections.address, {"PGPASSWORD": self.connections.password} if self.connections.password else {}


class _ChangeWatch:
    """The last stamp and times of notes read from a database, refreshed in the background once a second."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._changes: tuple[Stamp, dict[str, int]] | None = None
        self._read_at = 0.0
        self._reading = Lock()  # held while a thread refreshes

    def latest(self) -> tuple[Stamp, dict[str, int]]:
        """The stamp, and the time of writing of each note. Raises Unavailable if no answer has ever been received."""
        if (changes := self._changes) is None:
            return self._read()
        if time.monotonic() - self._read_at > _STAMP_LASTS and self._reading.acquire(blocking=False):
            Thread(target=self._refresh, daemon=True).start()
        return changes

    def forget(self) -> None:
        """Read again before the next answer, after a change by this process."""
        self._changes = None

    def _refresh(self) -> None:
        try:
            self._read()
        except UserError as error:
            _log.warning("changes of the index cannot be read: %s", error)
        finally:
            self._read_at = time.monotonic()
            self._reading.release()

    def _read(self) -> tuple[Stamp, dict[str, int]]:
        self._changes = changes = self._reach.read(lambda reached: reached.connections.read(_read_changes))
        self._read_at = time.monotonic()
        return changes


def _read_changes(connection: Connection) -> tuple[Stamp, dict[str, int]]:
    if connection.execute("SELECT to_regclass('collection')").fetchone() == (None,):
        return (0, 0), {}
    ((generation,),) = connection.execute("SELECT generation FROM collection")
    return (generation, totals(connection).changes), dict(connection.execute(_NOTES).fetchall())

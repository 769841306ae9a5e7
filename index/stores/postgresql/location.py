"""A database as the place where a collection is kept: an `index.stores.location.Location`."""

import json
import logging
import time
from collections.abc import Iterable, Mapping
from threading import Lock, Thread
from typing import TYPE_CHECKING

from index.errors import NoIndex, UserError
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Coverage, Manifest
from index.stores.location import BuildWork, Kept, NotHere, Stamp
from index.stores.notes import COVERAGE
from index.stores.postgresql import schema
from index.stores.postgresql.catalogue import DatabaseCatalogue, Line, Texts, lines
from index.stores.postgresql.connection import Connection, Connections
from index.stores.postgresql.manifest import manifest_of
from index.stores.postgresql.replacing import replace
from index.stores.postgresql.schema import Collection
from index.stores.postgresql.store import DatabaseStore
from index.stores.postgresql.verification import misfits
from index.stores.postgresql.vocabulary import Totals, totals

if TYPE_CHECKING:  # what builds is slow to import, and asking a question builds nothing
    from index.ingestion.report import Report

_log = logging.getLogger(__name__)

_PATIENCE = 60.0  # seconds that a note waits to be written
_STAMP_LASTS = 1.0  # seconds

_READ_NOTE = "SELECT content FROM notes WHERE name = %s"
_WRITE_NOTE = """
INSERT INTO notes VALUES (%s, %s, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
ON CONFLICT (name) DO UPDATE SET content = excluded.content, written = greatest(excluded.written, notes.written + 1)
"""
_NOTES = "SELECT name, written FROM notes"
_BYTES = """
SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE oid = ANY(ARRAY[
    'articles', 'passages', 'words', 'word_changes', 'counts', 'count_changes', 'collection', 'notes']::regclass[])
"""


class Database:
    """A collection in PostgreSQL; threads may share it. Raises UserError for an address that cannot be read."""

    def __init__(self, dsn: str) -> None:
        self.connections = Connections(dsn)
        self._texts = Texts(self.connections)
        self._lines: dict[str, Line] = {}
        self._news = _News(self.connections)

    def __str__(self) -> str:
        return str(self.connections)

    def __repr__(self) -> str:
        return f"Database({str(self)!r})"

    def open(self) -> DatabaseStore:
        """What the database holds. Raises NoIndex, ForeignIndex or Unavailable."""

        def opened(connection: Connection) -> tuple[Collection, Totals, dict[str, Line], Coverage | None]:
            collection = schema.read(connection, self.connections)
            coverage = connection.execute(_READ_NOTE, [COVERAGE]).fetchone()
            told = Coverage(**json.loads(coverage[0])) if coverage else None
            return collection, totals(connection), lines(connection, self._lines), told

        collection, held, self._lines, coverage = self.connections.read(opened)
        if not held.passages:
            raise NoIndex(f"{self} holds no article. Make an index: python -m index build FOLDER --index {self}")
        catalogue = DatabaseCatalogue(self._lines, self._texts)
        return DatabaseStore(self.connections, manifest_of(collection, held, coverage), catalogue, self._texts)

    def stamp(self) -> Stamp:
        """What changes with every change; asked of the database once a second, in the background."""
        return self._news.latest()[0]

    def build(self, work: BuildWork) -> "Report":
        """Index a folder, as `index.stores.postgresql.build.build_into` says."""
        from index.stores.postgresql.build import build_into

        return build_into(self, self.connections, work)

    def replace(self, articles: Iterable[EncodedArticle], manifest: Manifest, *, show_progress: bool = False) -> None:
        """Take over all of another store; what was there is live until the end."""
        wanted = Collection(
            manifest.identity,
            manifest.chunking,
            manifest.dimension,
            manifest.folder,
            manifest.max_file_bytes,
            manifest.created,
        )
        replace(self.connections, articles, wanted, show_progress=show_progress)
        self._news.forget()

    def read_note(self, name: str) -> str | None:
        """The note of this name."""
        try:
            found = self.connections.read(lambda connection: connection.execute(_READ_NOTE, [name]).fetchone())
        except NoIndex:
            return None
        return str(found[0]) if found else None

    def write_note(self, name: str, content: str) -> None:
        """Keep a note. Raises NoIndex where there is no collection, and Unavailable."""
        self.connections.write(lambda connection: connection.execute(_WRITE_NOTE, [name, content]).rowcount, _PATIENCE)
        self._news.forget()

    def note_stamp(self, name: str) -> int:
        """When the note was written, in microseconds; asked of the database as `stamp` is."""
        return self._news.latest()[1].get(name, 0)

    def bytes(self) -> int:
        """What the tables and their indexes take."""
        ((size,),) = self.connections.read(lambda connection: connection.execute(_BYTES).fetchall())
        return int(size)

    def kept(self) -> list[Kept]:
        """None: content is changed in place."""
        return []

    def roll_back(self) -> tuple[Kept, str]:
        """Raises NotHere."""
        raise NotHere(f"{self} keeps no build before the live one. Restore a back-up of the database")

    def verify(self) -> tuple[str, list[str]]:
        """The name of what is live, and what of it does not fit the rest."""
        return self.open().manifest.name, [f"{self}: {what}" for what in self.connections.read(misfits)]

    def argument(self) -> tuple[str, Mapping[str, str]]:
        """Its address without the password, which goes in a variable."""
        return self.connections.address, {"PGPASSWORD": self.connections.password} if self.connections.password else {}


class _News:
    """What a database last said of its changes, asked again in the background once that is a second old."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = Lock()
        self._known: tuple[Stamp, dict[str, int]] | None = None
        self._asked = 0.0
        self._asking = False

    def latest(self) -> tuple[Stamp, dict[str, int]]:
        """The stamp, and when each note was written. Raises Unavailable where the database has never answered."""
        with self._lock:
            known, due = self._known, not self._asking and time.monotonic() - self._asked > _STAMP_LASTS
            self._asking = self._asking or (due and known is not None)
        if known is None:
            return self._ask()
        if due:
            Thread(target=self._ask_again, daemon=True).start()
        return known

    def forget(self) -> None:
        """Ask before the next answer: something was written here."""
        with self._lock:
            self._known = None

    def _ask_again(self) -> None:
        try:
            self._ask()
        except UserError as error:  # what is known stays so
            _log.warning("it is not known whether anything has changed: %s", error)
        finally:
            with self._lock:
                self._asking, self._asked = False, time.monotonic()

    def _ask(self) -> tuple[Stamp, dict[str, int]]:
        known = self._connections.read(_changes)
        with self._lock:
            self._known, self._asked = known, time.monotonic()
        return known


def _changes(connection: Connection) -> tuple[Stamp, dict[str, int]]:
    row = connection.execute("SELECT to_regclass('collection')").fetchone()
    if row is None or row[0] is None:
        return (0, 0), {}
    generation = connection.execute("SELECT generation FROM collection").fetchone()
    notes = dict(connection.execute(_NOTES).fetchall())
    return (generation[0] if generation else 0, totals(connection).changes), notes

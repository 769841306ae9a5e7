"""Connections to a database: shared by threads, retried on failure, shown without passwords."""

import copy
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import PoolTimeout

from index.errors import BadRecord, ForeignIndex, NoIndex, Unavailable, UserError
from index.stores.postgresql.pool import Connection, Pool

T = TypeVar("T")

READ_PATIENCE = 2.0  # seconds to retry a read while the database is unreachable
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_SLICE = 1.0  # seconds to wait for the pool before a direct connection is tried to find the cause
_DEFAULTS = {
    "application_name": "citewell",
    "connect_timeout": "3",
    "tcp_user_timeout": "10000",  # milliseconds, for a machine without power, which never answers
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
_TRANSIENT = (
    psycopg.OperationalError,  # gone, starting, stopping, full, deadlocked, or a replica behind
    psycopg.InterfaceError,
    errors.ReadOnlySqlTransaction,  # a primary that has become a standby
    PoolTimeout,
)
_SHOWN = {"user", "host", "port", "dbname"}
_SECRET = {"sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"}
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_LIMITS = ("SET LOCAL statement_timeout = '10s'", "SET LOCAL lock_timeout = '10s'")
# Locks before the first snapshot, so that a reader that waits for a replacement sees the new content; and locks the
# table that is dropped first, so that no reader holds another table meanwhile. LOCK and SET take no snapshot.
_LOCK = "LOCK TABLE collection IN ACCESS SHARE MODE"
LOCK_OUT = "LOCK TABLE collection IN ACCESS EXCLUSIVE MODE"  # readers and writers
_REFUSED = (
    errors.InsufficientPrivilege,
    errors.UndefinedFile,
    errors.FeatureNotSupported,
    errors.ProhibitedSqlStatementAttempted,  # a shard's password is missing
)


class Connections:
    """Pooled connections of a process to one database, opened on demand.

    No session state is used, so that an external pooler may stand between. `address` contains no
    password. Raises UserError for a malformed address.
    """

    def __init__(self, dsn: str) -> None:
        try:
            given = conninfo_to_dict(dsn)
        except (psycopg.ProgrammingError, UnicodeError):
            raise UserError(
                "the address of the database cannot be read. Give it as postgresql://USER@HOST:PORT/DATABASE"
            ) from None  # the text of the error may contain the password
        if secrets := sorted(_SECRET & given.keys()):
            raise UserError(
                f"the address of the database holds {secrets[0]}, which others can see there. "
                "Put it in a service file and name that: postgresql://?service=NAME"
            )
        self.password = str(given.pop("password", None) or "")
        self._conninfo = make_conninfo(dsn, **{name: value for name, value in _DEFAULTS.items() if name not in given})
        self._shown = _shown({**given, "host": given.get("host") or "localhost"})
        address = _shown(given)  # without a host if PGHOST names it
        others = {name: value for name, value in given.items() if name not in _SHOWN and value is not None}
        # libpq does not decode a plus sign as a space.
        self.address = f"{address}?{urlencode(others, quote_via=quote)}" if others else address
        self._probing = Lock()
        self._pool = Pool(self._conninfo)
        self.first: tuple[str, ...] = ()  # statements with which every read begins

    def __str__(self) -> str:
        return self._shown

    def past(self, schema: str, path: str) -> Self:
        """The same connections, whose reads look for tables in a schema first, then in those of a search path."""
        past = copy.copy(self)
        past.first = (f'SET LOCAL search_path TO "{schema}", {path}',)
        return past

    def read(self, work: Callable[[Connection], T], patience: float = READ_PATIENCE) -> T:
        """The result of `work` in one read-only transaction on one snapshot. Raises like `write`."""
        return self._retried(work, patience, read_only=True)

    def ask(self, work: Callable[[Connection], T]) -> T:
        """Like `read`, for work that a person waits for: statements time out after 10 s.

        Statements are sent when the first result is fetched, to save round trips.
        """
        return self._retried(work, READ_PATIENCE, read_only=True, settings=_LIMITS)

    def write(self, work: Callable[[Connection], T], patience: float) -> T:
        """The result of `work` in one transaction; `work` must be idempotent, since it may be retried.

        Raises BadRecord for records that the database refuses, NoIndex without tables, Unavailable
        after `patience` seconds, and UserError for missing permissions.
        """
        return self._retried(work, patience, read_only=False)

    def alone(self) -> Connection:
        """A new connection outside the pool, without a transaction. Raises Unavailable."""
        try:
            return psycopg.connect(self._conninfo, prepare_threshold=None)
        except psycopg.OperationalError as error:
            raise self._unavailable(error) from error

    def close(self) -> None:
        """Close idle connections; new ones are opened on demand."""
        self._pool.close()

    def _retried(
        self, work: Callable[[Connection], T], patience: float, *, read_only: bool, settings: Sequence[str] = ()
    ) -> T:
        deadline, pause = time.monotonic() + patience, _FIRST_PAUSE
        while True:
            try:
                with lost_behind_a_pooler():
                    return self._attempt(work, deadline, read_only=read_only, settings=settings)
            except _TRANSIENT as error:
                if time.monotonic() + pause > deadline:
                    raise self._unavailable(error) from error
            except psycopg.Error as error:
                raise self.user_error(error) from error
            except UnicodeEncodeError as error:
                raise BadRecord(f"{self} does not take text with a lone surrogate") from error
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _attempt(
        self, work: Callable[[Connection], T], deadline: float, *, read_only: bool, settings: Sequence[str]
    ) -> T:
        with self._pool.connection(min(max(deadline - time.monotonic(), 0.01), _SLICE)) as connection:
            connection.autocommit = bool(settings)
            connection.read_only = read_only
            connection.isolation_level = IsolationLevel.REPEATABLE_READ if read_only else IsolationLevel.READ_COMMITTED
            try:
                if settings:
                    with connection.pipeline():
                        for statement in (
                            _BEGIN,
                            *self.first,
                            *settings,
                            _LOCK,
                        ):  # psycopg's own BEGIN is a round trip by itself
                            connection.execute(statement.encode())
                        result = work(connection)
                        connection.execute("COMMIT")  # sent at the pipeline's end: one round trip for both
                    return result
                if read_only:
                    _begin(connection, *self.first)
                return work(connection)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                if connection.closed:
                    self.close()  # the others were opened before the outage, too
                raise

    def _unavailable(self, error: Exception) -> Unavailable:
        reason = str(error)
        if isinstance(error, PoolTimeout):  # without a cause
            reason = "all connections are in use"
            if self._probing.acquire(blocking=False):  # one thread asks for all
                try:
                    self.alone().close()
                except Unavailable as cause:
                    return cause
                finally:
                    self._probing.release()
        return Unavailable(f"{self} cannot be reached ({self._clean(reason)}). Start the database, or mend the address")

    def user_error(self, error: psycopg.Error) -> UserError:
        """The UserError for a permanent error that a person can fix. Raises any other error itself."""
        reason = self._clean(str(error))
        if isinstance(error, psycopg.DataError):
            return BadRecord(f"{self} does not take a record: {reason}")
        if isinstance(error, errors.UndefinedTable):
            return NoIndex(f"{self} holds no index. Make one: python -m index build FOLDER --index {self}")
        if isinstance(error, errors.UndefinedColumn):
            return ForeignIndex(f"{self} has other tables than this program reads ({reason}). Build a new database")
        if isinstance(error, _REFUSED):
            return UserError(f"{self} refuses that: {reason}. Ask who runs it for what is missing")
        raise error

    def _clean(self, reason: str) -> str:
        line = reason.strip().split("\n")[0]
        return line.replace(self.password, "…") if self.password else line


@contextmanager
def lost_behind_a_pooler() -> Iterator[None]:
    """Raise OperationalError if an external pooler has lost its server.

    The pooler then answers one command twice, which psycopg raises as an internal error without the
    SQLSTATE of a real one.
    """
    try:
        yield
    except psycopg.InternalError as error:
        if error.sqlstate is None:
            raise psycopg.OperationalError(str(error)) from error
        raise


def _begin(connection: Connection, *settings: str) -> None:
    """Begin a read transaction with these settings; locks the collection if it exists."""
    try:
        with connection.pipeline():
            for statement in (*settings, _LOCK):
                connection.execute(statement.encode())
    except errors.UndefinedTable:
        connection.rollback()


def _shown(given: Mapping[str, Any]) -> str:
    """The address without password and settings."""
    user = f"{quote(str(given['user']), safe='')}@" if given.get("user") else ""
    hosts = [_host(host) for host in str(given.get("host") or "").split(",")]
    ports = str(given.get("port") or "").split(",")
    ports += ports[-1:] * (len(hosts) - len(ports))  # a single port is for all hosts
    addresses = ",".join(f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=False))
    return f"postgresql://{user}{addresses}/{quote(str(given.get('dbname') or ''), safe='')}"


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else quote(host, safe="")

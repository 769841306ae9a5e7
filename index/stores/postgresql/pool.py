"""The pool of a process's connections to one database."""

from contextlib import AbstractContextManager
from threading import Lock
from typing import Any, TypeAlias

import psycopg
from psycopg_pool import ConnectionPool

Connection: TypeAlias = psycopg.Connection[Any]

_MAX_CONNECTIONS = 16  # of a process


class Pool:
    """The connections of a process to one database, opened on demand; threads may share it."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo, self._lock = conninfo, Lock()
        self._open: ConnectionPool[Connection] | None = None

    def connection(self, timeout: float) -> AbstractContextManager[Connection]:
        """A connection for a `with` block. Raises PoolTimeout after so many seconds."""
        with self._lock:
            pool = self._open = self._open or ConnectionPool(
                self._conninfo,
                kwargs={"prepare_threshold": None},
                min_size=0,
                max_size=_MAX_CONNECTIONS,
                max_idle=60,
                reconnect_timeout=0.1,
                open=True,
            )
        return pool.connection(timeout=timeout)

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            pool, self._open = self._open, None
        if pool:
            pool.close()

"""What a PostgreSQL server takes for a collection: its disk, its memory, and the seconds spent on indexes."""

import threading
from types import TracebackType
from typing import Any

from eval.scale.smaps import all_of, children, parent
from index.stores.address import open_location

_STEP = 0.25  # seconds from one look to the next
_SIZES = """
    SELECT coalesce(sum(pg_table_size(c.oid)), 0), coalesce(sum(pg_indexes_size(c.oid)), 0)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""


def connected(dsn: str) -> Any:
    """A connection of one's own. Raises NotSupported where what it needs is not installed."""
    open_location(dsn)
    import psycopg

    return psycopg.connect(dsn, autocommit=True)


def taken(dsn: str) -> dict[str, Any]:
    """Disk of tables and indexes, and the memory of all processes of a server on this machine, else None of it."""
    with connected(dsn) as connection:
        tables, indexes = connection.execute(_SIZES).fetchone()
        version, buffers = (
            connection.execute(f"SHOW {name}").fetchone()[0] for name in ("server_version", "shared_buffers")
        )
        (process,) = connection.execute("SELECT pg_backend_pid()").fetchone()
        try:
            postmaster = parent(process)
            memory = all_of([postmaster, *children(postmaster)]).part
        except (OSError, StopIteration):  # it runs elsewhere, or as somebody who is not to be looked at
            memory = None
    return {
        "tables_mb": float(tables) / 1e6,
        "indexes_mb": float(indexes) / 1e6,
        "server_mb": memory,
        "server": f"PostgreSQL {version.split()[0]}, shared_buffers {buffers}",
    }


class Indexing:
    """Counts, while it is open, the `seconds` in which a server makes indexes."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.seconds = 0.0

    def __enter__(self) -> "Indexing":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        with connected(self._dsn) as connection:
            while not self._end.wait(_STEP):
                (making,) = connection.execute("SELECT count(*) FROM pg_stat_progress_create_index").fetchone()
                self.seconds += _STEP if making else 0.0

"""Many askers on a database: the application over it, with the connections and transactions that its answers take."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.scale.workers import REQUESTS
from eval.speed.contenders.race import Say
from eval.speed.load import ASKERS, ROUTES, Load, served
from index.reader.readers import NONE
from index.stores.address import open_location

_DONE = """
SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()
"""
_OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_TOLD = 11.0  # seconds after which a server process that is idle has told what it did


def ask_together(
    addresses: dict[str, str],
    source: Path,
    questions: Sequence[str],
    say: Say,
    *,
    askers: Sequence[int] = ASKERS,
    requests: int = REQUESTS,
) -> Iterator[dict[str, Any]]:
    """A row for each of the named addresses and number of askers. Raises NotServed.

    All are addresses of one database, the first without a pooler between; its content is replaced by the build in
    `source`. The reader is off, so that the database matters most.
    """
    direct = next(iter(addresses.values()))
    store = open_location(source).open()
    open_location(direct).replace(store.encoded(), store.manifest)
    for name, address in addresses.items():
        with served(address, {"CHAT_READER": NONE}) as (where, process):
            Load(where, ROUTES[0], questions).run(process, max(askers), requests // 2)  # which opens connections
            for number in askers:
                time.sleep(_TOLD)
                before = _figure(direct, _DONE)
                row = Load(where, ROUTES[0], questions).run(process, number, requests)
                time.sleep(_TOLD)
                transactions = (_figure(direct, _DONE) - before) / max(requests - row["refused"], 1)
                say(f"{name}, {number} askers: {row['throughput']:.0f} answers a second")
                yield {**row, "way": name, "transactions": transactions, "connections": _figure(direct, _OPEN)}


def _figure(address: str, query: str) -> int:
    """A number that the database says of itself."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0

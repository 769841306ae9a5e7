"""A shard that does not answer: where the coordinator allows it, the others answer without it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from psycopg import sql

from index.errors import Unavailable
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.joined import sharding
from index.stores.postgresql.pool import Connection

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PATH = "SELECT current_setting('search_path')"
_ALLOWED = "SELECT to_regnamespace(%s) IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Reached:
    """The connections that read a collection, and which of its shards they leave out: its number and that of all."""

    connections: Connections
    missing: int = 0
    shards: int = 0


class Reach:
    """Reader of a collection, of all of it or of all but one shard, as is possible now; threads may share it."""

    def __init__(self, whole: Connections) -> None:
        self._whole = whole
        self._now = Reached(whole)

    def read(self, work: Callable[[Reached], T]) -> T:
        """The result of `work` with what can be read. Raises Unavailable like `Connections.read`."""
        now = self._now
        if now.missing and self._answers(now.missing):
            _log.warning("shard %d of %d of %s answers again", now.missing, now.shards, self._whole)
            now = self._now = Reached(self._whole)
        try:
            return work(now)
        except Unavailable:
            if now.missing or (around := self._around()) is None:
                raise
        self._now = around
        text = "shard %d of %d of %s does not answer. Its articles are missing meanwhile"
        _log.warning(text, around.missing, around.shards, self._whole)
        return work(around)

    def _around(self) -> Reached | None:
        """The way past the shard that does not answer, None where there is none. Raises Unavailable."""

        def looked(connection: Connection) -> tuple[int, bool, str]:
            shards = len(sharding.shards_of(connection))
            allowed = connection.execute(_ALLOWED, [sharding.past(1)]).fetchone() == (True,)
            ((path,),) = connection.execute(_PATH)
            return shards, allowed, str(path)

        shards, allowed, path = self._whole.read(looked, patience=0)
        silent = [number for number in range(1, shards + 1) if allowed and not self._answers(number)]
        if len(silent) != 1:
            return None
        return Reached(self._whole.past(sharding.past(silent[0]), path), silent[0], shards)

    def _answers(self, number: int) -> bool:
        """Whether a shard sends a row, or says that it has none."""
        asked = sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(sharding.passages_of(number)))
        try:
            self._whole.read(lambda connection: connection.execute(asked).fetchall(), patience=0)
        except Unavailable:
            return False
        return True

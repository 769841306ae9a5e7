"""The thread of a process that writes the log: many changes a transaction, and again after a failure."""

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.log import database

PATIENCE = 2.0  # seconds that a change may take to be on disk
WAITING = 1_000  # changes that wait for the disk
_AT_ONCE = 200  # changes of a transaction
_SWEPT = 3_600.0  # seconds between two removals of old lines
_PAUSE, _LONGEST = 0.5, 30.0  # seconds until the next try after a failure: at first, and at most
_log = logging.getLogger(__name__)

Statement = tuple[str, Sequence[str | int | None]]


class NotKept(Exception):
    """The log takes nothing just now."""


@dataclass(frozen=True, slots=True)
class Change:
    """Statements with their values, of which further ones run only if the first changed a row, which `done` tells.

    A `lasting` change is tried again after a failure, any other is given up.
    """

    statements: tuple[Statement, ...] = ()
    lasting: bool = False
    done: "Future[bool]" = field(default_factory=Future)

    def run(self, connection: sqlite3.Connection) -> bool:
        """Whether the first statement changed a row, after all have run."""
        for number, (statement, values) in enumerate(self.statements):
            if not connection.execute(statement, values).rowcount and not number:
                return False
        return True


class Writer:
    """The one writer of this process, to a file that other processes write, too. Old lines are removed after `days`.

    No trouble of the disk raises or waits in `submit`.
    """

    def __init__(self, path: Path, days: int) -> None:
        self._path, self._days = path, days
        self._changes: queue.Queue[Change] = queue.Queue(WAITING)
        self._batch: list[Change] = []
        self._failures, self._lost, self._due, self._pause = 0, 0, 0.0, _PAUSE
        self._starting, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._write_for_ever, name="question log", daemon=True)

    def start(self) -> None:
        """Begin, unless that was done: old lines are removed now and every hour."""
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    def submit(self, change: Change) -> None:
        """Have a change written. Raises NotKept at once where too many wait."""
        self.start()
        try:
            self._changes.put_nowait(change)
        except queue.Full:
            self._lost += change.lasting
            raise NotKept from None

    def written(self, change: Change, seconds: float = PATIENCE) -> bool:
        """Whether a change has changed a row, once it is on disk. Raises NotKept if it cannot be, or takes longer."""
        self.start()
        try:
            self._changes.put(change, timeout=seconds)
            return change.done.result(seconds)
        except (queue.Full, TooLate):
            change.done.cancel()  # whoever is told so may try again
            raise NotKept from None

    def close(self) -> None:
        """End, after what waits is written as far as the disk takes it within seconds."""
        if self._thread.ident is None or self._ended.is_set():
            return
        with suppress(NotKept):
            self.written(Change())
        self._ended.set()
        with suppress(NotKept):
            self.submit(Change())  # wakes the thread
        self._thread.join(PATIENCE)

    def _write_for_ever(self) -> None:
        while not self._ended.is_set():
            try:
                with closing(database.write_to(self._path)) as connection:
                    self._write_to(connection)
            except (sqlite3.Error, OSError) as error:
                self._fail(error)

    def _write_to(self, connection: sqlite3.Connection) -> None:
        """Write what comes until the end, or until the file is another one."""
        opened = self._path.stat().st_ino
        while not self._ended.is_set():
            self._batch = self._batch or self._next()
            if self._path.stat().st_ino != opened:
                return
            self._write(connection)
            if time.monotonic() >= self._due:
                database.remove_old(connection, self._days)
                self._due = time.monotonic() + _SWEPT

    def _next(self) -> list[Change]:
        """All that waits; waits itself for the first change, or until old lines are to be removed."""
        changes: list[Change] = []
        try:
            changes.append(self._changes.get(timeout=max(self._due - time.monotonic(), 0)))
            while len(changes) < _AT_ONCE:
                changes.append(self._changes.get_nowait())
        except queue.Empty:
            pass
        return [change for change in changes if change.done.set_running_or_notify_cancel()]

    def _write(self, connection: sqlite3.Connection) -> None:
        if not self._batch:
            return
        with database.transaction(connection):
            results = [change.run(connection) for change in self._batch]
        for change, result in zip(self._batch, results, strict=True):
            change.done.set_result(result)
        self._batch = []
        if self._failures > 1 or self._lost:
            _log.warning("the question log is written again; %d questions were not kept", self._lost)
        self._failures, self._lost, self._pause = 0, 0, _PAUSE

    def _fail(self, error: Exception) -> None:
        """Give up what cannot wait, and wait before the next try."""
        self._failures += 1
        if self._failures == 2:  # once is a moment of another process
            _log.error(
                "the question log %s cannot be written: %s. Questions are answered, and %d wait to be kept. "
                "If the file is damaged, move it away",
                self._path,
                error,
                WAITING,
            )
        for change in self._batch:
            if not change.lasting:
                change.done.set_exception(NotKept())
        self._batch = [change for change in self._batch if change.lasting]
        self._ended.wait(self._pause)
        self._pause = min(2 * self._pause, _LONGEST)

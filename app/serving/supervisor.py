"""Supervisor of the worker processes of one socket: starts, restarts and ends them.

uvicorn's own supervisor does not report when its workers are ready, restarts a dead one at once and
for ever, and ends all of them if one cannot be restarted.
"""

import contextlib
import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from app.serving.json_log import log_as_json
from app.serving.worker import READY, Work, begin, work
from app.settings import Settings
from app.watch import Watching
from index.errors import UserError

_STEP = 0.2  # seconds between two checks of the watcher
_PAUSE, _LONGEST = 1.0, 60.0  # seconds until a dead worker is restarted: at first, and at most
_GRACE = 30.0  # seconds that workers have to end
_LAST = 1.0  # the same, for a worker that has closed its pipe or reported its failure
_log = logging.getLogger(__name__)
_spawning = multiprocessing.get_context("spawn")  # a fork would share the locks of this process's threads


class WorkerFailed(UserError):
    """A worker could not begin to serve."""


@dataclass(slots=True)
class _Worker:
    """A process, the pipe to it, its start time, and the state of the watcher last sent to it."""

    process: SpawnProcess
    pipe: Connection
    began: float
    ready: bool = False
    sent: tuple[str, str] | None = None

    def end(self, seconds: float) -> None:
        """Wait this long for the end of the process, then kill it."""
        self.process.join(seconds)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


class Workers:
    """The workers of a socket. `work` is the function of each; a dead one is restarted after `pause` at first."""

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        watcher: Watching | None = None,
        work: Work = work,
        pause: float = _PAUSE,
    ) -> None:
        arguments = work, replace(settings, index=Settings().index), settings.index.argument(), listener
        self._begin = partial(begin, *arguments, watched=watcher is not None)
        self._count, self._watcher, self._pause = settings.workers, watcher, pause
        self._running: dict[int, _Worker] = {}
        self._due: dict[int, float] = {}  # the restart times of the dead workers
        self._pauses = dict.fromkeys(range(self._count), pause)

    def __enter__(self) -> "Workers":
        """Start all. Raises WorkerFailed if one cannot begin to serve."""
        try:
            for number in range(self._count):
                self._start(number)
            while not all(worker.ready for worker in self._running.values()):
                self._receive(self._failed)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End all; each finishes its current answers."""
        for worker in self._running.values():
            worker.process.terminate()
        end = time.monotonic() + _GRACE
        for worker in self._running.values():
            worker.end(max(end - time.monotonic(), 0))
        self._running.clear()

    @property
    def processes(self) -> list[int]:
        """The process ids of the workers that can answer."""
        return [worker.process.pid or 0 for worker in self._running.values() if worker.ready]

    def tend(self) -> None:
        """Restart the workers that are due, send all the state of the watcher, and handle those that have ended."""
        for number in [number for number, due in self._due.items() if due <= time.monotonic()]:
            del self._due[number]
            try:
                self._start(number)
            except OSError as error:  # no room for another process; the running ones go on
                self._died(number, str(error))
        if self._watcher:
            self._send((self._watcher.state, self._watcher.reason))
        self._receive(self._died)

    def _start(self, number: int) -> None:
        ours, theirs = _spawning.Pipe()
        process = _spawning.Process(target=self._begin, args=(theirs,))
        # Ctrl-C goes to all processes of a terminal; workers do not receive it, as the supervisor ends them in order.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        theirs.close()
        self._running[number] = _Worker(process, ours, time.monotonic())

    def _receive(self, on_end: Callable[[int, str], None]) -> None:
        """Receive messages of workers for a moment; `on_end` is called with each that ends and the reason."""
        ready = wait([worker.pipe for worker in self._running.values()], _STEP)
        for number, worker in [item for item in self._running.items() if item[1].pipe in ready]:
            try:
                message = worker.pipe.recv()
            except (EOFError, OSError):
                message = None
            if message == READY:
                worker.ready = True
                continue
            del self._running[number]
            worker.end(_LAST)
            if time.monotonic() - worker.began > _LONGEST:
                self._pauses[number] = self._pause
            on_end(number, message or f"it ended with exit code {worker.process.exitcode}")

    def _failed(self, number: int, reason: str) -> None:
        raise WorkerFailed(f"worker {number + 1} of {self._count} cannot serve: {reason}")

    def _died(self, number: int, reason: str) -> None:
        pause = self._pauses[number]
        _log.error("worker %d is started again in %g s: %s", number + 1, pause, reason)
        self._due[number] = time.monotonic() + pause
        self._pauses[number] = min(2 * pause, _LONGEST)

    def _send(self, state: tuple[str, str]) -> None:
        for worker in self._running.values():
            if worker.ready and worker.sent != state:
                worker.sent = state
                with contextlib.suppress(OSError):  # the worker is ending, which `_receive` handles
                    worker.pipe.send(state)


def serve_by_many(
    listener: socket.socket, settings: Settings, ready: Callable[[], None], watcher: Watching | None = None
) -> None:
    """Serve with `settings.workers` processes until interrupted; `ready` is called once all can answer.

    Raises WorkerFailed.
    """
    if settings.log_format == "json":
        log_as_json()
    with Workers(settings, listener, watcher) as workers:
        ready()
        while True:
            workers.tend()

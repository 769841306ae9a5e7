"""Many processes that serve on one socket: started together, started again where one dies, ended together.

uvicorn's own supervisor tells nobody when its workers are ready, restarts one that dies at once and
for ever, and ends them all where one cannot start again.
"""

import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from app.serving.listener import address_of, listen
from app.serving.worker import READY, Task, Work, work
from app.settings import Settings
from app.watch import Watcher
from index.errors import UserError

_STEP = 0.2  # seconds between looks at the watching
_PAUSE, _LONGEST = 1.0, 60.0  # seconds until a worker that died is started again: the first time, and at most
_GRACE = 30.0  # seconds to end in
_LEFT = 1.0  # and for one that has said its last word already
_log = logging.getLogger(__name__)
_spawning = multiprocessing.get_context("spawn")  # a fork would share the locks of this process's threads


class WorkerFailed(UserError):
    """A worker could not begin to serve."""


@dataclass(slots=True)
class _Worker:
    """A process, the pipe to it, since when it runs, and what it was told of the watching."""

    process: SpawnProcess
    talk: Connection
    began: float
    ready: bool = False
    told: tuple[str, str] | None = None

    def ended(self, seconds: float) -> None:
        """Wait until it has ended, which it is made to do after so long."""
        self.process.join(seconds)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.talk.close()


class Workers:
    """The processes of one socket. `work` is what each does; `pause` is how long one that dies is first left alone."""

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        watcher: Watcher | None = None,
        work: Work = work,
        pause: float = _PAUSE,
    ) -> None:
        self._task = Task.of(work, settings, watched=watcher is not None)
        self._listener, self._watcher, self._pause = listener, watcher, pause
        self._running: dict[int, _Worker] = {}
        self._due: dict[int, float] = {}  # when those are started that do not run
        self._pauses = dict.fromkeys(range(settings.workers), pause)

    def __enter__(self) -> "Workers":
        """Start all. Raises WorkerFailed where one cannot begin to serve."""
        try:
            for number in range(self._task.settings.workers):
                self._start(number)
            while not all(worker.ready for worker in self._running.values()):
                self._hear(self._failed)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End all: each finishes the answers that it is giving."""
        for worker in self._running.values():
            worker.process.terminate()
        end = time.monotonic() + _GRACE
        for worker in self._running.values():
            worker.ended(max(end - time.monotonic(), 0))
        self._running.clear()

    @property
    def processes(self) -> list[int]:
        """The ids of those that run and can answer."""
        return [worker.process.pid or 0 for worker in self._running.values() if worker.ready]

    def tend(self) -> None:
        """A moment of care: start those whose time has come, tell all how the watching goes, hear who has ended."""
        for number in [number for number, due in self._due.items() if due <= time.monotonic()]:
            del self._due[number]
            try:
                self._start(number)
            except OSError as error:  # no room for another process: those that run go on
                self._died(number, str(error))
        if self._watcher:
            self._tell((self._watcher.state, self._watcher.reason))
        self._hear(self._died)

    def _start(self, number: int) -> None:
        ours, theirs = _spawning.Pipe()
        process = _spawning.Process(target=self._task.begin, args=(self._listener, theirs))
        with _deaf_to_the_keyboard():
            process.start()
        theirs.close()
        self._running[number] = _Worker(process, ours, time.monotonic())

    def _hear(self, ended: Callable[[int, str], None]) -> None:
        """Take what workers say within a moment; of one that ends `ended` is told why."""
        talking = {worker.talk: number for number, worker in self._running.items()}
        for talk in wait(list(talking), _STEP):
            number = talking[talk]  # type: ignore[index]  # only pipes are waited for
            worker = self._running[number]
            try:
                said = worker.talk.recv()
            except (EOFError, OSError):
                said = None
            if said == READY:
                worker.ready = True
                continue
            del self._running[number]
            worker.ended(_LEFT)
            if time.monotonic() - worker.began > _LONGEST:
                self._pauses[number] = self._pause
            ended(number, said or f"it ended with exit code {worker.process.exitcode}")

    def _failed(self, number: int, reason: str) -> None:
        raise WorkerFailed(f"worker {number + 1} of {self._task.settings.workers} cannot serve: {reason}")

    def _died(self, number: int, reason: str) -> None:
        pause = self._pauses[number]
        _log.error("worker %d is started again in %g s: %s", number + 1, pause, reason)
        self._due[number] = time.monotonic() + pause
        self._pauses[number] = min(2 * pause, _LONGEST)

    def _tell(self, state: tuple[str, str]) -> None:
        for worker in self._running.values():
            if worker.ready and worker.told != state:
                worker.told = state
                try:
                    worker.talk.send(state)
                except OSError:  # it is ending: that is heard next
                    continue


def serve_by_many(settings: Settings, announce: Callable[[str], None], watcher: Watcher | None = None) -> None:
    """Serve by as many processes as set until interrupted; `announce` is given the address once all can answer.

    Raises BadSetting where the address cannot be listened on, and WorkerFailed.
    """
    with listen(settings) as listener, Workers(settings, listener, watcher) as workers:
        announce(address_of(settings, listener))
        while True:
            workers.tend()


@contextmanager
def _deaf_to_the_keyboard() -> Iterator[None]:
    """A process started here never hears Ctrl-C, which goes to a terminal's whole group: this one ends it in order."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

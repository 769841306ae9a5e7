"""The folder of articles watched: whatever changes there is in the index soon after."""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from watchfiles import watch

_SWEEP_SECONDS = 60.0  # a build is tried this often even where no change was told: events can be lost
_REST = 20  # how many times as long as a build took nothing is swept
_STEP_MS = 500  # how long changes are gathered before they count as one
_STEP_SECONDS = 5.0  # how long to sleep without a change before the folder itself is looked at
_log = logging.getLogger(__name__)


class Watcher:
    """Builds the index again, in a process of its own, after each change below the folder.

    `state` is `current`, `building` or `failed`: then `reason` holds the build's own words. A
    context manager that watches while it is open.
    """

    def __init__(self, folder: Path, root: Path, sweep_seconds: float = _SWEEP_SECONDS) -> None:
        self._folder = folder
        self._root = root
        self._sweep_seconds = sweep_seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._next_sweep = 0.0
        self.state = "current"
        self.reason = ""

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        """One build at the start, for what changed while nobody watched, and one after each change."""
        while not self._end.is_set():
            try:
                self._build()
                self._follow()
            except OSError as error:  # the folder is away: a share that is not mounted, or one being replaced
                self._fail(f"{self._folder} cannot be watched: {error}")
                self._end.wait(self._sweep_seconds)

    def _follow(self) -> None:
        changes = watch(
            self._folder,
            step=_STEP_MS,
            rust_timeout=int(min(self._sweep_seconds, _STEP_SECONDS) * 1000),
            yield_on_timeout=True,
            stop_event=self._end,
            raise_interrupt=False,
        )
        for change in changes:
            if not self._folder.is_dir():
                raise FileNotFoundError(f"{self._folder} does not exist")
            if change or time.monotonic() > self._next_sweep:
                self._build()

    def _build(self) -> None:
        """One build, which writes nothing where nothing has changed; it is stopped when the watching ends."""
        self.state, began = "building", time.monotonic()
        command = [sys.executable, "-m", "index", "build", str(self._folder), "--index", str(self._root)]
        with subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--skip-bad-files", "--wait", "600"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            said = self._wait(process)
        # A large folder takes long to read: most of the time must be left to answers.
        self._next_sweep = time.monotonic() + max(self._sweep_seconds, _REST * (time.monotonic() - began))
        if process.returncode and not self._end.is_set():
            self._fail(said or f"the build ended with {process.returncode}")
        else:
            self.state, self.reason = "current", ""

    def _wait(self, process: subprocess.Popen[str]) -> str:
        """The last line that the build said, once it has ended."""
        while True:
            try:
                _, said = process.communicate(timeout=0.2)
                return said.strip().rpartition("\n")[2]
            except subprocess.TimeoutExpired:
                if self._end.is_set():
                    process.terminate()

    def _fail(self, reason: str) -> None:
        if reason != self.reason:
            _log.error("the index was not built again: %s", reason)
        self.state, self.reason = "failed", reason

"""The folder of articles watched: whatever changes there is in the index soon after."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from watchfiles import watch

from index.errors import UserError
from index.reading.access import FILE as GROUPS
from index.stores.address import LocationLike, open_location
from index.stores.location import Location

_SWEEP_SECONDS = 60.0  # a build is tried this often even where no change was told: events can be lost
_REST = 20  # how many times as long as a build took nothing is swept
_STEP_MS = 500  # how long changes are gathered before they count as one
_STEP_SECONDS = 1.0  # how long to sleep without a change before the folder itself is looked at
_log = logging.getLogger(__name__)


def build_command(folder: Path, location: Location) -> tuple[list[str], Mapping[str, str]]:
    """The command that builds the index of a folder again, with the encoder and the limit of what is live there.

    And the variables that it needs besides those of this process. Raises as `Location.open` does.
    """
    manifest = location.open().manifest
    identity, (argument, variables) = manifest.identity, location.argument()
    prefixes = [f"--question-prefix={identity.question_prefix}", f"--passage-prefix={identity.passage_prefix}"]
    command = [sys.executable, "-m", "index", "build", str(folder), f"--index={argument}", f"--model={identity.model}"]
    options = [f"--max-file-mb={manifest.max_file_bytes / 1e6}", "--skip-bad-files", "--wait=600"]
    return [*command, *prefixes, *options], variables


@dataclass(slots=True)
class Watched:
    """What a watcher in another process last said: its `state`, and the `reason` of one that failed."""

    state: str = "current"
    reason: str = ""


class Watcher:
    """Builds the index again, in a process of its own, after each change below the folder.

    `state` is `current`, `building` or `failed`: then `reason` holds the build's own words. A
    context manager that watches while it is open. `command` gives the build's command for folder
    and index, with the variables it needs.
    """

    def __init__(
        self,
        folder: Path,
        where: LocationLike,
        sweep_seconds: float = _SWEEP_SECONDS,
        command: Callable[[Path, Location], tuple[list[str], Mapping[str, str]]] = build_command,
    ) -> None:
        self._folder = folder.absolute()
        self._location = open_location(where)
        self._sweep_seconds = sweep_seconds
        self._command = command
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._next_sweep = 0.0  # at once, for what changed while nobody watched
        self.state = "current"
        self.reason = ""

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self._follow()
            except (OSError, RuntimeError) as error:  # RuntimeError: how watchfiles gives up
                # A share that is not mounted, a folder being replaced, or more folders than the system watches.
                self._fail(f"{self._folder} cannot be watched: {error}")
                if not os.path.isdir(self._folder):
                    self._next_sweep = 0.0
                elif time.monotonic() > self._next_sweep:
                    self._build()
                self._end.wait(_STEP_SECONDS)

    def _follow(self) -> None:
        """Build after each change, and now and then without one, until another folder stands in the place of this."""
        watched = _place(self._folder)
        changes = watch(
            self._folder,
            watch_filter=None,
            step=_STEP_MS,
            rust_timeout=int(min(self._sweep_seconds, _STEP_SECONDS) * 1000),
            yield_on_timeout=True,
            stop_event=self._end,
            raise_interrupt=False,
        )
        for changed in changes:
            paths = {Path(path) for _, path in changed}
            if _place(self._folder) != watched or self._folder in paths:  # moved or removed, and back by now
                self._next_sweep = 0.0
                return
            if any(self._counts(path) for path in paths) or time.monotonic() > self._next_sweep:
                self._build()

    def _counts(self, path: Path) -> bool:
        """Whether a build reads what lies there: neither the index itself nor hidden files but those of groups."""
        parts = path.relative_to(self._folder).parts
        hidden = any(part.startswith(".") for part in (parts[:-1] if parts[-1:] == (GROUPS,) else parts))
        return not hidden and not path.is_relative_to(self._location.argument()[0])

    def _build(self) -> None:
        """One build, which writes nothing where nothing has changed; it is stopped when the watching ends."""
        self.state, began = "building", time.monotonic()
        try:
            command, variables = self._command(self._folder, self._location)
        except UserError as error:
            self._next_sweep = began + self._sweep_seconds
            self._fail(str(error))
            return
        with subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **variables},
            process_group=0,  # a Ctrl-C is the application's; it then ends the build
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


Watching: TypeAlias = Watcher | Watched
"""Whatever can tell how the watching goes."""


def _place(folder: Path) -> tuple[int, int]:
    """What tells a folder from another one of the same name."""
    entry = folder.stat()
    return entry.st_dev, entry.st_ino

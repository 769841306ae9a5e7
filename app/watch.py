"""Watcher of the folders of articles: the index is built again soon after each change."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from watchfiles import watch

from index.errors import UserError
from index.reading.access import FILE as GROUPS
from index.reading.places.folders import Where, each, where_of
from index.reading.places.mirror import is_mirror, origins
from index.reading.synonyms import FILE as SYNONYMS
from index.reading.walk import IGNORE
from index.stores.address import LocationLike, open_location
from index.stores.location import Location

_SWEEP_SECONDS = 60.0  # until the next build even without a change, as events can be lost
_REST = 20  # a sweep waits this many times as long as the last build took
_SITE_MINUTES = 60  # between visits to a site
_STEP_MS = 500  # for gathering changes into a single build
_STEP_SECONDS = 1.0  # between checks of the folder itself
_log = logging.getLogger(__name__)


def build_command(where: Where, location: Location) -> tuple[list[str], Mapping[str, str]]:
    """The command that builds the index of one or more folders again, as the live build was built.

    Also the variables that it needs besides those of this process. Raises as `Location.open` does.
    """
    manifest = location.open().manifest
    identity, (argument, variables) = manifest.identity, location.argument()
    prefixes = [f"--question-prefix={identity.question_prefix}", f"--passage-prefix={identity.passage_prefix}"]
    command = [
        sys.executable,
        "-m",
        "index",
        "build",
        *origins(each(where)),
        f"--index={argument}",
        f"--model={identity.model}",
    ]
    options = [f"--max-file-mb={manifest.max_file_bytes / 1e6}", "--skip-bad-files", "--wait=600"]
    programs = manifest.programs
    options += ["--libreoffice"] * programs.libreoffice + [f"--ocr={programs.ocr}"] * bool(programs.ocr)
    options.append(f"--max-age={_SITE_MINUTES}")
    return [*command, *prefixes, *options], variables


@dataclass
class Watching:
    """The state of a watcher: `current`, `building` or `failed`, then with the `reason`."""

    state: str = "current"
    reason: str = ""


class Watcher(Watching):
    """Builds the index again in a separate process after each change below a folder.

    A context manager that watches while it is open. After a failed build `reason` is the last line
    of its stderr. `command` gives the build's command for folders and index, with the variables it needs.
    """

    def __init__(
        self,
        where: Where,
        index: LocationLike,
        sweep_seconds: float = _SWEEP_SECONDS,
        command: Callable[[Where, Location], tuple[list[str], Mapping[str, str]]] = build_command,
    ) -> None:
        super().__init__()
        self._folders = [folder.absolute() for folder in each(where)]
        self._location = open_location(index)
        self._sweep_seconds = sweep_seconds
        self._command = command
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._next_sweep = 0.0  # at once, for earlier changes

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
            except (OSError, RuntimeError) as error:  # watchfiles raises RuntimeError
                # A share is not mounted, a folder is being replaced, or the system cannot watch so many folders.
                self._fail(f"{' and '.join(map(str, self._folders))} cannot be watched: {error}")
                if not all(map(os.path.isdir, self._folders)):
                    self._next_sweep = 0.0
                elif time.monotonic() > self._next_sweep:
                    self._build()
                self._end.wait(_STEP_SECONDS)

    def _follow(self) -> None:
        """Build after each change and at each sweep, until a folder is replaced by another one."""
        inodes = list(map(_inode, self._folders))
        changes = watch(
            *self._folders,
            watch_filter=None,
            step=_STEP_MS,
            rust_timeout=int(min(self._sweep_seconds, _STEP_SECONDS) * 1000),
            yield_on_timeout=True,
            stop_event=self._end,
            raise_interrupt=False,
        )
        for changed in changes:
            paths = {Path(path) for _, path in changed}
            if list(map(_inode, self._folders)) != inodes or paths & set(
                self._folders
            ):  # moved or removed, and back by now
                self._next_sweep = 0.0
                return
            if any(self._counts(path) for path in paths) or time.monotonic() > self._next_sweep:
                self._build()

    def _counts(self, path: Path) -> bool:
        """Whether a build reads this path: not in the index, nor hidden but for the files of the owner."""
        folder = next(folder for folder in self._folders if path.is_relative_to(folder))
        if is_mirror(folder):  # a build writes it
            return False
        parts = path.relative_to(folder).parts
        if parts in {(SYNONYMS,), (IGNORE,)}:
            return True
        hidden = any(part.startswith(".") for part in (parts[:-1] if parts[-1:] == (GROUPS,) else parts))
        return not hidden and not path.is_relative_to(self._location.argument()[0])

    def _build(self) -> None:
        """Run a build, which writes nothing without changes; it is stopped when the watching ends."""
        self.state, began = "building", time.monotonic()
        try:
            command, variables = self._command(where_of(self._folders), self._location)
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
            process_group=0,  # Ctrl-C goes to the application, which then ends the build
        ) as process:
            last_line = self._wait(process)
        # A large folder takes long to read, and answers need most of the time.
        self._next_sweep = time.monotonic() + max(self._sweep_seconds, _REST * (time.monotonic() - began))
        if process.returncode and not self._end.is_set():
            self._fail(last_line or f"the build ended with {process.returncode}")
        else:
            self.state, self.reason = "current", ""

    def _wait(self, process: subprocess.Popen[str]) -> str:
        """The last line of the build's stderr, once it has ended."""
        while True:
            try:
                return process.communicate(timeout=0.2)[1].strip().rpartition("\n")[2]
            except subprocess.TimeoutExpired:
                if self._end.is_set():
                    process.terminate()

    def _fail(self, reason: str) -> None:
        if reason != self.reason:
            _log.error("the index was not built again: %s", reason)
        self.state, self.reason = "failed", reason


def _inode(folder: Path) -> tuple[int, int]:
    """The identity of a folder, which another folder of the same name does not have."""
    entry = folder.stat()
    return entry.st_dev, entry.st_ino

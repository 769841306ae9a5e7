"""Days of the last commits of a folder's files, where it is in the work tree of a git repository."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from threading import Timer

from index.errors import BadArticle
from index.reading.files import ANY_SIZE, file_bytes

_SECONDS, _MOST_BYTES = 30.0, 100_000_000  # of the log
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME")  # variables; others could lead git to another repository
# A repository may come from anybody: no setting of it starts a program or reaches a remote.
_SAFE = ("core.fsmonitor=", "core.hooksPath=/dev/null", "log.showSignature=false", "protocol.allow=never")
_LOG = "log --no-renames --raw --no-abbrev -z --relative --root --no-ext-diff --format=%x01%cs%x02%p -- ."
_SHALLOW = "a shallow clone: articles without a date that changed before its first commit get none. Fetch the history"
_FOREIGN = "git reads no repository of another user. Allow it: git config --global --add safe.directory FOLDER"


class Commits:
    """The history of a folder; git runs when a day is first asked for. Without git or a repository there are no days.

    `note` is a reason why days are missing, empty if none is known.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._days: dict[str, str] = {}  # a file may hold many articles
        self.note = ""

    def day(self, name: str) -> str:
        """The day (YYYY-MM-DD) of the last commit of the file at this path; empty if it has changed since."""
        if name not in self._days:
            self._days[name] = self._day(name)
        return self._days[name]

    def _day(self, name: str) -> str:
        day, blob = self._last.get(name, ("", ""))
        if not day:
            return ""
        try:
            raw = file_bytes(self._folder / name, ANY_SIZE)
        except BadArticle:
            return ""
        content = b"blob %d\0%b" % (len(raw), raw)
        digest = hashlib.sha256(content) if len(blob) == 64 else hashlib.sha1(content, usedforsecurity=False)
        return day if digest.hexdigest() == blob else ""

    @cached_property
    def _last(self) -> dict[str, tuple[str, str]]:
        """The day and content hash of each file's last commit."""
        above = self._folder.resolve()
        if not any(os.path.lexists(parent / ".git") for parent in (above, *above.parents)) or not shutil.which("git"):
            return {}
        shallow, said = self._git("rev-parse --is-shallow-repository")
        if b"dubious ownership" in said:
            self.note = _FOREIGN
        is_shallow = shallow.strip() == b"true"
        last = dict[str, tuple[str, str]]()
        for name, day, blob, is_first in _changes(self._git(_LOG)[0]) if shallow else ():
            if is_shallow and is_first:  # holds all that was there before
                self.note = _SHALLOW
                last.setdefault(name, ("", ""))
            last.setdefault(name, (day, blob))
        return last

    def _git(self, command: str) -> tuple[bytes, bytes]:
        """The output of a git command and its errors; cut if it is too long or takes too long."""
        safe = [part for setting in _SAFE for part in ("-c", setting)]
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        with subprocess.Popen(  # noqa: S603 - a fixed command
            ["git", "-C", str(self._folder), "--no-pager", *safe, *command.split()],  # noqa: S607 - the user's git
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
        ) as process:
            timer = Timer(_SECONDS, process.kill)
            timer.start()
            try:
                output = process.stdout.read(_MOST_BYTES) if process.stdout else b""
                process.kill()
                return output, process.stderr.read(10_000) if process.stderr else b""
            finally:
                timer.cancel()


def _changes(log: bytes) -> Iterator[tuple[str, str, str, bool]]:
    """Each file of each commit, newest first: path, day, content hash, and whether the commit has no parent."""
    day, is_first = "", False
    parts = iter(log.split(b"\0")[:-1])  # what follows the last sign is cut
    for part in parts:
        if part.startswith(b"\1"):
            written, _, parents = part[1:].partition(b"\2")
            day, is_first = written.decode("ascii"), not parents
        elif (fields := part.lstrip(b"\n").split(b" "))[0].startswith(b":"):
            yield os.fsdecode(next(parts, b"")), day, fields[3].decode("ascii"), is_first

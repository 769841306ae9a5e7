"""Trials on disk, where all workers find them: each a folder named by the hash of its token, until a given time."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.settings import Settings
from index.errors import UserError

LIFETIME = 3600.0  # seconds from the beginning of the indexing
_UNUSED = 600.0  # seconds that a trial waits for its files, and for the indexing to begin
MOST_TRIALS = 8  # at once
MOST_FILES = 20  # of a trial
MOST_BYTES = 30_000_000  # of all files of a trial
_LEAST_FREE = 500_000_000  # bytes of the disk that no trial takes

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_UNTIL, _STATUS, _LOCK, _PARTIAL = "until", "status.json", "lock", "partial"
_FINAL = ("ready", "failed")


class TrialGone(UserError):
    """There is no such trial, or its time is over."""

    def __init__(self) -> None:
        super().__init__("these files are not here any more. Upload them again")


class Refused(UserError):
    """A trial or a file that is not taken; `kind` names the limit."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the upload is refused: {kind}")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Trial:
    """A visitor's files and their index, which are there until a time in seconds since 1970."""

    folder: Path
    until: float

    @property
    def files(self) -> Path:
        """The folder of the files as they were uploaded."""
        return self.folder / "files"

    @property
    def index(self) -> Path:
        """The folder of builds."""
        return self.folder / "index"

    @property
    def names(self) -> list[str]:
        """The names of the files. Raises TrialGone if the trial was deleted meanwhile."""
        return sorted(self._sizes())

    def bytes(self) -> int:
        """The size of all files. Raises TrialGone as `names` does."""
        return sum(self._sizes().values())

    def _sizes(self) -> dict[str, int]:
        try:
            return {path.name: path.stat().st_size for path in self.files.iterdir()}
        except FileNotFoundError:
            raise TrialGone from None

    @contextmanager
    def added(self, name: str) -> Iterator[BinaryIO]:
        """A file to write to, which is one of the files once it is written. One at a time.

        Raises Refused, or TrialGone if the trial was deleted meanwhile.
        """
        path = self.folder / _PARTIAL
        if self.status()["state"] != "new":
            raise Refused("busy")
        if len(self.names) >= MOST_FILES:
            raise Refused("files")
        try:
            file = path.open("xb")
            try:
                with file:
                    yield file
                path.rename(self.files / self._free(safe_name(name)))
            finally:
                path.unlink(missing_ok=True)
        except FileExistsError:
            raise Refused("busy") from None
        except FileNotFoundError:
            raise TrialGone from None

    def _free(self, name: str) -> str:
        stem, suffix = os.path.splitext(name)
        names = (name, *(f"{stem} ({number}){suffix}" for number in range(2, MOST_FILES + 2)))
        return next(name for name in names if not (self.files / name).exists())

    def hold(self) -> BinaryIO | None:
        """The lock of whoever indexes the trial, held until it is closed; None while another has it."""
        try:
            lock = (self.folder / _LOCK).open("ab")
        except FileNotFoundError:
            raise TrialGone from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock

    def extend(self) -> None:
        """Let the trial's time begin anew."""
        _write(self.folder / _UNTIL, str(time.time() + LIFETIME))

    def note(self, status: dict[str, Any]) -> None:
        """Write how far the indexing is. Raises TrialGone if the trial was deleted meanwhile."""
        try:
            _write(self.folder / _STATUS, json.dumps(status))
        except FileNotFoundError:
            raise TrialGone from None

    def status(self) -> dict[str, Any]:
        """The progress of the indexing: `state` is new, waiting, reading, encoding, ready or failed."""
        try:
            status: dict[str, Any] = json.loads((self.folder / _STATUS).read_text("utf-8"))
        except OSError:
            return {"state": "new"}
        if status["state"] not in _FINAL and (lock := self.hold()):
            with lock:  # nobody works on it any more: it ended just now, or its worker was killed
                status = json.loads((self.folder / _STATUS).read_text("utf-8"))
                return status if status["state"] in _FINAL else {"state": "failed"}
        return status


class TrialsFolder:
    """All trials of an index on this machine. Tokens are nowhere on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prepare()

    @classmethod
    def of(cls, settings: Settings) -> "TrialsFolder":
        """The folder that all workers of an index share, in the temporary folder of the machine."""
        name = hashlib.sha256(settings.index.argument()[0].encode()).hexdigest()[:16]
        return cls(Path(tempfile.gettempdir()) / f"citewell-{os.getuid()}-{name}")

    def create(self) -> tuple[str, Trial]:
        """A new trial and its token. Raises Refused."""
        self._prepare()  # somebody may have emptied the temporary folder
        self.sweep()
        token = secrets.token_urlsafe(24)
        with self._alone():
            if sum(not path.name.startswith(".") for path in self.root.iterdir()) >= MOST_TRIALS:
                raise Refused("full")
            if shutil.disk_usage(self.root).free < _LEAST_FREE:
                raise Refused("space")
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self.root))
            (fresh / "files").mkdir()
            until = time.time() + _UNUSED
            _write(fresh / _UNTIL, str(until))
            folder = fresh.rename(self.root / _name(token))
        return token, Trial(folder, until)

    def find(self, token: str) -> Trial:
        """The trial behind a token. Raises TrialGone."""
        folder = self.root / _name(token)
        until = _until(folder) if _TOKEN.fullmatch(token) else 0.0
        if until <= time.time():
            self.delete(folder)
            raise TrialGone
        return Trial(folder, until)

    def delete(self, folder: Path) -> None:
        """Remove a trial: nobody finds it from here on, and its files go."""
        with suppress(OSError):
            folder = folder.rename(self.root / f".gone-{secrets.token_hex(8)}")
        shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> None:
        """Remove every trial whose time is over, and what killed workers have left."""
        now = time.time()
        for folder in self.root.iterdir() if self.root.exists() else ():
            with suppress(OSError):
                hidden = folder.name.startswith(".")
                until = folder.stat().st_mtime + _UNUSED if hidden else _until(folder)
                if folder.is_dir() and until <= now:
                    self.delete(folder)

    def _prepare(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.root.lstat()
        if self.root.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise UserError(f"{self.root} is not a private folder of this user: no uploads can be kept. Remove it")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.root / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def safe_name(given: str) -> str:
    """A name for an uploaded file: no path, not hidden, no longer than disks take, with its suffix."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    stem, suffix = os.path.splitext("".join(filter(str.isprintable, last)).strip(" .").removeprefix("~$"))
    return (stem.encode()[:150].decode(errors="ignore") + suffix[:10]).strip(" .") or "file"


def _name(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _until(folder: Path) -> float:
    try:
        return float((folder / _UNTIL).read_text("ascii"))
    except (OSError, ValueError):
        return 0.0


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{secrets.token_hex(4)}")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)

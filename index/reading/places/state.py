"""The state of the files below folders, told by their sizes, times and inodes without reading them."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from index.reading.places.folders import Where, each
from index.reading.walk import is_index

_SETTLED = 2_000_000_000  # nanoseconds after which a change of a file has changed its time as well
_CODE = Path(__file__).parents[2]
_HISTORY = ("HEAD", "logs/HEAD", "packed-refs", "index")  # files of a repository that a commit changes


def files_state(where: Where) -> str | None:
    """A hash that changes with any file below the folders, hidden ones included, and with the code that reads them.

    None where it cannot be relied on: a file has changed within the last seconds, or cannot be looked at.
    """
    now, digest = time.time_ns(), hashlib.sha256()
    try:
        for path in _looked_at(where):
            found = os.stat(path)
            if now - max(found.st_mtime_ns, found.st_ctime_ns) < _SETTLED:
                return None
            digest.update(f"{path}\0{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}\n".encode())
    except (OSError, UnicodeError):
        return None
    return digest.hexdigest()


def _looked_at(where: Where) -> Iterator[str]:
    """The files that decide what a folder says: its own, those of git's history, and our code."""
    for folder in each(where):
        above = folder.resolve()
        for parent in (above, *above.parents):
            history = (parent / ".git" / name for name in _HISTORY)
            yield from (str(path) for path in history if path.exists())
        yield from _files(folder)
    yield from (path for path in _files(_CODE) if path.endswith(".py"))


def _files(folder: Path) -> Iterator[str]:
    """The files below a folder, without those of a repository or of an index, which are no articles."""

    def fail(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if name != ".git" and not is_index(Path(parent, name)))
        yield from (os.path.join(parent, name) for name in sorted(files))

"""Spool for the articles of a folder during a build: an anonymous temporary file keeps them out of memory."""

import mmap
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from index.arrays import Lazy
from index.errors import BadFolder
from index.reading.loader import Reading

_CACHED = 16  # articles


class Spool:
    """Readings on disk. A context manager; the result of `readings` stays usable after it is closed.

    The file is in the folder for temporary files. Raises BadFolder if that is full.
    """

    def __init__(self) -> None:
        with _reporting_full_disk():
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by __exit__
        self._entries: list[tuple[str, int, int]] = []  # article id, and the start and end of the reading in the file
        self._end = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, reading: Reading) -> None:
        """Write a reading to the file. Raises BadFolder if the disk is full."""
        left = memoryview(pickle.dumps(reading))
        self._entries.append((reading.article.id, self._end, self._end + len(left)))
        self._end += len(left)
        with _reporting_full_disk():
            while left:
                left = left[self._file.write(left) :]

    def readings(self) -> "Lazy[Reading]":
        """All readings sorted by article id, read on demand."""
        data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self._end else b""
        entries = sorted(self._entries)

        @lru_cache(_CACHED)
        def reading(row: int) -> Reading:
            _, start, end = entries[row]
            whole: Reading = pickle.loads(data[start:end])  # noqa: S301 - only this process writes the file
            return whole

        return Lazy(len(entries), reading)


@contextmanager
def _reporting_full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadFolder(
            f"the texts of the articles find no room while they are read ({error.strerror}). "
            "Make room for temporary files, or name a folder that has some: TMPDIR=FOLDER"
        ) from error

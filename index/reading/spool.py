"""Spool for the articles of a folder during a build: texts are in an anonymous temporary file, not in memory."""

import json
import mmap
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar, overload

from index.articles.article import Block
from index.errors import BadFolder
from index.reading.loader import Reading

Item = TypeVar("Item")

_CACHED = 16  # articles


@dataclass(frozen=True, slots=True)
class _Entry:
    """A reading without the article's text and blocks, and the bytes of the file with both."""

    reading: Reading
    start: int
    end: int


class Spool:
    """Readings with their texts on disk. A context manager; the result of `readings` stays usable after it is closed.

    The file is in the folder for temporary files. Raises BadFolder if that is full.
    """

    def __init__(self) -> None:
        with _reporting_full_disk():
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by __exit__
        self._entries: list[_Entry] = []
        self._end = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, reading: Reading) -> None:
        """Add a reading; its text is written to the file. Raises BadFolder if the disk is full."""
        article = reading.article
        blocks = [[block.kind, block.start, block.end] for block in article.blocks]
        raw = json.dumps([article.text, blocks], ensure_ascii=False).encode()
        left = memoryview(raw)
        with _reporting_full_disk():
            while left:
                left = left[self._file.write(left) :]
        slim = replace(reading, article=replace(article, text="", blocks=()))
        self._entries.append(_Entry(slim, self._end, self._end + len(raw)))
        self._end += len(raw)

    def readings(self) -> "Lazy[Reading]":
        """All readings sorted by article id; texts are read on demand."""
        data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self._end else b""
        entries = sorted(self._entries, key=lambda entry: entry.reading.article.id)

        @lru_cache(_CACHED)
        def reading(row: int) -> Reading:
            entry = entries[row]
            text, blocks = json.loads(data[entry.start : entry.end])
            whole = replace(entry.reading.article, text=text, blocks=tuple(Block(*block) for block in blocks))
            return replace(entry.reading, article=whole)

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


class Lazy(Sequence[Item], Generic[Item]):
    """A sequence whose items are made on demand."""

    def __init__(self, count: int, item: Callable[[int], Item]) -> None:
        self._count, self._item = count, item

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, row: int) -> Item: ...
    @overload
    def __getitem__(self, row: slice) -> list[Item]: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return [self._item(each) for each in range(*row.indices(self._count))]
        return self._item(range(self._count)[row])

    def __iter__(self) -> Iterator[Item]:
        return map(self._item, range(self._count))

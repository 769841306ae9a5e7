"""The articles of a folder while it is indexed: their texts lie in a file without a name, not in memory."""

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
class _Place:
    """A reading whose article has neither text nor blocks, and the bytes of the file that hold them."""

    reading: Reading
    start: int
    end: int


class Spool:
    """Readings on their way to disk. A context manager; what was read stays readable after it is closed.

    The file lies in the folder for temporary files. Raises BadFolder where it finds no room there.
    """

    def __init__(self) -> None:
        with _told():
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by __exit__
        self._places: list[_Place] = []
        self._end = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, reading: Reading) -> None:
        """Keep a reading; its text goes to the file. Raises BadFolder where it finds no room there."""
        article = reading.article
        blocks = [[block.kind, block.start, block.end] for block in article.blocks]
        raw = json.dumps([article.text, blocks], ensure_ascii=False).encode()
        left = memoryview(raw)
        with _told():
            while left:
                left = left[self._file.write(left) :]
        slim = replace(reading, article=replace(article, text="", blocks=()))
        self._places.append(_Place(slim, self._end, self._end + len(raw)))
        self._end += len(raw)

    def readings(self) -> "Lazy[Reading]":
        """All of them, sorted by the articles' ids; each one's text is read when it is asked for."""
        data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self._end else b""
        places = sorted(self._places, key=lambda place: place.reading.article.id)

        @lru_cache(_CACHED)
        def reading(row: int) -> Reading:
            place = places[row]
            text, blocks = json.loads(data[place.start : place.end])
            whole = replace(place.reading.article, text=text, blocks=tuple(Block(*block) for block in blocks))
            return replace(place.reading, article=whole)

        return Lazy(len(places), reading)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadFolder(
            f"the texts of the articles find no room while they are read ({error.strerror}). "
            "Make room for temporary files, or name a folder that has some: TMPDIR=FOLDER"
        ) from error


class Lazy(Sequence[Item], Generic[Item]):
    """Items that are made when they are asked for."""

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

"""Shards of a folder: the files of each worker in a distributed build."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.errors import UserError
from index.patterns import lazy
from index.reading.files import BARE_SUFFIXES
from index.reading.formats.members import holders

MOST_SHARDS = 1_000_000
_WRITTEN = lazy(r"(\d{1,7})/(\d{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """Number of a part among the `count` parts of a folder; every file is always in the same part."""

    index: int = 0
    count: int = 1

    @classmethod
    def parse(cls, written: str) -> "Shard":
        """The shard written as `I/N`, counted from 0. Raises UserError."""
        match = _WRITTEN.fullmatch(written.strip())
        index, count = map(int, match.groups()) if match else (0, 0)
        if not index < count <= MOST_SHARDS:
            raise UserError(
                f"{written[:40]!r} is no shard. Write I/N with I from 0 to N - 1: of three 0/3, 1/3 and 2/3"
            )
        return cls(index, count)

    @classmethod
    def all(cls, count: int) -> "list[Shard]":
        """All shards of the folder."""
        return [cls(index, count) for index in range(count)]

    @property
    def is_whole(self) -> bool:
        """Whether the shard is the whole folder."""
        return self.count == 1

    def has(self, file: str) -> bool:
        """Whether a file is in this shard; `file` is its path in the folder with `/` between its parts.

        Files whose articles would have the same id are in the same shard, which detects the clash, and so are those
        of an archive.
        """
        if self.is_whole:
            return True
        digest = hashlib.sha256(_name(file).encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


WHOLE = Shard()


def _name(file: str) -> str:
    path = PurePosixPath(next(iter(holders(file)), file))
    return unicodedata.normalize("NFC", str(path.with_suffix("") if path.suffix.lower() in BARE_SUFFIXES else path))

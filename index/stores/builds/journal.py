"""The journal of a build: vectors encoded so far, on disk, so that a stopped build can be resumed."""

import hashlib
import json
import mmap
import os
import struct
import time
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.encoder.model_files import Identity
from index.ingestion.encoding import PassageVectors, Record
from index.ingestion.passage_keys import first_rows

_FOLDER = "encoding"
_FORMAT = 2
_HEAD = struct.Struct("<32sI")  # the passage's key and its number of sentences; vector, scales and rows follow
_CHECK = struct.Struct("<I")  # crc32 of the record up to here
_SYNC_SECONDS = 5.0  # of work that a power cut may cost; a killed process loses no finished batch
_KEEP_SECONDS = 7 * 24 * 3600.0


def journal_path(root: Path, identity: Identity, dimension: int) -> Path:
    """The path of this encoder's journal."""
    encoder = json.dumps([_FORMAT, asdict(identity), dimension], sort_keys=True)
    return root / _FOLDER / hashlib.sha256(encoder.encode()).hexdigest()[:16]


def remove_journals(root: Path, done: Path) -> None:
    """Remove the journal `done` of a build that is live now, and all that are older than a week."""
    oldest = time.time() - _KEEP_SECONDS
    for path in root.glob(f"{_FOLDER}/*"):
        if path == done or path.stat().st_mtime < oldest:
            path.unlink()
    with suppress(OSError):  # missing, or not empty
        (root / _FOLDER).rmdir()


class Journal(ExitStack):
    """An open journal: records of earlier builds are memory-mapped, new records are appended.

    A torn or altered record is dropped with all after it. Raises OSError if the file cannot be written.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        super().__init__()
        path.parent.mkdir(exist_ok=True)
        self._dimension = dimension
        self._data = _mapped(path)
        self._starts = array("q", [0])  # of the intact records, and their end
        self._row_of = first_rows(self._read_keys())
        self._synced = time.monotonic()
        if self._starts[-1] < len(self._data):
            os.truncate(path, self._starts[-1])
        self._file = self.enter_context(path.open("ab"))

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of a passage that an earlier build encoded, or None."""
        if (row := self._row_of(key)) is None:
            return None
        start = self._starts[row]
        _, count = _HEAD.unpack_from(self._data, start)
        vector = start + _HEAD.size
        scales = vector + 2 * self._dimension
        sentences = scales + 4 * count
        return PassageVectors(
            np.frombuffer(self._data, "<f2", self._dimension, vector),
            np.frombuffer(self._data, np.int8, count * self._dimension, sentences).reshape(count, self._dimension),
            np.frombuffer(self._data, "<f4", count, scales),
        )

    def add(self, records: Sequence[Record]) -> None:
        """Append a batch. It survives the end of the process at once, and a power cut within seconds."""
        for key, vectors in records:
            parts = vectors.passage.astype("<f2"), vectors.scales.astype("<f4"), vectors.sentences.astype(np.int8)
            record = _HEAD.pack(key, len(vectors.scales)) + b"".join(part.tobytes() for part in parts)
            self._file.write(record + _CHECK.pack(zlib.crc32(record)))
        self._file.flush()
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def _read_keys(self) -> Iterator[bytes]:
        """The keys of the intact records; adds the end of each record to `_starts`."""
        data, start = self._data, 0
        while start + _HEAD.size <= len(data):
            key, count = _HEAD.unpack_from(data, start)
            end = start + _HEAD.size + 2 * self._dimension + (4 + self._dimension) * count
            if end + _CHECK.size > len(data) or _CHECK.unpack_from(data, end)[0] != zlib.crc32(data[start:end]):
                return
            start = end + _CHECK.size
            self._starts.append(start)
            yield key


def _mapped(path: Path) -> memoryview:
    """The bytes of the file, memory-mapped; empty without a file."""
    if not path.exists() or not path.stat().st_size:
        return memoryview(b"")  # an empty file cannot be mapped
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

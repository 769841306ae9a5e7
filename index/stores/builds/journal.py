"""The journal of a build: passages encoded so far, on disk, so that a build that is stopped can go on."""

import hashlib
import json
import mmap
import os
import struct
import time
import zlib
from array import array
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

import numpy as np

from index.encoder.model_files import Identity
from index.ingestion.encoding import PassageVectors, Record
from index.ingestion.passage_keys import Keys

_FOLDER = "encoding"
_FORMAT = 2
_HEAD = struct.Struct("<32sI")  # the passage's key, and how many sentences it has; vector, scales and rows follow
_CHECK = struct.Struct("<I")  # crc32 of the record up to here
_SYNC_SECONDS = 5.0  # what a power cut may cost; a killed process loses no finished batch
_KEPT_SECONDS = 7 * 24 * 3600.0


def journal_path(root: Path, identity: Identity, dimension: int) -> Path:
    """Where the vectors of this encoder are kept until their build is live."""
    encoder = json.dumps([_FORMAT, asdict(identity), dimension], sort_keys=True)
    return root / _FOLDER / hashlib.sha256(encoder.encode()).hexdigest()[:16]


def remove_journals(root: Path, done: Path) -> None:
    """Remove the journal of a build that is live now, and others that nobody went on with for a week."""
    folder = root / _FOLDER
    if not folder.is_dir():
        return
    oldest = time.time() - _KEPT_SECONDS
    for path in list(folder.iterdir()):
        if path in (done, _fresh(done)) or path.stat().st_mtime < oldest:
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


class Journal:
    """An open journal: what earlier builds put there is memory-mapped, what this one encodes is appended.

    A record that is torn or altered is dropped with all after it. Records of passages that are not
    `wanted` any more are dropped once they are more than half of the file. Raises OSError where the
    file cannot be written. A context manager, which closes it.
    """

    def __init__(self, path: Path, dimension: int, wanted: Container[bytes]) -> None:
        path.parent.mkdir(exist_ok=True)
        self._dimension = dimension
        _mend(path, dimension, wanted)
        self._data = _mapped(path)
        starts = array("q")
        self._keys = Keys(_noting(starts, _records(self._data, dimension)))
        self._starts = starts
        self._file = path.open("ab")
        self._synced = time.monotonic()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def find(self, key: bytes) -> PassageVectors | None:
        """The vectors of a passage that an earlier build encoded, or None."""
        rows = self._keys.rows(key)
        if not len(rows):
            return None
        start = self._starts[int(rows[0])]
        _, count = _HEAD.unpack_from(self._data, start)
        whole = start + _HEAD.size
        scales = whole + 2 * self._dimension
        parts = scales + 4 * count
        return PassageVectors(
            np.frombuffer(self._data, "<f2", self._dimension, whole),
            np.frombuffer(self._data, np.int8, count * self._dimension, parts).reshape(count, self._dimension),
            np.frombuffer(self._data, "<f4", count, scales),
        )

    def add(self, records: Sequence[Record]) -> None:
        """Append a batch. It outlives the process at once, and the machine's power within seconds."""
        for key, own in records:
            parts = own.passage.astype("<f2"), own.scales.astype("<f4"), own.sentences.astype(np.int8)
            record = _HEAD.pack(key, len(own.scales)) + b"".join(part.tobytes() for part in parts)
            self._file.write(record + _CHECK.pack(zlib.crc32(record)))
        self._file.flush()
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()


def _mend(path: Path, dimension: int, wanted: Container[bytes]) -> None:
    """Cut a torn tail off; write the file anew where most of it is of no use."""
    data = _mapped(path)
    end = useful = 0
    for key, start, end in _records(data, dimension):
        useful += (end - start) * (key in wanted)
    if useful * 2 < end:
        with _fresh(path).open("wb") as file:
            for key, start, after in _records(data, dimension):
                if key in wanted:
                    file.write(data[start:after])
            file.flush()
            os.fsync(file.fileno())
        _fresh(path).replace(path)
    elif end < len(data):
        os.truncate(path, end)


def _noting(starts: "array[int]", records: Iterator[tuple[bytes, int, int]]) -> Iterator[bytes]:
    """The keys of the records; where each one starts is put into `starts`."""
    for key, start, _ in records:
        starts.append(start)
        yield key


def _fresh(path: Path) -> Path:
    return path.with_suffix(".new")


def _mapped(path: Path) -> memoryview:
    """The bytes of the file, memory-mapped; none where there is none."""
    if not path.exists() or not path.stat().st_size:
        return memoryview(b"")  # an empty file cannot be mapped
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _records(data: memoryview, dimension: int) -> Iterator[tuple[bytes, int, int]]:
    """Key, start and end of each whole record, up to the first that is not."""
    start = 0
    while start + _HEAD.size <= len(data):
        key, count = _HEAD.unpack_from(data, start)
        end = start + _HEAD.size + 2 * dimension + (4 + dimension) * count
        if end + _CHECK.size > len(data) or _CHECK.unpack_from(data, end)[0] != zlib.crc32(data[start:end]):
            return
        yield key, start, end + _CHECK.size
        start = end + _CHECK.size

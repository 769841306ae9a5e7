"""Damaged files: bytes flipped, cut and spliced, read in a process with a limit of time and memory.

Of a file that is packed of several parts, either its own bytes are damaged or those of a part. The damage follows from
the seed and the number of the file alone, so a run can go on where another one stopped.
"""

import io
import multiprocessing
import random
import resource
import traceback
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from eval.files.packing import packed
from index.errors import BadArticle, UserError
from index.reading.files import MAX_FILE_BYTES, RECORDS
from index.reading.formats.adapters import BYTES_FORMATS, CONTAINERS, SUFFIXES
from index.reading.formats.archive import DAMAGED
from index.reading.formats.members import suffix_of, unfolded
from index.reading.formats.parsers import Parsers
from index.reading.formats.programs import limit
from index.reading.loader import read_article, read_records

SECONDS = 30  # to read a file
_MEMORY = 1_000_000_000  # bytes
_SAME, _PARTS = 0.8, 0.7  # how often a file is mixed with one of its kind, and damaged inside
_STOPPED = ("damaged: its parser stopped", "reading it takes")  # what `Parsers` say of what ends their process
_TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"<",
    b">",
    b"&#0;",
    b"%%EOF",
    b"---\n",
    b"{",
    b'"',
    b"9" * 40,
    b"\xf0\x9f\x98\x80",
    b"]]>",
)

Outcome: TypeAlias = Callable[[Path, bytes, Parsers], tuple[str, str] | None]
"""Reader of a file: takes its name, its bytes and the parsers."""


class NoFiles(UserError):
    """A folder has no file to damage."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that was not read as it should be: its number, its name in the folder of kept files, and the reason."""

    number: int
    kind: str
    file: str
    reason: str


def originals(folder: Path) -> list[Path]:
    """The files of a folder that are damaged: those of formats that can be read. Raises NoFiles."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.stat().st_size)
    if not paths:
        raise NoFiles(f"no file of a known format in {folder}. Make some: python -m eval files --example {folder}")
    return paths


def damaged(paths: Sequence[Path], seed: int, number: int) -> tuple[str, bytes]:
    """The suffix and the bytes of a damaged file."""
    chance = random.Random(f"{seed}-{number}")  # noqa: S311 - chance without secrets
    kinds = sorted({path.suffix for path in paths})
    kind = kinds[number % len(kinds)]
    same = [path for path in paths if path.suffix == kind]
    content = bytearray(chance.choice(same).read_bytes())
    parts = _parts(content) if chance.random() < _PARTS else {}
    name = chance.choice([*parts, ""])
    damaged = bytearray(parts[name]) if name else content
    for _ in range(chance.choice((1, 1, 2, 4))):
        other = chance.choice(same if chance.random() < _SAME else paths).read_bytes()
        _spoil(damaged, chance.choice([other, *parts.values()]), chance)
    return kind, packed({**parts, name: bytes(damaged)}) if name else bytes(damaged)


def _parts(content: bytes | bytearray) -> dict[str, bytes]:
    """The parts of a file that is an archive, by name; none of any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist() if info.file_size}
    except DAMAGED:
        return {}


def _spoil(content: bytearray, other: bytes, chance: random.Random) -> None:
    """Damage a file in one way, in place."""
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    way = chance.randrange(7)
    if way == 0:
        for _ in range(chance.choice((1, 3, 20, 200))):
            if content:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif way == 1:
        del content[start:]
    elif way == 2:
        del content[start : min(end, start + chance.choice((1, 20, 2_000)))]
    elif way == 3:
        left, right = sorted(chance.randrange(len(other) + 1) for _ in range(2))
        content[start : min(end, start + 2_000)] = other[left:right]
    elif way == 4:
        content[start:start] = content[start : start + 1_000] * chance.choice((1, 3, 50))
    elif way == 5:
        for _ in range(chance.choice((1, 5, 30))):
            at = chance.randrange(len(content) + 1)
            content[at:at] = chance.choice(_TOKENS)
    else:
        content[start:start] = chance.choice(_TOKENS) * chance.choice((10, 1_000, 20_000))


def faults(paths: Sequence[Path], seed: int, numbers: Sequence[int], kept: Path) -> Iterator[Fault | None]:
    """The fault of each damaged file, or None; a file with a fault is kept."""
    with Reader() as reader:
        for number in numbers:
            suffix, content = damaged(paths, seed, number)
            outcome = reader.read(suffix, content)
            if outcome and outcome[0] == "hang":  # or a busy machine
                outcome = reader.read(suffix, content)
            if outcome is None:
                yield None
                continue
            kept.mkdir(parents=True, exist_ok=True)
            path = kept / f"{seed}-{number}{suffix}"
            path.write_bytes(content)
            yield Fault(number, outcome[0], path.name, outcome[1])


class Reader:
    """A process that reads files by a function; it is started anew if it dies or takes too long. A context manager."""

    def __init__(self, outcome: Outcome | None = None, seconds: float = SECONDS) -> None:
        self._outcome, self._seconds = outcome or outcome_of, seconds
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, end = context.Pipe()
        self._process = context.Process(target=_serve, args=(end, self._outcome))
        self._process.start()
        end.close()
        self._pipe.recv()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def read(self, suffix: str, content: bytes) -> tuple[str, str] | None:
        """The kind of fault and its reason, or None if the file is read or refused as it should be."""
        try:
            self._pipe.send((suffix, content))
            if self._pipe.poll(self._seconds):
                answer: tuple[str, str] | None = self._pipe.recv()
                return answer
            outcome = "hang", f"not read within {self._seconds} s"
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join()
            outcome = "crash", f"the process died with code {self._process.exitcode}"
        self.__exit__()
        self._start()
        return outcome


def _serve(pipe: Connection, outcome: Outcome) -> None:
    """Answer for each file how it was read."""
    limit(resource.RLIMIT_DATA, _MEMORY)
    pipe.send("ready")
    with Parsers() as parsers:
        while True:
            suffix, content = pipe.recv()
            pipe.send(outcome(Path(f"file{suffix}"), content, parsers))


def outcome_of(path: Path, content: bytes, parsers: Parsers) -> tuple[str, str] | None:
    """The kind of fault and its reason, or None if the file, and each file in it, is read or refused as it should be.

    A file that ends its parser's process, or takes that over its bounds, is `stopped`: a build goes on after it.
    """
    try:
        for member in unfolded(content, path.suffix, parsers.members):
            name = member.name or path.name
            stopped = member.fault if member.fault.startswith(_STOPPED) else _stopped(member.content, name, parsers)
            if stopped:
                return "stopped", stopped
    except MemoryError:
        return "memory", f"over {_MEMORY // 1_000_000} MB"
    except Exception:  # noqa: BLE001 - any other exception is the fault that is looked for
        return "crash", traceback.format_exc()
    return None


def _stopped(content: bytes, name: str, parsers: Parsers) -> str:
    """The reason why the parser of a file was stopped; empty if it was not."""
    suffix = suffix_of(name)
    try:
        if suffix == RECORDS:
            for _ in read_records(content, name, MAX_FILE_BYTES, name, parse=parsers.extract):
                pass
        elif suffix in SUFFIXES and (suffix not in CONTAINERS or suffix in BYTES_FORMATS):
            read_article(content, name, MAX_FILE_BYTES, name, parse=parsers.extract)
    except BadArticle as error:
        return str(error) if str(error).startswith(_STOPPED) else ""
    return ""

"""Bytes of files, and the hashes of the articles in them."""

import hashlib
import math
import os
from pathlib import Path
from typing import BinaryIO

from index.errors import BadArticle
from index.reading.formats.adapters import CONTAINERS, MARKDOWN, PLAIN
from index.reading.formats.members import suffix_of, unfolded
from index.reading.formats.parsers import Parsers

MAX_FILE_BYTES = 10_000_000  # default limit of a build
RECORDS = ".jsonl"
BARE_SUFFIXES = (*MARKDOWN, *PLAIN)  # left out of an article's id
_MOST_RECORDS = 200_000_000  # bytes of a file of several articles that is checked for an answer
ANY_SIZE = 1 << 40  # bytes: for files that a build has already accepted


def file_bytes(source: Path | bytes, max_bytes: int) -> bytes:
    """The bytes of a file, which may be here already. Raises BadArticle if it is unreadable, too large or changes."""
    if isinstance(source, bytes):
        _check_size(len(source), max_bytes)
        return source
    try:
        with source.open("rb") as file:
            return whole(file, max_bytes)
    except FileNotFoundError as error:
        raise BadArticle("it vanished before it was read. Build again") from error
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from error


def whole(file: BinaryIO, max_bytes: int) -> bytes:
    """All bytes of an open file. Raises BadArticle as `file_bytes` does."""
    before = os.fstat(file.fileno())
    _check_size(before.st_size, max_bytes)
    raw = file.read(before.st_size + 1)
    after = os.fstat(file.fileno())
    if len(raw) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise BadArticle("it changed while it was read. Build again")
    return raw


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        shown, limit = math.ceil(size / 1e5) / 10, max_bytes / 1e6
        raise BadArticle(f"{shown} MB is over the limit of {limit:g} MB. Split the file, or raise --max-file-mb")


def lines_of(text: str) -> list[str]:
    """The lines of an owner's file: they end with a line feed, a carriage return or both, and with nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def record_bytes(line: str) -> bytes:
    """The bytes of the record in a line, without surrounding space."""
    return line.strip().encode("utf-8", "surrogatepass")


def article_hashes(path: Path) -> dict[str, frozenset[str]]:
    """The current `sha256` of each article in a file, by its path inside the file, which is empty for the file itself.

    A file that holds no others takes little memory, whatever its size. Raises BadArticle or OSError if the file
    cannot be read, and BadArticle for records or containers over 200 MB. A process of its own opens containers.
    """
    if (suffix := path.suffix.lower()) in CONTAINERS:
        with Parsers() as parsers:
            members = unfolded(file_bytes(path, _MOST_RECORDS), suffix, parsers.members)
            return {member.name: _hashes(member.name, member.content) for member in members if not member.fault}
    if suffix != RECORDS:
        with path.open("rb") as file:
            return {"": frozenset([hashlib.file_digest(file, "sha256").hexdigest()])}
    return {"": _record_hashes(file_bytes(path, _MOST_RECORDS))}


def _hashes(name: str, raw: bytes) -> frozenset[str]:
    """The hashes of the articles of a member; none if it cannot be decoded any more."""
    if suffix_of(name) != RECORDS:
        return frozenset([hashlib.sha256(raw).hexdigest()])
    try:
        return _record_hashes(raw)
    except BadArticle:
        return frozenset()


def _record_hashes(raw: bytes) -> frozenset[str]:
    from index.reading.encodings.decoding import decode  # slow to import and rarely needed for an answer

    lines = decode(raw).text.split("\n")
    return frozenset(hashlib.sha256(record_bytes(line)).hexdigest() for line in lines)

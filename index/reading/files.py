"""Bytes of files, and the hashes of the articles in them."""

import hashlib
import math
import os
from pathlib import Path
from typing import BinaryIO

from index.errors import BadArticle

MAX_FILE_BYTES = 10_000_000  # default limit of a build
RECORDS = ".jsonl"
MARKDOWN, PLAIN = (".md", ".markdown"), (".txt", ".text")
BARE_SUFFIXES = (*MARKDOWN, *PLAIN)  # left out of an article's id
_MOST_RECORDS = 200_000_000  # bytes of a records file that is checked for an answer
ANY_SIZE = 1 << 40  # bytes: for files that a build has already accepted


def file_bytes(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file. Raises BadArticle if it is unreadable, too large or changes meanwhile."""
    try:
        with path.open("rb") as file:
            return whole(file, max_bytes)
    except FileNotFoundError as error:
        raise BadArticle("it vanished before it was read. Build again") from error
    except OSError as error:
        raise BadArticle(f"cannot be read: {error.strerror}") from error


def whole(file: BinaryIO, max_bytes: int) -> bytes:
    """All bytes of an open file. Raises BadArticle as `file_bytes` does."""
    before = os.fstat(file.fileno())
    if before.st_size > max_bytes:
        shown, limit = math.ceil(before.st_size / 1e5) / 10, max_bytes / 1e6
        raise BadArticle(f"{shown} MB is over the limit of {limit:g} MB. Split the file, or raise --max-file-mb")
    raw = file.read(before.st_size + 1)
    after = os.fstat(file.fileno())
    if len(raw) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise BadArticle("it changed while it was read. Build again")
    return raw


def record_bytes(line: str) -> bytes:
    """The bytes of the record in a line, without surrounding space."""
    return line.strip().encode("utf-8", "surrogatepass")


def article_hashes(path: Path) -> frozenset[str]:
    """The current `sha256` of each article in a file; a file of any size takes little memory.

    Raises BadArticle or OSError if the file cannot be read, and BadArticle for records over 200 MB.
    """
    if path.suffix.lower() != RECORDS:
        with path.open("rb") as file:
            return frozenset([hashlib.file_digest(file, "sha256").hexdigest()])
    from index.reading.encodings.decoding import decode  # slow to import and rarely needed for an answer

    lines = decode(file_bytes(path, _MOST_RECORDS)).text.split("\n")
    return frozenset(hashlib.sha256(record_bytes(line)).hexdigest() for line in lines)

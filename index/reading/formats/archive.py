"""Archives (ZIP): the files in them, within bounds; nothing is unpacked to disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import BadArticle, EmptyArticle
from index.reading.access import may_name_groups
from index.reading.formats.adapters import SUFFIXES
from index.reading.formats.extract import Member
from index.reading.formats.members import MOST_BYTES, MOST_MEMBERS, is_passed, suffix_of

_RATIO = 200  # unpacked to packed: no text compresses so well
_SMALL = 1_000_000  # bytes: smaller members may have any ratio
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may take any amount of memory
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)
_ENCRYPTED = 0x1


def zip_members(raw: bytes) -> list[Member]:
    """The files in an archive, without hidden ones. Raises BadArticle for a file of groups, and as `opened`."""
    with opened(raw) as archive:
        files = [info for info in archive.infolist() if not info.is_dir()]
        names = [info.filename.replace("\\", "/") for info in files]
        if named := next((name for name in names if may_name_groups(name.rpartition("/")[2])), ""):
            raise BadArticle(f"its file {named[:60]!r} may limit who sees the others: not opened. Unpack the archive")
        members = list(_members(archive, zip(files, names, strict=True)))
    if not files:
        raise EmptyArticle("empty: there is nothing to index")
    return members


def opened(raw: bytes) -> zipfile.ZipFile:
    """An archive. Raises BadArticle if it is damaged, or has far more files than one of texts."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except DAMAGED as error:
        raise BadArticle("no archive, or a damaged one: it cannot be opened. Pack it again") from error
    if len(archive.infolist()) > MOST_MEMBERS:
        raise BadArticle(f"it holds over {MOST_MEMBERS:,} files: not opened. Unpack it, or split it")
    return archive


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a member. Raises BadArticle if it is encrypted or damaged, or unpacks to far more than a text."""
    if info.flag_bits & _ENCRYPTED:
        raise BadArticle("encrypted: not read. Pack it without a password")
    if info.compress_type not in _METHODS:
        raise BadArticle("packed in a way that is not read. Pack it as an ordinary ZIP")
    if info.file_size > MOST_BYTES or swells(info):
        shown = f"its {info.compress_size / 1e6:.1f} MB unpack to {info.file_size / 1e6:,.0f} MB"
        raise BadArticle(f"{shown}: not opened. Put the file itself here")
    try:
        return archive.read(info)  # at most the size in the directory; a member with a false size is refused
    except DAMAGED as error:
        raise BadArticle("damaged: it cannot be unpacked. Pack it again") from error


def swells(info: zipfile.ZipInfo) -> bool:
    """Whether a member unpacks to far more than a text."""
    return info.file_size > max(_SMALL, _RATIO * info.compress_size)


def _members(archive: zipfile.ZipFile, files: Iterator[tuple[zipfile.ZipInfo, str]]) -> Iterator[Member]:
    left = MOST_BYTES
    for info, name in files:
        if any(map(is_passed, PurePosixPath(name).parts)):
            continue
        if suffix_of(name) not in SUFFIXES:
            yield Member(name)
            continue
        try:
            if (left := left - info.file_size) < 0:
                raise BadArticle(f"beyond {MOST_BYTES // 1_000_000} MB of files: not read. Split the archive")
            yield Member(name, unpacked(archive, info))
        except BadArticle as error:
            yield Member(name, fault=str(error))

"""Builds on disk: written beside the live one, synced, then swapped in by one rename."""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from index.errors import BuildFailed, DamagedIndex, ForeignIndex, NoIndex
from index.manifest import FILE, REBUILD, FileRecord, read_manifest

Opened = TypeVar("Opened")

_POINTER = "CURRENT"
_BUILDS = "builds"
_UNFINISHED = "unfinished-"
_OPEN_ATTEMPTS = 20  # each one loses only to a build swapped in and pruned within it


@contextlib.contextmanager
def writing(root: Path) -> Iterator[None]:
    """Hold the right to write below `root`; what a killed build left there is removed first.

    Raises BuildFailed where another process holds it or `root` cannot be written.
    """
    try:
        (root / _BUILDS).mkdir(parents=True, exist_ok=True)
        with FileLock(root / "lock", timeout=0):
            for left in (root / _BUILDS).glob(f"{_UNFINISHED}*"):
                shutil.rmtree(left)
            yield
    except Timeout:
        raise BuildFailed(f"another build is writing to {root}. Wait for it to end, then build again") from None
    except OSError as error:
        raise BuildFailed(_why(root, error)) from error


def live_name(root: Path) -> str:
    """The name of the live build. Raises NoIndex where there is none."""
    try:
        return (root / _POINTER).read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndex(f"no index at {root}. Make one: python -m index build FOLDER --index {root}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{root / _POINTER} cannot be read ({error}). {REBUILD}") from error


def build_folder(root: Path, name: str) -> Path:
    """Where the build of this name lies."""
    return root / _BUILDS / name


def is_live(root: Path, name: str) -> bool:
    """Whether CURRENT names this build."""
    try:
        return live_name(root) == name
    except (NoIndex, DamagedIndex):
        return False


def write_build(root: Path, name: str, fill: Callable[[Path], Callable[[dict[str, FileRecord]], str]]) -> Path:
    """Write a build and return its folder; the live build is not touched.

    `fill` writes all files but the manifest into the folder it is given and returns the function
    that makes the manifest's text from the files' records. Call it inside `writing`.
    """
    fresh = root / _BUILDS / f"{_UNFINISHED}{os.getpid()}"
    final = build_folder(root, name)
    fresh.mkdir()
    try:
        manifest = fill(fresh)
        records = {path: _record(fresh / path) for path in _files(fresh)}
        (fresh / FILE).write_text(manifest(records), "utf-8")
        for path in [*_files(fresh), FILE]:
            _sync(fresh / path)
        for folder in [*{(fresh / path).parent for path in records}, fresh]:
            _sync(folder)
        if final.exists():
            final.rename(root / _BUILDS / f"{_UNFINISHED}replaced-{os.getpid()}")
        fresh.rename(final)
        _sync(final.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return final


def swap(root: Path, name: str) -> None:
    """Make a finished build the live one, and keep the one before it. Call it inside `writing`."""
    before = live_name(root) if (root / _POINTER).exists() else ""
    fresh = root / f"{_POINTER}.new"
    fresh.write_text(f"{name}\n", "utf-8")
    _sync(fresh)
    fresh.replace(root / _POINTER)
    _sync(root)
    for build in (root / _BUILDS).iterdir():
        if before != name and build.name not in (name, before):
            shutil.rmtree(build, ignore_errors=True)


def open_live(root: Path, read: Callable[[Path], Opened]) -> Opened:
    """What `read` makes of the live build's folder.

    A reader that meets a build being pruned starts again with the new one. Raises NoIndex,
    ForeignIndex or DamagedIndex.
    """
    name = live_name(root)
    for _ in range(_OPEN_ATTEMPTS):
        try:
            check_sizes(build_folder(root, name))
            return read(build_folder(root, name))
        except (FileNotFoundError, DamagedIndex) as error:
            previous, name = name, live_name(root)
            if name == previous:
                if isinstance(error, DamagedIndex):
                    raise
                raise DamagedIndex(f"{error.filename} is missing. {REBUILD}") from error
    raise DamagedIndex(f"the live build of {root} changed {_OPEN_ATTEMPTS} times while it was opened. Try again")


def is_complete(root: Path, name: str) -> bool:
    """Whether a build of this name lies there with every file at its full size."""
    try:
        check_sizes(build_folder(root, name))
    except (OSError, DamagedIndex, ForeignIndex):
        return False
    return True


def check_sizes(build: Path) -> None:
    """Raise DamagedIndex or FileNotFoundError unless every file has the size it was written with."""
    for name, record in read_manifest(build).files.items():
        size = (build / name).stat().st_size
        if size != record.bytes:
            raise DamagedIndex(f"{build / name} has {size} bytes, not {record.bytes}. {REBUILD}")


def damaged_files(build: Path) -> list[str]:
    """Names of the files whose sha256 is not the manifest's, or that are missing."""
    records = read_manifest(build).files
    return [name for name, record in records.items() if not (build / name).is_file() or _record(build / name) != record]


def _files(folder: Path) -> list[str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
    return [path.relative_to(folder).as_posix() for path in paths]


def _record(path: Path) -> FileRecord:
    with path.open("rb") as file:
        return FileRecord(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _why(root: Path, error: OSError) -> str:
    kept = "The live index is as it was"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        free = shutil.disk_usage(root).free / 1e6
        reason = f"{error.strerror}; {free:.0f} MB free"
        return f"no room to write the index in {root} ({reason}). {kept}. Make room and build again"
    where = error.filename or root
    return f"the index in {root} cannot be written: {where}: {error.strerror or error}. {kept}"

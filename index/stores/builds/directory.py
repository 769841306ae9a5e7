"""Builds on disk: written beside the live build, synced, then swapped in by one rename."""

import contextlib
import dataclasses
import errno
import hashlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from index.arrays import sync
from index.errors import REBUILD, BuildFailed, DamagedIndex, ForeignIndex, NoIndex, UserError
from index.ingestion.manifest import FILE, FileRecord, Manifest, Origin, read_manifest
from index.patterns import lazy

Opened = TypeVar("Opened")

POINTER, _NEXT_POINTER = "CURRENT", "CURRENT.new"
_BUILDS = "builds"
_UNFINISHED = "unfinished-"
_NAME = lazy(r"[0-9a-f]{16}(-\d+)?")  # a build with the same content gets a folder of its own: `name-2`
_OWNER_ONLY = 0o700  # groups hide articles, and other accounts of the machine belong to none
_OPEN_ATTEMPTS = 20  # an attempt fails only if a build is swapped in and pruned meanwhile


@contextlib.contextmanager
def writing(root: Path, wait: float = 0) -> Iterator[None]:
    """Lock `root` for writing, and remove leftovers of killed builds.

    Raises BuildFailed if another process holds the lock for `wait` seconds, or `root` is not writable.
    """
    from filelock import FileLock, Timeout  # only a build needs it

    try:
        root.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        (root / _BUILDS).mkdir(exist_ok=True)
        with FileLock(root / "lock", timeout=wait):
            for leftover in (root / _BUILDS).glob(f"{_UNFINISHED}*"):
                shutil.rmtree(leftover)
            (root / _NEXT_POINTER).unlink(missing_ok=True)
            yield
    except Timeout:
        raise BuildFailed(f"another build is writing to {root}. Wait for it to end, then build again") from None
    except OSError as error:
        raise BuildFailed(_why(root, error)) from error


def live_build(root: Path) -> Path:
    """The folder of the live build. Raises NoIndex without one and DamagedIndex for a malformed CURRENT."""
    pointer = root / POINTER
    try:
        name = pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise NoIndex(f"no index at {root}. Make one: python -m index build FOLDER --index {root}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{pointer} cannot be read ({error}). {REBUILD}") from error
    if not _NAME.fullmatch(name):
        raise DamagedIndex(f"{pointer} names {name[:40]!r}, which is not a build. {REBUILD}")
    return root / _BUILDS / name


def is_live(root: Path, build: Path) -> bool:
    """Whether CURRENT names this build's folder."""
    return _live_or_none(root) == build


def whole_builds(root: Path) -> list[tuple[Path, Manifest]]:
    """Folders and manifests of all undamaged builds: the live one, then the others, newest first."""
    folders = [folder for folder in (root / _BUILDS).iterdir() if _NAME.fullmatch(folder.name)]
    whole = [(folder, manifest) for folder in folders if (manifest := whole_manifest(folder))]
    return sorted(whole, key=lambda build: (is_live(root, build[0]), build[1].created), reverse=True)


def whole_build(root: Path, name: str) -> Path | None:
    """The folder of an undamaged build of this name, the live one first; None without one."""
    return next((folder for folder, manifest in whole_builds(root) if manifest.name == name), None)


@contextlib.contextmanager
def unfinished(root: Path) -> Iterator[Path]:
    """A temporary folder for a build's files, removed unless the build is finished. Call it inside `writing`."""
    fresh = root / _BUILDS / f"{_UNFINISHED}{os.getpid()}"
    fresh.mkdir()
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def finish(root: Path, fresh: Path, manifest: Manifest) -> Path:
    """Turn an unfinished folder into a build and return its folder; other builds stay unchanged.

    Adds sizes and hashes of the files to the manifest.
    """
    files = [path for path in sorted(fresh.rglob("*")) if path.is_file()]
    records = {path.relative_to(fresh).as_posix(): _record(path) for path in files}
    (fresh / FILE).write_text(dataclasses.replace(manifest, files=records).to_json(), "utf-8")
    for path in [*fresh.rglob("*"), fresh]:
        sync(path)
    final = _free_folder(root, manifest.name)
    fresh.rename(final)
    sync(final.parent)
    return final


def swap(root: Path, build: Path) -> None:
    """Make a finished build live, keep the previous live build, delete all others. Call it inside `writing`."""
    recent = {build, _live_or_none(root)}
    fresh = root / _NEXT_POINTER
    fresh.write_text(f"{build.name}\n", "utf-8")
    sync(fresh)
    fresh.replace(root / POINTER)
    sync(root)
    for old in (root / _BUILDS).iterdir():
        if old not in recent:
            shutil.rmtree(old, ignore_errors=True)


def roll_back(root: Path) -> tuple[Path, Path]:
    """Make the newest other build the live one and keep both. Returns its folder and that of the former live build.

    Raises NoIndex, UserError without another undamaged build, or BuildFailed like `writing`.
    """
    live_build(root)  # raises NoIndex before a folder is created
    with writing(root):
        before = live_build(root)
        others = [folder for folder, _ in whole_builds(root) if folder != before]
        if not others:
            raise UserError(
                f"{root} keeps no whole build beside {before.name}. "
                "Put the articles back as they were and build again: python -m index build FOLDER"
            )
        swap(root, others[0])
    return others[0], before


def open_live(root: Path, read: Callable[[Path], Opened]) -> Opened:
    """The result of `read` for the live build's folder.

    If the build is pruned meanwhile, the new live build is read. Raises NoIndex,
    ForeignIndex or DamagedIndex.
    """
    build = live_build(root)
    for _ in range(_OPEN_ATTEMPTS):
        try:
            checked_manifest(build)
            return read(build)
        except (OSError, DamagedIndex) as error:
            previous, build = build, live_build(root)
            if build == previous:
                raise _damage(error) from error
    raise DamagedIndex(f"the live build of {root} changed {_OPEN_ATTEMPTS} times while it was opened. Try again")


def verify_live(root: Path, read: Callable[[Path], Manifest | Origin] = read_manifest) -> tuple[Path, list[str]]:
    """The live build's folder and the names of its missing or altered files, which `read` knows.

    Raises NoIndex, ForeignIndex, or DamagedIndex for a malformed CURRENT or manifest.
    """
    build = live_build(root)
    while True:
        damaged = _damaged_files(build, read)
        previous, build = build, live_build(root)
        if not damaged or build == previous:  # otherwise it was pruned meanwhile
            return previous, damaged


def checked_manifest(build: Path) -> Manifest:
    """The manifest of a build. Raises DamagedIndex or FileNotFoundError unless all files have their recorded sizes."""
    manifest = read_manifest(build)
    for name, record in manifest.files.items():
        size = (build / name).stat().st_size
        if size != record.bytes:
            raise DamagedIndex(f"{build / name} has {size} bytes, not {record.bytes}. {REBUILD}")
    return manifest


def whole_manifest(build: Path) -> Manifest | None:
    """The manifest of a build if all files have their recorded sizes, else None."""
    with contextlib.suppress(OSError, DamagedIndex, ForeignIndex):
        return checked_manifest(build)
    return None


def _damaged_files(build: Path, read: Callable[[Path], Manifest | Origin]) -> list[str]:
    try:
        records = read(build).files
    except FileNotFoundError:
        return [FILE]
    return [name for name, record in records.items() if not _is_intact(build / name, record)]


def _is_intact(path: Path, record: FileRecord) -> bool:
    with contextlib.suppress(OSError):
        return _record(path) == record
    return False


def _live_or_none(root: Path) -> Path | None:
    with contextlib.suppress(NoIndex, DamagedIndex):
        return live_build(root)
    return None


def _free_folder(root: Path, name: str) -> Path:
    """An unused folder name; builds are never replaced in place, since readers may have them open."""
    candidates = (root / _BUILDS / (f"{name}-{number}" if number > 1 else name) for number in itertools.count(1))
    return next(folder for folder in candidates if not folder.exists())


def _damage(error: OSError | DamagedIndex) -> DamagedIndex:
    if isinstance(error, DamagedIndex):
        return error
    problem = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
    return DamagedIndex(f"{error.filename} {problem}. {REBUILD}")


def _record(path: Path) -> FileRecord:
    with path.open("rb") as file:
        return FileRecord(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _why(root: Path, error: OSError) -> str:
    unchanged = "The live index is as it was"
    if error.errno in (None, errno.ENOSPC, errno.EDQUOT, errno.EFBIG):  # None: numpy wrote fewer bytes than requested
        free = shutil.disk_usage(root).free / 1e6
        reason = f"{error.strerror or error}; {free:.0f} MB free"
        return f"no room to write the index in {root} ({reason}). {unchanged}. Make room and build again"
    reason = f"{error.filename or root}: {error.strerror}"
    return f"the index in {root} cannot be written: {reason}. {unchanged}. Fix this, or choose another --index"

"""The walk through a folder: files that may hold articles, and files that are passed over."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from index.reading.files import lines_of
from index.reading.formats.adapters import SUFFIXES
from index.reading.formats.members import OWNER, is_passed, suffix_of

IGNORE = ".indexignore"
_MOST_BYTES = 100_000


@dataclass(slots=True)
class Walk:
    """Files of a folder, those to read and those that are passed over.

    `others` are the paths of files that are passed over, each with its kind; `unread` are folders that cannot be read.
    `problems` are paths with the reason why their text is lost, `faults` those of the file of patterns.
    """

    candidates: list[Path] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    patterns: GitIgnoreSpec = field(default_factory=lambda: GitIgnoreSpec.from_lines([]))


def walk(folder: Path) -> Walk:
    """The files below a folder, in order.

    Hidden files and folders are passed over in silence; an index, the leavings of programs, and what the patterns of
    `.indexignore` (as in a `.gitignore`) match are passed over and counted.
    """
    found = Walk()
    patterns = found.patterns = _patterns(folder, found)

    def report(error: OSError) -> None:
        name = os.path.relpath(error.filename, folder) if error.filename else str(folder)
        found.problems.append((name, f"folder cannot be read: {error.strerror}"))
        found.unread.append(Path(name).as_posix())

    for parent, folders, files in os.walk(folder, onerror=report, followlinks=False):
        place = Path(parent)
        folders[:] = sorted(name for name in folders if _is_entered(place / name, folder, patterns))
        for name in sorted(files):
            if not name.startswith("."):
                _add(place / name, folder, patterns, found)
        for link in filter(Path.is_symlink, (place / name for name in folders)):
            reason = "a link to a folder is not followed. Put the articles themselves here"
            found.problems.append((link.relative_to(folder).as_posix(), reason))
    return found


def _add(path: Path, folder: Path, patterns: GitIgnoreSpec, found: Walk) -> None:
    name = path.relative_to(folder).as_posix()
    if kind := passed_over(name, patterns):
        found.others.append((name, kind))
    else:
        found.candidates.append(path)


def passed_over(name: str, patterns: GitIgnoreSpec) -> str:
    """The kind of a file that is passed over, by its path; empty for one to read."""
    suffix = suffix_of(name)
    if patterns.match_file(name):
        return IGNORE
    if name.rpartition("/")[2].startswith(OWNER):
        return f"{OWNER}*"
    return "" if suffix in SUFFIXES else suffix if suffix.isprintable() and suffix else "without suffix"


def _is_entered(path: Path, folder: Path, patterns: GitIgnoreSpec) -> bool:
    """Whether a folder may hold articles."""
    if is_passed(path.name):
        return False
    if patterns.match_file(f"{path.relative_to(folder).as_posix()}/"):
        return False
    return not is_index(path)


def is_index(path: Path) -> bool:
    """Whether a folder is an index."""
    try:
        return (path / "CURRENT").is_file() and (path / "builds").is_dir()
    except OSError:  # the walk reports a folder that cannot be read
        return False


def _patterns(folder: Path, found: Walk) -> GitIgnoreSpec:
    path = folder / IGNORE
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            found.faults.append("not an ordinary file. Write a pattern a line, as in a .gitignore")
        elif path.is_file() and path.stat().st_size > _MOST_BYTES:
            found.faults.append(f"over {_MOST_BYTES:,} bytes, so it is not read. Shorten it")
        elif path.is_file():
            return GitIgnoreSpec.from_lines(lines_of(path.read_text("utf-8-sig")))
    except (OSError, ValueError) as error:
        found.faults.append(f"cannot be read ({error}). Save it as UTF-8, a pattern a line, as in a .gitignore")
    return GitIgnoreSpec.from_lines([])

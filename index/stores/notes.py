"""Notes: small documents next to an index, such as the coverage of the last build.

The coverage is stored even if nothing had changed and no new build was made.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from index.ingestion.manifest import Coverage
from index.reading.shards import Shard

COVERAGE = "coverage.json"
CALIBRATION = "calibration.json"  # the rule of decision that was fitted to this collection, and its certificate


class Notes(Protocol):
    """Small documents by name; `str` of it is for people."""

    def read_note(self, name: str) -> str | None:
        """The content of a note, None without it. Raises OSError or ValueError for an unreadable note."""

    def write_note(self, name: str, content: str) -> None:
        """Write or replace a note. Raises OSError or Unavailable."""

    def note_stamp(self, name: str) -> int:
        """A number that changes when the note is written; 0 without the note."""


@dataclass(frozen=True, slots=True)
class FolderNotes:
    """Notes as files in the folder `root`."""

    root: Path

    def __str__(self) -> str:
        return str(self.root)

    def read_note(self, name: str) -> str | None:
        """The content of a file, None without it. Raises OSError or ValueError for an unreadable file."""
        path = self.root / name
        return path.read_text("utf-8") if path.is_file() else None

    def write_note(self, name: str, content: str) -> None:
        """Write or replace a file atomically."""
        fresh = self.root / f"{name}.new"
        fresh.write_text(content, "utf-8")
        fresh.replace(self.root / name)

    def note_stamp(self, name: str) -> int:
        """A hash of the file's time, inode and size, as two writes may bear the same time; 0 without the file."""
        try:
            state = (self.root / name).stat()
        except OSError:
            return 0
        return hash((state.st_mtime_ns, state.st_ino, state.st_size))


def write_coverage(notes: Notes, coverage: Coverage) -> None:
    """Store the coverage of a build. Call it while holding the lock for writing."""
    notes.write_note(COVERAGE, json.dumps(asdict(coverage), ensure_ascii=False, indent=1))


def read_coverage(notes: Notes) -> Coverage | None:
    """The coverage of the last build, None if unknown."""
    try:
        return Coverage(**json.loads(notes.read_note(COVERAGE) or ""))
    except (OSError, ValueError, TypeError):
        return None


def write_shard_coverage(notes: Notes, shard: Shard, coverage: Coverage, articles: str) -> None:
    """Store the coverage of a shard, and the sum once all shards are known.

    `articles` is a hash of the articles, to tell later whether they have changed.
    """
    content = {"articles": articles, "coverage": asdict(coverage)}
    notes.write_note(_part(shard), json.dumps(content, ensure_ascii=False, indent=1))
    parts = [read_shard_coverage(notes, other) for other in Shard.all(shard.count)]
    if all(parts):
        from index.ingestion.coverage import total  # imports all that reads files, which no answer needs

        write_coverage(notes, total(part[1] for part in parts if part))


def read_shard_coverage(notes: Notes, shard: Shard) -> tuple[str, Coverage] | None:
    """The hash of the articles last read from a shard, and their coverage; None if unknown."""
    try:
        content = json.loads(notes.read_note(_part(shard)) or "")
        return str(content["articles"]), Coverage(**content["coverage"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _part(shard: Shard) -> str:
    return f"coverage-{shard.index}-of-{shard.count}.json"

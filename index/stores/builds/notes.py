"""Notes of a folder of builds: files beside the builds."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FolderNotes:
    """Files in `root`, beside the builds: an `index.stores.notes.Notes`."""

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
        """Time of the last write in nanoseconds; 0 without the file."""
        try:
            return (self.root / name).stat().st_mtime_ns
        except OSError:
            return 0

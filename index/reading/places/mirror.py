"""A mirror: a folder with the pages of a site, and the record of when each was fetched from where."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.reading.files import MAX_FILE_BYTES

RECORD = ".fetched.json"


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: its address, the day its text was fetched, and what the server tells its versions apart by."""

    url: str
    fetched: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a visit: pages, links from a start to a page, seconds of all.

    Of a page its bytes, the seconds before it is asked for, and the seconds until it is there.
    """

    pages: int = 5_000
    depth: int = 3
    seconds: float = 3_600
    page_bytes: int = MAX_FILE_BYTES
    pause: float = 0.1
    page_seconds: float = 60


@dataclass
class Mirror:
    """The pages of a site by their file in the folder.

    `starts` are the addresses that it was fetched from, `checked` is the time of the last visit in seconds since 1970.
    `problems` are the addresses that could not be fetched or read, with the reason and whether text is missing.
    """

    folder: Path
    starts: tuple[str, ...] = ()
    checked: float = 0
    pages: dict[str, Page] = field(default_factory=dict)
    problems: list[tuple[str, str, bool]] = field(default_factory=list)

    def write(self) -> None:
        """Write the record."""
        fields = {
            "starts": self.starts,
            "checked": self.checked,
            "pages": {file: asdict(page) for file, page in sorted(self.pages.items())},
            "problems": self.problems,
        }
        write_whole(self.folder / RECORD, json.dumps(fields, ensure_ascii=False, indent=1).encode())

    def path(self, file: str) -> Path:
        """The path of a page's file."""
        return self.folder / file


def read_mirror(folder: Path) -> Mirror | None:
    """The mirror in a folder; None for another folder, or if its record is damaged."""
    try:
        fields = json.loads((folder / RECORD).read_text("utf-8"))
        pages = {file: Page(**page) for file, page in fields["pages"].items()}
        problems = [(str(url), str(reason), bool(lost)) for url, reason, lost in fields["problems"]]
        return Mirror(folder, tuple(map(str, fields["starts"])), float(fields["checked"]), pages, problems)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_mirror(folder: Path) -> bool:
    """Whether the folder is a mirror; its name then always begins the ids of its articles."""
    return os.path.isfile(folder / RECORD)


def origins(folders: Sequence[Path]) -> list[str]:
    """The arguments that name these folders in a command: for a mirror the addresses that it was fetched from."""
    names: list[str] = []
    for folder in folders:
        mirror = read_mirror(folder)
        names += mirror.starts if mirror else [str(folder)]
    return names


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is never seen half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)

"""Folders of articles: one, or several whose names begin the ids of their articles."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import TypeAlias

from index.errors import BadFolder
from index.patterns import lazy
from index.reading.places.mirror import is_mirror

Where: TypeAlias = Path | tuple[Path, ...]
"""A folder of articles, or several."""

_BETWEEN = lazy(r"\n(?=/)")  # paths are absolute; a name may have a line break


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of articles; its name begins their ids and files. It is empty for a single folder that is no mirror."""

    name: str
    folder: Path

    def full(self, name: str) -> str:
        """The id or file with this name in the folder; `.` is the folder itself."""
        return name if not self.name else self.name if name == "." else f"{self.name}/{name}"


def where_of(folders: Sequence[Path]) -> Where:
    """One folder, or several."""
    return folders[0] if len(folders) == 1 else tuple(folders)


def each(where: Where) -> tuple[Path, ...]:
    """The folders."""
    return (where,) if isinstance(where, Path) else where


def resolved(where: Where) -> Where:
    """The folders as absolute paths without links."""
    return where_of([folder.resolve() for folder in each(where)])


def written(where: Where) -> str:
    """The resolved paths as a manifest keeps them, one a line."""
    return "\n".join(str(folder.resolve()) for folder in each(where))


def read_where(text: str) -> Where:
    """The folders that `written` wrote."""
    return where_of([Path(path) for path in _BETWEEN.split(text)])


def places_of(where: Where) -> list[Place]:
    """The places in these folders."""
    folders = each(where)
    is_single = len(folders) == 1 and not is_mirror(folders[0])
    return [Place("" if is_single else _name(folder), folder) for folder in folders]


def checked_places(where: Where) -> list[Place]:
    """The places in these folders. Raises BadFolder for names that are equal or missing, and a folder in another."""
    places = places_of(where)
    for one, other in permutations(places, 2):
        if one.folder.resolve() == other.folder.resolve():
            raise BadFolder(f"{one.folder} is named twice. Name it once")
        if one.name == other.name:
            raise BadFolder(
                f"two folders are called {one.name!r}: {one.folder} and {other.folder}. "
                "Their names begin the ids of their articles: rename one of them"
            )
        if one.folder.resolve().is_relative_to(other.folder.resolve()):
            raise BadFolder(f"{one.folder} lies in {other.folder}, which is read whole. Name only one of them")
    for place in places:
        if len(places) > 1 and not (place.name and place.name.isprintable()):
            raise BadFolder(f"{place.folder} has no name that can begin the ids of its articles. Rename it")
    return places


def _name(folder: Path) -> str:
    return unicodedata.normalize("NFC", folder.resolve().name)

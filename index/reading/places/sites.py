"""Sites among the places of articles: each is fetched into a mirror, which is then read as a folder."""

import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from index.errors import BadFolder
from index.reading.formats.parsers import Parsers
from index.reading.places.folders import Where, where_of
from index.reading.places.mirror import Bounds, Mirror, read_mirror


def is_address(name: str) -> bool:
    """Whether a place is an address to fetch, not a folder."""
    return name.lower().startswith(("http://", "https://"))


def fetched(
    names: Sequence[str], root: Path, bounds: Bounds, *, max_age: float = 0, show_progress: bool = False
) -> Where:
    """The folders with these names, and for addresses the mirrors below `root`, fetched now.

    A mirror that was fetched from the same addresses within `max_age` seconds is left as it is. Raises BadFolder.
    """
    folders: list[Path] = []
    sites: dict[Path, list[str]] = {}
    for name in names:
        if not is_address(name):
            folders.append(Path(name))
            continue
        from index.reading.places.fetching import host_of, start_of  # httpx is slow to import

        start = start_of(name)
        folder = root.joinpath(*host_of(start))
        if folder not in sites:
            folders.append(folder)
        sites.setdefault(folder, []).append(start)
    for folder, starts in sites.items():
        _visit(folder, tuple(starts), bounds, max_age=max_age, show_progress=show_progress)
    return where_of(folders)


def _visit(folder: Path, starts: tuple[str, ...], bounds: Bounds, *, max_age: float, show_progress: bool) -> None:
    from filelock import FileLock

    from index.reading.places.fetching import Web
    from index.reading.places.visit import Visit

    try:
        for each in reversed([folder, *folder.parents]):
            if not each.exists():  # the index's folder may be made here: the owner's alone
                each.mkdir(mode=0o700, exist_ok=True)
        with FileLock(folder.with_name(f".{folder.name}.lock")):
            mirror = read_mirror(folder) or Mirror(folder)
            if mirror.starts == starts and 0 <= time.time() - mirror.checked < max_age:
                return
            mirror.starts = starts
            bar = tqdm(unit="page", desc=f"fetching {folder.name}", disable=not show_progress)
            with Web() as web, Parsers() as parsers, bar:
                Visit(web, mirror, bounds, parsers.extract, lambda _: bar.update()).run()
    except OSError as error:
        raise BadFolder(f"pages cannot be written to {folder} ({error.strerror}). Make room, or mend it") from error

"""A collection copied from one place to another, whatever keeps it there; nothing is encoded again."""

from index.errors import DamagedIndex, ForeignIndex, NoIndex, UserError
from index.ingestion.manifest import Manifest
from index.stores.location import Location
from index.stores.notes import read_last, write_last

_NOTES = ("calibration.json",)


class NotEmpty(UserError):
    """What would be overwritten is there already."""


def copy(source: Location, target: Location, *, force: bool = False, show_progress: bool = False) -> Manifest:
    """Make `target` hold what `source` does, and nothing else; what was copied.

    Raises NotEmpty where something is there already, unless with `force`, and what opening the one
    and writing to the other raise.
    """
    if str(source) == str(target):
        raise NotEmpty(f"{source} cannot be copied onto itself. Name another place")
    store = source.open()
    if not force and (what := _held(target)):
        raise NotEmpty(f"{target} {what}. Name another place, or overwrite it: --force")
    target.replace(store.encoded(), store.manifest, show_progress=show_progress)
    for name in _NOTES:
        if (content := source.read_note(name)) is not None:
            target.write_note(name, content)
    if coverage := read_last(source) or store.manifest.coverage:
        write_last(target, coverage)
    return store.manifest


def _held(target: Location) -> str:
    """What is at a place, empty where there is nothing."""
    try:
        return f"holds {target.open().manifest.counts.articles:,} articles already"
    except NoIndex:
        return ""
    except (ForeignIndex, DamagedIndex) as error:
        return f"is in use: {error}"

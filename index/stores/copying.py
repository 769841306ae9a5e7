"""Copy of a collection from one location to another, without encoding again."""

from index.errors import DamagedIndex, ForeignIndex, NoIndex, UserError
from index.ingestion.manifest import Manifest
from index.stores.location import Location
from index.stores.notes import CALIBRATION, read_coverage, write_coverage


class NotEmpty(UserError):
    """The target of a copy already holds something."""


def copy(source: Location, target: Location, *, force: bool = False, show_progress: bool = False) -> Manifest:
    """Replace the content of `target` with that of `source`. Returns the manifest of the copied content.

    Raises NotEmpty if `target` holds something, unless with `force`; also the errors of opening and writing.
    """
    if str(source) == str(target):
        raise NotEmpty(f"{source} cannot be copied onto itself. Name another place")
    store = source.open()
    if not force and (content := _content(target)):
        raise NotEmpty(f"{target} {content}. Name another place, or overwrite it: --force")
    target.replace(store.encoded(), store.manifest, show_progress=show_progress)
    if (calibration := source.read_note(CALIBRATION)) is not None:
        target.write_note(CALIBRATION, calibration)
    if coverage := read_coverage(source) or store.manifest.coverage:
        write_coverage(target, coverage)
    return store.manifest


def _content(target: Location) -> str:
    """The content of a location, as the end of a sentence; empty without content."""
    try:
        return f"holds {target.open().manifest.counts.articles:,} articles already"
    except NoIndex:
        return ""
    except (ForeignIndex, DamagedIndex) as error:
        return f"is in use: {error}"

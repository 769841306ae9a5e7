"""The builds that are kept beside the live one, and the way back to them."""

from pathlib import Path

from index.errors import NoOtherBuild
from index.ingestion.manifest import Manifest
from index.stores.builds.directory import builds, live_build, swap, whole_manifest, writing


def kept_builds(root: Path) -> list[tuple[Path, Manifest]]:
    """All whole builds, their folders and manifests: the live one first, of the others the newest first."""
    live = live_build(root)
    whole = [(folder, manifest) for folder in builds(root) if (manifest := whole_manifest(folder))]
    newest_first = sorted(whole, key=lambda kept: kept[1].created, reverse=True)
    return sorted(newest_first, key=lambda kept: kept[0] != live)


def roll_back(root: Path) -> tuple[Path, Path]:
    """Make the other kept build the live one; its folder, and that of the one before. Both are kept.

    Raises NoIndex, NoOtherBuild where there is no other whole build, or BuildFailed as `writing` does.
    """
    live_build(root)  # NoIndex before there is anything to hold
    with writing(root):
        before = live_build(root)
        others = [folder for folder, _ in kept_builds(root) if folder != before]
        if not others:
            raise NoOtherBuild(
                f"{root} keeps no whole build beside {before.name}. "
                "Put the articles back as they were and build again: python -m index build FOLDER"
            )
        swap(root, others[0])
    return others[0], before

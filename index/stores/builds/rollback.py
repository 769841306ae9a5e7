"""Rollback: the previous build becomes the live one again."""

from pathlib import Path

from index.errors import NoOtherBuild
from index.ingestion.manifest import Manifest
from index.stores.builds.directory import builds, live_build, swap, whole_manifest, writing


def whole_builds(root: Path) -> list[tuple[Path, Manifest]]:
    """Folders and manifests of all undamaged builds: the live one, then the others, newest first."""
    live = live_build(root)
    whole = [(folder, manifest) for folder in builds(root) if (manifest := whole_manifest(folder))]
    newest_first = sorted(whole, key=lambda build: build[1].created, reverse=True)
    return sorted(newest_first, key=lambda build: build[0] != live)


def roll_back(root: Path) -> tuple[Path, Path]:
    """Make the newest other build the live one and keep both. Returns its folder and that of the former live build.

    Raises NoIndex, NoOtherBuild without another undamaged build, or BuildFailed like `writing`.
    """
    live_build(root)  # raises NoIndex before a folder is created
    with writing(root):
        before = live_build(root)
        others = [folder for folder, _ in whole_builds(root) if folder != before]
        if not others:
            raise NoOtherBuild(
                f"{root} keeps no whole build beside {before.name}. "
                "Put the articles back as they were and build again: python -m index build FOLDER"
            )
        swap(root, others[0])
    return others[0], before

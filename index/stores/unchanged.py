"""Builds that need not be made: the files and settings are those of the build before."""

import hashlib
import json
from dataclasses import asdict

from index.errors import UserError
from index.ingestion.report import Report
from index.passages.chunking import Chunking
from index.reading.places.folders import written
from index.reading.places.reader import Problem
from index.reading.places.state import files_state
from index.stores.location import BuildWork, Location
from index.stores.notes import read_coverage


def built(location: Location, work: BuildWork) -> Report:
    """The report of a build, which is not made where neither a file nor a setting nor the index has changed since.

    Files are told by their sizes, times and inodes. With `work.force` they are read in any case. Raises like
    `Location.build`.
    """
    state = files_state(work.folder)
    kept = None if state is None or work.force else _kept(location, work, state)
    if kept:
        return kept
    report = location.build(work)
    if state:
        problems = [asdict(problem) for problem in report.problems]
        content = {"state": state, "settings": _settings(work), "build": report.build}
        location.write_note(_note(work), json.dumps({**content, "problems": problems, "ignored": report.ignored}))
    return report


def _kept(location: Location, work: BuildWork, state: str) -> Report | None:
    """The report of the build before, if it was of the same files and settings and is still live."""
    try:
        noted = json.loads(location.read_note(_note(work)) or "{}")
        if (noted.get("state"), noted.get("settings")) != (state, _settings(work)):
            return None
        manifest = location.open().manifest
        if manifest.name != noted["build"]:
            return None
        problems = [Problem(**problem) for problem in noted["problems"]]
        ignored = int(noted["ignored"])
    except (OSError, ValueError, TypeError, KeyError, UserError):
        return None
    return Report(manifest.name, False, manifest.counts, problems, ignored, read_coverage(location))


def _settings(work: BuildWork) -> str:
    told = [work.identity, work.max_file_bytes, work.programs, Chunking(), written(work.folder)]
    return hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()


def _note(work: BuildWork) -> str:
    return f"files-{work.shard.index}-of-{work.shard.count}.json"

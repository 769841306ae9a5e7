"""Checks of the index: format, files, encoder, reader, dates, who may read it."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.doctor.findings import Finding
from app.settings import Settings
from index.articles.filters import period
from index.encoder.encoder import load_encoder
from index.reader.reader import load_reader
from index.reader.readers import NONE
from index.reading.access import ungrouped
from index.stores.location import Location

_SHOWN = 3  # articles that are named
_SLACK = timedelta(minutes=5)  # by which clocks may differ


def index(location: Location) -> Iterator[Finding]:
    """Whether it is there, of this format, and as it was written."""
    manifest = location.open().manifest
    counts = f"{manifest.counts.articles:,} articles, {manifest.counts.passages:,} passages"
    name, damaged = location.verify()
    for defect in damaged:
        yield Finding("index", "wrong", defect, "python -m index build FOLDER --force, or python -m index rollback")
    if not damaged:
        yield Finding("index", "ok", f"{location}: build {name}, {counts}")
    for folder in manifest.folder.split("\n"):
        if folder and not Path(folder).is_dir():
            advice = "mount it, or build again from where it is now; quotes cannot be checked meanwhile"
            yield Finding("index", "note", f"the folder of articles {folder} is not there", advice)


def models(location: Location, settings: Settings) -> Iterator[Finding]:
    """Whether the encoder and the reader can be used."""
    identity = location.open().manifest.identity
    width = load_encoder(identity).questions(["Is it there?"]).shape[1]
    yield Finding("model", "ok", f"{identity.model} answers, {width} numbers a passage")
    if settings.reader != NONE:
        load_reader()
        yield Finding("model", "ok", "the reader can be used")


def clock(location: Location) -> Iterator[Finding]:
    """Whether the build, or the date of an article, is in the future."""
    store, now = location.open(), datetime.now(UTC)
    created = datetime.fromisoformat(store.manifest.created)
    if created > now + _SLACK:
        advice = "set the clock (timedatectl), and build again if that of the build was wrong"
        yield Finding(
            "clock", "wrong", f"the build was made at {store.manifest.created}, and it is {now:%FT%T}Z", advice
        )
    tomorrow = now.date().toordinal() + 1
    late = [entry.id for entry in store.articles.entries() if entry.published and period(entry.published)[0] > tomorrow]
    if late:
        named = ", ".join(late[:_SHOWN]) + (", …" if len(late) > _SHOWN else "")
        advice = "correct their field published, unless they are meant: they count as the newest"
        yield Finding("clock", "note", f"{len(late):,} articles are dated in the future: {named}", advice)
    if created <= now + _SLACK and not late:
        yield Finding("clock", "ok", f"it is {now:%FT%T}Z, and nothing is of the future")


def permissions(root: Path, settings: Settings) -> Iterator[Finding]:
    """Whether other accounts of the machine can read or change the index."""
    modes = {path: path.stat().st_mode for path in (root, *root.glob("builds/*")) if not path.is_symlink()}
    writable = [path for path, mode in modes.items() if mode & (stat.S_IWGRP | stat.S_IWOTH)]
    if writable:
        yield Finding("permissions", "wrong", f"others can change {writable[0]}", f"chmod -R go-w {root}")
    readable = root.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH)
    if readable and settings.groups_header:
        text = f"every account of this machine can read {root}, although access is by groups"
        yield Finding("permissions", "wrong", text, f"chmod 700 {root}")
    if not writable and not (readable and settings.groups_header):
        yield Finding(
            "permissions", "ok", f"{root} is the owner's" if not readable else f"{root} can be read by others"
        )


def groups(location: Location, settings: Settings) -> Iterator[Finding]:
    """Whether anybody sees each article, where access is by groups."""
    articles = location.open().articles
    hidden = ungrouped(articles) if settings.groups_header else 0
    if hidden:
        advice = "name groups in them, or in a file .groups in their folder, and build again"
        yield Finding(
            "groups", "note", f"{hidden:,} of {len(articles):,} articles name no group: nobody sees them", advice
        )

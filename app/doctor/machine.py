"""Checks of the machine: packages, disk, limit of open files."""

import importlib
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from platformdirs import user_cache_path

from app.doctor.findings import Finding
from index.errors import first_line

_NATIVE = ("numpy", "faiss", "openvino", "tokenizers", "Stemmer", "lxml", "regex")  # packages with compiled parts
_LEAST_FREE = 1_000_000_000  # bytes: an index is written beside the one that is live
_LEAST_FILES = 1_024


def installation() -> Iterator[Finding]:
    """Whether this is a Python that the program runs on, and its compiled packages can be imported."""
    python = ".".join(map(str, sys.version_info[:3]))
    broken = []
    for name in _NATIVE:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            broken.append(f"{name} ({first_line(error)})")
    try:
        own = version("citewell")
    except PackageNotFoundError:
        own = "not installed"
    if broken:
        advice = "make .venv/installed, or python -m pip install --requirement .requirements.lock"
        yield Finding("installation", "wrong", f"cannot be imported: {'; '.join(broken)}", advice)
    else:
        yield Finding("installation", "ok", f"Citewell {own}, Python {python}, {len(_NATIVE)} compiled packages")


def disk(index: Path | None) -> Iterator[Finding]:
    """Whether index, cache of models and temporary files have room, and can be written."""
    places = {"temporary files": Path(tempfile.gettempdir()), "models": user_cache_path("citewell")}
    if index:
        places["index"] = index
    for name, path in places.items():
        there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        free = shutil.disk_usage(there).free
        if not os.access(there, os.W_OK | os.X_OK):
            advice = f"run as the owner of {there}, or make it writable"
            yield Finding("disk", "wrong" if name == "temporary files" else "note", f"{path} is not writable", advice)
        elif free < _LEAST_FREE:
            advice = f"make room: {_LEAST_FREE / 1e9:.0f} GB, and as much again as the index has"
            yield Finding("disk", "wrong", f"{free / 1e6:,.0f} MB free for {name} in {path}", advice)
        else:
            yield Finding("disk", "ok", f"{free / 1e9:,.1f} GB free for {name} in {path}")


def open_files() -> Iterator[Finding]:
    """Whether enough connections and files may be open at once."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)  # the server raises the other one to it
    if hard != resource.RLIM_INFINITY and hard < _LEAST_FILES:
        advice = "ulimit -n 65536 before the start, or LimitNOFILE=65536 in a unit of systemd"
        yield Finding("open files", "wrong", f"at most {hard:,} files and connections", advice)
    else:
        yield Finding("open files", "ok", "unlimited" if hard == resource.RLIM_INFINITY else f"at most {hard:,}")

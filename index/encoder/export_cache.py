"""Cache of models exported to OpenVINO: one export per model, in the user's cache folder, shared by all processes.

An export is written to a temporary folder and renamed, so that a killed process leaves no partial export.
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from index.arrays import sync
from index.encoder.export import BAD, UNSUPPORTED
from index.encoder.model_files import Identity, file_sha256, model_folder, settings_files
from index.encoder.openvino_encoder import ExportedEncoder
from index.encoder.openvino_runtime import openvino, precision
from index.encoder.torch_encoder import check_weights
from index.errors import BadModel, first_line

_FORMAT = 4  # raise it with any change to the export
_FILES, _REASON = "files.json", "unsupported.txt"
_PART = ".part"
_LIFETIME = 30 * 24 * 3600.0  # seconds until an unused export is deleted, and a failed one is tried again
_log = logging.getLogger(__name__)


class NotExported(Exception):
    """The model has no export; the message says why."""


def exported_encoder(identity: Identity) -> ExportedEncoder:
    """The encoder of the exported model; exports the model if the cache does not have it.

    If the cache is not writable, the model is exported for this process only. Raises NotExported
    if the model or the machine is unsuitable, ForeignIndex if the model's weights are not the
    identity's, and BadModel.
    """
    try:
        runtime: str = openvino().__version__
    except ImportError as error:
        raise NotExported(f"OpenVINO does not run here ({error})") from error
    root, name = user_cache_path("citewell") / "models", _name(identity, runtime)
    try:
        if not _is_whole(root / name):
            _make(root / name, identity)
        return _opened(root / name, identity)
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        warn_once(
            f"no exported model can be kept in {root} ({error}), so every start takes seconds to export it again. "
            "Make that folder writable, or name another in XDG_CACHE_HOME"
        )
    try:
        with tempfile.TemporaryDirectory() as scratch:  # its open files outlive it
            _fill(Path(scratch, name), identity)
            return _opened(Path(scratch, name), identity)
    except OSError as error:
        raise NotExported(f"there is no folder to export it to ({error})") from error


def _name(identity: Identity, runtime: str) -> str:
    """The name of an export: a hash of weights, settings files, runtime and precision. The weights are not read."""
    folder = model_folder(identity.model)
    digest = hashlib.sha256(json.dumps([_FORMAT, runtime, precision(), identity.weights]).encode())
    for path in settings_files(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _opened(folder: Path, identity: Identity) -> ExportedEncoder:
    reason = folder / _REASON
    if reason.is_file():
        raise NotExported(reason.read_text("utf-8"))
    with contextlib.suppress(OSError):  # the cache may be read-only
        os.utime(folder / _FILES)
    try:
        return ExportedEncoder(folder, identity)
    except RuntimeError as error:
        raise NotExported(f"OpenVINO does not run it ({first_line(error)})") from error


def _make(folder: Path, identity: Identity) -> None:
    """Fill the folder; remove leftovers of killed processes and old exports."""
    from filelock import FileLock

    root = folder.parent
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / "lock"):
        if _is_whole(folder):  # made by another process meanwhile
            return
        for path in root.iterdir():
            if path.suffix == _PART or _is_old(path / _FILES):
                shutil.rmtree(path, ignore_errors=True)
        if folder.exists():
            _log.warning("the exported model in %s is damaged or old, and is made anew", folder)
        _fill(folder, identity)


def _fill(folder: Path, identity: Identity) -> None:
    """Write the export into the folder, or the reason why the model cannot be exported."""
    check_weights(identity)
    _log.warning("%s is exported to run fast on CPUs; this takes up to a minute, once", identity.model)
    with tempfile.TemporaryDirectory(dir=folder.parent, suffix=_PART, ignore_cleanup_errors=True) as scratch:
        fresh = Path(scratch, "model")
        _export(identity.model, fresh)
        (fresh / _FILES).write_text(json.dumps(_hashes(fresh)), "utf-8")
        for path in fresh.iterdir():
            sync(path)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def _export(model: str, fresh: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-m", "index.encoder.export", str(model_folder(model)), str(fresh)]
    reading, writing = os.pipe()
    with os.fdopen(reading) as end, os.fdopen(writing, "w"):  # closed with this process, and then the export ends, too
        run = subprocess.run(  # noqa: S603 - our own module
            command, stdin=end, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
    output = run.stdout if run.returncode in (UNSUPPORTED, BAD) else run.stderr
    reason = (output.strip().splitlines() or [f"it ended with {run.returncode}"])[-1]
    if run.returncode == BAD:
        raise BadModel(reason)
    if run.returncode == UNSUPPORTED:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        (fresh / _REASON).write_text(reason, "utf-8")
    elif run.returncode:
        raise NotExported(f"exporting it failed ({reason[:300]})")


def _is_whole(folder: Path) -> bool:
    """Whether the files are as they were written, and a recorded failure is recent."""
    try:
        return json.loads((folder / _FILES).read_text("utf-8")) == _hashes(folder) and not _is_old(folder / _REASON)
    except (FileNotFoundError, ValueError):
        return False


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file."""
    return {path.name: _hash(path, path.stat().st_mtime_ns) for path in folder.iterdir() if path.name != _FILES}


@cache
def _hash(path: Path, _changed: int) -> str:
    return file_sha256(path)


def _is_old(file: Path) -> bool:
    return file.is_file() and time.time() - file.stat().st_mtime > _LIFETIME


@cache
def warn_once(message: str) -> None:
    """Log a warning once per process."""
    _log.warning(message)

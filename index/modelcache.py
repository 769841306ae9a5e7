"""Models exported for the CPU runtime: made once a model, kept in the user's cache, shared by all processes."""

import hashlib
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from index.export import UNSUPPORTED
from index.exported import NETWORK, TOKENIZER, ExportedEncoder
from index.models import Identity, model_folder, settings_files
from index.reference import check_weights
from index.runtime import openvino

_FORMAT = 1  # raise it with any change to what is written
_FILES, _REASON = "files.json", "unsupported.txt"
_HASHED = (NETWORK, TOKENIZER)  # of the others, the weights among them, the size is looked at
_log = logging.getLogger(__name__)


class NotExported(Exception):
    """Why a model is not run by the CPU runtime."""


class _Damaged(Exception):
    """The files of an export are not those that were written."""


def exported_encoder(identity: Identity) -> ExportedEncoder:
    """The encoder of the exported model, which is exported now if it was not before.

    Where the cache cannot be written, it is exported for this process alone. Raises NotExported
    where the model or the machine will not do, and ForeignIndex where the model's weights are not
    the identity's.
    """
    try:
        openvino()
    except ImportError as error:
        raise NotExported(f"OpenVINO does not run here ({error})") from error
    root, name = user_cache_path("verbatim") / "models", _name(identity)
    try:
        return _opened(root / name, identity)
    except (_Damaged, FileNotFoundError, NotADirectoryError):
        pass
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{name}.lock"):
            _fill(root / name, identity)
        return _opened(root / name, identity)
    except (OSError, _Damaged) as error:
        _log.warning("no exported model can be kept in %s (%s), so every start makes one anew", root, error)
    with tempfile.TemporaryDirectory() as folder:  # what is open outlives it
        _fill(Path(folder, name), identity)
        return _opened(Path(folder, name), identity)


def _name(identity: Identity) -> str:
    """Another one for other weights, tokens, pooling or runtime. The weights themselves need not be read."""
    folder = model_folder(identity.model)
    told = hashlib.sha256(json.dumps([_FORMAT, version("openvino"), identity.weights]).encode())
    for path in settings_files(folder):
        told.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()[:16]


def _opened(folder: Path, identity: Identity) -> ExportedEncoder:
    reason = folder / _REASON
    if reason.is_file():
        raise NotExported(reason.read_text("utf-8"))
    try:
        if json.loads((folder / _FILES).read_text("utf-8")) != _sums(folder):
            raise _Damaged(f"{folder} is damaged")
    except ValueError as error:
        raise _Damaged(f"{folder} is damaged ({error})") from error
    try:
        return ExportedEncoder(folder, identity)
    except RuntimeError as error:
        raise NotExported(f"OpenVINO does not run it ({str(error).strip().splitlines()[0]})") from error


def _fill(folder: Path, identity: Identity) -> None:
    """Make the whole folder, unless another process just did; a part that a killed process left goes first."""
    if _is_whole(folder):
        return
    check_weights(identity)
    _log.warning("%s is made ready for this processor; that takes seconds, once", identity.model)
    fresh = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [sys.executable, "-m", "index.export", str(model_folder(identity.model)), str(fresh)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if run.returncode == UNSUPPORTED:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        (fresh / _REASON).write_text(run.stdout, "utf-8")
    elif run.returncode:
        said = run.stderr.strip().splitlines() or [f"it ended with {run.returncode}"]
        shutil.rmtree(fresh, ignore_errors=True)
        raise NotExported(f"exporting it failed ({said[-1][:300]})")
    (fresh / _FILES).write_text(json.dumps(_sums(fresh)), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _is_whole(folder: Path) -> bool:
    try:
        return bool(json.loads((folder / _FILES).read_text("utf-8")) == _sums(folder))
    except (OSError, ValueError):
        return False


def _sums(folder: Path) -> dict[str, list[int | str]]:
    """Of each file its size, and of all but the weights the sha256 as well."""
    return {
        path.name: [path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest() if path.name in _HASHED else ""]
        for path in sorted(folder.iterdir())
        if path.name != _FILES
    }

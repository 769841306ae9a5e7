"""The environment of the rivals: made once, each rival installed by itself, so that one that fails fails alone."""

import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.speed.contender import PROJECT, Failed, last_line

FOLDER = PROJECT / ".venv-rivals"
PINS = Path(__file__).parents[1] / "rivals" / "requirements.txt"

# What all of them stand on goes first. torch as the product has it: any other pin may pull gigabytes of CUDA.
BASE = ("torch==2.13.0", "sentence-transformers", "faiss-cpu")


def python(folder: Path = FOLDER) -> Path:
    """The interpreter of the environment."""
    return folder / "bin" / "python"


def install(packages: Sequence[str], say: Callable[[str], None], folder: Path = FOLDER) -> None:
    """Have these packages and what they stand on in the environment, at the pinned versions. Raises Failed."""
    if not _has_pip(folder):
        _make(folder, say)
    done = folder / "installed" / "+".join(packages).replace("==", "-")
    if done.exists() and done.read_text("utf-8") == PINS.read_text("utf-8"):
        return
    done.parent.mkdir(exist_ok=True)
    log = done.with_suffix(".log")
    say(f"installing {' '.join(packages)}")
    command = [str(python(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with log.open("w") as errors:
        ended = subprocess.run(  # noqa: S603 - our own command
            [*command, "--constraint", str(PINS), *packages], stdout=sys.stderr, stderr=errors, check=False
        )
    if ended.returncode:
        raise Failed(f"{' '.join(packages)} cannot be installed: {last_line(log)}; {_again(folder)}")
    done.write_text(PINS.read_text("utf-8"), "utf-8")


def _has_pip(folder: Path) -> bool:
    """Whether the interpreter runs and has pip: one that was killed while it was made may have none."""
    try:
        command = [str(python(folder)), "-m", "pip", "--version"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own command
    except OSError:
        return False


def _make(folder: Path, say: Callable[[str], None]) -> None:
    """The environment anew; what stood there goes."""
    say(f"making {folder.name}; this takes some minutes and about 2 GB")
    try:
        venv.create(folder, with_pip=True, symlinks=True, clear=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise Failed(f"{folder.name} cannot be made: {error}; {_again(folder)}") from error


def _again(folder: Path) -> str:
    return f"remove {folder.name} and run make bench again"

"""The environment of the rivals: made once, each rival installed by itself, so that one that fails fails alone."""

import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.speed.contender import PROJECT, Failed, last_line

FOLDER = PROJECT / ".venv-rivals"
PINS = Path(__file__).parent / "rivals" / "requirements.txt"

# What all of them stand on goes first. torch as the product has it: any other pin may pull gigabytes of CUDA.
BASE = ("torch==2.13.0", "sentence-transformers", "faiss-cpu")


def python(folder: Path = FOLDER) -> Path:
    """The interpreter of the environment."""
    return folder / "bin" / "python"


def install(packages: Sequence[str], say: Callable[[str], None], folder: Path = FOLDER) -> None:
    """Have these packages and what they stand on in the environment, at the pinned versions. Raises Failed."""
    done = folder / "installed" / "+".join(packages).replace("==", "-")
    if done.exists() and done.read_text("utf-8") == PINS.read_text("utf-8"):
        return
    if not python(folder).exists():
        say(f"making {folder.name}; this takes some minutes and about 2 GB")
        venv.create(folder, with_pip=True, symlinks=True)
    done.parent.mkdir(exist_ok=True)
    log = done.with_suffix(".log")
    say(f"installing {' '.join(packages)}")
    command = [str(python(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with log.open("w") as errors:
        ended = subprocess.run(  # noqa: S603 - our own command
            [*command, "--constraint", str(PINS), *packages], stdout=sys.stderr, stderr=errors, check=False
        )
    if ended.returncode:
        raise Failed(f"{' '.join(packages)} cannot be installed: {last_line(log)}")
    done.write_text(PINS.read_text("utf-8"), "utf-8")

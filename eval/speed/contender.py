"""The parent side of a measured process: it stays up, performs one action at a time, and is idle in between."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from index.errors import UserError

PROJECT = Path(__file__).parents[2]

# Of each contender; none is to look anything up on a network.
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "",  # modules are compiled once, as those of an installed package are
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}


class Failed(UserError):
    """A contender could not be made or an action of it failed; the others are not affected."""


class Contender:
    """A running contender, of the checkout at a folder. Closing it ends its process."""

    def __init__(self, command: Sequence[str], log: Path, at: Path = PROJECT) -> None:
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - a command of this package
                command,
                cwd=at,
                env=os.environ | ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
            )
        self._orders = cast("IO[str]", self._process.stdin)
        self._replies = cast("IO[str]", self._process.stdout)

    def tell(self, do: str, /, **values: Any) -> dict[str, Any]:
        """The reply of an action. Raises Failed, with the last line of the log if the process ended."""
        with suppress(BrokenPipeError):
            self._orders.write(json.dumps({"do": do, **values}) + "\n")
            self._orders.flush()
        line = self._replies.readline()
        if not line:
            raise Failed(f"{do} ended with exit code {self._process.wait()}: {last_line(self._log)}")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process, if it still runs."""
        self._process.kill()
        self._process.wait()
        self._replies.close()
        with suppress(BrokenPipeError):  # the last order may never have been read
            self._orders.close()

    def __enter__(self) -> "Contender":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def told(command: Sequence[str], log: Path, do: str, /, **values: Any) -> dict[str, Any]:
    """The reply of an action in a process of its own, so that it is not charged with another's memory."""
    with Contender(command, log) as contender:
        return contender.tell(do, **values)


def last_line(log: Path) -> str:
    """The last line of a log that is not empty."""
    lines = log.read_text("utf-8", errors="replace").split("\n")
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "it said nothing")


def module(name: str, *arguments: str, python: str | Path = sys.executable) -> list[str]:
    """The command that runs a module of this package."""
    return [str(python), "-m", f"eval.speed.{name}", *arguments]

"""A contender: a process of its own that stays up, does one thing at a time when told, and is silent in between."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NoReturn, cast

from index.errors import UserError

PROJECT = Path(__file__).parents[2]

# No contender is to look anything up on a network.
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


class Failed(UserError):
    """A contender could not be made or did not do what it was told; the others are not affected."""


class Contender:
    """A running contender. Closing it ends its process."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - a command of this package
                command,
                cwd=PROJECT,
                env=os.environ | OFFLINE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
            )
        self._orders = cast("IO[str]", self._process.stdin)
        self._replies = cast("IO[str]", self._process.stdout)

    def tell(self, do: str, **values: Any) -> dict[str, Any]:
        """What it replies once it has done so.

        Raises Failed where it ends instead, with what it said last, and where what it says is no reply.
        """
        try:
            self._orders.write(json.dumps({"do": do, **values}) + "\n")
            self._orders.flush()
        except BrokenPipeError:
            self._fail(do)
        line = self._replies.readline()
        if not line:
            self._fail(do)
        try:
            reply: dict[str, Any] = json.loads(line)
        except ValueError:
            raise Failed(f"{do} was answered with {line.strip()[:300]!r}, which is no reply") from None
        return reply

    def close(self) -> None:
        """End the process; without harm where it has ended."""
        self._process.kill()
        self._process.wait()
        self._replies.close()
        with suppress(BrokenPipeError):  # what was written last was never read
            self._orders.close()

    def _fail(self, do: str) -> NoReturn:
        code = self._process.wait()
        raise Failed(f"{do} ended with exit code {code}: {last_line(self._log)}")

    def __enter__(self) -> "Contender":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def last_line(log: Path) -> str:
    """The last line of a log that is not empty."""
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


def module(name: str, *arguments: str, python: str | Path = sys.executable) -> list[str]:
    """The command that runs a module of this package."""
    return [str(python), "-m", f"eval.speed.{name}", *arguments]

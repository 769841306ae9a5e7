"""A worker process for the parsers of foreign bytes: one that crashes or hangs costs its file, not the build."""

import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from index.errors import BadArticle
from index.reading.formats.adapters import AS, adapted, adapter_of
from index.reading.formats.extract import Extract, Member
from index.reading.formats.programs import NONE, Programs

_ROOT = Path(__file__).parents[3]  # of the package
_PATIENCE = 2  # seconds
_SECONDS, _SECONDS_A_MEGABYTE = 25, 20
_SHORT = 2_000  # characters of a text that is read here, which takes less time than a worker's start
_LENGTH = 8  # bytes before each message


class Parsers:
    """A context manager; its worker starts with the first file and again after a crash, and ends with the context.

    A worker also ends when its parent dies in whatever way, as its standard input closes then.
    """

    def __init__(self, programs: Programs = NONE) -> None:
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Parsers":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def extract(self, suffix: str, content: bytes | str) -> Extract | None:
        """The extract as from `adapted`. Raises BadArticle, also if the worker dies of the file."""
        if not adapter_of(suffix, content):
            return None
        if suffix.startswith(AS) and len(content) <= _SHORT:
            return adapted(suffix, content)
        return cast("Extract", self._asked("text", suffix, content))

    def members(self, suffix: str, content: bytes) -> Sequence[Member]:
        """The files in a container as from `members_of`. Raises BadArticle, also if the worker dies of the file."""
        return cast("Sequence[Member]", self._asked("members", suffix, content))

    def _asked(self, wanted: str, suffix: str, content: bytes | str) -> object:
        process = self._process = self._process or _start()
        try:
            send(cast("BinaryIO", process.stdin), (wanted, suffix, content, self._programs))
            result = receive(cast("BinaryIO", process.stdout))
        except (EOFError, BrokenPipeError) as error:
            code = process.wait()
            self._end()
            if code == -signal.SIGXCPU:
                raise BadArticle("reading it takes too long. Split the file, or save it anew") from error
            raise BadArticle("damaged: its parser stopped. Save it anew with another program") from error
        except BaseException:  # an interrupt leaves half a message in the pipe
            self._end()
            raise
        if isinstance(result, BaseException):
            raise result
        return result

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            with suppress(BrokenPipeError):
                cast("BinaryIO", process.stdin).close()  # so that it ends, with the programs that it runs
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()
            with suppress(BrokenPipeError), process:  # closes its pipes
                pass


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "index.reading.formats.parser_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
    )


def seconds_for(size: int) -> int:
    """The seconds that reading a file of this many bytes or characters may take."""
    return _SECONDS + _SECONDS_A_MEGABYTE * size // 1_000_000


def send(pipe: BinaryIO, message: object) -> None:
    """Write a message."""
    raw = pickle.dumps(message)
    pipe.write(len(raw).to_bytes(_LENGTH, "big") + raw)
    pipe.flush()


def receive(pipe: BinaryIO) -> object:
    """The next message. Raises EOFError if there is none, or half of one."""
    raw = pipe.read(_LENGTH)
    content = pipe.read(int.from_bytes(raw, "big"))
    if len(raw) < _LENGTH or len(content) < int.from_bytes(raw, "big"):
        raise EOFError
    return pickle.loads(content)  # noqa: S301 - both ends are this package

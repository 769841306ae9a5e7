"""Programs of the system that help to read files where an owner asks for it: LibreOffice and Tesseract."""

import os
import resource
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import BadArticle, UserError
from index.patterns import lazy

OFFICE, RECOGNISER = "soffice", "tesseract"
_LANGUAGES = lazy(r"[A-Za-z0-9_]{2,20}(?:\+[A-Za-z0-9_]{2,20}){0,9}")
_MOST_BYTES = 500_000_000  # of a file that a program writes
_PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
_running: set[int] = set()  # groups of processes


@dataclass(frozen=True, slots=True)
class Programs:
    """The choices of a build: LibreOffice for old office files; languages of Tesseract for scanned pages."""

    libreoffice: bool = False
    ocr: str = ""

    def check(self) -> None:
        """Raise UserError if a program or language is not installed."""
        if self.libreoffice and not shutil.which(OFFICE):
            raise UserError(
                f"--libreoffice needs LibreOffice, and there is no {OFFICE}. Install it, in Debian: "
                f"apt-get install {_PACKAGES}"
            )
        if self.ocr and not _LANGUAGES.fullmatch(self.ocr):
            raise UserError(f"--ocr {self.ocr[:60]!r} names no languages. Write their codes, as in --ocr eng+deu")
        if self.ocr and not shutil.which(RECOGNISER):
            raise UserError(
                f"--ocr needs Tesseract, and there is no {RECOGNISER}. Install it, in Debian: "
                "apt-get install tesseract-ocr"
            )
        known = run([RECOGNISER, "--list-langs"], 60).decode("utf-8", "replace").split() if self.ocr else []
        for language in self.ocr.split("+") if self.ocr else []:
            if language not in known:
                raise UserError(
                    f"--ocr: Tesseract has no data for {language!r}. Install them, in Debian: "
                    f"apt-get install tesseract-ocr-{language.replace('_', '-')}"
                )


NONE = Programs()


def run(command: list[str], seconds: int, given: bytes = b"", folder: Path | None = None) -> bytes:
    """The output of a program that ends within some seconds, and takes at most as much processor time.

    Raises BadArticle if it fails or takes longer; then it and all that it has started are killed.
    """
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "http_proxy": "http://127.0.0.1:9", "LC_ALL": "C.UTF-8"}
    environment |= {"https_proxy": "http://127.0.0.1:9", "HOME": str(folder)} if folder else {}
    with subprocess.Popen(  # noqa: S603 - a program that the owner has named
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        process_group=0,
    ) as process:
        _running.add(process.pid)
        try:
            limits = ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, _MOST_BYTES))
            for kind, most in limits if hasattr(resource, "prlimit") else ():  # macOS has none for other processes
                limit(kind, most, process.pid)
            output, _ = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise BadArticle(f"{command[0]} took over {seconds} seconds. Save the file anew, or split it") from error
        finally:
            kill(process.pid)
            _running.discard(process.pid)
    if process.returncode:
        raise BadArticle(f"{command[0]} could not read it. Save the file anew with another program")
    return output


def limit(kind: int, most: int, process: int = 0) -> None:
    """Limit a resource of a process, this one for 0, unless it is limited further."""
    _, hard = resource.getrlimit(kind)
    resource.prlimit(process, kind, (most if hard < 0 else min(most, hard), hard))


def kill(group: int) -> None:
    """Kill a program with all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def kill_all() -> None:
    """Kill every program that runs for this process."""
    for group in tuple(_running):
        kill(group)

"""Processes that tests start, to kill them or to starve them: `python -m tests.processes ROLE ARGUMENT…`."""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count, cycle
from pathlib import Path

from index.arrays import Vectors
from index.encoder.model_files import Identity
from index.errors import UserError
from index.passages.sentences import Span
from index.search.questions.question import Question
from index.stores.builds.build import build
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

QUESTION = "What did the probe bring?"


def start(role: str, *arguments: Path | str | int) -> subprocess.Popen[str]:
    """A process in one of the roles below, in a group of its own, with pipes to talk to it."""
    command = [sys.executable, "-m", "tests.processes", role, *map(str, arguments)]
    here = Path(__file__).parent.parent
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=here, text=True, stdin=pipe, stdout=pipe, stderr=pipe, process_group=0)


def child_of(parent: int) -> int:
    """The process that a process started, as soon as it has done so."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for thread in Path(f"/proc/{parent}/task").iterdir():
            if children := (thread / "children").read_text("ascii").split():
                return int(children[0])
        time.sleep(0.01)
    raise TimeoutError(f"process {parent} started no other")


def gone(child: int) -> None:
    """Wait until a process has ended, which nobody may have been told yet."""
    until = time.monotonic() + 60
    while Path(f"/proc/{child}").exists() and "State:\tZ" not in Path(f"/proc/{child}/status").read_text("ascii"):
        assert time.monotonic() < until
        time.sleep(0.01)


def seen(root: Path) -> str:
    """Everything that a reader can see of the live build: its articles, and the hits of one question."""
    searcher = searcher_of(root)
    texts = [searcher.articles[row].text for row in range(len(searcher.articles))]
    hits = [
        (hit.passage.id, hit.passage.text, hit.best_sentence, hit.score) for hit in searcher.search(Question(QUESTION))
    ]
    return json.dumps([texts, hits])


def writers(root: str, *folders: str) -> None:
    """For each line read, start a process that builds the folders in turn for ever; print its id, and how it ended."""
    for _ in sys.stdin:
        _say(_forked(partial(_build_for_ever, Path(root), [Path(folder) for folder in folders])))
        _say(os.waitstatus_to_exitcode(os.wait()[1]))


def reader(root: str) -> None:
    """Open and search until the input ends; then print every different thing seen."""
    views = {seen(Path(root))}
    _say("ready")
    while not select.select([sys.stdin], [], [], 0)[0]:
        views.add(seen(Path(root)))
    _say("\n".join(sorted(views)))


def crashes(root: str, folder: str, force: str) -> None:
    """For each line read, run a build that is killed right before its next step on the disk.

    The first is killed before the first step, the second before the second. Prints -9, or 0 for a build that reached
    its end.
    """
    for step, _ in zip(count(1), sys.stdin, strict=False):
        child = _forked(partial(_build_until, step, Path(root), Path(folder), force == "force"))
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def limited(root: str, folder: str, limit: str) -> None:
    """Build where no file may grow over `limit` bytes; print the error."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        build(Path(folder), Path(root), IDENTITY, load=HashingEncoder)
    except UserError as error:
        _say(f"{type(error).__name__}: {error}")


def stopped(root: str, folder: str, passages: str) -> None:
    """Build with an encoder that kills the process as soon as it has encoded so many passages."""
    build(Path(folder), Path(root), IDENTITY, load=lambda _: Mortal(int(passages)))


class Mortal(HashingEncoder):
    """An encoder that kills its process once it has encoded so many passages."""

    def __init__(self, passages: int, identity: Identity = IDENTITY) -> None:
        super().__init__(identity)
        self._left = passages

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= len(texts)
        return super().passages(texts, sentences)


def _say(value: object) -> None:
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


def _build_for_ever(root: Path, folders: list[Path]) -> None:
    for folder in cycle(folders):
        # Forced: each build is written anew, so that older ones are removed while others may read them.
        build(folder, root, IDENTITY, load=HashingEncoder, force=True)


def _build_until(step: int, root: Path, folder: Path, force: bool) -> None:
    steps = count(1)

    def kill_at(event: str, arguments: tuple[object, ...]) -> None:
        if _changes_disk(event, arguments) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(kill_at)
    build(folder, root, IDENTITY, load=HashingEncoder, force=force)


def _changes_disk(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    return event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir")


def _forked(run: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    run()
    os._exit(0)


ROLES: dict[str, Callable[..., None]] = {role.__name__: role for role in (writers, reader, crashes, limited, stopped)}

if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])

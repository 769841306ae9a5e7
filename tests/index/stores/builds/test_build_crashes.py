"""Builds killed at any moment, while others read: nothing torn, nothing lost, nothing left behind."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.stores.builds.build import build
from index.stores.builds.directory import live_build, verify_live
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import seen, start

pytestmark = pytest.mark.slow

OTHER = {"sun.md": "# The Sun\n\nA probe brought 2 grams of solar wind home. What it said was new.\n"}
KILLS = 8


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second folder of articles."""
    return write_articles(tmp_path / "other", OTHER)


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """A list of processes that are gone, with their children, when the test is over."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _ask(process: subprocess.Popen[str]) -> int:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
    return _answer(process)


def _answer(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    return int(process.stdout.readline())


def _await_swaps(root: Path, builder: int, swaps: int) -> None:
    """Return when the builder has swapped in so many builds."""
    live = live_build(root)
    while swaps:
        os.kill(builder, 0)  # ProcessLookupError where it has ended
        if live_build(root) != live:
            live, swaps = live_build(root), swaps - 1


def _leftovers(root: Path) -> list[str]:
    return sorted(path.name for path in [*root.glob("builds/unfinished-*"), *root.glob("CURRENT.*")])


def test_readers_see_one_of_two_whole_builds_while_builders_are_killed(
    root: Path, folder: Path, other: Path, processes: list[subprocess.Popen[str]]
) -> None:
    views = {seen(root)}
    began = time.monotonic()
    build(other, root, IDENTITY, load=HashingEncoder)
    views.add(seen(root))
    one_build = time.monotonic() - began  # on this machine: so that kills fall everywhere within a build
    third = write_articles(folder.parent / "third", {"new.md": "# New\n\nSomething else.\n"})
    processes += [start("reader", root), start("reader", root)]
    readers = list(processes)
    assert [process.stdout.readline() for process in readers if process.stdout] == ["ready\n"] * 2
    processes.append(writers := start("writers", root, folder, other))

    moments = random.Random(20)  # noqa: S311 - the moments need only be the same in every run
    for _ in range(KILLS):
        builder = _ask(writers)
        _await_swaps(root, builder, moments.choice([0, 1, 2]))
        time.sleep(moments.uniform(0, 2 * one_build))
        os.kill(builder, signal.SIGKILL)
        assert _answer(writers) == -signal.SIGKILL  # it was still building, not ended by an error
        assert seen(root) in views
        assert verify_live(root)[1] == []

    for process in readers:
        output, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
        assert set(output.splitlines()) == views
    build(third, root, IDENTITY, load=HashingEncoder)
    assert _leftovers(root) == []
    assert len(list((root / "builds").iterdir())) == 2


@pytest.mark.parametrize("force", ["", "force"])
def test_a_build_killed_before_any_step_leaves_the_old_or_the_new_build_whole(
    force: str, root: Path, folder: Path, other: Path, processes: list[subprocess.Popen[str]]
) -> None:
    old, before = live_build(root), root.parent / "before"
    build(other, root, IDENTITY, load=HashingEncoder)
    build(folder, root, IDENTITY, load=HashingEncoder)
    subject = folder if force else write_articles(root.parent / "third", {"new.md": "# New\n\nSomething else.\n"})
    shutil.copytree(root, before)
    processes.append(builders := start("crashes", root, subject, force))
    old_view = seen(root)
    views: list[str] = []
    lives: list[bool] = []
    interrupted: set[str] = set()

    while _ask(builders):
        live, damaged = verify_live(root)
        assert damaged == []
        views.append(seen(root))
        lives.append(live == old)
        interrupted.update(name.split("-")[0] for name in _leftovers(root))

        build(subject, root, IDENTITY, load=HashingEncoder, force=bool(force))
        assert _leftovers(root) == []
        assert verify_live(root)[1] == []
        shutil.rmtree(root)
        shutil.copytree(before, root)

    assert set(views) == {old_view, seen(root)}
    assert lives == sorted(lives, reverse=True)  # the old build up to one step, the new one from there on
    assert set(lives) == {True, False}
    assert interrupted == {"unfinished", "CURRENT.new"}

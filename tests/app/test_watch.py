"""The folder is watched and built in real processes, with the hashing encoder."""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.serving.live import Live
from app.watch import Watcher
from index.reading.places.folders import Where, each
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, verify_live
from index.stores.location import Location
from tests.answers import answer_to
from tests.app.serving.test_live import until
from tests.conftest import ARTICLES, PROJECT, write_articles
from tests.hashing import IDENTITY, HashingEncoder

pytestmark = pytest.mark.slow

# It stands still while a file beside the folder tells it to, and leaves its process id there.
BUILD = f"""
import os, sys, time
sys.path.insert(0, {str(PROJECT)!r})
from pathlib import Path
*folders, root = map(Path, sys.argv[1:])
folder = folders[0]
with (folder.parent / "builds.log").open("a") as log:
    log.write(f"{{os.getpid()}}\\n")
from index.reading.places.folders import where_of
from index.stores.builds.build import build
from tests.hashing import IDENTITY, HashingEncoder

class Slow(HashingEncoder):
    def passages(self, texts, sentences):
        while (folder.parent / "stand").exists():
            time.sleep(0.02)
        return super().passages(texts, sentences)

build(where_of(folders), root, IDENTITY, load=Slow, wait=60)
"""


def command(where: Where, location: Location) -> tuple[list[str], Mapping[str, str]]:
    return [sys.executable, "-c", BUILD, *map(str, each(where)), str(location)], {}


class Watched:
    """A folder that is watched, and its index."""

    def __init__(self, folder: Path, root: Path, watcher: Watcher) -> None:
        self.folder, self.root, self.watcher = folder, root, watcher
        self.live = Live(root, HashingEncoder)

    def ids(self) -> set[str]:
        """The articles of the live build."""
        return {entry.id for entry in self.live.current().searcher.articles.entries()}

    def builds(self) -> list[int]:
        """The process ids of all builds begun so far."""
        log = self.folder.parent / "builds.log"
        return [int(line) for line in log.read_text().split()] if log.exists() else []

    def switch(self, name: str, *, on: bool) -> None:
        """Have builds stand still."""
        path = self.folder.parent / name
        path.touch() if on else path.unlink()

    def rest(self) -> None:
        """Wait until a first build has ended."""
        until(lambda: bool(self.builds()) and self.watcher.state == "current")


@contextlib.contextmanager
def watching(where: Where, root: Path, sweep_seconds: float = 60) -> Iterator[Watched]:
    with Watcher(where, root, sweep_seconds, command) as watcher:
        yield Watched(each(where)[0], root, watcher)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One for all tests that leave it watching; each has files of its own."""
    base = tmp_path_factory.mktemp("watched")
    folder, root = write_articles(base / "articles", ARTICLES), base / "index"
    build(folder, root, IDENTITY, load=HashingEncoder)
    with watching(folder, root) as watched:
        watched.rest()
        yield watched


def test_additions_changes_and_deletions_are_live_soon(watched: Watched) -> None:
    folder = watched.folder
    write_articles(folder, {"sun.md": "The Sun is hot.", "new/deep/mars.md": "Mars is red."})
    until(lambda: {"sun", "new/deep/mars"} < watched.ids())
    write_articles(folder, {"new/deep/venus.md": "Venus is bright."})  # in a folder that was not there at first
    until(lambda: "new/deep/venus" in watched.ids())
    (folder / "moon.md").unlink()
    (folder / "sun.md").write_text("The Sun is a star of the main sequence.", "utf-8")
    shutil.rmtree(folder / "new")
    until(lambda: not {"moon", "new/deep/mars", "new/deep/venus"} & watched.ids())
    searcher = watched.live.current().searcher
    assert answer_to(searcher, "Is the Sun a star?", 1).citations[0].quote == "The Sun is a star of the main sequence."
    watched.rest()
    assert watched.watcher.reason == ""


def test_a_change_in_either_of_two_folders_is_live_soon(folder: Path, tmp_path: Path) -> None:
    both = folder, write_articles(tmp_path / "news", {"sun.md": "The Sun is hot."})
    build(both, tmp_path / "index", IDENTITY, load=HashingEncoder)
    with watching(both, tmp_path / "index") as watched:
        watched.rest()
        write_articles(folder, {"mars.md": "Mars is red."})
        until(lambda: "articles/mars" in watched.ids())
        write_articles(both[1], {"venus.md": "Venus is bright."})
        until(lambda: "news/venus" in watched.ids())


def test_what_changed_while_nobody_watched_is_built_at_the_start(folder: Path, root: Path) -> None:
    write_articles(folder, {"sun.md": "The Sun is hot."})
    with watching(folder, root) as watched:
        until(lambda: "sun" in watched.ids())


def test_a_burst_of_changes_is_few_builds(watched: Watched) -> None:
    before = len(watched.builds())
    watched.switch("stand", on=True)
    write_articles(watched.folder, {"burst/first.md": "The first."})
    until(lambda: len(watched.builds()) > before)
    for number in range(200):
        write_articles(watched.folder, {f"burst/{number}.md": f"Number {number}."})
    watched.switch("stand", on=False)
    until(lambda: len([key for key in watched.ids() if key.startswith("burst/")]) == 201)
    watched.rest()
    assert len(watched.builds()) - before <= 3


def test_what_changes_while_a_build_runs_is_in_the_next(watched: Watched) -> None:
    before = len(watched.builds())
    watched.switch("stand", on=True)
    write_articles(watched.folder, {"during.md": "The Sun is hot."})
    until(lambda: len(watched.builds()) > before)
    time.sleep(0.5)  # the folder has been read by now, or is read after the next line: both must do
    write_articles(watched.folder, {"later.md": "Mars is red."})
    watched.switch("stand", on=False)
    until(lambda: {"during", "later"} < watched.ids())
    watched.rest()


def test_hidden_files_and_the_index_itself_start_no_build(folder: Path) -> None:
    root = folder / "index"
    build(folder, root, IDENTITY, load=HashingEncoder)
    write_articles(folder, {"sun.md": "The Sun is hot."})
    with watching(folder, root) as watched:
        watched.rest()
        until(lambda: "sun" in watched.ids())
        write_articles(folder, {".sun.md.swp": "x", ".git/index": "x", "index/CURRENT.new": "x"})
        time.sleep(2.5)  # longer than changes are gathered
        assert len(watched.builds()) == 1


def test_a_folder_that_is_away_is_told_and_built_when_it_is_back(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    before = watched.ids()
    away = watched.folder.rename(watched.folder.with_name("away"))
    until(lambda: watched.watcher.state == "failed")
    assert watched.watcher.reason.startswith(f"{watched.folder} cannot be watched: ")
    assert watched.ids() == before
    time.sleep(1.5)
    assert len(caplog.records) == 1
    write_articles(away, {"away.md": "The Sun is hot."})
    away.rename(watched.folder)
    until(lambda: "away" in watched.ids())
    write_articles(watched.folder, {"back.md": "Mars is red."})
    until(lambda: "back" in watched.ids())
    watched.rest()


@pytest.mark.parametrize("removed", [True, False])
def test_another_folder_put_in_its_place_is_watched(removed: bool, watched: Watched) -> None:
    if removed:
        shutil.rmtree(watched.folder)
    else:
        watched.folder.rename(watched.folder.with_name("before"))
    write_articles(watched.folder, {f"{removed}/sun.md": "The Sun is hot."})
    until(lambda: watched.ids() == {f"{removed}/sun"})
    write_articles(watched.folder, {f"{removed}/mars.md": "Mars is red."})
    until(lambda: watched.ids() == {f"{removed}/sun", f"{removed}/mars"})
    watched.rest()


def test_a_killed_build_leaves_the_index_whole_and_the_next_change_builds(watched: Watched) -> None:
    before, began = live_build(watched.root), len(watched.builds())
    watched.switch("stand", on=True)
    write_articles(watched.folder, {"first.md": "The Sun is hot."})
    until(lambda: len(watched.builds()) > began)
    os.kill(watched.builds()[-1], signal.SIGKILL)
    until(lambda: watched.watcher.state == "failed")
    assert watched.watcher.reason == "the build ended with -9"
    assert verify_live(watched.root) == (before, [])
    watched.switch("stand", on=False)
    write_articles(watched.folder, {"second.md": "Mars is red."})
    until(lambda: {"first", "second"} < watched.ids())
    watched.rest()


def test_to_stop_ends_a_build_at_once_and_is_no_failure(
    folder: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.parent / "stand").touch()
    write_articles(folder, {"sun.md": "The Sun is hot."})
    with watching(folder, root) as watched:
        until(lambda: bool(watched.builds()))
        before = live_build(root)
    with pytest.raises(ProcessLookupError):
        os.kill(watched.builds()[-1], 0)
    assert (verify_live(root), watched.watcher.state, caplog.records) == ((before, []), "current", [])

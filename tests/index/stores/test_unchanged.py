"""Builds that need not be made, in both stores."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.ingestion.report import Report
from index.stores.location import BuildWork, Location
from index.stores.unchanged import built
from tests.conftest import write_articles
from tests.hashing import IDENTITY
from tests.index.stores import test_places
from tests.index.stores.test_places import location

__all__ = ["location"]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BuildWork:
    """A build of two files, one of which is lost, years after they were written."""
    monkeypatch.setattr("index.reading.places.state.time.time_ns", lambda: 4_000_000_000_000_000_000)
    folder = write_articles(tmp_path / "articles", {"a.md": "Ivy feeds bees.", "b.md": "Moss is green.", "x.png": "?"})
    (folder / "c.md").write_bytes(b"")
    return BuildWork(folder, IDENTITY)


@pytest.fixture
def made(location: Location, monkeypatch: pytest.MonkeyPatch) -> list[BuildWork]:
    """The builds that are really made, with an encoder of hashes."""
    made: list[BuildWork] = []

    def build(self: Location, work: BuildWork) -> Report:
        made.append(work)
        return test_places.built(self, work.folder)

    monkeypatch.setattr(type(location), "build", build)
    return made


def test_files_that_have_not_changed_are_not_read_again(
    location: Location, work: BuildWork, made: list[BuildWork]
) -> None:
    first, second = built(location, work), built(location, work)
    assert (first.changed, second.changed, len(made)) == (True, False, 1)
    assert (second.build, second.counts, second.coverage) == (first.build, first.counts, first.coverage)
    assert (second.problems, second.ignored) == (first.problems, first.ignored)
    assert first.problems != []


def test_a_changed_file_another_setting_or_force_makes_a_build(
    location: Location, work: BuildWork, made: list[BuildWork]
) -> None:
    built(location, work)
    for another in (replace(work, force=True), replace(work, max_file_bytes=1_000)):
        built(location, another)
    assert len(made) == 3
    built(location, work)  # the settings of the last build were others
    assert len(made) == 4
    assert isinstance(work.folder, Path)
    (work.folder / "a.md").write_text("Ivy feeds wasps.", "utf-8")
    assert (built(location, work).changed, len(made)) == (True, 5)


def test_an_index_that_was_changed_since_is_built_again(
    location: Location, work: BuildWork, made: list[BuildWork], tmp_path: Path
) -> None:
    built(location, work)
    test_places.built(location, write_articles(tmp_path / "others", {"a.md": "Lichen is grey."}))
    assert (built(location, work).changed, len(made)) == (True, 2)
    location.write_note("files-0-of-1.json", "{]")
    assert (built(location, work).changed, len(made)) == (False, 3)

"""The state of files, told without reading them."""

import os
from pathlib import Path

import pytest

from index.reading.places.state import files_state
from tests.conftest import write_articles

OLD = 1_700_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of articles, as seen years later."""
    monkeypatch.setattr("index.reading.places.state.time.time_ns", lambda: 4_000_000_000_000_000_000)
    return write_articles(tmp_path / "articles", {"a.md": "Ivy.", "b/c.md": "Moss."})


def test_the_same_files_have_the_same_state(folder: Path) -> None:
    before = files_state(folder)
    assert before
    (folder / "a.md").read_text("utf-8")
    assert files_state(folder) == before


@pytest.mark.parametrize("name", ["a.md", "b/c.md", "d.md", ".groups", "b/.synonyms", "picture.png"])
def test_any_file_that_changes_changes_the_state(name: str, folder: Path) -> None:
    before = files_state(folder)
    (folder / name).write_text("Lichen and ivy.", "utf-8")
    assert files_state(folder) not in (None, before)


def test_another_file_of_equal_size_and_time_changes_the_state(folder: Path) -> None:
    before, path = files_state(folder), folder / "a.md"
    os.utime(path, (OLD, OLD))
    changed = files_state(folder)
    assert changed != before
    fresh = folder / "fresh"
    fresh.write_text("Oak.", "utf-8")
    os.utime(fresh, (OLD, OLD))
    fresh.replace(path)
    assert files_state(folder) != changed


def test_a_file_that_goes_changes_the_state(folder: Path) -> None:
    before = files_state(folder)
    (folder / "a.md").unlink()
    assert files_state(folder) != before


def test_an_index_in_the_folder_is_none_of_its_files(folder: Path) -> None:
    before = files_state(folder)
    (folder / "index" / "builds").mkdir(parents=True)
    (folder / "index" / "CURRENT").write_text("x", "utf-8")
    assert files_state(folder) == before


def test_files_that_have_just_changed_or_cannot_be_looked_at_have_no_state(folder: Path, tmp_path: Path) -> None:
    assert files_state(tmp_path / "nowhere") is None
    (folder / "broken.md").symlink_to("nowhere")
    assert files_state(folder) is None


def test_a_change_of_the_last_seconds_cannot_be_relied_on(tmp_path: Path) -> None:
    assert files_state(write_articles(tmp_path / "articles", {"a.md": "Ivy."})) is None

"""Places of a collection: which one a text names, and what stands beside a folder's builds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import UserError
from index.stores.address import open_location
from index.stores.builds.location import BuildsFolder
from index.stores.postgresql.location import Database
from tests.conftest import PROJECT

WITHOUT = """
import sys
sys.modules["psycopg"] = None
from index.errors import UserError
from index.stores.address import open_location
try:
    open_location("postgresql://ann:hunter2@db.example/texts")
except UserError as error:
    print(error)
"""


def test_a_text_names_a_folder_or_a_database() -> None:
    assert open_location("some/index") == open_location(Path("some/index")) == BuildsFolder(Path("some/index"))
    assert [type(open_location(f"{kind}://db.example/texts")) for kind in ("postgresql", "postgres")] == [
        Database,
        Database,
    ]
    folder = BuildsFolder(Path("x"))
    assert open_location(folder) is folder


@pytest.mark.parametrize("kind", ["PostgreSQL", "postgresql+psycopg", " postgresql", "mysql", "file"])
def test_an_address_of_another_kind_is_refused_without_being_shown(kind: str) -> None:
    with pytest.raises(UserError) as refused:
        open_location(f"{kind}://ann:hunter2@db.example/texts")
    assert str(refused.value) == (
        "the index has an address of an unknown kind. Give postgresql://USER@HOST/DATABASE, or a folder"
    )


@pytest.mark.parametrize("settings", ["host=db.example password=hunter2", "password = hunter2", "dbname=a user=b"])
def test_settings_of_a_database_are_refused_without_being_shown(settings: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        open_location(settings)
    assert str(refused.value) == "a database is named by an address. Give postgresql://USER@HOST/DATABASE"
    (tmp_path / "a host=b").mkdir()
    assert isinstance(open_location(str(tmp_path / "a host=b")), BuildsFolder)


def test_without_its_client_a_database_says_what_to_install() -> None:
    told = subprocess.run([sys.executable, "-c", WITHOUT], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told.stdout.startswith(
        "a database needs psycopg, which is not installed. Install it: python -m pip install "
    )
    assert "hunter2" not in told.stdout + told.stderr


def test_a_folder_keeps_notes_beside_its_builds(tmp_path: Path) -> None:
    folder = BuildsFolder(tmp_path)
    assert (folder.read_note("a.json"), folder.note_stamp("a.json")) == (None, 0)
    folder.write_note("a.json", "红")
    assert (folder.read_note("a.json"), (tmp_path / "a.json").read_text("utf-8")) == ("红", "红")
    first, written = folder.note_stamp("a.json"), (tmp_path / "a.json").stat().st_mtime_ns
    folder.write_note("a.json", "白")
    os.utime(tmp_path / "a.json", ns=(written, written))  # as of two writes between two ticks of the clock
    assert folder.note_stamp("a.json") not in (0, first)
    assert os.listdir(tmp_path) == ["a.json"]


def test_another_process_is_told_the_whole_path() -> None:
    assert BuildsFolder(Path("index")).argument() == (str(Path.cwd() / "index"), {})

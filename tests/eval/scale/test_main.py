"""A small collection measured in a folder of builds, and in a database."""

from pathlib import Path

import pytest

from eval.scale.__main__ import main
from eval.scale.collection import share
from eval.scale.fleet import man
from eval.scale.growth import DATABASE, FOLDER, build, grow
from eval.scale.record import read_kept
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build as build_index
from tests.conftest import ARTICLES, write_articles

pytestmark = pytest.mark.slow

QUESTIONS = ["Who chairs the venture fund?", "What share of the budget is spent on research?"] * 15


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


def test_both_stores_are_filled_with_the_same_and_find_what_is_best(work: Path, database: str) -> None:
    said: list[str] = []
    rows = list(grow((1_000,), database, QUESTIONS, work, said.append))
    assert [(row["passages"], row["store"]) for row in rows] == [(1_000, FOLDER), (1_000, DATABASE)]
    for row in rows:
        assert (row["vectors_100"], row["words_100"], row["words_10"]) == (1.0, 1.0, 1.0)
        assert row["vectors_10"] >= 0.97
        assert row["disk_mb"] > 1
    assert 0 < rows[1]["indexes_mb"] < rows[1]["disk_mb"]
    assert rows[1]["server"].startswith("PostgreSQL ")
    assert [line for line in said if line.startswith("1,000 passages: they are made")] == said[:1]


def test_a_whole_collection_is_not_made_again(work: Path) -> None:
    said: list[str] = []
    first, made = build(1_000, work, said.append)
    said.clear()
    assert build(1_000, work, said.append) == (first, made)
    assert said == [f"1,000 passages: {first} is taken as it stands"]


def test_a_share_counts_the_questions_that_have_something_to_find() -> None:
    one, two, three = ("a", 0), ("a", 9), ("b", 0)
    assert share([{one, two}, {three}, set()], [{one}, {three, one}, {one}]) == 0.75
    with pytest.raises(ValueError, match="no question has a passage to find"):
        share([set()], [{one}])


def test_workers_are_measured_with_what_each_holds(tmp_path: Path) -> None:
    root = tmp_path / "index"
    build_index(write_articles(tmp_path / "articles", ARTICLES), root, identify(DEFAULT_MODEL))
    rows = list(man("small", root, 5, QUESTIONS, lambda _: None, workers=(1, 2), requests=32))
    assert [(row["index"], row["passages"], row["workers"], row["failures"]) for row in rows] == [
        ("small", 5, 1, 0),
        ("small", 5, 2, 0),
    ]
    alone, two = rows
    assert alone["beside_mb"] == 0
    assert two["beside_mb"] > 1
    assert two["all_mb"] > alone["all_mb"] > 0
    assert two["shared_mb"] > 50


def test_a_folder_for_the_collections_that_cannot_be_made_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["stores", "--work", str(tmp_path / "file" / "x"), "--save", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said == f"error: {tmp_path}/file/x cannot be made: Not a directory; name another folder with --work\n"
    assert read_kept(tmp_path) == {"stores": [], "workers": []}

"""A small collection measured in a folder of builds, and in a database."""

from pathlib import Path

import pytest

from eval.scale.__main__ import main
from eval.scale.stores import FOLDER, grow
from eval.scale.tables import SCALE
from eval.scale.workers import serve
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.address import open_location
from index.stores.builds.build import build as build_index
from tests.conftest import ARTICLES, write_articles
from tests.postgres import Server

pytestmark = pytest.mark.slow

# More than are asked before times are taken.
QUESTIONS = ["Who chairs the venture fund?", "What share of the budget is spent on research?"] * 11


@pytest.mark.parametrize(
    ("server", "ways"), [("postgres", ["tsvector"]), ("textsearch_postgres", ["pg_textsearch 1.0.0", "tsvector"])]
)
def test_both_stores_are_filled_with_the_same_and_find_what_is_best(
    server: str, ways: list[str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    said: list[str] = []
    database = request.getfixturevalue(server).database()
    rows = list(grow((1_000,), QUESTIONS, tmp_path, said.append, dsn=database))
    assert [row["passages"] for row in rows] == [1_000] * len(rows)
    assert rows[0]["store"] == FOLDER
    assert [row["store"].partition("MB, ")[2] for row in rows[1:]] == ways
    for row in rows:
        assert (row["vectors_100"], row["words_100"], row["words_10"]) == (1.0, 1.0, 1.0)
        assert row["vectors_10"] >= 0.97
        assert row["disk_mb"] > 1
    assert 0 < rows[1]["indexes_mb"] < rows[1]["disk_mb"]
    assert rows[1]["store"].startswith("PostgreSQL ")
    assert [line for line in said if line.startswith("1,000 passages: they are made")] == said[:1]


def test_shards_are_filled_with_a_part_each_and_find_together_what_is_best(postgres: Server, tmp_path: Path) -> None:
    joined = [postgres.database() for _ in range(3)]
    _, row = grow((1_000,), QUESTIONS, tmp_path, list[str]().append, joined=joined)
    assert (row["passages"], row["vectors_100"], row["words_100"], row["words_10"]) == (1_000, 1.0, 1.0, 1.0)
    assert row["store"].endswith("MB, 2 shards")
    held = [open_location(shard).open().manifest.counts.passages for shard in joined[1:]]
    assert sum(held) == 1_000
    assert min(held) > 300


def test_workers_are_measured_with_what_each_holds(tmp_path: Path) -> None:
    root = tmp_path / "index"
    build_index(write_articles(tmp_path / "articles", ARTICLES), root, identify(DEFAULT_MODEL))
    rows = list(serve("small", root, QUESTIONS, lambda _: None, workers=(1, 2), requests=32))
    assert [(row["index"], row["workers"], row["failures"]) for row in rows] == [("small", 1, 0), ("small", 2, 0)]
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
    assert SCALE.read(tmp_path) == {"stores": [], "workers": []}

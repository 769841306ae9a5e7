"""A small collection measured in a folder of builds, and in a database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.scale import askers
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


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose builds the tests share."""
    return tmp_path_factory.mktemp("work")


def test_all_stores_are_filled_with_the_same_and_find_what_is_best(postgres: Server, work: Path) -> None:
    said: list[str] = []
    coordinator, *shards = joined = [postgres.database() for _ in range(3)]
    rows = list(grow((1_000,), QUESTIONS, work, said.append, dsn=postgres.database(), joined=joined))
    assert [row["store"] for row in rows[:1]] == [FOLDER]
    assert [row["store"].partition("MB, ")[2] for row in rows[1:]] == ["tsvector", "2 shards"]
    _check(rows)
    assert [line for line in said if line.startswith("1,000 passages: they are made")] == said[:1]
    held = [open_location(shard).open().manifest.counts.passages for shard in shards]
    assert sum(held) == open_location(coordinator).open().manifest.counts.passages == 1_000
    assert min(held) > 300


def test_a_database_with_pg_textsearch_is_measured_with_and_without_it(textsearch_postgres: Server, work: Path) -> None:
    rows = list(grow((1_000,), QUESTIONS, work, lambda _: None, dsn=textsearch_postgres.database()))
    assert [row["store"].partition("MB, ")[2] for row in rows[1:]] == ["pg_textsearch 1.0.0", "tsvector"]
    _check(rows)


def _check(rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        assert (row["passages"], row["vectors_100"], row["words_100"], row["words_10"]) == (1_000, 1.0, 1.0, 1.0)
        assert row["vectors_10"] >= 0.97
        assert row["disk_mb"] > 1
    for row in rows[1:]:
        assert 0 < row["indexes_mb"] < row["disk_mb"]
        assert row["store"].startswith("PostgreSQL ")


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
    assert SCALE.read(tmp_path) == {"stores": [], "workers": [], "askers": []}


def test_askers_on_a_database_are_measured_with_its_transactions(
    postgres: Server, real_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(askers, "_TOLD", 0.0)  # what was done last may be missing then
    ways = {"direct": postgres.database()}
    rows = list(askers.ask_together(ways, real_root, QUESTIONS, lambda _: None, askers=(1, 4), requests=16))
    assert [(row["way"], row["askers"], row["failures"]) for row in rows] == [("direct", 1, 0), ("direct", 4, 0)]
    assert all(row["connections"] >= 1 and row["throughput"] > 0 for row in rows)
    assert 0 <= rows[1]["transactions"] < 100

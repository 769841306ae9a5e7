"""Builds into a database by many, killed at any moment: nothing is lost, nothing doubled, and reported is stored."""

import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from index.reading.shards import Shard
from index.stores.address import open_location
from index.stores.location import BuildWork
from index.stores.postgresql.cluster import build_on
from tests.conftest import write_articles
from tests.hashing import IDENTITY
from tests.ingestion import built, content, mortal_once, start
from tests.postgres import Server

TEXTS = {
    f"{n % 7}/{n:04}.md": f"# Field {n}\n\nBee {n} saw {n * 7} flowers.\n\n## Home\n\nIt came home." for n in range(560)
}
COUNT = 2 * len(TEXTS)  # passages

Content = list[list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 560 articles of two passages each."""
    return write_articles(tmp_path_factory.mktemp("many"), TEXTS)


@pytest.fixture(scope="module")
def clean(many: Path, postgres: Server) -> Content:
    """Rows that a build of them without any trouble stores."""
    dsn = postgres.database()
    assert built(dsn, many).counts.passages == COUNT
    return content(dsn)


def _killed(role: str, dsn: str, folder: Path, shard: Shard, after: int) -> None:
    process = start(role, dsn, folder, shard, after)
    assert process.communicate() == ("", "")
    assert process.returncode == -signal.SIGKILL


def test_a_worker_that_is_killed_at_one_moment_after_another_loses_and_doubles_nothing(
    many: Path, clean: Content, database: str
) -> None:
    shard, other = Shard.all(2)
    for role, after in (("killed_encoding", 0), ("killed_writing", 0), ("killed_writing", 3), ("killed_encoding", 0)):
        _killed(role, database, many, shard, after)
    stored = content(database)
    assert 0 < len(stored[1]) < COUNT / 2
    whole = {row[0] for row in stored[0]}
    assert stored[1] == [row for row in clean[1] if row[0] in whole]  # no article is there in part

    reports = [built(database, many, own) for own in (shard, other)]

    assert reports[0].origins.reused >= len(stored[1])
    assert reports[1].counts.passages == COUNT
    assert content(database) == clean


def test_a_worker_that_is_killed_while_it_takes_back_and_changes_articles_does_no_harm(
    many: Path, clean: Content, postgres: Server, tmp_path: Path
) -> None:
    before = TEXTS | {name: text.replace("came", "flew") for name, text in list(TEXTS.items())[:350]}
    gone = {f"gone/{n}.md": f"Nobody {n} is here." for n in range(50)}
    database = postgres.database()
    built(database, write_articles(tmp_path / "before", before | gone))
    for after in (1, 2, 4):
        _killed("killed_writing", database, many, Shard(), after)

    built(database, many)

    assert content(database) == clean


def test_two_builders_at_once_make_what_one_makes(many: Path, clean: Content, database: str) -> None:
    processes = [start("build", database, many, Shard()) for _ in range(2)]
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    assert [(process.communicate(), process.returncode) for process in processes] == [(("", ""), 0)] * 2
    assert content(database) == clean


def test_a_dask_worker_that_is_killed_at_work_leaves_what_is_reported_stored(
    many: Path, clean: Content, database: str, tmp_path: Path
) -> None:
    from distributed import LocalCluster  # slow to import

    mark = tmp_path / "killed"
    work = BuildWork(many, IDENTITY)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0) as cluster:
        address = cluster.scheduler_address
        report = build_on(address, open_location(database), work, shards=2, load=partial(mortal_once, str(mark)))
    assert mark.exists()
    assert (report.counts.articles, report.counts.passages, report.changed) == (len(TEXTS), COUNT, True)
    assert (report.coverage and report.coverage.articles, report.problems) == (len(TEXTS), [])
    origins = report.origins
    assert origins.encoded + origins.repeated + origins.reused == COUNT
    assert content(database) == clean

"""A build by the workers of Dask: what is refused, what is withheld, and what several workers report together."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import BadFolder, BuildFailed, NoIndex
from index.ingestion.report import Report, VectorSources
from index.stores.address import open_location
from index.stores.location import BuildWork, NotSupported
from index.stores.postgresql.cluster import build_on
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.ingestion import built, content
from tests.postgres import Server


def test_workers_report_together_what_one_build_does(folder: Path, postgres: Server) -> None:
    alone, shared = postgres.database(), postgres.database()
    write_articles(folder, {"bad.md": "---\ntitle: [\n---\nText.\n", "picture.png": ""})
    expected = built(alone, folder)
    work = BuildWork(folder, IDENTITY)

    report = build_on("local", open_location(shared), work, load=HashingEncoder)

    assert (report.counts, report.coverage, report.origins) == (
        expected.counts,
        expected.coverage,
        VectorSources(encoded=4),
    )
    assert (report.problems, report.ignored, report.changed, report.notes) == (expected.problems, 1, True, [])
    assert content(shared) == content(alone)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster of one worker."""
    from distributed import LocalCluster  # slow to import

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0) as cluster:
        yield cluster.scheduler_address


def by(cluster: str, database: str, folder: Path) -> Report:
    """Articles that the cluster builds of a folder."""
    return build_on(cluster, open_location(database), BuildWork(folder, IDENTITY), shards=1, load=HashingEncoder)


def test_a_password_is_not_sent_to_workers(cluster: str, folder: Path, database: str) -> None:
    report = by(cluster, database.replace("postgres@", "postgres:tiger@"), folder)

    assert report.notes == [
        "the password was not sent to the workers: each finds it in PGPASSWORD of its own environment, or by PGPASSFILE"
    ]
    assert report.counts.articles == 3


def test_a_wrong_folder_is_told_and_leaves_no_empty_collection(cluster: str, tmp_path: Path, database: str) -> None:
    with pytest.raises(BadFolder, match=r"nowhere does not exist"):
        by(cluster, database, tmp_path / "nowhere")
    with pytest.raises(BadFolder, match=r"no articles in .*1 files of other kinds"):
        by(cluster, database, write_articles(tmp_path / "pictures", {"picture.png": ""}))
    with pytest.raises(NoIndex):
        open_location(database).open()


def test_what_a_worker_finds_wrong_is_told(cluster: str, tmp_path: Path, database: str) -> None:
    with pytest.raises(BadFolder, match=r"no file in .* could be read as an article:\n  bad\.md: "):
        by(cluster, database, write_articles(tmp_path / "bad", {"bad.md": "---\ntitle: [\n---\nText.\n"}))


def test_an_address_where_nobody_answers_is_told(folder: Path, database: str) -> None:
    with pytest.raises(BuildFailed, match=r"no Dask scheduler at tcp://127\.0\.0\.1:1 .*Start one: dask scheduler"):
        build_on("tcp://127.0.0.1:1", open_location(database), BuildWork(folder, IDENTITY), load=HashingEncoder)


def test_without_dask_it_is_said_how_to_install_it(
    folder: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotSupported, match=r"--dask needs distributed, which is not installed\. Install it: python -m"):
        build_on("local", open_location(database), BuildWork(folder, IDENTITY), load=HashingEncoder)

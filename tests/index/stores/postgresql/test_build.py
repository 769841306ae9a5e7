"""A folder, or shards of it, built into a database: what is stored, reported, noted and refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.__main__ import main
from index.errors import BadFolder, ForeignIndex, NoIndex
from index.ingestion.report import VectorSources
from index.reading.formats.programs import NONE, Programs
from index.reading.places.reader import Problem
from index.reading.shards import Shard
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import encoded_articles, read_snapshot
from index.stores.location import BuildWork
from index.stores.notes import read_coverage
from index.stores.postgresql.build import build_into
from index.stores.postgresql.connection import Connections
from tests.conftest import COVERED, write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.ingestion import built, content
from tests.postgres import Server
from tests.recogniser import scanned, stand_in, table


def _ids(dsn: str) -> list[str]:
    return [own.article.id for own in open_location(dsn).open().encoded()]


def test_a_folder_is_stored_as_a_build_of_it_holds_it(folder: Path, database: str, tmp_path: Path) -> None:
    report = built(database, folder)
    made = build(folder, tmp_path / "index", IDENTITY, load=HashingEncoder)
    assert (report.changed, report.counts, report.coverage, report.origins) == (
        True,
        made.counts,
        made.coverage,
        VectorSources(encoded=4),
    )
    store = open_location(database).open()
    assert report.build == store.manifest.name
    assert (store.manifest.folder, store.manifest.coverage) == (str(folder), made.coverage)
    expected = list(encoded_articles(read_snapshot(live_build(tmp_path / "index"))))
    assert [(own.article, own.chunks) for own in store.encoded()] == [(own.article, own.chunks) for own in expected]


def test_a_build_of_what_is_stored_already_changes_nothing(folder: Path, database: str) -> None:
    first = built(database, folder)
    stored, stamp = content(database), open_location(database).stamp()
    again = built(database, folder)
    assert (again.changed, again.origins, again.build) == (False, VectorSources(), first.build)
    assert (again.coverage, content(database), open_location(database).stamp()) == (first.coverage, stored, stamp)


def test_the_coverage_of_the_whole_is_known_once_every_shard_was_read(folder: Path, database: str) -> None:
    shards = Shard.all(3)
    for shard in shards:
        assert read_coverage(open_location(database)) is None
        report = built(database, folder, shard)
    coverage = read_coverage(open_location(database))
    assert coverage
    assert {name: getattr(coverage, name) for name in COVERED} == COVERED
    assert report.counts.articles == 3
    assert content(database)[0] != []
    (folder / "moon.md").unlink()
    for shard in shards:
        built(database, folder, shard)
    coverage = read_coverage(open_location(database))
    assert coverage
    assert (coverage.files, coverage.articles) == (2, 2)


@pytest.mark.parametrize("is_database", [False, True])
def test_a_build_with_other_programs_reads_the_files_anew(
    is_database: bool, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, table((1, 96, "Seen.")))
    folder, root = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(scanned(typed="Typed."))
    for programs, text in [(NONE, "Typed."), (Programs(ocr="eng"), "Seen.\nTyped."), (NONE, "Typed.")]:
        if is_database:
            work = BuildWork(folder, IDENTITY, programs=programs)
            report = build_into(open_location(database), Connections(database), work, HashingEncoder)
        else:
            report = build(folder, root, IDENTITY, load=HashingEncoder, programs=programs)
        store = open_location(database if is_database else str(root)).open()
        [own] = store.encoded()
        assert (report.changed, store.manifest.programs, own.article.text) == (True, programs, text)
        assert own.article.recognised == ((1,) if programs.ocr else ())


@pytest.mark.parametrize("shard", [Shard(), Shard(0, 2)])
def test_another_encoder_is_refused_and_what_is_stored_stays(shard: Shard, folder: Path, database: str) -> None:
    built(database, folder)
    stored = content(database)
    other = replace(IDENTITY, weights="1" * 64, model="other")
    with pytest.raises(ForeignIndex, match=r"holds vectors of hashing .* Build in a new database, then switch to it"):
        build_into(
            open_location(database), Connections(database), BuildWork(folder, other, shard=shard), HashingEncoder
        )
    assert content(database) == stored


def test_a_wrong_folder_leaves_no_empty_collection(database: str, tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match="does not exist"):
        built(database, tmp_path / "nowhere")
    with pytest.raises(NoIndex):
        open_location(database).open()


def test_a_folder_that_is_empty_for_once_removes_nothing(folder: Path, database: str, tmp_path: Path) -> None:
    built(database, folder)
    folder.rename(tmp_path / "away")
    folder.mkdir()
    for shard in (Shard(), Shard(1, 2)):
        with pytest.raises(BadFolder, match="no articles in"):
            built(database, folder, shard)
    assert _ids(database) == ["garden/bees", "moon", "zh/tea"]


def test_what_could_not_be_stored_is_told_with_what_could_not_be_read(folder: Path, database: str) -> None:
    name = f"{'a' * 130}/{'b' * 130}.md"
    write_articles(folder, {name: "Deep.", "bad.md": "---\ntitle: [\n---\nText.\n"})
    report = built(database, folder)
    assert [problem.file for problem in report.problems if problem.lost] == ["bad.md", name]
    assert "its id has 261 characters; 1 to 255 will do" in report.problems[-1].reason
    assert report.coverage
    assert (report.coverage.lost_files, report.counts.articles) == (2, 3)
    assert isinstance(report.problems[0], Problem)


def test_the_command_line_copies_either_way_and_refuses_to_overwrite(
    root: Path, postgres: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, back = postgres.database(), tmp_path / "back"
    assert main(["copy", str(root), database]) == 0
    assert capsys.readouterr().out == f"{database} holds 3 articles, 4 passages of {root}\n"
    assert main(["copy", database, str(back)]) == 0
    assert live_build(back).name == live_build(root).name
    assert main(["copy", str(root), database]) == 2
    said = f"error: {database} holds 3 articles already. Name another place, or overwrite it: --force\n"
    assert capsys.readouterr().err == said
    assert main(["copy", str(root), database, "--force", "--json"]) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--shard", "0/2"], "is a folder of builds, which is made whole. Only a database is built in shards"),
        (["--dask", "local"], "is a folder of builds, which is made whole. Only a database is built in shards"),
        (["--shards", "3"], "--shards says how --dask divides a build. Add --dask ADDRESS, or give --shard I/N"),
    ],
)
def test_a_folder_of_builds_is_not_divided(
    options: list[str], said: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(folder), "--index", str(tmp_path / "index"), *options]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "index").exists()

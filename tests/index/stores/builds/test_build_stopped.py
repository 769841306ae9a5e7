"""Builds killed while they encode: the next one goes on where they stopped."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from index.ingestion.encoding import BATCH
from index.ingestion.report import VectorSources
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, verify_live
from index.stores.builds.journal import journal_path
from tests.conftest import build_files, write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import seen, start

pytestmark = pytest.mark.slow

COUNT = 3 * BATCH  # articles of one passage each
ARTICLES = {
    f"{number:03}.md": f"# Field {number}\n\nBee {number} saw {number} flowers there." for number in range(COUNT)
}


def _stop(root: Path, folder: Path, passages: int) -> None:
    """A build that is killed once it has encoded so many passages."""
    process = start("stopped", root, folder, passages)
    assert process.communicate() == ("", "")
    assert process.returncode == -signal.SIGKILL


def _build(folder: Path, root: Path) -> tuple[VectorSources, int]:
    encoder = HashingEncoder()
    report = build(folder, root, IDENTITY, load=lambda _: encoder)
    return report.origins, encoder.encoded


def test_the_next_build_encodes_only_what_the_killed_one_had_not(root: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "many", ARTICLES)
    live, view = live_build(root), seen(root)

    _stop(root, folder, 2 * BATCH)
    assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])

    assert _build(folder, root) == (VectorSources(encoded=BATCH, resumed=2 * BATCH), BATCH)
    assert not (root / "encoding").exists()
    build(folder, tmp_path / "full", IDENTITY, load=HashingEncoder)
    assert build_files(root) == build_files(tmp_path / "full")


def test_a_build_that_is_killed_again_and_again_comes_to_its_end(tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "many", ARTICLES), tmp_path / "index"
    for _ in range(2):
        _stop(root, folder, BATCH)

    assert _build(folder, root) == (VectorSources(encoded=BATCH, resumed=2 * BATCH), BATCH)


def test_what_changed_meanwhile_is_encoded_and_what_went_is_forgotten(root: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "many", ARTICLES)
    _stop(root, folder, 2 * BATCH)
    (folder / "000.md").write_text("Another text.", "utf-8")
    for number in range(BATCH, COUNT):
        (folder / f"{number:03}.md").unlink()

    origins, encoded = _build(folder, root)

    assert origins.encoded == encoded <= 1 + BATCH
    assert origins.encoded + origins.resumed == BATCH


@pytest.mark.parametrize("torn", [1, 100, 5000])
def test_a_torn_end_of_the_journal_costs_no_more_than_what_was_torn(torn: int, tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "many", ARTICLES), tmp_path / "index"
    _stop(root, folder, 2 * BATCH)
    path = journal_path(root, IDENTITY, HashingEncoder.dimension)
    record = path.stat().st_size // (2 * BATCH)
    path.write_bytes(path.read_bytes()[:-torn])

    lost = -(-torn // record)
    assert _build(folder, root) == (VectorSources(encoded=BATCH + lost, resumed=2 * BATCH - lost), BATCH + lost)


def test_the_journal_of_another_encoder_is_left_alone(tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "many", ARTICLES), tmp_path / "index"
    _stop(root, folder, 2 * BATCH)
    other = replace(IDENTITY, weights="1" * 64)

    report = build(folder, root, other, load=HashingEncoder)

    assert report.origins == VectorSources(encoded=COUNT)
    assert _build(folder, root) == (VectorSources(encoded=BATCH, resumed=2 * BATCH), BATCH)

"""Builds killed while they encode: the next one goes on where they stopped."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import Origins, build
from index.journal import journal_path
from index.store import live_build, verify_live
from tests.conftest import build_files, write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.processes import seen, start

ARTICLES = {f"{number:03}.md": f"# Field {number}\n\nBee {number} saw {number} flowers there." for number in range(100)}


def _stop(root: Path, folder: Path, passages: int) -> None:
    """A build that is killed once it has encoded so many passages."""
    process = start("stopped", root, folder, passages)
    assert process.communicate() == ("", "")
    assert process.returncode == -signal.SIGKILL


def _build(folder: Path, root: Path) -> tuple[Origins, int]:
    encoder = HashingEncoder()
    report = build(folder, root, IDENTITY, load=lambda _: encoder)
    return report.origins, encoder.encoded


def test_the_next_build_encodes_only_what_the_killed_one_had_not(root: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "many", ARTICLES)
    live, view = live_build(root), seen(root)

    _stop(root, folder, 80)
    assert (live_build(root), seen(root), verify_live(root)[1]) == (live, view, [])

    assert _build(folder, root) == (Origins(encoded=20, resumed=80), 20)
    assert not (root / "encoding").exists()
    build(folder, tmp_path / "full", IDENTITY, load=HashingEncoder)
    assert build_files(root) == build_files(tmp_path / "full")


def test_a_build_that_is_killed_again_and_again_comes_to_its_end(tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "many", ARTICLES), tmp_path / "index"
    for _ in range(3):
        _stop(root, folder, 32)

    assert _build(folder, root) == (Origins(encoded=4, resumed=96), 4)


def test_what_changed_meanwhile_is_encoded_and_what_went_is_forgotten(root: Path, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "many", ARTICLES)
    _stop(root, folder, 96)
    (folder / "000.md").write_text("Another text.", "utf-8")
    for number in range(50, 100):
        (folder / f"{number:03}.md").unlink()

    origins, encoded = _build(folder, root)

    assert origins.encoded == encoded <= 1 + 4
    assert origins.encoded + origins.resumed == 50


@pytest.mark.parametrize("torn", [1, 100, 5000])
def test_a_torn_end_of_the_journal_costs_no_more_than_what_was_torn(torn: int, tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "many", ARTICLES), tmp_path / "index"
    _stop(root, folder, 80)
    path = journal_path(root, IDENTITY, HashingEncoder.dimension)
    record = path.stat().st_size // 80
    path.write_bytes(path.read_bytes()[:-torn])

    lost = -(-torn // record)
    assert _build(folder, root) == (Origins(encoded=20 + lost, resumed=80 - lost), 20 + lost)


def test_the_journal_of_another_encoder_is_left_alone(tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "many", ARTICLES), tmp_path / "index"
    _stop(root, folder, 80)
    other = replace(IDENTITY, weights="1" * 64)

    report = build(folder, root, other, load=HashingEncoder)

    assert report.origins == Origins(encoded=100)
    assert _build(folder, root) == (Origins(encoded=20, resumed=80), 20)

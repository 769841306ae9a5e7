"""A folder of articles to the live build: what is made, what is spared, and what a failure leaves."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import pytest

from index.encoder.encoder import Encoder
from index.encoder.model_files import Identity
from index.errors import BadFolder, BuildFailed
from index.ingestion.manifest import Counts, Coverage, read_manifest
from index.ingestion.report import Report, VectorSources
from index.passages.chunking import Chunking
from index.reading.places.reader import Problem
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, open_live, verify_live, writing
from index.stores.builds.snapshot import read_snapshot
from tests.conftest import COVERED, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.index.stores.builds.test_snapshot import FILES
from tests.processes import seen

COVERAGE = Coverage(**{**COVERED, "lost_files": 1})  # type: ignore[arg-type]  # a map of several types
PROBE = {"probe.md": "# Probe\n\n" + " ".join(f"The probe brought {number} grams home." for number in range(1, 60))}


def _build(folder: Path, root: Path, **options: object) -> tuple[Report, int]:
    """The report of a build, and how many passages were encoded for it."""
    encoder = HashingEncoder()
    report = build(folder, root, IDENTITY, load=lambda _: encoder, **options)  # type: ignore[arg-type]
    return report, encoder.encoded


def _refuse(_: Identity) -> Encoder:
    raise AssertionError("no encoder is needed")


def test_a_report_says_what_was_built(folder: Path, tmp_path: Path) -> None:
    (folder / "picture.png").touch()
    (folder / "empty.md").touch()
    (folder / "old.txt").write_bytes(bytes(range(90, 190)))

    report, encoded = _build(folder, tmp_path / "index")

    assert report == Report(
        build=live_build(tmp_path / "index").name,
        changed=True,
        counts=Counts(articles=3, passages=4, sentences=9),
        problems=[
            Problem("empty.md", "empty: there is nothing to index", lost=False),
            Problem(
                "old.txt",
                "neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8",
                lost=True,
            ),
        ],
        ignored=1,
        coverage=COVERAGE,
        origins=VectorSources(encoded=4),
        notes=[],
    )
    assert encoded == 4


def test_the_manifest_says_what_the_build_was_made_of(folder: Path, root: Path) -> None:
    manifest = open_live(root, read_manifest)

    assert (manifest.name, manifest.identity, manifest.chunking) == (live_build(root).name, IDENTITY, Chunking())
    assert (manifest.counts, manifest.dimension, manifest.folder) == (Counts(3, 4, 9), 64, str(folder))
    assert sorted(manifest.files) == FILES


def test_faiss_opens_the_vectors_as_a_file_of_its_own(root: Path) -> None:
    snapshot = read_snapshot(live_build(root))
    vectors = faiss.read_index(str(live_build(root) / "vectors.faiss"))

    wanted = HashingEncoder().questions([snapshot.passage(row).text for row in range(4)])
    assert np.array_equal(vectors.reconstruct_n(0, 4), wanted.astype(np.float16))
    assert vectors.metric_type == faiss.METRIC_INNER_PRODUCT


def test_a_build_with_nothing_changed_needs_no_encoder(folder: Path, root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.name != "lock"}

    report = build(folder, root, IDENTITY, load=_refuse)

    assert (report.changed, report.counts, report.build) == (False, Counts(3, 4, 9), live_build(root).name)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.name != "lock"} == before


def test_one_changed_article_makes_another_build(folder: Path, root: Path) -> None:
    first = live_build(root).name
    (folder / "zh" / "tea.md").write_text("绿茶不发酵。", "utf-8")

    report, _ = _build(folder, root)

    assert report.changed
    assert report.build == live_build(root).name != first
    tea = searcher_of(root).articles.by_id("zh/tea")
    assert tea
    assert tea.text == "绿茶不发酵。"


def test_a_build_that_is_still_there_is_swapped_back_in_without_encoding(folder: Path, root: Path) -> None:
    first, view = live_build(root), seen(root)
    text = (folder / "zh" / "tea.md").read_text("utf-8")
    (folder / "zh" / "tea.md").write_text("绿茶不发酵。", "utf-8")
    _build(folder, root)
    (folder / "zh" / "tea.md").write_text(text, "utf-8")

    report = build(folder, root, IDENTITY, load=_refuse)

    assert (report.changed, live_build(root), seen(root)) == (True, first, view)


def test_a_bad_file_more_is_counted_although_the_build_is_the_same(folder: Path, root: Path) -> None:
    manifest = open_live(root, read_manifest)
    (folder / "old.txt").write_bytes(bytes(range(90, 190)))

    report = build(folder, root, IDENTITY, load=_refuse)

    assert (manifest.coverage, report.coverage) == (replace(COVERAGE, lost_files=0), COVERAGE)


def test_force_builds_again(folder: Path, root: Path) -> None:
    report, encoded = _build(folder, root, force=True)

    assert (report.changed, encoded) == (True, 4)
    assert live_build(root).name == f"{report.build}-2"
    assert build(folder, root, IDENTITY, load=_refuse).changed is False


def test_another_encoder_makes_another_build(folder: Path, root: Path) -> None:
    first = live_build(root).name

    assert build(folder, root, Identity("hashing", "1" * 64), load=HashingEncoder).build != first


def test_a_damaged_build_is_made_again(folder: Path, root: Path) -> None:
    view = seen(root)
    (live_build(root) / "passages.npy").write_bytes(b"cut")

    report, encoded = _build(folder, root)

    assert (report.changed, encoded, seen(root)) == (True, 4, view)
    assert verify_live(root)[1] == []


def test_passages_never_grow_over_what_the_encoder_reads(folder: Path, tmp_path: Path) -> None:
    class ShortSighted(HashingEncoder):
        max_tokens = 8

    write_articles(folder, PROBE)
    build(folder, tmp_path / "index", IDENTITY, load=ShortSighted)

    snapshot = open_live(tmp_path / "index", read_snapshot)
    texts = [snapshot.passage(row).text for row in range(len(snapshot.rows.passages))]
    assert max(HashingEncoder().count_tokens(texts)) == 8


def test_a_folder_without_articles_leaves_the_live_build(tmp_path: Path, root: Path) -> None:
    view = seen(root)

    with pytest.raises(BadFolder, match=f"{tmp_path / 'none'} does not exist"):
        _build(tmp_path / "none", root)
    assert seen(root) == view


def test_two_builds_at_once_cannot_mix(folder: Path, root: Path) -> None:
    with writing(root), pytest.raises(BuildFailed, match=f"another build is writing to {root}. Wait for it to end"):
        _build(folder, root, force=True)

    assert _build(folder, root, force=True)[0].changed


def test_a_build_that_waited_reads_the_folder_only_then(folder: Path, root: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with writing(root):
            waiting = pool.submit(_build, folder, root, wait=60)
            time.sleep(0.3)  # time enough to read the folder too early
            (folder / "zh" / "tea.md").write_text("红茶完全发酵。", "utf-8")
        assert waiting.result()[0].changed

    tea = searcher_of(root).articles.by_id("zh/tea")
    assert tea
    assert tea.text == "红茶完全发酵。"


def test_a_build_gives_up_when_it_has_waited_long_enough(folder: Path, root: Path) -> None:
    with ThreadPoolExecutor(1) as pool, writing(root):
        began = time.monotonic()
        with pytest.raises(BuildFailed, match="another build is writing"):
            pool.submit(_build, folder, root, wait=0.2).result()
        assert 0.2 <= time.monotonic() - began < 30

"""Vectors of the build before: what is taken from it, and when nothing is."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoder.encoder import load_encoder
from index.encoder.model_files import DEFAULT_MODEL, Identity, identify
from index.errors import ForeignIndex
from index.ingestion.encoding import PassageVectors, passage_keys
from index.ingestion.report import Report, VectorSources
from index.keywords.sentence_terms import ranges
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, verify_live
from index.stores.builds.files.passage_vectors import VECTORS
from index.stores.builds.journal import Journal, journal_path
from index.stores.builds.previous import previous
from index.stores.builds.snapshot import read_snapshot
from tests.conftest import PROJECT
from tests.hashing import IDENTITY, HashingEncoder

NEW_TEA = "绿茶不发酵。"


def _build(folder: Path, root: Path, identity: Identity = IDENTITY, **options: bool) -> tuple[Report, int]:
    """The report of a build, and how many passages were encoded for it."""
    encoder = HashingEncoder(identity)
    report = build(folder, root, identity, load=lambda _: encoder, **options)  # type: ignore[arg-type]
    return report, encoder.encoded


def test_one_changed_article_is_all_that_is_encoded(folder: Path, root: Path) -> None:
    (folder / "zh" / "tea.md").write_text(NEW_TEA, "utf-8")

    report, encoded = _build(folder, root)

    assert (report.origins, report.notes, encoded) == (VectorSources(encoded=1, reused=3), [], 1)


def test_a_renamed_and_a_deleted_article_need_nothing_encoded(folder: Path, root: Path) -> None:
    (folder / "moon.md").rename(folder / "garden" / "luna.md")
    (folder / "zh" / "tea.md").unlink()

    report, encoded = _build(folder, root)

    assert (report.origins, encoded) == (VectorSources(reused=3), 0)


def test_copies_of_a_new_text_are_told_from_what_is_reused(folder: Path, root: Path) -> None:
    for name in ("one.md", "two.md", "three.md"):
        (folder / name).write_text("A new text.", "utf-8")
    shutil.copy(folder / "moon.md", folder / "luna.md")

    report, encoded = _build(folder, root)

    assert (report.origins, encoded) == (VectorSources(encoded=1, repeated=2, reused=6), 1)


def test_force_takes_nothing_from_anywhere(folder: Path, root: Path) -> None:
    snapshot, dimension = read_snapshot(live_build(root)), HashingEncoder.dimension
    texts = [snapshot.passage(row).text for row in range(4)]
    keys = list(passage_keys(snapshot.rows, texts))
    with Journal(journal_path(root, IDENTITY, dimension), dimension) as journal:
        counts = snapshot.rows.passages["count"]
        journal.add(
            [
                (
                    key,
                    PassageVectors(
                        np.ones(dimension, np.float16), np.ones((count, dimension), np.int8), np.ones(count, np.float32)
                    ),
                )
                for key, count in zip(keys, counts, strict=True)
            ]
        )

    report, encoded = _build(folder, root, force=True)

    assert (report.origins, report.notes, encoded) == (VectorSources(encoded=4), [], 4)
    made = read_snapshot(live_build(root))
    assert made.vectors.at(np.arange(4)).tolist() == HashingEncoder().questions(texts).astype(np.float16).tolist()


def _cut(live: Path) -> None:
    (live / "texts.txt").write_bytes(b"cut")


def _alter(live: Path) -> None:
    raw = (live / VECTORS).read_bytes()
    (live / VECTORS).write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))


def _lose(live: Path) -> None:
    (live / "sentence_vectors.npy").unlink()


def _lose_manifest(live: Path) -> None:
    (live / "manifest.json").unlink()


def _garble_manifest(live: Path) -> None:
    (live / "manifest.json").write_text("{", "utf-8")


def _block_manifest(live: Path) -> None:
    (live / "manifest.json").unlink()
    (live / "manifest.json").mkdir()


def _age(live: Path) -> None:
    path = live / "manifest.json"
    path.write_text(re.sub('"format": [0-9]+', '"format": 0', path.read_text("utf-8")), "utf-8")


def _garble_pointer(live: Path) -> None:
    (live.parent.parent / "CURRENT").write_text("moon", "utf-8")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_cut, r"{live}/texts\.txt is missing or altered"),
        (_alter, r"{live}/vectors\.faiss is missing or altered"),
        (_lose, r"{live}/sentence_vectors\.npy is missing or altered"),
        (_lose_manifest, r"{live}/manifest\.json is missing or altered"),
        (_garble_manifest, r"{live}/manifest\.json is damaged \(.*\)"),
        (_block_manifest, r"{live}/manifest\.json cannot be read \(Is a directory\)"),
        (_age, r"{live} is of index format 0; this program reads format \d+"),
        (_garble_pointer, r"{root}/CURRENT names 'moon', which is not a build"),
    ],
)
def test_from_a_damaged_or_foreign_build_nothing_is_taken_and_the_report_says_why(
    damage: Callable[[Path], None], reason: str, folder: Path, root: Path
) -> None:
    live = live_build(root)
    damage(live)
    (folder / "zh" / "tea.md").write_text(NEW_TEA, "utf-8")

    report, encoded = _build(folder, root)

    assert (report.origins, encoded) == (VectorSources(encoded=4), 4)
    wanted = "nothing is taken from the build before: " + reason.format(live=live, root=root)
    assert re.fullmatch(wanted, "\n".join(report.notes))
    assert verify_live(root)[1] == []


@pytest.mark.parametrize("written", [7, 9])
def test_from_a_build_of_an_earlier_format_all_vectors_are_taken_over(written: int, folder: Path, root: Path) -> None:
    live = live_build(root)
    path = live / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    del fields["programs"], fields["synonyms"]  # that format did not have them
    lines = [json.loads(line) for line in (live / "articles.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        del line["changed"], line["places"]
    metadata = "\n".join(map(json.dumps, lines)).encode()
    (live / "articles.jsonl").write_bytes(metadata)
    fields["files"]["articles.jsonl"] = {"bytes": len(metadata), "sha256": hashlib.sha256(metadata).hexdigest()}
    path.write_text(json.dumps({**fields, "format": written}), "utf-8")
    vectors = (live / VECTORS).read_bytes()
    with pytest.raises(ForeignIndex, match=rf"of index format {written}; .* and a build takes its vectors over\. Reb"):
        open_location(root).open()

    report, encoded = _build(folder, root)

    assert (report.origins, report.notes, encoded) == (VectorSources(reused=4), [], 0)
    assert (verify_live(root)[1], live_build(root) != live) == ([], True)
    assert (live_build(root) / VECTORS).read_bytes() == vectors
    assert open_location(root).open().manifest.counts.passages == 4


@pytest.mark.parametrize(
    "identity",
    [
        replace(IDENTITY, model="other"),
        replace(IDENTITY, weights="1" * 64),
        replace(IDENTITY, passage_prefix="passage: "),
    ],
)
def test_from_a_build_of_another_encoder_nothing_is_taken(identity: Identity, folder: Path, root: Path) -> None:
    live = live_build(root)

    report, encoded = _build(folder, root, identity)

    assert (report.origins, encoded) == (VectorSources(encoded=4), 4)
    assert report.notes == [f"nothing is taken from the build before: {live} is of another encoder, hashing"]


def test_a_build_of_another_width_is_of_another_encoder(root: Path) -> None:
    assert previous(root, IDENTITY, 65) == (None, f"{live_build(root)} is of another encoder, hashing")


def test_without_a_build_before_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert previous(tmp_path / "none", IDENTITY, 64) == (None, "")


def test_a_changed_article_of_the_project_encodes_under_a_tenth_and_the_vectors_are_those_of_a_full_build(
    project_root: Path, tmp_path: Path
) -> None:
    folder, root = tmp_path / "articles", tmp_path / "index"
    shutil.copytree(PROJECT / "source_texts", folder)
    shutil.copytree(project_root, root)
    path = folder / "technology" / "beidou.md"
    path.write_text(path.read_text("utf-8") + "\n\nThe Moon has no navigation satellites of its own yet.\n", "utf-8")
    identity = identify(DEFAULT_MODEL)

    report = build(folder, root, identity)

    passages = report.counts.passages
    assert 0 < report.origins.encoded < passages / 10
    assert report.origins == VectorSources(encoded=report.origins.encoded, reused=passages - report.origins.encoded)
    made = read_snapshot(live_build(root))
    encoder = load_encoder(identity)
    texts = [made.passage(row).text for row in range(passages)]
    changed = [row for row, text in enumerate(texts) if made.passage(row).article.id == "technology/beidou"]
    rows = [*changed, *range(0, passages, 25)]
    spans = [
        [(start - made.passage(row).start, end - made.passage(row).start) for start, end in made.sentences_of(row)]
        for row in rows
    ]
    whole, parts = encoder.passages([texts[row] for row in rows], spans)
    assert np.sum(made.vectors.at(rows) * whole, axis=1).min() > 0.9999  # what shares a batch moves the last bits
    first, count = made.rows.passages["first"], made.rows.passages["count"]
    sentences = ranges(first[rows], count[rows].astype(np.int64))
    question = encoder.questions(["Does the Moon have navigation satellites?"])[0]
    assert np.abs(made.sentence_vectors.cosines(sentences, question[None])[0] - parts @ question).max() < 0.006

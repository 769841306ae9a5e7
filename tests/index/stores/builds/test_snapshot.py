"""An opened build, and what becomes of files that were cut short, lost or altered."""

import random
from pathlib import Path

import numpy as np
import pytest

from index.errors import REBUILD, DamagedIndex, UserError
from index.passages.chunking import Passage
from index.search.questions.question import Question
from index.stores.builds.directory import live_build, open_live, verify_live
from index.stores.builds.snapshot import read_snapshot
from tests.hashing import searcher_of

FILES = [
    "articles.jsonl",
    "bm25/first.npy",
    "bm25/impacts.npy",
    "bm25/most.npy",
    "bm25/passages.npy",
    "bm25/rows.npy",
    "bm25/starts.npy",
    "bm25/words.npy",
    "passages.npy",
    "sentence_scales.npy",
    "sentence_vectors.npy",
    "sentence_words.npy",
    "sentence_words_first.npy",
    "sentences.npy",
    "texts.txt",
    "vectors.faiss",
]
ALTERATIONS = 150  # a file


def test_rows_lead_to_passages_and_sentences(root: Path) -> None:
    snapshot = open_live(root, read_snapshot)
    moon = snapshot.articles[1]

    assert snapshot.passage(2) == Passage(moon, 83, 170)
    assert snapshot.passage(2).text.startswith("Seas\nThe dark seas of the Moon")
    assert [moon.text[slice(*span)] for span in snapshot.sentences_of(2)] == [
        "The dark seas of the Moon are basalt plains.",
        "They cover 16 percent of its surface.",
    ]


def test_an_opened_build_outlives_the_deletion_of_its_files(root: Path) -> None:
    searcher = searcher_of(root)
    hits = searcher.search(Question("dark seas"))
    for path in [path for path in root.rglob("*") if path.is_file()]:
        path.unlink()

    assert searcher.search(Question("dark seas")) == hits


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_short_is_named(name: str, root: Path) -> None:
    path = live_build(root) / name
    raw = path.read_bytes()
    path.write_bytes(raw[:-1])

    with pytest.raises(DamagedIndex) as damage:
        open_live(root, read_snapshot)
    assert str(damage.value) == (
        f"{path} has {len(raw) - 1} bytes, not {len(raw)}. Rebuild it: python -m index build FOLDER --index INDEX"
    )


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named(name: str, root: Path) -> None:
    path = live_build(root) / name
    path.unlink()

    with pytest.raises(DamagedIndex, match=f"{path} is missing. {REBUILD}"):
        open_live(root, read_snapshot)


def _complaint(root: Path) -> str:
    """Error of a reader who opens and searches the index; empty where all goes well."""
    try:
        searcher = searcher_of(root)
        for question in ("How much lunar soil?", "What feeds bees in July?", "红茶的产量"):
            searcher.search(Question(question))
    except UserError as error:
        return str(error)
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # arithmetic on altered numbers may overflow
def test_an_altered_file_is_refused_or_searched_but_never_a_crash(name: str, root: Path) -> None:
    path = live_build(root) / name
    raw = path.read_bytes()
    chance = random.Random(name)  # noqa: S311 - it need only be the same in every run
    for _ in range(ALTERATIONS):
        altered = bytearray(raw)
        altered[chance.randrange(len(raw))] ^= chance.choice([0x01, 0x80, 0xFF])
        path.write_bytes(altered)
        said = _complaint(root)
        assert not said or "Rebuild it: python -m index build FOLDER --index INDEX" in said
        if name != "manifest.json":
            assert verify_live(root)[1] == [name]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("passages.npy", b"not an array"),
        ("sentence_vectors.npy", b""),
        ("sentence_scales.npy", b""),
        ("sentence_words.npy", b"\x93NUMPY"),
        ("sentence_words_first.npy", b""),
        ("vectors.faiss", b"IxFx"),
        ("texts.txt", b""),
        ("articles.jsonl", b"{"),
        ("bm25/words.npy", b"moon"),
        ("bm25/first.npy", b""),
    ],
)
def test_a_file_that_cannot_be_understood_is_damage_that_force_mends(name: str, content: bytes, root: Path) -> None:
    build = live_build(root)
    (build / name).write_bytes(content)

    with pytest.raises(DamagedIndex, match=rf"{build} is damaged \(.*\)\. {REBUILD} --force$"):
        read_snapshot(build)


@pytest.mark.parametrize("name", ["passages.npy", "sentences.npy"])
def test_tables_that_do_not_fit_each_other_are_damage(name: str, root: Path) -> None:
    path = live_build(root) / name
    np.save(path, np.load(path)[:-1])

    with pytest.raises(
        DamagedIndex, match=r"is damaged \(its tables do not fit each other\)\. Rebuild it: .* --force$"
    ):
        read_snapshot(live_build(root))


def test_an_article_too_few_is_damage(root: Path) -> None:
    path = live_build(root) / "articles.jsonl"
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:2]))

    with pytest.raises(DamagedIndex, match=r"is damaged \(its tables do not fit each other\)"):
        read_snapshot(live_build(root))


def test_words_of_a_sentence_too_few_are_damage(root: Path) -> None:
    words = open_live(root, read_snapshot).words
    held, first = np.array(words.words), np.array(words.first)
    np.save(live_build(root) / "sentence_words.npy", held[: first[-2]])
    np.save(live_build(root) / "sentence_words_first.npy", first[:-1])

    with pytest.raises(DamagedIndex, match=r"is damaged \(its tables do not fit each other\)"):
        read_snapshot(live_build(root))


def test_vectors_of_another_kind_than_the_manifest_says_are_damage(root: Path) -> None:
    path = live_build(root) / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"SQfp16"', '"PQ32x4fs,Refine(SQfp16)"'), "utf-8")

    with pytest.raises(DamagedIndex, match=r"is damaged \(its tables do not fit each other\)"):
        read_snapshot(live_build(root))

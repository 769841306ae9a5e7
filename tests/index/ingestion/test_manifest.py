"""What a build says of itself, and the name that its inputs give it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.articles.article import Article
from index.encoder.model_files import Identity
from index.errors import DamagedIndex, ForeignIndex
from index.ingestion.manifest import FORMAT, Counts, Coverage, FileRecord, Manifest, build_name, read_manifest
from index.passages.chunking import Chunking
from index.reading.formats.programs import Programs

IDENTITY = Identity("mini", "f" * 64, "query: ", "passage: ")
ARTICLE = Article(id="moon", title="Moon", text="Dry.", blocks=(), sha256="a" * 64)
MANIFEST = Manifest(
    name="0123456789abcdef",
    identity=IDENTITY,
    chunking=Chunking(100, 200),
    counts=Counts(3, 20, 100),
    dimension=64,
    vectors="SQfp16",
    folder="/articles/茶",
    created="2026-01-02T03:04:05+00:00",
    max_file_bytes=7_000,
    files={"texts.txt": FileRecord(12, "b" * 64), "bm25/words.npy": FileRecord(3, "c" * 64)},
    coverage=Coverage(2, 1, 3, 500, 400, {"front matter": 100}, 0),
)


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(MANIFEST.to_json(), "utf-8")

    assert read_manifest(tmp_path) == MANIFEST


def test_a_manifest_without_files_of_articles_comes_back_too(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(replace(MANIFEST, coverage=None).to_json(), "utf-8")

    assert read_manifest(tmp_path).coverage is None


def test_a_manifest_says_its_format(tmp_path: Path) -> None:
    assert json.loads(MANIFEST.to_json())["format"] == FORMAT


def named(article: Article = ARTICLE, *others: Article, **inputs: Any) -> str:
    """The name of a build, of the inputs given and of the usual others."""
    usual: dict[str, Any] = {"identity": IDENTITY, "chunking": Chunking(), "folder": "/articles"}
    return build_name([article, *others], **{**usual, **inputs})


def test_equal_inputs_give_equal_names() -> None:
    assert len(named()) == 16
    assert set(named()) <= set("0123456789abcdef")
    assert (
        named(replace(ARTICLE, title="shown only"), identity=replace(IDENTITY), chunking=Chunking(160, 240)) == named()
    )


@pytest.mark.parametrize(
    "other",
    [
        named(replace(ARTICLE, sha256="d" * 64)),
        named(replace(ARTICLE, id="mars")),
        named(replace(ARTICLE, file="mars.txt")),
        named(ARTICLE, replace(ARTICLE, id="mars")),
        named(folder="/elsewhere"),
        named(programs=Programs(ocr="eng")),
        named(programs=Programs(libreoffice=True)),
        named(identity=replace(IDENTITY, model="maxi")),
        named(identity=replace(IDENTITY, weights="e" * 64)),
        named(identity=replace(IDENTITY, question_prefix="")),
        named(identity=replace(IDENTITY, passage_prefix="")),
        named(chunking=Chunking(target=159)),
        named(chunking=Chunking(limit=239)),
    ],
)
def test_any_other_input_gives_another_name(other: str) -> None:
    assert other != named()


def test_an_index_of_another_format_is_refused_with_the_command_that_rebuilds_it(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 99, "anything": "else"}', "utf-8")

    with pytest.raises(ForeignIndex) as refused:
        read_manifest(tmp_path)

    assert str(refused.value) == (
        f"{tmp_path} is of index format 99; this program reads format {FORMAT}. "
        "Rebuild it: python -m index build FOLDER --index INDEX"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b'{"format": 1', "Expecting"),
        (b"\xff\xfe", "codec can't decode"),
        (b"[]", "cannot be interpreted as an integer"),
        (b'"moon"', "no attribute 'pop'"),
        (b"{}", "'format'"),
        (b'{"format": %d}' % FORMAT, "'identity'"),
        (MANIFEST.to_json().replace('"dimension"', '"dimensino"').encode(), "unexpected keyword argument 'dimensino'"),
        (MANIFEST.to_json().replace("2026-01", "2026-91").encode(), "month must be in 1..12"),
        (MANIFEST.to_json().replace('"bytes"', '"bites"').encode(), "unexpected keyword argument 'bites'"),
    ],
)
def test_a_manifest_that_cannot_be_understood_is_damage(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(content)

    with pytest.raises(DamagedIndex) as damage:
        read_manifest(tmp_path)

    message = str(damage.value)
    assert message.startswith(f"{tmp_path / 'manifest.json'} is damaged (")
    assert reason in message
    assert message.endswith("). Rebuild it: python -m index build FOLDER --index INDEX")


def test_a_manifest_that_is_missing_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_manifest(tmp_path)

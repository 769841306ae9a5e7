"""Archives: each file in them is read as if it lay in a folder."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from index.errors import BadArticle, BadFolder
from index.ingestion.check import check_folder
from index.reading.folder import Folder, read_folder
from index.reading.formats import archive
from index.reading.formats.archive import zip_members
from index.reading.places.reader import Problem
from tests.files import word
from tests.hashing import HashingEncoder
from tests.packing import packed

TIDES, CRANE = "# Tides\n\nThe tide turns twice a day.", "The crane lifts nine tons."
FILES: dict[str, str | bytes] = {
    "plans/tides.md": TIDES,
    "crane.docx": word([("Normal", CRANE)]),
    "log.jsonl": json.dumps({"id": "q", "text": "Ferries leave hourly."}),
    "inner.zip": packed({"a.txt": "The lock opens at nine.", "b.exe": b"MZ"}),
    "board.md": "---\ngroups: [board]\n---\nThe board meets.",
    "setup.exe": b"MZ",
    "empty.md": "",
    ".hidden.md": "Hidden.",
    "__MACOSX/plans/._tides.md": "Junk.",
    "node_modules/a.md": "Junk.",
    "~$crane.docx": "Owner.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    (folder / "in").mkdir()
    (folder / "in/.groups").write_text("crew")
    (folder / ".indexignore").write_text("draft*\n")
    (folder / "in/a.zip").write_bytes(packed({**FILES, "draft.md": "A draft."}))
    return folder


@pytest.fixture(scope="module")
def read(folder: Path) -> Folder:
    return read_folder(folder)


def test_each_file_of_an_archive_is_an_article(read: Folder) -> None:
    texts = {article.id: article.text for article in read.articles}
    assert texts == {
        "in/a.zip/board.md": "The board meets.",
        "in/a.zip/crane.docx": CRANE,
        "in/a.zip/inner.zip/a.txt": "The lock opens at nine.",
        "in/a.zip/log.jsonl/q": "Ferries leave hourly.",
        "in/a.zip/plans/tides.md": "Tides\nThe tide turns twice a day.",
    }
    tides = next(article for article in read.articles if article.title == "Tides")
    assert (tides.file, tides.sha256) == ("in/a.zip/plans/tides.md", hashlib.sha256(TIDES.encode()).hexdigest())


def test_its_articles_have_the_groups_of_its_folder_or_their_own(read: Folder) -> None:
    groups = {article.id.rpartition("/")[2]: article.groups for article in read.articles}
    crew = ("crew",)
    assert groups == {"board.md": ("board",), "crane.docx": crew, "a.txt": crew, "q": crew, "tides.md": crew}


def test_other_files_in_it_are_counted_and_hidden_ones_passed_over(read: Folder) -> None:
    assert read.kinds == {".exe": 2, "~$*": 1, ".indexignore": 1}
    assert read.problems == [Problem("in/a.zip/empty.md", "empty: there is nothing to index", lost=False)]
    assert read.files == 5


def test_the_check_has_an_account_of_each_file(folder: Path) -> None:
    check = check_folder(folder, HashingEncoder())
    lines = {file.file: (file.format, file.characters, sum(file.skipped.values()), file.lost) for file in check.files}
    assert lines["in/a.zip/plans/tides.md"] == ("md", 28, 1, 0)
    assert lines["in/a.zip/inner.zip/a.txt"] == ("txt", 19, 0, 0)
    assert check.is_whole


@pytest.mark.parametrize("raw", [b"no archive", packed({"a.md": TIDES})[:-30]])
def test_an_archive_that_is_none_is_named(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(BadFolder, match=r"a\.zip: no archive, or a damaged one: it cannot be opened\. Pack it again"):
        read_folder(tmp_path)


@pytest.mark.parametrize("raw", [b"", packed({})])
def test_an_empty_archive_is_only_noted(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(raw)
    (tmp_path / "b.md").write_text("B.")
    assert read_folder(tmp_path).problems == [Problem("a.zip", "empty: there is nothing to index", lost=False)]


def faults(raw: bytes) -> dict[str, str]:
    return {member.name: member.fault for member in zip_members(raw)}


def test_a_bomb_in_it_is_named_and_the_others_are_read() -> None:
    raw = packed({"bomb.txt": bytes(2_000_000), "a.md": TIDES})
    bomb = "its 0.0 MB unpack to 2 MB: not opened. Put the file itself here"
    assert faults(raw) == {"bomb.txt": bomb, "a.md": ""}


def test_files_beyond_the_bound_of_all_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 40)
    beyond = "beyond 0 MB of files: not read. Split the archive"
    assert faults(packed({"a.md": TIDES, "b.md": TIDES})) == {"a.md": "", "b.md": beyond}


def test_an_archive_of_too_many_files_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1)
    with pytest.raises(BadArticle, match=r"\Ait holds over 1 files: not opened. Unpack it, or split it\Z"):
        zip_members(packed({"a.md": TIDES, "b.md": TIDES}))


def test_encrypted_damaged_and_strangely_packed_files_are_named() -> None:
    raw = bytearray(packed({"a.md": TIDES, "b.md": TIDES}))
    for start in (raw.index(b"PK\x03\x04") + 6, raw.index(b"PK\x01\x02") + 8):
        raw[start] |= 1  # the mark of an encrypted file
    raw[raw.rindex(b"b.md", 0, raw.index(b"PK\x01\x02")) + 8] ^= 0xFF
    strange = io.BytesIO()
    with zipfile.ZipFile(strange, "w", zipfile.ZIP_LZMA) as other:
        other.writestr("c.md", TIDES)
    assert faults(bytes(raw)) == {
        "a.md": "encrypted: not read. Pack it without a password",
        "b.md": "damaged: it cannot be unpacked. Pack it again",
    }
    assert faults(strange.getvalue()) == {"c.md": "packed in a way that is not read. Pack it as an ordinary ZIP"}


@pytest.mark.parametrize("name", [".groups", "in/.groups", "groups.txt", "in\\.Group"])
def test_an_archive_with_a_file_of_groups_is_closed(name: str) -> None:
    with pytest.raises(BadArticle, match=r"may limit who sees the others: not opened\. Unpack the archive\Z"):
        zip_members(packed({"a.md": TIDES, name: "board"}))


def test_a_file_over_the_limit_of_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"a.md": TIDES, "b.md": "word " * 300}))
    reason = "0.1 MB is over the limit of 0.001 MB. Split the file, or raise --max-file-mb"
    assert read_folder(tmp_path, 1_000).problems == [Problem("a.zip/b.md", reason, lost=True)]

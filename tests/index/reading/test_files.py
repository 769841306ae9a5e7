import hashlib
import os
from pathlib import Path

import pytest

from index.errors import BadArticle
from index.reading.files import ANY_SIZE, article_hashes, file_bytes, record_bytes


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_a_file_holds_the_hash_of_all_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.write_bytes(b"Tea\r\n\xff\n")
    assert article_hashes(path)[""] == {sha256(b"Tea\r\n\xff\n")}
    path.write_bytes(b"")
    assert article_hashes(path)[""] == {sha256(b"")}


@pytest.mark.parametrize("name", ["tea.jsonl", "tea.JSONL"])
def test_a_file_of_records_holds_the_hash_of_each_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n\n  {"text": "\xe8\x8c\xb6"}\t\n{"text": "b"}')
    lines = [b'{"text": "a"}', b"", '{"text": "茶"}'.encode(), b'{"text": "b"}']
    assert article_hashes(path)[""] == {sha256(line) for line in lines}


def test_a_record_in_another_encoding_counts_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "tea.jsonl"
    path.write_text('{"text": "绿茶不发酵，红茶完全发酵。"}\n', "utf-16")
    assert sha256('{"text": "绿茶不发酵，红茶完全发酵。"}'.encode()) in article_hashes(path)[""]


def test_a_record_with_a_lone_surrogate_has_bytes() -> None:
    assert record_bytes(' {"a": "\ud800"} ') == b'{"a": "\xed\xa0\x80"}'


def test_a_file_of_the_size_that_is_allowed_is_read_and_one_over_it_refused(tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.write_bytes(b"a" * 1_000_000)
    assert file_bytes(path, 1_000_000) == b"a" * 1_000_000
    with pytest.raises(BadArticle) as error:
        file_bytes(path, 999_999)
    assert str(error.value) == "1.0 MB is over the limit of 0.999999 MB. Split the file, or raise --max-file-mb"


def test_a_file_that_is_not_there_vanished(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"^it vanished before it was read\. Build again$"):
        file_bytes(tmp_path / "none.md", ANY_SIZE)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadArticle, match=r"^cannot be read: Is a directory$"):
        file_bytes(tmp_path, ANY_SIZE)


def test_a_file_that_gives_more_than_its_size_changed_while_it_was_read() -> None:
    assert os.stat("/proc/self/status").st_size == 0
    with pytest.raises(BadArticle, match=r"^it changed while it was read\. Build again$"):
        file_bytes(Path("/proc/self/status"), ANY_SIZE)

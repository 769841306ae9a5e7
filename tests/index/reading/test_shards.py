"""Shards of a folder: every file in one, and always in the same one."""

import multiprocessing
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadFolder, UserError
from index.reading.folder import read_folder
from index.reading.shards import WHOLE, Shard
from tests.conftest import write_articles
from tests.index.reading.test_folder import NOBODY, open_folder

__all__ = ["open_folder"]  # a fixture

NAMES = [f"deep/{number}.md" for number in range(40)]


@pytest.mark.parametrize(("written", "shard"), [("0/1", WHOLE), ("2/3", Shard(2, 3)), (" 0/12\n", Shard(0, 12))])
def test_a_shard_is_written_as_its_number_and_how_many_there_are(written: str, shard: Shard) -> None:
    assert Shard.parse(written) == shard
    assert str(shard) == written.strip()


@pytest.mark.parametrize("written", ["", "3", "3/3", "-1/3", "1/0", "0/0", "a/b", "1/2/3", "1.0/2", "²/3", "0/1000001"])
def test_what_is_no_shard_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(UserError, match=r"is no shard\. Write I/N with I from 0 to N - 1: of three 0/3, 1/3 and 2/3"):
        Shard.parse(written)


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1), st.integers(1, 50))
def test_every_file_is_in_exactly_one_shard(name: str, count: int) -> None:
    assert sum(shard.has(f"folder/{name}") for shard in Shard.all(count)) == 1


def test_a_file_is_in_the_same_shard_on_every_machine() -> None:
    assert [name for name in NAMES if Shard(1, 8).has(name)] == ["deep/10.md", "deep/15.md", "deep/17.md", "deep/26.md"]


@pytest.mark.parametrize("other", ["a/b.txt", "a/b.MD"])
def test_files_that_would_give_the_same_article_are_in_the_same_shard(other: str) -> None:
    assert [shard.has(other) for shard in Shard.all(64)] == [shard.has("a/b.md") for shard in Shard.all(64)]
    assert [shard.has("a/b.pdf") for shard in Shard.all(64)] != [shard.has("a/b.md") for shard in Shard.all(64)]


def test_the_shards_of_a_folder_are_the_folder(tmp_path: Path) -> None:
    texts = dict.fromkeys(NAMES, "Some text.") | {"deep/0.txt": "Another.", "deep/x.bin": "", "empty.md": ""}
    folder = write_articles(tmp_path / "articles", texts)
    whole = read_folder(folder)
    parts = [read_folder(folder, shard=shard) for shard in Shard.all(7)]

    assert sorted(article.id for part in parts for article in part.articles) == [a.id for a in whole.articles]
    assert sorted((p.file, p.reason) for part in parts for p in part.problems) == sorted(
        (p.file, p.reason) for p in whole.problems
    )
    assert [sum(part.files for part in parts), sum(part.ignored for part in parts)] == [whole.files, whole.ignored]
    assert (whole.files, whole.ignored, len(whole.problems)) == (40, 1, 2)


def test_a_shard_may_be_empty_but_no_folder_may(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", {"a.md": "Text."})
    assert sorted(len(read_folder(folder, shard=shard).articles) for shard in Shard.all(3)) == [0, 0, 1]
    (folder / "a.md").unlink()
    with pytest.raises(BadFolder, match="no articles in"):
        read_folder(folder, shard=Shard(0, 3))


def _unread(folder: Path) -> tuple[str, ...]:
    """The folders that a user without rights could not read."""
    if os.getuid() == 0:
        os.setuid(NOBODY)
    return read_folder(folder).unread


def test_a_folder_that_cannot_be_read_is_named(open_folder: Path) -> None:
    write_articles(open_folder, {"a.md": "Text.", "locked.md": "Lost.", "deep/b.md": "Lost."})
    (open_folder / "locked.md").chmod(0)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        seen = [pool.apply(_unread, (open_folder,))]
        (open_folder / "deep").chmod(0)
        seen.append(pool.apply(_unread, (open_folder,)))
        (open_folder / "deep").chmod(0o755)
    assert seen == [(), ("deep",)]

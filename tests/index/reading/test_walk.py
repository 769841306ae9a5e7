"""The walk through a folder: what is read, passed over and counted."""

from pathlib import Path

import pytest

from index.errors import BadFolder
from index.reading.folder import read_folder
from index.reading.walk import walk
from tests.conftest import write_articles


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in walk(folder).candidates]


def test_an_index_and_the_leavings_of_programs_are_no_articles(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Bees fly.", "node_modules/x.md": "x", ".git/y.md": "y", "~$a.docx": "Anna"})
    write_articles(tmp_path / "my index", {"CURRENT": "1", "builds/1/articles.md": "Bees fly."})
    assert names(tmp_path) == ["a.md"]
    assert walk(tmp_path).others == [("~$a.docx", "~$*")]


def test_a_folder_that_is_only_called_like_part_of_an_index_is_read(tmp_path: Path) -> None:
    write_articles(tmp_path, {"builds/a.md": "Bees fly."})
    assert names(tmp_path) == ["builds/a.md"]


def test_patterns_leave_files_and_folders_out(tmp_path: Path) -> None:
    texts = dict.fromkeys(("a.md", "drafts/b.md", "c-draft.md", "kept/d-draft.md", "e.md"), "Bees fly.")
    write_articles(tmp_path, texts)
    (tmp_path / ".indexignore").write_text("# not yet\ndrafts/\n*-draft.md\n!kept/d-draft.md\n", "utf-8")
    found = read_folder(tmp_path)
    assert [article.id for article in found.articles] == ["a", "e", "kept/d-draft"]
    assert (found.kinds, found.ignored) == ({".indexignore": 1}, 1)  # a folder that is left out is not entered


def test_kinds_that_are_passed_over_are_counted_by_name(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Bees fly.", "b.PNG": "x", "c.png": "x", "Makefile": "x"})
    assert read_folder(tmp_path).kinds == {".png": 2, "without suffix": 1}


@pytest.mark.parametrize(
    ("raw", "reason"), [(b"\xff\xfe", "cannot be read"), (b"x\n" * 60_000, "over 100,000 bytes, so it is not read")]
)
def test_a_file_of_patterns_that_cannot_be_read_is_named_and_leaves_nothing_out(
    tmp_path: Path, raw: bytes, reason: str
) -> None:
    write_articles(tmp_path, {"a.md": "Bees fly."})
    (tmp_path / ".indexignore").write_bytes(raw)
    (problem,) = read_folder(tmp_path).problems
    assert (problem.file, problem.lost) == (".indexignore", False)
    assert reason in problem.reason


def test_a_folder_with_nothing_but_what_is_left_out_is_an_error(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Bees fly."})
    (tmp_path / ".indexignore").write_text("*\n", "utf-8")
    with pytest.raises(BadFolder, match="no articles in"):
        read_folder(tmp_path)

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import BadFolder
from index.passages.chunking import Chunking, split
from index.reading.folder import Folder, read_folder
from index.reading.formats.adapters import SUFFIXES
from index.reading.places.reader import Problem
from tests.conftest import write_articles
from tests.hashing import HashingEncoder

NOBODY = 65_534
KINDS = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"


def ids(found: Folder) -> list[str]:
    return [article.id for article in found.articles]


def test_articles_are_named_by_their_paths_and_sorted_by_id(tmp_path: Path) -> None:
    names = ["b.md", "a.TXT", "c/d/e.Md", "v1.2.md", "zh/茶 与.md", "x.md/inside.txt"]
    found = read_folder(write_articles(tmp_path, {name: f"Text of {name}." for name in names}))
    assert ids(found) == ["a", "b", "c/d/e", "v1.2", "x.md/inside", "zh/茶 与"]
    assert found.articles[2].text == "Text of c/d/e.Md."
    assert (found.problems, found.ignored) == ([], 0)


def test_hidden_files_are_passed_over_and_other_kinds_counted(tmp_path: Path) -> None:
    texts = dict.fromkeys(["a.md", ".b.md", ".git/c.md", "d/.e/f.txt", "g.png", "d/h.md~", "README"], "Text.")
    found = read_folder(write_articles(tmp_path, texts))
    assert (ids(found), found.problems, found.ignored) == (["a"], [], 3)


def test_a_bad_file_never_stops_the_others_and_every_loss_is_named(tmp_path: Path) -> None:
    write_articles(tmp_path, {"good.md": "Text.", "odd.md": "---\nurl: x\n---\nText.", "empty.md": "\n"})
    write_articles(tmp_path, {"broken.md": "---\na: b: c\n---\nText.", "large.md": "x" * 101})
    (tmp_path / "binary.txt").write_bytes(bytes(range(90, 190)))
    found = read_folder(tmp_path, max_file_bytes=100)
    broken = (
        "broken front matter (line 2): mapping values are not allowed here. Mend the YAML between the two --- lines"
    )
    unknown = "neither UTF-8 nor another encoding that is known. Convert it: iconv -f ENCODING -t UTF-8"
    assert ids(found) == ["good", "odd"]
    assert found.problems == [
        Problem("binary.txt", unknown, lost=True),
        Problem("broken.md", broken, lost=True),
        Problem("empty.md", "empty: there is nothing to index", lost=False),
        Problem("large.md", "0.1 MB is over the limit of 0.0001 MB. Split the file, or raise --max-file-mb", lost=True),
        Problem("odd.md", "url 'x' is not an http(s) address; left out", lost=False),
    ]


def test_of_two_files_with_one_id_the_first_is_read(tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"a.md": "First.", "a.txt": "Second.", "b/a.txt": "Third."}))
    assert [(article.id, article.text) for article in found.articles] == [("a", "First."), ("b/a", "Third.")]
    assert found.problems == [Problem("a.txt", "same id 'a' as a.md. Rename one of them", lost=True)]


def test_an_id_that_differs_only_in_how_its_accent_is_written_is_the_same(tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"cafe\u0301.md": "First.", "caf\u00e9.md": "Second."}))
    assert ids(found) == ["caf\u00e9"]
    reason = "same id 'caf\u00e9' as cafe\u0301.md. Rename one of them"
    assert found.problems == [Problem("caf\u00e9.md", reason, lost=True)]


def test_the_second_of_two_files_is_read_where_the_first_cannot_be(tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"a.md": "", "a.txt": "Second."}))
    assert [(article.id, article.text) for article in found.articles] == [("a", "Second.")]


def test_a_link_inside_the_folder_is_read_and_any_other_is_not(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", {"a.md": "Text.", "sub/b.md": "Text."})
    write_articles(tmp_path / "out", {"secret.md": "Secret."})
    (folder / "alias.md").symlink_to("sub/b.md")
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "outside.md").symlink_to("../out/secret.md")
    (folder / "out").symlink_to("../out")
    (folder / "sub" / "up").symlink_to("..")
    (folder / ".hidden").symlink_to("../out")
    found = read_folder(folder)
    assert ids(found) == ["a", "alias", "sub/b"]
    nowhere = "a link that leads nowhere. Put the file itself here"
    not_followed = "a link to a folder is not followed. Put the articles themselves here"
    assert sorted(found.problems, key=lambda problem: problem.file) == [
        Problem("circle.md", nowhere, lost=True),
        Problem("dangling.md", nowhere, lost=True),
        Problem("out", not_followed, lost=True),
        Problem("outside.md", "a link out of the folder is not followed. Put the file itself here", lost=True),
        Problem("sub/up", not_followed, lost=True),
    ]


def test_a_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    write_articles(tmp_path / "real", {"a.md": "Text."})
    (tmp_path / "link").symlink_to("real")
    assert ids(read_folder(tmp_path / "link")) == ["a"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Text."})
    os.mkfifo(tmp_path / "pipe.md")
    assert read_folder(tmp_path).problems == [Problem("pipe.md", "not an ordinary file", lost=True)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"caf\xe9.md", "caf�.md"), (b"a\nb.md", "a�b.md"), (b"d\xe9/a.md", "d�/a.md"), (b"\xe2\x80\xae.md", "�.md")],
)
def test_a_name_that_cannot_be_shown_is_named_as_far_as_it_can_be(tmp_path: Path, name: bytes, shown: str) -> None:
    write_articles(tmp_path, {"a.md": "Text.", os.fsdecode(name): "Lost."})
    found = read_folder(tmp_path)
    assert ids(found) == ["a"]
    reason = "the file's name has characters that cannot be shown. Rename it"
    assert found.problems == [Problem(shown, reason, lost=True)]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFolder) as caught:
        read_folder(tmp_path / "gone")
    assert str(caught.value) == (
        f"{tmp_path}/gone does not exist. Name a folder of articles: python -m index build FOLDER"
    )


def test_a_file_in_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Text."})
    with pytest.raises(BadFolder) as caught:
        read_folder(tmp_path / "a.md")
    assert str(caught.value) == (
        f"{tmp_path}/a.md is not a folder. Name a folder of articles: python -m index build FOLDER"
    )


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadFolder) as caught:
        read_folder(tmp_path)
    assert str(caught.value) == f"no articles in {tmp_path}. Put {KINDS} files there and build again"


def test_a_folder_of_other_files_is_an_error_that_counts_them(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.png": "x", "b/c.psd": "x"})
    with pytest.raises(BadFolder) as caught:
        read_folder(tmp_path)
    expected = f"no articles in {tmp_path} (2 files of other kinds). Put {KINDS} files there and build again"
    assert str(caught.value) == expected


def test_a_folder_without_one_readable_article_is_an_error_that_says_why(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "", "b.md": "***"})
    with pytest.raises(BadFolder) as caught:
        read_folder(tmp_path)
    assert str(caught.value) == (
        f"no file in {tmp_path} could be read as an article:\n"
        "  a.md: empty: there is nothing to index\n"
        "  b.md: no text: there is nothing to index but front matter or marks"
    )


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize("line", ["One line that fills this whole file without an end", "It ends.", "同一行"])
def test_fifty_thousand_identical_lines_are_an_article(tmp_path: Path, line: str, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_text(f"{line}\n" * 50_000, "utf-8")
    [article] = read_folder(tmp_path).articles
    assert "".join(article.text.split()) == "".join(line.split()) * 50_000
    chunks = split(article, HashingEncoder().count_tokens, Chunking())
    assert (chunks[0].span[0], chunks[-1].span[1]) == (0, len(article.text))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter, unlike tmp_path."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _as_nobody(folder: Path) -> tuple[list[str], list[Problem]] | str:
    """Entries that a user without rights finds in the folder, or the error."""
    if os.getuid() == 0:
        os.setuid(NOBODY)
    try:
        found = read_folder(folder)
    except BadFolder as error:
        return str(error)
    return ids(found), found.problems


def read_as_nobody(folder: Path) -> tuple[list[str], list[Problem]] | str:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_as_nobody, (folder,))


def test_an_unreadable_file_or_folder_is_named(open_folder: Path) -> None:
    write_articles(open_folder, {"a.md": "Text.", "locked.md": "Lost.", "shut/b.md": "Lost.", "listed/c.md": "Lost."})
    (open_folder / "locked.md").chmod(0)
    (open_folder / "shut").chmod(0)
    (open_folder / "listed").chmod(0o444)
    found = read_as_nobody(open_folder)
    for name in ("shut", "listed"):
        (open_folder / name).chmod(0o755)
    assert found == (
        ["a"],
        [
            Problem("shut", "folder cannot be read: Permission denied", lost=True),
            Problem("locked.md", "cannot be read: Permission denied", lost=True),
            Problem("listed/c.md", "cannot be read: Permission denied", lost=True),
        ],
    )


def test_a_folder_that_may_not_be_opened_is_an_error(open_folder: Path) -> None:
    write_articles(open_folder, {"shut/in/a.md": "Text."})
    (open_folder / "shut").chmod(0)
    error = read_as_nobody(open_folder / "shut" / "in")
    (open_folder / "shut").chmod(0o755)
    assert error == (
        f"{open_folder}/shut/in cannot be opened (Permission denied). "
        "Name a folder of articles: python -m index build FOLDER"
    )


def test_each_suffix_of_a_format_is_read_and_only_those_of_text_are_left_out_of_the_id(tmp_path: Path) -> None:
    notebook = '{"cells": [{"cell_type": "markdown", "source": "*Tea* is dry."}]}'
    texts = {"a.markdown": "*Tea* is dry.", "b.text": "Tea is dry.", "c.xhtml": "<p>Tea is<i/> dry.</p>"}
    texts |= {"d.rtf": r"{\rtf1 Tea is dry.}", "e.ipynb": notebook, "f.rst": "*Tea* is dry."}
    write_articles(tmp_path, texts)
    found = read_folder(tmp_path)
    assert {article.id: article.text for article in found.articles} == dict.fromkeys(
        ["a", "b", "c.xhtml", "d.rtf", "e.ipynb", "f.rst"], "Tea is dry."
    )
    assert [reading.format for reading in found.readings] == ["markdown", "text", "xhtml", "rtf", "ipynb", "rst"]

"""Files that say for a folder who may see the articles in it."""

import os
from pathlib import Path

import pytest

from index.reading.files import BARE_SUFFIXES
from index.reading.folder import read_folder
from tests.conftest import write_articles
from tests.files import pdf
from tests.index.reading.test_access import OPEN, front, groups

WRONG_NAME = "its name is not .groups. Rename it, or put a file .groups beside it if it is something else;"


def test_the_nearest_file_of_groups_counts_for_articles_that_name_none(tmp_path: Path) -> None:
    write_articles(
        tmp_path,
        {
            ".groups": "# who reads all of it\n Board \n\nHR\n",
            "a.md": "Text.",
            "open/.groups": OPEN,
            "open/b.md": "Text.",
            "open/own.md": front("groups: legal"),
            "open/deep/er/c.txt": "Text.",
            "closed/d.html": "<p>Text of a page that is long enough to be an article.</p>",
            "closed/e.jsonl": '{"text": "Text."}',
        },
    )
    (tmp_path / "closed/f.pdf").write_bytes(pdf([["Dredging goes on."]]))
    assert groups(read_folder(tmp_path)) == {
        "a": ("board", "hr"),
        "closed/d.html": ("board", "hr"),
        "closed/e.jsonl/1": ("board", "hr"),
        "closed/f.pdf": ("board", "hr"),
        "open/b": ("everyone",),
        "open/deep/er/c": ("everyone",),
        "open/own": ("legal",),
    }


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (".groups", b"", "it names no group. Write a name a line"),
        (".groups", b"# only a remark\n", "it names no group. Write a name a line"),
        (".groups", b"\xff\xfe", "it is not UTF-8. Write a name a line"),
        (".groups", b"hr, legal", "the name 'hr, legal' has a sign that stands between names. Write a name a line"),
        (".groups", b"x" * 100_001, "0.2 MB is over the limit of 0.1 MB"),
        (".Groups", b"hr", WRONG_NAME),
        (".group", b"hr", WRONG_NAME),
        *((name, b"hr", WRONG_NAME) for name in (".groups.txt", ".groups.md", "groups.txt", "groups", "_groups")),
        *(
            (name, b"hr", WRONG_NAME)
            for name in ("Groups.TXT", "groups.md", "groups.txt.txt", "groups.yaml", "_group.txt")
        ),
    ],
)
def test_a_file_of_groups_that_cannot_be_read_hides_what_lies_below_it(
    name: str, content: bytes, why: str, tmp_path: Path
) -> None:
    texts = {".groups": OPEN, "a.md": "Text.", "sub/b.md": "Text.", "sub/in/c.md": "Text.", "sub/own.md": front("")}
    write_articles(tmp_path, {**texts, "sub/own.md": front("groups: hr"), "sub/again/.groups": OPEN})
    write_articles(tmp_path, {"sub/again/d.md": "Text."})
    (tmp_path / "sub" / name).write_bytes(content)
    found = read_folder(tmp_path)
    path = Path("sub", name)
    itself = [path.with_suffix("").as_posix()] if path.suffix.lower() in BARE_SUFFIXES and name[0] != "." else []
    assert groups(found) == dict.fromkeys(itself, ()) | {
        "a": ("everyone",),
        "sub/again/d": ("everyone",),
        "sub/b": (),
        "sub/in/c": (),
        "sub/own": ("hr",),
    }
    [problem] = found.problems
    assert (problem.file, problem.lost) == (f"sub/{name}", False)
    assert problem.reason.startswith(why)
    assert problem.reason.endswith("; where access is by groups, nobody sees the articles below it that name no group "
                                   "themselves")  # fmt: skip


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_of_groups_hides_what_lies_below_it(kind: str, tmp_path: Path) -> None:
    write_articles(tmp_path, {"sub/a.md": "Text.", ".groups": OPEN})
    path = tmp_path / "sub" / ".groups"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("none")
    else:
        os.mkfifo(path)
    found = read_folder(tmp_path)
    assert groups(found) == {"sub/a": ()}
    assert found.problems[0].reason.startswith("not an ordinary file. Write a name a line; ")


def test_copies_that_editors_leave_are_no_files_of_groups(tmp_path: Path) -> None:
    write_articles(tmp_path, {"sub/a.md": "Text.", ".groups": OPEN, "sub/.groups~": "hr", "sub/.groups.swp": "x"})
    assert groups(read_folder(tmp_path)) == {"sub/a": ("everyone",)}


@pytest.mark.parametrize("name", ["groups.md", "groups.txt", "_groups.md"])
def test_an_article_called_groups_closes_no_folder_that_has_a_file_of_groups(name: str, tmp_path: Path) -> None:
    write_articles(tmp_path, {f"sub/{name}": "A group has one identity.", "sub/.groups": "hr", ".groups": OPEN})
    found = read_folder(tmp_path)
    assert (groups(found), found.problems) == ({f"sub/{name.rpartition('.')[0]}": ("hr",)}, [])


def test_a_folder_called_groups_and_longer_names_with_the_word_close_nothing(tmp_path: Path) -> None:
    names = ["sub/groups/a", "sub/user groups", "sub/groups of two", "sub/finite-groups"]
    write_articles(tmp_path, {**{f"{name}.md": "Text." for name in names}, ".groups": OPEN})
    found = read_folder(tmp_path)
    assert (groups(found), found.problems) == (dict.fromkeys(names, ("everyone",)), [])


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_or_carriage_return_ends_a_remark(mark: str, tmp_path: Path) -> None:
    write_articles(tmp_path, {"a/.groups": f"# not{mark}everyone\rhr\r\nit\n", "a/a.md": "Text.", "b/b.md": "Text."})
    write_articles(tmp_path, {"b/.groups": f"hr{mark}everyone\n"})
    assert groups(read_folder(tmp_path)) == {"a/a": ("hr", "it"), "b/b": ()}


def test_a_file_of_groups_that_is_a_link_out_of_the_folder_is_closed(tmp_path: Path) -> None:
    write_articles(tmp_path / "in", {"a.md": "Text.", "b/b.md": "Text.", "b/names": "it\n"})
    write_articles(tmp_path, {"outside": "everyone\n"})
    (tmp_path / "in/.groups").symlink_to(tmp_path / "outside")
    (tmp_path / "in/b/.groups").symlink_to("names")
    found = read_folder(tmp_path / "in")
    assert groups(found) == {"a": (), "b/b": ("it",)}
    [problem] = [one for one in found.problems if one.file == ".groups"]
    assert problem.reason.startswith("a link out of the folder is not followed. Put the file itself here. Write a name")

"""The owner's file of words that mean the same."""

from pathlib import Path

import pytest

from app.watch import Watcher
from index.ingestion.check import check_folder, table
from index.reading.folder import read_folder
from index.reading.synonyms import read_synonyms
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.ingestion import built
from tests.postgres import Server

FILE = "# bodies of the port\nHSB = Harbour Safety Board\n\nlorry, truck，货车  # cars\n"
GROUPS = (("HSB", "Harbour Safety Board"), ("lorry", "truck", "货车"))


def test_a_line_is_a_group_of_words(tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {".synonyms": FILE, "a.md": "Text."}))
    assert (found.synonyms, found.problems) == (GROUPS, [])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"car\n", "line 1: it holds one word. Write words that mean the same, with commas between them"),
        (b"# x\ncar, Car", "line 2: it holds one word. Write words that mean the same, with commas between them"),
        (b"car, auto\n\nAuto, bus", "line 3: 'Auto' stands in line 1, too. Put all its words in one line"),
        (b"car, auto\n\xff\xfe, bus", "line 2: it is not UTF-8. Save the file as UTF-8"),
        (b"a,b,c,d,e,f,g,h,i,j,k", "line 1: it holds 11 words; at most 10 are read"),
        (b"car, " + b"x" * 101, f"line 1: {'x' * 40!r} has 101 characters; at most 100 are read"),
        (b"car, +", "line 1: '+' has no letter and no digit"),
        (b"x" * 100_001, "it has 100,001 bytes; at most 100,000 are read. Shorten it"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_the_check(content: bytes, problem: str, tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Text."})
    (tmp_path / ".synonyms").write_bytes(content)
    check = check_folder(tmp_path, HashingEncoder())
    assert [(file.file, file.notes) for file in check.files if file.notes] == [(".synonyms", [problem])]
    assert (f"       {problem}" in table(check), check.is_whole) == (True, True)


def test_a_word_in_capitals_is_another_than_the_same_in_small_letters(tmp_path: Path) -> None:
    write_articles(tmp_path, {".synonyms": "US, America\nus, we"})
    assert read_synonyms(tmp_path) == ((("US", "America"), ("us", "we")), [])


def test_at_most_1000_groups_are_read(tmp_path: Path) -> None:
    write_articles(tmp_path, {".synonyms": "".join(f"a{n}, b{n}\n" for n in range(1_002))})
    groups, problems = read_synonyms(tmp_path)
    assert (len(groups), problems) == (
        1_000,
        ["line 1001: over 1,000 groups; this line and those after it are not read"],
    )


def test_a_change_of_synonyms_makes_another_build(tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "articles", {"a.md": "A text of a lorry."}), tmp_path / "index"
    before = build(folder, root, IDENTITY, load=HashingEncoder)
    write_articles(folder, {".synonyms": FILE})
    after = build(folder, root, IDENTITY, load=HashingEncoder)
    assert (after.changed, after.build == before.build, after.origins.encoded) == (True, False, 0)
    assert open_location(root).open().manifest.synonyms == GROUPS
    assert not build(folder, root, IDENTITY, load=HashingEncoder).changed
    watcher = Watcher(folder, root)
    assert [watcher._counts(folder / name) for name in (".synonyms", "a/.synonyms")] == [True, False]


def test_a_database_keeps_synonyms_and_whoever_has_it_open_learns_of_a_change(tmp_path: Path, postgres: Server) -> None:
    folder, dsn = write_articles(tmp_path, {"a.md": "The Harbour Board (HB) has a lorry."}), postgres.database()
    assert built(dsn, folder).changed
    assert (open_location(dsn).open().manifest.synonyms, before := open_location(dsn).stamp()) == ((), before)
    write_articles(folder, {".synonyms": FILE})
    assert [built(dsn, folder).changed, built(dsn, folder).changed] == [True, False]
    store = open_location(dsn).open()
    assert (store.manifest.synonyms, open_location(dsn).stamp() == before) == (GROUPS, False)
    assert store.articles.column("acronyms") == [[["HB", "Harbour Board"]]]

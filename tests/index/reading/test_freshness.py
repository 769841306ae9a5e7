import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from index.articles.article import Article
from index.reading.folder import read_folder
from index.reading.freshness import Freshness
from tests.conftest import ARTICLES, PROJECT, write_articles

RECORDS = [{"id": "sun", "text": "The Sun is hot."}, {"text": "Mars is red."}]


class Seen:
    """The articles of a folder as they were read, and what is told of them now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.freshness = Freshness(folder.resolve())
        self.articles = {article.id: article for article in read_folder(folder).articles}

    def state(self, article: str = "moon") -> str:
        return self.freshness.state(self.articles[article])


@pytest.fixture
def seen(folder: Path) -> Seen:
    (folder / "sky.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), "utf-8")
    return Seen(folder)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The same, looked at so long after its last change that what was read is kept; each test has a file to itself."""
    old = Seen(write_articles(tmp_path_factory.mktemp("old"), {**ARTICLES, "dew.md": "Dew is water."}))
    while time.time_ns() - (old.folder / "dew.md").stat().st_ctime_ns < 2_200_000_000:
        time.sleep(0.05)
    assert {old.state(article) for article in old.articles} == {"verified"}
    names = {path.relative_to(old.folder).as_posix() for path in old.freshness._hashed}
    assert names == {"dew.md", "moon.md", "garden/bees.md", "zh/tea.md"}
    return old


def test_every_article_of_an_untouched_folder_is_verified(seen: Seen) -> None:
    assert sorted(seen.articles) == ["garden/bees", "moon", "sky.jsonl/2", "sky.jsonl/sun", "zh/tea"]
    assert {seen.state(article) for article in seen.articles} == {"verified"}
    assert seen.freshness.stale() == set()


def test_a_removed_file_is_gone_and_back_when_it_is(seen: Seen) -> None:
    moon = seen.folder / "moon.md"
    moon.rename(seen.folder / "moon.away")
    assert (seen.state(), seen.freshness.stale()) == ("gone", {"moon"})
    (seen.folder / "moon.away").rename(moon)
    assert seen.freshness.stale() == set()
    assert seen.state() == "verified"


def test_a_change_is_seen_and_so_is_its_end(seen: Seen) -> None:
    moon = seen.folder / "moon.md"
    before = moon.read_bytes()
    moon.write_bytes(before.replace(b"1,935.3", b"1,935.4"))
    assert (seen.state(), seen.freshness.stale()) == ("changed", {"moon"})
    moon.write_bytes(before)
    assert (seen.state(), seen.freshness.stale()) == ("verified", set())


def test_a_change_of_the_same_size_and_time_is_seen(old: Seen) -> None:
    moon = old.folder / "moon.md"
    entry, before = moon.stat(), moon.read_bytes()
    moon.write_bytes(before.replace(b"1,935.3", b"1,935.4"))
    os.utime(moon, ns=(entry.st_atime_ns, entry.st_mtime_ns))
    assert (moon.stat().st_size, moon.stat().st_mtime_ns) == (entry.st_size, entry.st_mtime_ns)
    assert old.state() == "changed"


def test_a_file_put_in_its_place_with_the_same_size_and_time_is_seen(old: Seen) -> None:
    bees, other = old.folder / "garden/bees.md", old.folder / "other"
    entry, before = bees.stat(), bees.read_bytes()
    other.write_bytes(before.replace(b"2,000", b"3,000"))
    os.utime(other, ns=(entry.st_atime_ns, entry.st_mtime_ns))
    other.rename(bees)
    assert (bees.stat().st_size, bees.stat().st_mtime_ns) == (entry.st_size, entry.st_mtime_ns)
    assert old.state("garden/bees") == "changed"


def test_changes_within_one_step_of_the_clock_are_seen(seen: Seen) -> None:
    moon, found = seen.folder / "moon.md", []
    before = moon.read_bytes()
    for _ in range(200):
        moon.write_bytes(before)
        first = seen.state()
        moon.write_bytes(before.replace(b"1,935.3", b"1,935.4"))
        found.append((first, seen.state()))
    assert set(found) == {("verified", "changed")}


def test_what_was_read_right_after_a_change_is_not_kept(seen: Seen) -> None:
    assert seen.state() == "verified"
    assert seen.freshness._hashed == {}


def test_what_was_read_later_is_not_read_again(old: Seen) -> None:
    hashed = old.freshness._hashed[old.folder / "zh/tea.md"]
    assert old.state("zh/tea") == "verified"
    assert old.freshness._hashed[old.folder / "zh/tea.md"] is hashed


def test_a_file_that_was_only_touched_is_verified(old: Seen) -> None:
    os.utime(old.folder / "dew.md")
    assert old.state("dew") == "verified"


def test_a_record_is_followed_wherever_it_stands_in_its_file(seen: Seen) -> None:
    path = seen.folder / "sky.jsonl"
    first, second = path.read_text("utf-8").splitlines()
    path.write_text(f'{{"text": "New."}}\n\n{second}\r\n  {first}  ', "utf-8")
    assert (seen.state("sky.jsonl/sun"), seen.state("sky.jsonl/2")) == ("verified", "verified")


def test_only_the_changed_record_of_a_file_is_changed(seen: Seen) -> None:
    path = seen.folder / "sky.jsonl"
    path.write_text(path.read_text("utf-8").replace("red", "dry"), "utf-8")
    assert (seen.state("sky.jsonl/sun"), seen.state("sky.jsonl/2")) == ("verified", "changed")
    path.unlink()
    assert (seen.state("sky.jsonl/sun"), seen.state("sky.jsonl/2")) == ("gone", "gone")
    assert seen.freshness.stale() == {"sky.jsonl/2", "sky.jsonl/sun"}


def test_a_record_written_in_another_way_is_changed(seen: Seen) -> None:
    text = "\n".join(json.dumps(record, indent=1) for record in RECORDS)
    (seen.folder / "sky.jsonl").write_text(text, "utf-8")
    assert (seen.state("sky.jsonl/sun"), seen.state("sky.jsonl/2")) == ("changed", "changed")


def test_of_records_that_are_no_text_any_more_none_is_verified(seen: Seen) -> None:
    (seen.folder / "sky.jsonl").write_bytes(bytes(range(256)) * 4)
    assert seen.state("sky.jsonl/sun") == "changed"


def test_a_folder_that_is_away_is_unchecked_until_it_is_back(seen: Seen) -> None:
    (seen.folder / "moon.md").unlink()
    assert seen.state() == "gone"
    away = seen.folder.rename(seen.folder.with_name("away"))
    assert (seen.state(), seen.state("zh/tea"), seen.freshness.stale()) == ("unchecked", "unchecked", set())
    away.rename(seen.folder)
    assert (seen.state(), seen.state("zh/tea"), seen.freshness.stale()) == ("gone", "verified", {"moon"})


def test_a_folder_that_became_a_file_is_unchecked(seen: Seen) -> None:
    seen.folder.rename(seen.folder.with_name("away"))
    seen.folder.write_text("no folder", "utf-8")
    assert seen.state() == "unchecked"


def test_a_file_whose_folder_became_a_file_is_gone(seen: Seen) -> None:
    (seen.folder / "zh").rename(seen.folder / "cn")
    (seen.folder / "zh").write_text("no folder", "utf-8")
    assert seen.state("zh/tea") == "gone"


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink(path, path)])
def test_what_is_no_file_any_more_is_changed(make: object, seen: Seen) -> None:
    moon = seen.folder / "moon.md"
    moon.unlink()
    make(moon)  # type: ignore[operator]  # three kinds of functions
    assert (seen.state(), seen.freshness.path(seen.articles["moon"])) == ("changed", None)


def test_a_link_out_of_the_folder_gives_no_file_of_its_own(seen: Seen, tmp_path: Path) -> None:
    moon = seen.folder / "moon.md"
    assert seen.freshness.path(seen.articles["moon"]) == moon
    outside = moon.rename(tmp_path / "outside.md")
    moon.symlink_to(outside)
    assert seen.freshness.path(seen.articles["moon"]) is None
    outside.write_text("Secret.", "utf-8")
    assert (seen.state(), seen.freshness.path(seen.articles["moon"])) == ("changed", None)
    outside.unlink()
    assert seen.state() == "gone"


def test_a_folder_linked_out_gives_no_file_of_its_own(seen: Seen, tmp_path: Path) -> None:
    (seen.folder / "zh").rename(tmp_path / "zh")
    (seen.folder / "zh").symlink_to(tmp_path / "zh")
    assert seen.freshness.path(seen.articles["zh/tea"]) is None


def test_a_record_has_no_file_of_its_own(seen: Seen) -> None:
    assert seen.freshness.path(seen.articles["sky.jsonl/sun"]) is None


FORBIDDEN = """
import os, sys
from pathlib import Path
from index.articles.article import Article
from index.reading.freshness import Freshness
folder = Path(sys.argv[1])
os.setgroups([]), os.setgid(65_534), os.setuid(65_534)
print(*(Freshness(folder).state(Article("moon", "", "", (), sha256, file="moon.md")) for sha256 in sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("path", "mode", "state"),
    [("moon.md", 0o644, "verified"), ("moon.md", 0, "changed"), (".", 0, "unchecked"), ("..", 0, "unchecked")],
)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read the files")
def test_a_forbidden_file_is_changed_and_a_forbidden_folder_unchecked(path: str, mode: int, state: str) -> None:
    with tempfile.TemporaryDirectory() as base:  # nobody else may look into the folders of pytest
        Path(base).chmod(0o755)
        folder = write_articles(Path(base) / "share" / "articles", {"moon.md": ARTICLES["moon.md"]})
        moon: Article = read_folder(folder).articles[0]
        (folder / path).chmod(mode)
        command = [sys.executable, "-c", FORBIDDEN, str(folder), moon.sha256]
        result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert (result.stdout, result.stderr) == (f"{state}\n", "")

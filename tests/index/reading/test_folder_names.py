"""Names, places and moments at which a folder is hard to read."""

import io
import shutil
from pathlib import Path

import pytest

from index.errors import BadArticle, BadFolder
from index.reading.files import whole
from index.reading.folder import Folder, read_folder
from index.reading.places.reader import Problem
from tests.conftest import write_articles
from tests.files import pdf, word

LONGEST = "茶" * 84 + ".md"  # 255 bytes


def ids(found: Folder) -> list[str]:
    return [article.id for article in found.articles]


@pytest.mark.parametrize(
    ("name", "article_id"),
    [
        ("two words.md", "two words"),
        ("\"quoted\" 'name'.md", "\"quoted\" 'name'"),
        ("中文 文章.txt", "中文 文章"),
        ("a..b...md", "a..b.."),
        ("up..to/date.md", "up..to/date"),
        (LONGEST, "茶" * 84),
        ("percent%2F?#&.md", "percent%2F?#&"),
    ],
)
def test_a_strange_name_is_a_name(tmp_path: Path, name: str, article_id: str) -> None:
    [article] = read_folder(write_articles(tmp_path, {name: "Text."})).articles
    assert (article.id, article.file, article.title) == (article_id, name, article_id.rpartition("/")[2])


def test_the_longest_name_is_as_long_as_a_disk_allows(tmp_path: Path) -> None:
    assert len(LONGEST.encode()) == 255


def test_names_that_differ_only_in_case_are_two_articles(tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"Tea.md": "One.", "tea.md": "Two.", "TEA.TXT": "Three."}))
    assert [(article.id, article.text) for article in found.articles] == [
        ("TEA", "Three."),
        ("Tea", "One."),
        ("tea", "Two."),
    ]
    assert found.problems == []


def test_a_folder_may_be_named_by_a_way_that_goes_up(tmp_path: Path) -> None:
    write_articles(tmp_path, {"in/a.md": "Text."})
    [article] = read_folder(tmp_path / "in" / ".." / "in").articles
    assert (article.id, article.file) == ("a", "a.md")


def test_formats_beside_each_other_keep_their_suffixes(tmp_path: Path) -> None:
    page = "<html><body><p>Page.</p></body></html>"
    write_articles(tmp_path, {"r.md": "Text.", "r.html": page, "r.HTM": page, "r.jsonl": '{"text": "Line."}'})
    (tmp_path / "r.pdf").write_bytes(pdf([["Printed."]]))
    (tmp_path / "r.docx").write_bytes(word([("Normal", "Written.")]))
    found = read_folder(tmp_path)
    assert [(article.id, article.text) for article in found.articles] == [
        ("r", "Text."),
        ("r.HTM", "Page."),
        ("r.docx", "Written."),
        ("r.html", "Page."),
        ("r.jsonl/1", "Line."),
        ("r.pdf", "Printed."),
    ]
    assert found.problems == []


class Gone(type(Path())):  # type: ignore[misc]
    """A folder that goes away as soon as it has been looked at so many times."""

    looks = 1

    def is_dir(self) -> bool:
        Gone.looks -= 1
        if Gone.looks < 0:
            shutil.rmtree(str(self), ignore_errors=True)
        return bool(super().is_dir())


def test_a_folder_that_vanishes_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    folder = Gone(write_articles(tmp_path / "in", {"a.md": "Text."}))
    with pytest.raises(BadFolder) as caught:
        read_folder(folder)
    assert str(caught.value) == (
        f"{folder} does not exist any more: it went away while it was read. Build again when it is back"
    )


class Changing(io.FileIO):
    """A file that somebody writes to while it is read."""

    def __init__(self, path: Path, content: bytes) -> None:
        super().__init__(path)
        self._path, self._content = path, content

    def read(self, size: int | None = -1, /) -> bytes:
        raw = super().read(size)
        self._path.write_bytes(self._content)
        return raw or b""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A file of five bytes."""
    (tmp_path / "a.md").write_bytes(b"First")
    return tmp_path / "a.md"


@pytest.mark.parametrize("content", [b"Again", b"First and more", b""])
def test_a_file_that_changes_while_it_is_read_is_an_error(written: Path, content: bytes) -> None:
    with (
        Changing(written, content) as file,
        pytest.raises(BadArticle, match=r"it changed while it was read\. Build again"),
    ):
        whole(file, 100)


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(written: Path) -> None:
    with written.open("rb") as file:
        (written.parent / "new").write_bytes(b"Other")
        (written.parent / "new").replace(written)
        assert whole(file, 100) == b"First"


def test_one_bad_file_of_each_format_never_stops_the_others(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Text.", "cut.pdf": "%PDF-1.7", "bad.docx": "x", "deep.html": "<b>x" * 9_000})
    found = read_folder(tmp_path)
    assert ids(found) == ["a"]
    assert [(problem.file, problem.lost) for problem in found.problems] == [
        ("bad.docx", True),
        ("cut.pdf", True),
        ("deep.html", True),
    ]
    assert Problem("cut.pdf", "no whole PDF: its end is missing. Get the file again", lost=True) in found.problems


def test_a_link_out_of_the_folder_is_refused_in_every_format(tmp_path: Path) -> None:
    write_articles(tmp_path, {"in/a.md": "Text.", "out/secret.jsonl": '{"text": "Secret."}'})
    (tmp_path / "out" / "secret.pdf").write_bytes(pdf([["Secret."]]))
    for name in ("secret.pdf", "secret.jsonl"):
        (tmp_path / "in" / name).symlink_to(tmp_path / "out" / name)
    found = read_folder(tmp_path / "in")
    assert ids(found) == ["a"]
    reason = "a link out of the folder is not followed. Put the file itself here"
    assert found.problems == [Problem(f"secret.{kind}", reason, lost=True) for kind in ("jsonl", "pdf")]

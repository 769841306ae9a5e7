"""Files in other files: their names, and the bounds."""

from collections.abc import Sequence

import pytest

from index.errors import BadArticle
from index.reading.formats import members
from index.reading.formats.extract import Member
from index.reading.formats.members import named, unfolded


def opened(_: str, raw: bytes) -> Sequence[Member]:
    """A container that holds a text and itself, as a few real archives do."""
    return [Member("a.md", b"A."), Member("again.zip", raw)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("plans/a.md", "plans/a.md"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("../../up.md", "up.md"),
        ("C:\\My files\\a.md", "My files/a.md"),
        ("a\x00b\u202ec.md", "a_b_c.md"),
        ("e\u0301.md", "é.md"),
        ("..", "unnamed"),
        (f"{'long ' * 40}.docx", f"{'long ' * 19}.docx"),
    ],
)
def test_a_name_becomes_a_path_below_its_container(written: str, name: str) -> None:
    assert [member.name for member in named("x.zip", [Member(written)])] == [f"x.zip/{name}"]


def test_a_name_that_stands_twice_is_numbered() -> None:
    written = ["a.md", "a (2).md", "a.md", "./a.md"]
    names = [member.name for member in named("", [Member(name) for name in written])]
    assert names == ["a.md", "a (2).md", "a (3).md", "a (4).md"]


def test_a_file_that_holds_itself_is_opened_three_times() -> None:
    found = [(member.name, member.fault) for member in unfolded(b"x", ".zip", opened)]
    deep = "lies in over 3 files in each other: not read. Unpack the outermost"
    once, twice, thrice = "again.zip", "again.zip/again.zip", "again.zip/again.zip/again.zip"
    inner = [(f"{thrice}/a.md", deep), (f"{thrice}/again.zip", deep)]
    assert found == [
        *[("", ""), ("a.md", ""), (once, ""), (f"{once}/a.md", ""), (twice, ""), (f"{twice}/a.md", ""), (thrice, "")],
        *inner,
    ]


@pytest.mark.parametrize(("bound", "value"), [("MOST_MEMBERS", 3), ("MOST_BYTES", 5)])
def test_all_files_in_a_file_are_bounded_together(bound: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, bound, value)
    *_, last = unfolded(b"x", ".zip", opened)
    assert last.name == "again.zip"
    assert last.fault.startswith("with the files in it there are over ")


def test_a_container_that_cannot_be_opened_keeps_its_own_text() -> None:
    def damaged(_: str, __: bytes) -> Sequence[Member]:
        raise BadArticle("damaged")

    assert list(unfolded(b"x", ".eml", damaged)) == [Member("", b"x"), Member("", fault="damaged")]

"""Who may see a web page: it cannot say so itself, and where it seems to, nobody does."""

import pytest

from index.reading.folder import Folder, read_folder
from index.reading.places.reader import Problem
from tests.conftest import write_articles
from tests.index.reading.test_access import CLOSED, OPEN, groups

TEXT = "<p>The harbour was dredged for the first time in a generation, and ships came in on the tide.</p>"
HOW = "Take it out of the page, and write names into the file .groups of its folder"


MEANT = [  # for groups, by the key that seems to say so
    ("groups", f"---\ntitle: Tea\ngroups: [hr]\n---\n{TEXT}"),
    ("groups", f"---\ntitle: <b>Tea</b>\n\ngroups: [hr]\n---\n<!DOCTYPE html><html><body>{TEXT}</body></html>"),
    ("groups", f"groups: hr\n{TEXT}"),
    ("group", f"<!--\ngroup: hr\n-->\n<html><body>{TEXT}</body></html>"),
    ("groups", f'<html><head><meta name="groups" content="hr"></head><body>{TEXT}</body></html>'),
    ("group", f'<html><head><META content="hr" property=" Group "></head><body>{TEXT}</body></html>'),
]
OTHER = [
    f"<html><head><title>Tea</title></head><body><p>groups: three</p>{TEXT}</body></html>",
    f"<html>\n<body>\ngroups: three\n{TEXT}</body></html>",
    f"<!DOCTYPE html><html><head><script>x = {{groups: 1, 'group': 2}}</script></head><body>{TEXT}</body></html>",
    f'<!DOCTYPE html PUBLIC "x"\n"x.dtd"><html><script>x = {{"groups": 1}}</script><body>{TEXT}</body></html>',
    f"<p>Tea</p>\n<pre>\ngroups: [hr]\n</pre>{TEXT}",
    f'<html><head><meta name="description" content="groups: three"></head><body>{TEXT}</body></html>',
]
SUFFIXES = ("html", "htm")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The readings of a folder of all these pages, whose reader is started once."""
    pages = {f"meant-{n}.{suffix}": page for n, (_, page) in enumerate(MEANT) for suffix in SUFFIXES}
    pages |= {f"other-{n}.html": page for n, page in enumerate(OTHER)}
    return read_folder(write_articles(tmp_path_factory.mktemp("pages"), {**pages, "good.html": TEXT, ".groups": OPEN}))


def test_each_page_is_read(found: Folder) -> None:
    assert len(found.articles) == len(SUFFIXES) * len(MEANT) + len(OTHER) + 1
    assert groups(found)["good.html"] == ("everyone",)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("number", range(len(MEANT)))
def test_what_may_be_meant_for_groups_in_a_page_hides_it_and_is_told(number: int, suffix: str, found: Folder) -> None:
    name, key = f"meant-{number}.{suffix}", MEANT[number][0]
    assert groups(found)[name] == ()
    told = [problem for problem in of(name, found) if "outside its article" not in problem.reason]
    assert told == [Problem(name, f"{key!r} {CLOSED} {HOW}", lost=False)]


@pytest.mark.parametrize("number", range(len(OTHER)))
def test_a_page_whose_text_or_code_speaks_of_groups_is_not_hidden(number: int, found: Folder) -> None:
    name = f"other-{number}.html"
    assert (groups(found)[name], of(name, found)) == (("everyone",), [])


def of(name: str, found: Folder) -> list[Problem]:
    """The problems that are told of a file."""
    return [problem for problem in found.problems if problem.file == name]

"""Who may see a web page: it cannot say so itself, and where it seems to, nobody does."""

from pathlib import Path

import pytest

from index.reading.folder import read_folder
from index.reading.places.reader import Problem
from tests.conftest import write_articles
from tests.index.reading.test_access import CLOSED, OPEN, groups

TEXT = "<p>The harbour was dredged for the first time in a generation, and ships came in on the tide.</p>"
HOW = "Take it out of the page, and write names into the file .groups of its folder"


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("groups", f"---\ntitle: Tea\ngroups: [hr]\n---\n{TEXT}"),
        ("groups", f"---\ntitle: <b>Tea</b>\n\ngroups: [hr]\n---\n<!DOCTYPE html><html><body>{TEXT}</body></html>"),
        ("groups", f"groups: hr\n{TEXT}"),
        ("group", f"<!--\ngroup: hr\n-->\n<html><body>{TEXT}</body></html>"),
        ("groups", f'<html><head><meta name="groups" content="hr"></head><body>{TEXT}</body></html>'),
        ("group", f'<html><head><META content="hr" property=" Group "></head><body>{TEXT}</body></html>'),
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.htm"])
def test_what_may_be_meant_for_groups_in_a_page_hides_it_and_is_told(
    name: str, key: str, page: str, tmp_path: Path
) -> None:
    found = read_folder(write_articles(tmp_path, {name: page, "good.html": TEXT, ".groups": OPEN}))
    assert groups(found) == {name: (), "good.html": ("everyone",)}
    told = [problem for problem in found.problems if "outside its article" not in problem.reason]
    assert told == [Problem(name, f"{key!r} {CLOSED} {HOW}", lost=False)]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><head><title>Tea</title></head><body><p>groups: three</p>{TEXT}</body></html>",
        f"<html>\n<body>\ngroups: three\n{TEXT}</body></html>",
        f"<!DOCTYPE html><html><head><script>x = {{groups: 1, 'group': 2}}</script></head><body>{TEXT}</body></html>",
        f'<!DOCTYPE html PUBLIC "x"\n"x.dtd"><html><script>x = {{"groups": 1}}</script><body>{TEXT}</body></html>',
        f"<p>Tea</p>\n<pre>\ngroups: [hr]\n</pre>{TEXT}",
        f'<html><head><meta name="description" content="groups: three"></head><body>{TEXT}</body></html>',
    ],
)
def test_a_page_whose_text_or_code_speaks_of_groups_is_not_hidden(page: str, tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"a.html": page, ".groups": OPEN}))
    assert (groups(found), found.problems) == ({"a.html": ("everyone",)}, [])

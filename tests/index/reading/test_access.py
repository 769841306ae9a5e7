"""Who may see an article: what its metadata and its folder say, and that no slip opens it to more people."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.watch import Watcher
from index.ingestion.check import check_folder
from index.ingestion.manifest import build_name
from index.passages.chunking import Chunking
from index.reading.access import BadGroups, folded_group, named_groups
from index.reading.folder import Folder, read_folder
from index.reading.places.reader import Problem
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder

CLOSED = "may be meant for groups: where access is by groups, nobody sees this article."
HOW = "Write names, such as groups: [hr, legal]"
OPEN = "everyone\n"  # of the folder above: what a slip must not fall back to


def groups(found: Folder) -> dict[str, tuple[str, ...]]:
    return {article.id: article.groups for article in found.articles}


def front(field: str) -> str:
    return f"---\ntitle: Tea\n{field}\n---\nTea is dry."


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("groups: [hr, legal]", ("hr", "legal")),
        ("groups:\n  - Legal\n  - ' HR '\n  - hr", ("hr", "legal")),
        ("groups: hr, legal;  Works Council,", ("hr", "legal", "works council")),
        ("groups: Cafe\u0301", ("caf\u00e9",)),
        ("groups: STRASSE, straße", ("strasse",)),
        ('"groups": 2024', ("2024",)),
        ("{title: Tea, groups: hr}", ("hr",)),
        ("groups: everyone", ("everyone",)),
        ("title2: none", ()),
    ],
)
def test_front_matter_names_groups_which_are_compared_alike(field: str, named: tuple[str, ...], tmp_path: Path) -> None:
    text = f"---\n{field}\n---\nTea is dry."
    found = read_folder(write_articles(tmp_path, {"a.md": text, "b.txt": text}))
    assert groups(found) == {"a": named, "b": named}
    assert found.problems == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "it is no list of names"),
        ({"hr": 1}, "it is no list of names"),
        ([["hr"]], "it is no list of names"),
        (["hr", None], "it is no list of names"),
        (True, "it is no list of names"),
        ([], "it names no group"),
        (" , ;", "it names no group"),
        (["hr", " "], "a name has 0 characters; 1 to 200 will do"),
        ("h" * 201, "a name has 201 characters; 1 to 200 will do"),
        (["hr, legal"], "the name 'hr, legal' has a sign that stands between names"),
        (["a;b"], "the name 'a;b' has a sign that stands between names"),
        ("h\u200br", "the name 'h\\u200br' has characters that cannot be shown"),
        ([f"g{number}" for number in range(101)], "it names 101; at most 100 are read"),
    ],
)
def test_groups_that_cannot_be_read_lose_the_article_and_never_open_it(value: object, why: str, tmp_path: Path) -> None:
    record = json.dumps({"text": "Tea is dry.", "groups": value})
    write_articles(tmp_path, {"r.jsonl": record, "good.md": "Text.", ".groups": OPEN})
    found = read_folder(tmp_path)
    reason = f"line 1: its groups cannot be read: {why}. {HOW}, or leave the field out"
    assert found.problems == [Problem("r.jsonl", reason, lost=True)]
    assert groups(found) == {"good": ("everyone",)}


def test_front_matter_with_groups_that_cannot_be_read_loses_the_file(tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"a.md": front("groups:"), "good.md": "Text.", ".groups": OPEN}))
    reason = f"its groups cannot be read: it is no list of names. {HOW}, or leave the field out"
    assert (list(groups(found)), found.problems) == (["good"], [Problem("a.md", reason, lost=True)])


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "a.md",
            front("groups: hr\ngroups: everyone"),
            "its groups are named twice. Name all in one line, such as groups: [hr, legal]",
        ),
        (
            "a.md",
            "---\n{groups: hr, groups: everyone}\n---\nTea is dry.",
            "its groups are named twice. Name all in one line, such as groups: [hr, legal]",
        ),
        (
            "a.jsonl",
            '{"text": "Tea.", "groups": "hr", "groups": "everyone"}',
            "line 1: its groups are named twice. Name all of them in one list",
        ),
    ],
)
def test_groups_that_are_named_twice_could_be_read_either_way(
    name: str, text: str, reason: str, tmp_path: Path
) -> None:
    found = read_folder(write_articles(tmp_path, {name: text, "good.md": "Text."}))
    assert found.problems == [Problem(name, reason, lost=True)]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("group", front("group: hr")),
        ("Groups", front("Groups: hr")),
        ("gruops", front("gruops: hr")),
        ("grups", front("grups: [hr]")),
        ("groups", front("meta:\n  groups: hr")),
        ("groups", "---\ngroups: hr\n\nThe second rule is missing."),
        ("groups", "---\ntitle: Tea\n\ngroups: hr\n\nIt is missing below a blank line, too."),
        ("groups", "--\ntitle: Tea\ngroups: hr\n--\nThe rules are too short."),
        ("groups", "title: Tea\ngroups: hr\n\nThere is no rule."),
        ("groups", "---\n- groups: hr\n---\nA list is no metadata."),
        ("groups", '+++\ngroups = ["hr"]\n\nThe second rule is missing.'),
        ("groups", '+++\naccess.groups = ["hr"]\n+++\nIn another field.'),
        ("Groups", '+++\nGroups = ["hr"]\n+++\nWith a capital.'),
        ("groups", '{"title": "Tea", "groups": ["hr"]}\n\nAnother language.'),
        ("groups", front("access: {groups: [hr]}")),
        ("groups", front("access: {level: 1, groups: [hr]}")),
        ("groups", front("access:\n  ? groups\n  : [hr]")),
        ("groups", front("access: &a\n  self: *a\n  ? groups\n  : [hr]")),
        ("groups", "---\naccess: {groups: [hr]}\n\nThe second rule is missing."),
        ("groups", "groups\uff1ahr\n\nThe colon is full-width."),
        ("groups", "---\ngroups\uff1ahr\n---\nThe colon is full-width."),
        ("\uff47\uff52\uff4f\uff55\uff50\uff53", front("\uff47\uff52\uff4f\uff55\uff50\uff53: hr")),
    ],
)
def test_what_may_be_meant_for_groups_hides_the_article_and_is_told(key: str, text: str, tmp_path: Path) -> None:
    found = read_folder(write_articles(tmp_path, {"a.md": text, "good.md": "Text.", ".groups": OPEN}))
    assert groups(found) == {"a": (), "good": ("everyone",)}
    assert found.problems == [Problem("a.md", f"{key!r} {CLOSED} {HOW}, in its front matter", lost=False)]


def test_front_matter_in_toml_names_groups_too(tmp_path: Path) -> None:
    assert groups(read_folder(write_articles(tmp_path, {"a.md": '+++\ngroups = ["hr"]\n+++\nText.'}))) == {"a": ("hr",)}


@pytest.mark.parametrize(
    ("key", "record"),
    [
        ("Groups", {"text": "One.", "Groups": "hr"}),
        ("groups", {"text": "One.", "metadata": {"groups": ["hr"]}}),
        ("group", {"text": "One.", "access": [{"level": 1}, {"to": {"group": "hr"}}]}),
        ("groups", {"text": front("groups: [hr]")}),
    ],
)
def test_a_misspelt_field_of_a_record_hides_its_article(key: str, record: object, tmp_path: Path) -> None:
    others = '{"text": "groups: two.\\n\\nText.", "metadata": {"by": "hr"}}\n{"text": "Three.", "groups": ["HR"]}'
    found = read_folder(write_articles(tmp_path, {"a.jsonl": f"{json.dumps(record)}\n{others}", ".groups": OPEN}))
    assert groups(found) == {"a.jsonl/1": (), "a.jsonl/2": ("everyone",), "a.jsonl/3": ("hr",)}
    how = 'Write names, such as "groups": ["hr", "legal"], beside its text'
    assert found.problems == [Problem("a.jsonl", f"1: {key!r} {CLOSED} {how}", lost=False)]


def test_prose_about_groups_opens_and_hides_nothing(tmp_path: Path) -> None:
    texts = {
        "a.md": "# Tea\n\ngroups: of leaves",
        "b.txt": "A group of two.\nMany groups, all told: ten.\n",
        "c.txt": "Tea comes in many forms, groups: three. Each group: a leaf.\n",
        "d.md": f"{front('publisher: Tea')}\n\ngroups: [green, black]\n\n{{groups: 2}}",
        "e.md": front('subtitle: "Leaves, groups: a study of any group: green"'),
    }
    found = read_folder(write_articles(tmp_path, {**texts, ".groups": OPEN}))
    assert (groups(found), found.problems) == (dict.fromkeys("abcde", ("everyone",)), [])


def test_another_group_makes_another_build(tmp_path: Path) -> None:
    def name() -> str:
        return build_name(read_folder(tmp_path).articles, IDENTITY, Chunking(), "")

    write_articles(tmp_path, {"a.md": "Text."})
    before = name()
    write_articles(tmp_path, {".groups": "hr"})
    among = name()
    write_articles(tmp_path, {".groups": " HR \n# the same"})
    assert (name() == among, among == before) == (True, False)


def test_a_change_of_who_may_read_starts_a_build(tmp_path: Path) -> None:
    watcher = Watcher(tmp_path, tmp_path / "index")
    counted = {name: watcher._counts(tmp_path / name) for name in (".groups", "a/.groups", ".git/.groups", ".other")}
    assert counted == {".groups": True, "a/.groups": True, ".git/.groups": False, ".other": False}


def test_a_check_says_how_many_articles_name_no_group(tmp_path: Path) -> None:
    write_articles(tmp_path, {"a.md": "Text.", "b.md": front("groups: hr"), "sub/.groups": "hr", "sub/c.md": "Other."})
    check = check_folder(tmp_path, HashingEncoder())
    assert check.ungrouped == 1
    assert [article.groups for file in check.files for article in file.articles] == [(), ("hr",), ("hr",)]


@given(st.text(max_size=20))
def test_a_name_is_compared_as_it_was_compared_before(text: str) -> None:
    try:
        folded = folded_group(text)
    except BadGroups:
        return
    assert folded_group(folded) == folded
    assert folded_group(f" {text.upper()} ") == folded_group(text.upper())
    assert named_groups(f",{folded} ; ", 1) == {folded}

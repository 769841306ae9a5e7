"""README.md: its length, its tree of folders and its tables."""

import re
import subprocess

from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S607
    return listed.stdout.splitlines()


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 260


def test_the_tree_names_the_three_packages_and_the_folders_right_inside_them() -> None:
    tree = README.split("## Folders")[1].split("```")[1]
    named: set[str] = set()
    above: list[str] = []
    for indent, name in re.findall(r"^( *)(\w+)/ ", tree, re.MULTILINE):
        del above[len(indent) // 2 :]
        above.append(name)
        named.add("/".join(above))
    folders = {"/".join(path.split("/")[:-1][:2]) for path in _tracked()}
    assert named - {"tests", "docs"} == {path for path in folders if path.split("/")[0] in {"index", "app", "eval"}}


def test_every_page_of_docs_is_in_the_list_of_pages() -> None:
    listed = set(re.findall(r"^\| \[(docs/[\w.]+)\]", README.split("## Where to read on")[1], re.MULTILINE))
    assert listed == {path for path in _tracked() if re.fullmatch(r"docs/\w+\.md", path)} - {"docs/licences.md"}


def test_the_top_level_holds_nothing_else() -> None:
    tops = {name.split("/")[0] for name in _tracked()}
    allowed = {"index", "source_texts", "app", "eval", "tests", "docs", "pyproject.toml", "README.md", "Makefile"}
    assert {top for top in tops if not top.startswith(".")} == allowed


def test_the_table_of_speed_is_the_one_that_was_saved() -> None:
    shown = README.split("<!-- eval/results/speed.md -->")[1].split("<!-- end -->")[0].strip()
    assert shown.startswith("| | build, passages/s")
    assert shown in (PROJECT / "eval" / "results" / "speed.md").read_text("utf-8")

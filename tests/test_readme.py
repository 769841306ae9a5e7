import re
import subprocess
from dataclasses import fields

from app.settings import Settings
from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")


def test_the_settings_table_lists_every_setting_with_its_default() -> None:
    table = dict(re.findall(r"^\| `(CHAT_\w+)` \| (.*?) \|", README, re.MULTILINE))
    shown = {
        f"CHAT_{field.name.upper()}": " ".join(field.default)
        if isinstance(field.default, tuple)
        else str(field.default)
        for field in fields(Settings)
    }
    assert table == {name: f"`{default}`" if default else "" for name, default in shown.items()}


def test_the_tree_names_every_folder_of_the_three_packages() -> None:
    tree = README.split("## Files")[1].split("```")[1]
    named: set[str] = set()
    above: list[str] = []
    for indent, name in re.findall(r"^( *)(\w+)/ ", tree, re.MULTILINE):
        del above[len(indent) // 2 :]
        above.append(name)
        named.add("/".join(above))
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    folders = {path.rpartition("/")[0] for path in tracked.splitlines()}
    assert named - {"tests", "docs"} == {path for path in folders if path.split("/")[0] in {"index", "app", "eval"}}


def test_every_target_of_the_makefile_that_the_readme_names_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE))
    assert targets >= {"run", "test"}
    assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_every_file_that_the_readme_links_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (PROJECT / link).is_file()] == []


def test_the_top_level_holds_nothing_else() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    tops = {name.split("/")[0] for name in tracked.splitlines()}
    allowed = {"index", "source_texts", "app", "eval", "tests", "docs", "pyproject.toml", "README.md", "Makefile"}
    assert {top for top in tops if not top.startswith(".")} == allowed


def test_the_tables_of_speed_are_those_that_were_saved() -> None:
    shown = README.split("<!-- eval/results/speed.md -->")[1].split("<!-- end -->")[0].strip()
    assert shown.startswith("| | build, passages/s")
    for table in shown.split("\n\n"):
        assert table in (PROJECT / "eval" / "results" / "speed.md").read_text("utf-8")

"""docs/architecture.md names files that exist, and every folder of Python files."""

import re

from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "architecture.md").read_text("utf-8")


def test_every_path_on_the_page_exists() -> None:
    paths = re.findall(r"`((?:index|app|eval|tests)/[\w./]+)`", PAGE)
    assert len(paths) > 30
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_every_record_is_defined_in_the_file_that_its_row_names() -> None:
    rows = re.findall(r"^\| (`[A-Z][^|]*) \| `([\w/]+\.py)`", PAGE, re.MULTILINE)
    assert rows
    for names, path in rows:
        text = (PROJECT / path).read_text("utf-8")
        assert [name for name in re.findall(r"`(\w+)`", names) if f"class {name}" not in text] == []


def test_every_folder_of_index_and_app_is_on_the_page() -> None:
    paths = [path for package in ("index", "app") for path in (PROJECT / package).rglob("*.py")]
    folders = {path.parent.name for path in paths} - {"index", "app"}
    assert [folder for folder in folders if f"{folder}/" not in PAGE] == []

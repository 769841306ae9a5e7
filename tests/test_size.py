"""Files and functions stay small enough to have one subject."""

import ast
from pathlib import Path

import pytest

from tests.conftest import PROJECT

MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 250, 40

SOURCES = sorted(
    path
    for package in ("index", "app", "eval", "tests")
    for suffix in ("py", "js", "css", "html")
    for path in (PROJECT / package).rglob(f"*.{suffix}")
    if not path.is_relative_to(PROJECT / "eval" / "report")  # written by the evaluation, not by people
)


def test_every_source_file_is_looked_at() -> None:
    names = {path.relative_to(PROJECT).as_posix() for path in SOURCES}

    assert {
        "index/stores/builds/directory.py",
        "app/web/application.py",
        "tests/conftest.py",
        "app/web/site/chat.css",
    } <= names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_file_is_at_most_250_lines_and_a_function_40(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES_OF_A_FILE
    if path.suffix == ".py":
        functions = [
            node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        sizes = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
        assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION} == {}

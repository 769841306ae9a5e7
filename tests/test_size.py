"""Files and functions stay small enough to have one subject."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import PROJECT

MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 250, 40


def _sources() -> dict[str, Path]:
    """Source files by their path in the project."""
    return {
        path.relative_to(PROJECT).as_posix(): path
        for package in ("index", "app", "eval", "tests")
        for suffix in ("py", "js", "css", "html")
        for path in (PROJECT / package).rglob(f"*.{suffix}")
        if not path.is_relative_to(PROJECT / "eval" / "report")  # written by the evaluation, not by people
    }


def _functions(text: str) -> Iterator[tuple[str, int]]:
    """Name and lines of each function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_a_file_has_at_most_250_lines_and_a_function_40() -> None:
    texts = {name: path.read_text("utf-8") for name, path in _sources().items()}
    assert {
        "index/stores/builds/directory.py",
        "app/web/application.py",
        "tests/conftest.py",
        "app/web/site/chat/chat.css",
    } <= texts.keys()
    files = {name: len(text.splitlines()) for name, text in texts.items()}
    assert {name: lines for name, lines in files.items() if lines > MOST_LINES_OF_A_FILE} == {}
    functions = {
        f"{name}: {function}": lines
        for name, text in texts.items()
        if name.endswith(".py")
        for function, lines in _functions(text)
    }
    assert {name: lines for name, lines in functions.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}

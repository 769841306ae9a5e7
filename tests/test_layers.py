"""Each folder imports only folders that stand below it, and no files import each other in a circle."""

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest

from tests.conftest import PROJECT

FLOORS = [
    {"index.errors", "index.arrays"},
    {"index.articles"},
    {"index.passages"},
    {"index.reading", "index.encoder", "index.keywords"},
    {"index.ingestion"},
    {"index.search"},
    {"index.stores"},
    {"index.cli"},
    {"index.__main__"},
    {"app.answering"},
    {"app.settings", "app.terminal", "app.watch", "app.web", "app.serving", "app.offline", "eval"},
    {"app.__main__"},
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}


def _modules() -> dict[str, ast.Module]:
    paths = chain.from_iterable((PROJECT / package).rglob("*.py") for package in ("index", "app", "eval"))
    return {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
        for path in paths
    }


TREES = _modules()


def _imports(tree: ast.Module) -> Iterator[str]:
    """Every module of the project that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            dotted = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from {name if name in TREES else node.module for name in dotted}
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


IMPORTS = {name: {wanted for wanted in _imports(tree) if wanted in TREES} for name, tree in TREES.items()}


def _folder(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] == "eval" else ".".join(parts[:2])


@pytest.mark.parametrize("name", sorted(name for name in TREES if "." in name))
def test_a_file_imports_only_what_stands_on_a_lower_floor_or_in_its_own_folder(name: str) -> None:
    folder = _folder(name)
    wrong = [
        wanted
        for wanted in IMPORTS[name]
        if ((below := _folder(wanted)) != folder and FLOOR[below] > FLOOR[folder])
        or (below != folder and FLOOR[below] == FLOOR[folder] and below.startswith("index") and FLOOR[below])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(name for name in TREES if name.startswith("eval")))
def test_the_evaluation_asks_through_answering_and_never_the_web(name: str) -> None:
    assert {wanted for wanted in IMPORTS[name] if wanted.startswith("app.")} == {
        wanted for wanted in IMPORTS[name] if wanted.startswith("app.answering")
    }


def test_only_one_file_knows_both_engines() -> None:
    engines = {"index.stores.builds", "index.stores.postgresql"}
    outside = (name for name in TREES if not name.startswith(tuple(engines)))
    knowing = {
        name: {engine for engine in engines if any(wanted.startswith(engine) for wanted in IMPORTS[name])}
        for name in outside
    }
    assert [name for name, known in knowing.items() if known == engines and name.startswith("index.")] == [
        "index.stores.address"
    ]


def test_no_files_import_each_other_in_a_circle() -> None:
    left = {name: set(wanted) for name, wanted in IMPORTS.items()}
    while free := [name for name, wanted in left.items() if not wanted & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}


def test_every_folder_says_in_a_docstring_what_lives_there_and_exports_nothing() -> None:
    folders = {path.parent for package in ("index", "app", "eval") for path in (PROJECT / package).rglob("*.py")}
    for folder in folders:
        tree = ast.parse((folder / "__init__.py").read_text("utf-8"))
        assert (ast.get_docstring(tree), len(tree.body)) != (None, 0), folder
        assert len(tree.body) == 1, folder


def test_no_folder_has_more_than_fourteen_files_but_that_of_the_formats() -> None:
    paths = chain.from_iterable((PROJECT / package).rglob("*.py") for package in ("index", "app", "eval"))
    counts = Counter(path.parent for path in paths if path.parent.name != "formats")
    assert {str(folder): count for folder, count in counts.items() if count > 14} == {}

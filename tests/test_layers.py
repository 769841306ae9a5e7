"""Each folder imports only folders that stand below it, and no files import each other in a circle."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain

from tests.conftest import PROJECT

FLOORS = [
    {"index.errors", "index.arrays", "index.kept", "index.patterns"},
    {"index.articles"},
    {"index.passages"},
    {"index.reading", "index.encoder", "index.keywords"},
    {"index.ingestion", "index.reader"},
    {"index.search"},
    {"index.stores"},
    {"index.cli"},
    {"index.__main__"},
    {"app.answering", "app.log"},
    {
        "app.settings",
        "app.terminal",
        "app.watch",
        "app.trials",
        "app.doctor",
        "app.mcp",
        "app.metrics",
        "app.receipts",
        "app.web",
        "app.serving",
        "app.offline",
        "eval",
    },
    {"app.__main__"},
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}


@cache
def _modules() -> dict[str, ast.Module]:
    """The syntax tree of each module by its dotted name."""
    paths = chain.from_iterable((PROJECT / package).rglob("*.py") for package in ("index", "app", "eval"))
    return {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
        for path in paths
    }


def _dotted(tree: ast.Module) -> Iterator[str]:
    """Each module that a file may mean by an import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in (f"{node.module}.{alias.name}" for alias in node.names):
                yield name if name in _modules() else node.module
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def _imports() -> dict[str, set[str]]:
    """The modules of the project that each module imports, wherever in it."""
    return {name: {dotted for dotted in _dotted(tree) if dotted in _modules()} for name, tree in _modules().items()}


def _folder(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] == "eval" else ".".join(parts[:2])


def _may_import(folder: str, imported: str) -> bool:
    """Whether the folder stands above the imported one; on the ground floor and in `app` also beside it."""
    if folder == imported or FLOOR[imported] < FLOOR[folder]:
        return True
    beside = FLOOR[imported] == FLOOR[folder]
    return beside and (not imported.startswith("index") or not FLOOR[imported])


def test_a_file_imports_only_folders_on_lower_floors_and_its_own() -> None:
    wrong = [
        (name, imported)
        for name, modules in _imports().items()
        for imported in modules
        if "." in name and not _may_import(_folder(name), _folder(imported))
    ]
    assert wrong == []


def test_the_evaluation_asks_through_answering_and_never_the_web() -> None:
    asked = [(name, module) for name, modules in _imports().items() for module in modules if module.startswith("app.")]
    allowed = ("app.answering", "app.log")
    assert [pair for pair in asked if pair[0].startswith("eval") and not pair[1].startswith(allowed)] == []


def test_only_one_file_knows_both_engines() -> None:
    engines = {"index.stores.builds", "index.stores.postgresql"}
    outside = (name for name in _imports() if not name.startswith(tuple(engines)))
    knowing = {
        name: {engine for engine in engines if any(wanted.startswith(engine) for wanted in _imports()[name])}
        for name in outside
    }
    assert [name for name, known in knowing.items() if known == engines and name.startswith("index.")] == [
        "index.stores.address"
    ]


def test_no_files_import_each_other_in_a_circle() -> None:
    left = {name: set(wanted) for name, wanted in _imports().items()}
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

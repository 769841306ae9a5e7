"""Imports run one way: eval to app.answer to index."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import PROJECT

WEB = {"fastapi", "starlette", "uvicorn", "gradio", "jinja2", "pydantic", "httpx", "mcp", "prometheus_client"}
MODEL_LIBRARIES = {"torch", "transformers", "sentence_transformers"}
BELOW = {"index": set(), "app": {"index"}, "eval": {"app", "index"}}


def _name(path: Path) -> str:
    name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def _modules() -> dict[str, ast.Module]:
    """The syntax tree of each module by its dotted name."""
    paths = [path for package in ("index", "app", "eval") for path in (PROJECT / package).rglob("*.py")]
    return {_name(path): ast.parse(path.read_text("utf-8")) for path in paths}


@cache
def _imports(name: str, *, only_at_once: bool = False) -> frozenset[str]:
    """Dotted names that a module imports: all of them, or those that are imported with it."""
    tree = _modules()[name]
    return frozenset(_imported_by(tree.body if only_at_once else ast.walk(tree)))


def _imported_by(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(start: str) -> set[str]:
    """The project's modules that come with importing a module, and the packages of others."""
    modules: set[str] = set()
    others: set[str] = set()
    trees, waiting = _modules(), [start]
    while waiting:
        name = waiting.pop()
        if name in trees and name not in modules:
            modules.add(name)
            wanted = _imports(name, only_at_once=True)
            waiting += [name.rpartition(".")[0], *wanted, *(dotted.rpartition(".")[0] for dotted in wanted)]
            others |= {dotted.partition(".")[0] for dotted in wanted}
    return modules | others


def test_every_module_is_looked_at() -> None:
    assert {
        "index.search.searcher",
        "app.web.application",
        "app.answering.answer",
        "index.__main__",
        "app.__main__",
    } <= set(_modules())


def test_a_module_imports_only_packages_below_its_own() -> None:
    for name in _modules():
        package = name.partition(".")[0]
        imported = {dotted.partition(".")[0] for dotted in _imports(name)} & {"index", "app", "eval", "tests"}
        assert imported - {package} <= BELOW[package], name


def test_the_server_is_imported_without_a_look_at_the_stubs_of_gradio() -> None:
    script = """
import sys
stubs = []
sys.addaudithook(lambda event, what: event == "open" and str(what[0]).endswith(".pyi") and stubs.append(what[0]))
import app.serving.server
print(len(stubs))
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert run.stdout == "0\n"


def test_neither_index_nor_eval_touches_the_web_side() -> None:
    trees = _modules()
    web_side = {name for name in trees if name.startswith("app") and _reached(name) & WEB}
    for name in (name for name in trees if name.startswith(("index", "eval"))):
        imported = _imports(name)
        assert {part for dotted in imported for part in (dotted, dotted.rpartition(".")[0])} & web_side == set(), name
        packages = {dotted.partition(".")[0] for dotted in imported}
        allowed = {"jinja2"} if name.startswith("eval") else {"httpx"}  # a report is a template; sites are fetched
        assert packages & (WEB - allowed) == set(), name


@pytest.mark.parametrize("name", ["app.__main__", "app.answering.answer", "app.terminal"])
def test_answering_loads_nothing_of_the_web(name: str) -> None:
    assert _reached(name) & WEB == set()


@pytest.mark.parametrize(
    "name",
    ["index.search.searcher", "index.stores.builds.build", "app.answering.answer", "app.__main__", "index.__main__"],
)
def test_no_model_library_is_loaded_before_a_model_is(name: str) -> None:
    assert _reached(name) & {"torch", "transformers", "sentence_transformers", "huggingface_hub"} == set()


def _loaded(script: str, *arguments: str) -> set[str]:
    """The packages that a process has loaded when it ends."""
    tell = "import atexit, json, sys; atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr));"
    run = subprocess.run(
        [sys.executable, "-c", tell + script, *arguments],
        cwd=PROJECT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    return {name.partition(".")[0] for name in json.loads(run.stderr.splitlines()[-1])}


@pytest.mark.parametrize(
    ("package", "command"), [("app", ["ask", "Is lunar soil dry?"]), ("index", ["search", "Is lunar soil dry?"])]
)
def test_a_question_is_answered_without_model_libraries_and_the_web(
    package: str, command: list[str], real_root: Path
) -> None:
    script = f"from {package}.__main__ import main; sys.exit(main(sys.argv[1:]))"
    loaded = _loaded(script, *command, "--index", str(real_root))

    assert {"openvino", "tokenizers", "faiss"} <= loaded
    assert loaded & (MODEL_LIBRARIES | WEB | {"filelock", "huggingface_hub", "trafilatura"}) == set()


def test_the_server_answers_without_model_libraries(real_root: Path) -> None:
    script = """
from app.serving.live import Live
from app.serving.server import running
from app.settings import Settings
import urllib.request
from index.stores.address import open_location
root = open_location(sys.argv[1])
with running(Live(root).seen_by, Settings(index=root, port=0), print) as address:
    body = json.dumps({"question": "Is lunar soil dry?"}).encode()
    asked = urllib.request.Request(f"{address}/api/ask", body, {"Content-Type": "application/json"})
    assert json.load(urllib.request.urlopen(asked))["citations"]
"""
    loaded = _loaded(script, str(real_root))

    assert {"gradio", "openvino"} <= loaded
    assert loaded & MODEL_LIBRARIES == set()


def test_nothing_is_written_for_the_builtin_eval_to_stumble_on() -> None:
    bare = [name for name, tree in _modules().items() for node in ast.walk(tree) if _imports_bare_eval(node)]

    assert bare == []


def _imports_bare_eval(node: ast.AST) -> bool:
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "eval" for alias in node.names)

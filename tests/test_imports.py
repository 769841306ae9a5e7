"""Imports run one way: eval to app.answer to index."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.conftest import PROJECT

WEB = {"fastapi", "starlette", "uvicorn", "gradio", "jinja2", "pydantic", "httpx"}
MODEL_LIBRARIES = {"torch", "transformers", "sentence_transformers"}
BELOW = {"index": set(), "app": {"index"}, "eval": {"app", "index"}}


def _name(path: Path) -> str:
    name = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def _modules() -> dict[str, ast.Module]:
    paths = [path for package in ("index", "app", "eval") for path in (PROJECT / package).rglob("*.py")]
    return {_name(path): ast.parse(path.read_text("utf-8")) for path in paths}


def _imports(tree: ast.Module, *, only_at_once: bool = False) -> Iterator[str]:
    """Dotted names that a module imports: all of them, or those that are imported with it."""
    for node in ast.walk(tree):
        if only_at_once and node not in tree.body:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = _modules()


def _reached(start: str) -> set[str]:
    """The project's modules that come with importing a module, and the packages of others."""
    modules: set[str] = set()
    others: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in MODULES and name not in modules:
            modules.add(name)
            wanted = set(_imports(MODULES[name], only_at_once=True))
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
    } <= set(MODULES)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_imports_only_what_lies_below_it(name: str) -> None:
    package = name.partition(".")[0]
    ours = {wanted.partition(".")[0] for wanted in _imports(MODULES[name])} & {"index", "app", "eval", "tests"}

    assert ours - {package} <= BELOW[package]


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith(("index", "eval"))))
def test_neither_index_nor_eval_touches_the_web_side(name: str) -> None:
    wanted = set(_imports(MODULES[name]))
    modules = {module for dotted in wanted for module in (dotted, dotted.rpartition(".")[0]) if module in MODULES}

    assert {module for module in modules if module.startswith("app") and _reached(module) & WEB} == set()
    assert {dotted.partition(".")[0] for dotted in wanted} & (WEB - {"jinja2"}) == set()  # reports are templates too


@pytest.mark.parametrize("name", ["app.__main__", "app.answering.answer", "app.terminal"])
def test_answering_loads_nothing_of_the_web(name: str) -> None:
    assert _reached(name) & WEB == set()


@pytest.mark.parametrize(
    "name",
    ["index.search.searcher", "index.stores.builds.build", "app.answering.answer", "app.__main__", "index.__main__"],
)
def test_no_model_library_is_loaded_before_a_model_is(name: str) -> None:
    assert _reached(name) & {"torch", "transformers", "sentence_transformers", "huggingface_hub"} == set()


@pytest.fixture
def real_root(folder: Path, tmp_path: Path) -> Path:
    """The index of the small articles, made with the default encoder."""
    build(folder, tmp_path / "real", identify(DEFAULT_MODEL))
    return tmp_path / "real"


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
    bare = [name for name, tree in MODULES.items() for node in ast.walk(tree) if _imports_bare_eval(node)]

    assert bare == []


def _imports_bare_eval(node: ast.AST) -> bool:
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "eval" for alias in node.names)

"""README.md and the pages in docs/: commands, links, settings and targets that exist."""

import importlib
import re
import shlex
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import Settings
from tests.conftest import PROJECT

PAGES = {path: path.read_text("utf-8") for path in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md")))}
SETTINGS = {f"CHAT_{field.name.upper()}": field.default for field in fields(Settings)}
COMMAND = re.compile(r"python -m ((?:index|app|eval)[.\w]*)((?: [^|>&;`\n]*)?)")
FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def _name(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


def _code(text: str) -> list[str]:
    """Lines of code blocks, and code within sentences, each on one line."""
    lines = "\n".join(FENCED.findall(text)).replace("\\\n", " ").splitlines()
    inline = re.findall(r"`([^`]+)`", FENCED.sub("", text))
    return [*lines, *(" ".join(code.split()) for code in inline)]


def _commands() -> list[tuple[str, str, str]]:
    """Page, module and arguments of every `python -m …`, options in brackets and letters for numbers filled in."""
    commands = []
    for page, text in PAGES.items():
        generated = re.findall(r"<!-- (python .*?) -->", text)
        for code in (*_code(text), *generated):
            for module, given in COMMAND.findall(code):
                arguments = re.sub(r"\[(\w+)\]", r"\1", given).replace("--shard I/N", "--shard 1/2")
                commands.append((_name(page), module, arguments.replace("--workers N", "--workers 2").strip()))
    return sorted(set(commands))


def test_every_page_has_commands_to_try() -> None:
    assert len(_commands()) > 45
    without = {"docs/architecture.md", "docs/licences.md"}
    assert {_name(page) for page in PAGES} - without == {page for page, _, _ in _commands()}


@pytest.mark.parametrize(("page", "module", "arguments"), _commands())
def test_a_command_is_accepted(page: str, module: str, arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []

    def parse(parser: Callable[[], ArgumentParser], argv: list[str]) -> int:
        parsed.append(parser().parse_args(argv))
        return 0

    main = importlib.import_module(f"{module}.__main__")
    monkeypatch.setattr(main, "run", parse)
    given = shlex.split(arguments, comments=True)
    if "--help" in given:
        with pytest.raises(SystemExit, match="0"):
            main.main(given)
    else:
        main.main(given)
        assert len(parsed) == 1


def _anchors(text: str) -> set[str]:
    """Ids of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)", FENCED.sub("", text), re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors))
    return set(anchors)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_of_a_page_leads_to_a_file_and_to_a_heading(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGES[page]) if not link.startswith("http")]
    for link in links:
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_file(), link
        assert not anchor or anchor in _anchors(PAGES[target]), link


def test_the_settings_table_lists_every_setting_with_its_default() -> None:
    table = dict(re.findall(r"^\| `(CHAT_\w+)` \| (.*?) \|", PAGES[PROJECT / "docs" / "settings.md"], re.MULTILINE))
    shown = {name: " ".join(value) if isinstance(value, tuple) else str(value) for name, value in SETTINGS.items()}
    assert table == {name: f"`{default}`" if default else "" for name, default in shown.items()}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_setting_that_a_page_names_exists(page: Path) -> None:
    assert set(re.findall(r"\bCHAT_[A-Z_]+\w", PAGES[page])) <= SETTINGS.keys()


def test_the_settings_of_the_commands_are_read() -> None:
    text = (PROJECT / "docs" / "nginx.conf").read_text("utf-8").replace("\\\n#", "")
    assert text.count("python -m app") == 1
    lines = [
        code for page in PAGES.values() for code in _code(page) if "CHAT_USER_HEADER=" in code and "python" in code
    ]
    assert len(lines) == 1
    for line in (*lines, text):
        given = dict(re.findall(r"(CHAT_\w+)=(\S+)", line.partition("python -m app")[0]))
        assert Settings.from_env(given).path == "/tools/ask"


def test_every_target_of_the_makefile_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        match[1] for text in PAGES.values() for code in _code(text) if (match := re.match(r"make ([a-z-]+)", code))
    }
    assert named >= {"run", "test", "bench-scale"}
    assert named <= targets


def test_every_option_that_a_page_names_exists() -> None:
    sources = [
        path.read_text("utf-8") for package in ("index", "app", "eval") for path in (PROJECT / package).rglob("*.py")
    ]
    options = set(re.findall(r'"(--[a-z-]+)"', "".join(sources))) | {
        "--publisher",
        "--language",
        "--folder",
        "--article",
    }
    named = [
        option
        for text in PAGES.values()
        for code in _code(text)
        for option in re.findall(r"(?<!\S)--[a-z-]*[a-z]", code)
    ]
    assert set(named) - options == set()

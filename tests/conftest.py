"""What many tests share: a folder of small articles, and indexes of it."""

import gc
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.search.searcher import Searcher
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

PROJECT = Path(__file__).parent.parent
EXAMPLE = "Who chairs the <National> Venture Capital Guidance Fund?"  # that the chat below offers

pytest_plugins = ["tests.postgres"]

# A shell has what it runs in the background ignore Ctrl-C, and what that starts inherits it: some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Collecting makes millions of objects that stay: to look through them for garbage takes a third of its time.
gc.disable()

# A busy machine makes inputs slowly, which is no fault of the test; every run makes the same ones.
settings.register_profile("any machine", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Fixtures that take long to start; slow tests without any of them are marked where they stand.
_SLOW = {"browser", "postgres", "textsearch_postgres", "project_root", "real_root"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `make test-quick` leaves out, and put their files first: short ones are left to the end."""
    for item in items:
        if isinstance(item, pytest.Function) and _SLOW & set(item.fixturenames):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """From here on garbage is sought among what tests make; a process that only hands tests out comes here too."""
    gc.freeze()
    gc.enable()


ARTICLES = {
    "moon.md": """---
title: "The Moon: soil and seas"
publisher: "Night Sky Notes"
published: "2024-06-25"
sources:
  - title: "Sample return"
    publisher: "Space Agency"
    date: "2024-06"
    url: "https://space.example/return"
---
## Soil

Lunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024.

## Seas

The dark seas of the Moon are basalt plains. They cover 16 percent of its surface.
""",
    "garden/bees.md": """---
title: "Bees in the garden"
publisher: "Garden Notes"
published: "2023-04-01"
---
A honey bee visits about 2,000 flowers a day.

- Lavender feeds bees in July.
- Ivy feeds bees in October.
""",
    "zh/tea.md": """---
title: "茶"
publisher: "Garden Notes"
published: "2022"
---
绿茶不发酵。红茶完全发酵，产量为120吨。
""",
}


# Visible characters of these articles, counted from their text.
COVERED = {
    "files": 3,
    "lost_files": 0,
    "articles": 3,
    "characters": 555,
    "in_passages": 241,
    "skipped": {"front matter": 308, "Markdown marks and link addresses": 6},
    "lost": 0,
}


def build_files(root: Path) -> dict[str, bytes]:
    """Every file of the live build but the manifest, which holds the time."""
    live = live_build(root)
    return {
        path.relative_to(live).as_posix(): path.read_bytes()
        for path in live.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def write_articles(folder: Path, articles: dict[str, str]) -> Path:
    for name, text in articles.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def indexed(folder: Path, articles: dict[str, str]) -> Searcher:
    """A searcher of these articles, whose files and index lie in the folder."""
    build(write_articles(folder / "articles", articles), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three small articles."""
    return write_articles(tmp_path / "articles", ARTICLES)


@pytest.fixture
def root(folder: Path, tmp_path: Path) -> Path:
    """The index of `folder`, made with the hashing encoder."""
    build(folder, tmp_path / "index", IDENTITY, load=HashingEncoder)
    return tmp_path / "index"


@pytest.fixture
def searcher(root: Path) -> Searcher:
    """A searcher of `root`."""
    return searcher_of(root)


@pytest.fixture(scope="session")
def shared_searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A searcher of the same articles for tests that change nothing."""
    root = tmp_path_factory.mktemp("shared")
    build(write_articles(root / "articles", ARTICLES), root / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(root / "index")


@pytest.fixture(scope="session")
def ways_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the articles of `eval/ways`, made with the hashing encoder, for tests that change nothing."""
    root = tmp_path_factory.mktemp("ways")
    build(PROJECT / "eval" / "ways" / "articles", root, IDENTITY, load=HashingEncoder)
    return root


@pytest.fixture(scope="session")
def real_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the same articles, made with the default encoder, for tests that change nothing."""
    base = tmp_path_factory.mktemp("real")
    build(write_articles(base / "articles", ARTICLES), base / "index", identify(DEFAULT_MODEL))
    return base / "index"


@pytest.fixture(scope="session")
def project_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the project's own articles, made with the default encoder."""
    root = tmp_path_factory.mktemp("project")
    build(PROJECT / "source_texts", root, identify(DEFAULT_MODEL))
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one for each module: Playwright runs only one at a time."""
    from tests.serving import chromium  # which imports this file

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def chat_address(project_root: Path) -> Iterator[str]:
    """The chat over the project's own articles, below a path, with an example of its owner's."""
    from tests.serving import served  # which imports this file

    with served(project_root, {"CHAT_EXAMPLES": EXAMPLE, "CHAT_PATH": "/tools/ask"}) as address:
        yield address


@pytest.fixture
def chat(browser: Browser, chat_address: str) -> Iterator[Page]:
    """The chat, ready for a question, whose scripts must not fail."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    with page.expect_response("**/run/predict*"):  # its opening is a call too, which no test means to refuse or count
        page.goto(f"{chat_address}/")
    page.get_by_label("Your question").wait_for()
    yield page
    page.close()
    assert problems == []

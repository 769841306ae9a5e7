"""Portals on loopback origins with the widget on their pages, and the chat that they show; for tests in a browser.

A plugin, so that all test modules share one chat. They import from it, too, hence PYTEST_DONT_REWRITE.
"""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.conftest import PROJECT, write_articles
from tests.serving import served

ARTICLES = (
    "cooperation/belt-and-road-cooperation.md",
    "cooperation/deep-time-digital-earth.md",
    "funding/venture-capital-guidance-fund.md",
    "funding/basic-research-share.md",
    "technology/beidou.md",
)
QUESTION = "How many intergovernmental agreements on science cooperation had China signed by January 2026?"
SENTENCE = (
    "Date of count: January 2026; Intergovernmental agreements: 120; Countries and regions with science ties: not given"
)
FAILED = (
    "The chat does not open here: it has not allowed {} to show it, or it cannot be reached. "
    "Please tell whoever runs this site."
)


@dataclass(frozen=True, slots=True)
class Portals:
    """One small server under two names, of which the chat lists the first alone, and the chat's own address."""

    listed: str
    unlisted: str
    chat: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # path to content and policy

    def page(self, *attributes: str, body: str = "", policy: str = "", listed: bool = True) -> str:
        """The address of a new page with a widget for each of `attributes`; none: one without any."""
        scripts = "".join(
            f'<script src="{self.chat}/widget.js" defer {given}></script>' for given in attributes or [""]
        )
        return self.put(f"<main><h1>Portal</h1>{body}</main>{scripts}", policy=policy, listed=listed)

    def put(self, body: str, *, policy: str = "", listed: bool = True) -> str:
        """The address of a new page with this body, and with this Content-Security-Policy if it is given."""
        shell = '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">'
        path = f"/{len(self.pages)}"
        self.pages[path] = (f'{shell}<link rel="icon" href="data:,"><title>Portal</title>{body}', policy)
        return f"{self.listed if listed else self.unlisted}{path}"


@contextlib.contextmanager
def _portals() -> Iterator[Portals]:
    """The portals, whose chat is not known yet."""
    pages: dict[str, tuple[str, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, policy = pages.get(urlsplit(self.path).path, ("", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - likewise
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.server_address[1]
        try:
            yield Portals(f"http://localhost:{port}", f"http://127.0.0.1:{port}", pages=pages)
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def few_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of a few of the project's own articles."""
    folder, root = tmp_path_factory.mktemp("few"), tmp_path_factory.mktemp("index")
    articles = {name: (PROJECT / "source_texts" / name).read_text("utf-8") for name in ARTICLES}
    build(write_articles(folder, articles), root, identify(DEFAULT_MODEL))
    return root


@pytest.fixture(scope="session")
def portals(few_root: Path) -> Iterator[Portals]:
    """The portals, and the chat over these articles."""
    with _portals() as made, served(few_root, {"CHAT_ALLOWED_ORIGINS": made.listed}) as address:
        yield Portals(made.listed, made.unlisted, address, made.pages)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, whose scripts must not fail."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.context.close()
    assert problems == []


def opened(page: Page, address: str, label: str = "Ask the articles") -> FrameLocator:
    """The chat in the panel that the button of the page at `address` opens, ready for a question."""
    page.goto(address)
    page.get_by_role("button", name=label).click()
    return ready(page)


def ready(page: Page) -> FrameLocator:
    """The chat in the page's only frame, once its question box has the focus."""
    chat = page.frame_locator("iframe")
    expect(chat.locator("#question textarea")).to_be_focused()
    return chat


def ask(chat: FrameLocator | Page, question: str = QUESTION) -> None:
    """Ask as a person does, and wait for the answer."""
    answers = chat.locator("#chat .answer")
    count = answers.count()
    chat.locator("#question textarea").fill(question)
    chat.get_by_role("button", name="Ask", exact=True).click()
    expect(answers).to_have_count(count + 1)
    expect(answers.last).to_be_visible()


def focused(page: Page) -> str:
    """Element with the focus, as its visible text or its kind, looked for in shadow roots, too.

    Page and frame are processes of their own: on its way from one to the other the focus rests for
    a moment on the page's body. Where it stays there for two seconds, it is there.
    """
    text: str = page.evaluate(
        """async () => {
          const end = performance.now() + 2000;
          while (document.activeElement === document.body && performance.now() < end)
            await new Promise((resolve) => setTimeout(resolve, 10));
          let found = document.activeElement;
          while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
          return found.localName === "iframe" ? "iframe" : found.textContent.trim() && found !== document.body
            ? found.textContent.trim() : found.localName;
        }"""
    )
    return text

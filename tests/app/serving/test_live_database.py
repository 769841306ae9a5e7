"""The served chat on a database: answers, changes that are seen at once, and a database that goes away."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.address import open_location
from index.stores.location import BuildWork
from tests.conftest import ARTICLES, write_articles
from tests.postgres import Server, serving
from tests.serving import served

QUESTION = "How much lunar soil did a probe bring to Earth?"
SENTENCE = "A probe brought 1,935.3 grams of it to Earth in June 2024."
AGAIN = "A probe brought 2,001 grams of it to Earth in June 2024."
PATIENCE = 120.0  # seconds until what is waited for must have come


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that may be killed."""
    with serving(durable=True) as server:
        yield server


def built(folder: Path, dsn: str) -> None:
    open_location(dsn).build(BuildWork(folder, identify(DEFAULT_MODEL)))


def asked(address: str) -> tuple[int, str]:
    """Status and first quote, or error, of an answer."""
    response = httpx.post(f"{address}/api/ask", json={"question": QUESTION, "k": 1})
    said = response.json()
    return response.status_code, said["error"] if "error" in said else said["citations"][0]["quote"]


def comes(address: str, status: int, said: str) -> None:
    """Wait until an answer is of this status and says this."""
    end = time.monotonic() + PATIENCE
    while not ((found := asked(address))[0] == status and said in found[1]):
        assert time.monotonic() < end, found
        time.sleep(0.1)


def test_a_chat_on_a_database_answers_follows_changes_and_outlives_an_outage(
    browser: Browser, server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, dsn = write_articles(tmp_path / "articles", ARTICLES), server.database()
    built(folder, dsn)
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    with served(dsn) as address:
        page.goto(address)
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".card .lead").first).to_have_text(SENTENCE)
        with page.context.expect_page() as opened:
            page.locator(".card .open").first.click(modifiers=["ControlOrMeta"])
        expect(opened.value.locator("mark")).to_have_text(SENTENCE)

        write_articles(folder, {"moon.md": ARTICLES["moon.md"].replace("1,935.3", "2,001")})
        built(folder, dsn)
        comes(address, 200, AGAIN)

        server.kill()
        assert asked(address) == (503, "the index cannot be read; see the server's log")
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("#chat").get_by_text("The index cannot be read just now.")).to_be_visible()

        server.start()
        comes(address, 200, AGAIN)
    page.close()
    assert f"127.0.0.1:{server.port}" in capfd.readouterr().err

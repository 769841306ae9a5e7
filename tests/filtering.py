"""A chat over a few articles with more publishers than are listed, for tests of its filters.

A plugin, which test modules import from, too, hence PYTEST_DONT_REWRITE.
"""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.serving import served

BEES = "A honey bee visits about 2,000 flowers a day."


def written(text: str, publisher: str, published: str, language: str = "en", *sources: str) -> str:
    listed = "".join(f'\n  - title: "Report"\n    publisher: "{name}"' for name in sources)
    return (
        f'---\ntitle: "{text}"\npublisher: "{publisher}"\npublished: "{published}"\nlanguage: "{language}"\n'
        f"{f'sources:{listed}' if sources else ''}\n---\n{text}\n"
    )


QUESTION = "How many flowers does a honey bee visit a day?"
OFFICES = [f"Office {number:03}" for number in range(220)]  # more publishers than are listed
ARTICLES = {
    "science/space/moon.md": written("Lunar soil is dry.", "Night Sky Notes", "2024-06-25"),
    "science/space/mars.md": written("The soil of Mars is red.", "Night Sky Notes", "2025-03"),
    "science/plants/bees.md": written(BEES, "Garden Notes", "2023-04-01"),
    "tea/green.md": written("绿茶不发酵。", "Garden Notes", "2022", "zh-Hans"),
    "news/harbour.md": written("The harbour was dredged.", "Harbour Post", date.today().isoformat()),
    "news/ports.md": written("All ports report.", "Harbour Post", "2021", "en", *OFFICES, "São Zeta Press"),
}


@pytest.fixture(scope="session")
def filtered_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("filters")
    build(write_articles(root / "articles", ARTICLES), root / "index", identify(DEFAULT_MODEL))
    with served(root / "index", {"CHAT_PATH": "/tools/ask"}) as address:
        yield f"{address}/"


@pytest.fixture
def filtered(browser: Browser, filtered_address: str) -> Iterator[Page]:
    """The chat, ready for a question, whose scripts must not fail."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    with page.expect_response("**/run/predict*"):
        page.goto(filtered_address)
    page.get_by_label("Your question").wait_for()
    yield page
    page.close()
    assert problems == []


def ask(chat: Page, question: str = QUESTION) -> Locator:
    asked = chat.locator("#chat .said").count()
    chat.get_by_label("Your question").fill(question)
    chat.get_by_role("button", name="Ask", exact=True).click()
    expect(chat.locator("#chat .said")).to_have_count(asked + 1)
    expect(chat.locator("#chat .reply[aria-busy]")).to_have_count(0)
    return chat.locator("#chat .reply").last


def opened(chat: Page) -> Locator:
    chat.locator("#filters summary").click()
    return chat.locator("#filters")


def listed(chat: Page, kind: str) -> list[str]:
    """The values of a kind that are in sight, a dash before those that cannot be chosen."""
    rows = chat.locator(f"[data-kind={kind}] label:visible").all()
    return [("" if row.locator("input").is_enabled() else "-") + " ".join(row.inner_text().split()) for row in rows]

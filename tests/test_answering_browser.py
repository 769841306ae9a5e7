"""What a person can do with an answer in a real browser: leave out what it was read with, ask an example."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import served

FIRST = "What record did EAST set in January 2025?"
FOLLOWING = "How long was its previous one?"
EXAMPLE = "Who chairs the <National> Venture Capital Guidance Fund?"


@pytest.fixture(scope="module")
def address(project_root: Path) -> Iterator[str]:
    """The chat over the project's own articles, below a path."""
    with served(project_root, {"CHAT_EXAMPLES": EXAMPLE, "CHAT_PATH": "/tools/ask"}) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The chat, whose scripts must not fail."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{address}/")
    yield page
    page.close()
    assert problems == []


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#chat .user-row").last).to_contain_text(question)


def test_one_press_leaves_out_what_was_said_before_and_another_takes_it_back(page: Page) -> None:
    for question in (FIRST, FOLLOWING, "Who chairs the National Venture Capital Guidance Fund?"):
        ask(page, question)
    answer = page.locator("#chat .bot-row").nth(1)
    after, last = answer.locator(".card").first.inner_text(), page.locator("#chat .bot-row").last.inner_html()
    page.get_by_role("button", name=f"Leave out: Read after “{FIRST}”").click()
    taken = answer.get_by_role("button", name="Take back: Read alone, not after what was asked before")
    expect(taken).to_be_focused()
    assert answer.locator(".card").first.inner_text() != after
    expect(page.locator("#chat .said")).to_have_text(
        [FIRST, FOLLOWING, "Who chairs the National Venture Capital Guidance Fund?"]
    )
    assert page.locator("#chat .bot-row").last.inner_html() == last
    page.keyboard.press("Enter")
    expect(answer.get_by_role("button", name=f"Leave out: Read after “{FIRST}”")).to_be_focused()
    assert answer.locator(".card").first.inner_text() == after


def test_a_chip_can_be_seen_to_have_the_focus_and_is_large_enough_to_hit(page: Page) -> None:
    ask(page, FIRST)
    ask(page, FOLLOWING)
    chip = page.get_by_role("button", name=f"Leave out: Read after “{FIRST}”")
    page.get_by_label("Your question").focus()
    chip.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(chip).to_be_focused()
    assert chip.evaluate("(chip) => getComputedStyle(chip).outlineWidth") == "3px"
    box = chip.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


def test_an_example_of_the_help_asks_itself(page: Page) -> None:
    ask(page, "hello")
    page.locator("#chat").get_by_role("button", name=EXAMPLE).click()
    expect(page.locator("#chat .said")).to_have_text(["hello", EXAMPLE])
    expect(page.locator("#chat .card").first).to_contain_text("Huo Fupeng")
    expect(page.get_by_label("Your question")).to_be_focused()

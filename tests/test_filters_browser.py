"""The drawer of filters in a real browser: closed at first, with every question, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.serving import served

QUESTION = "What record did EAST set in January 2025?"


@pytest.fixture(scope="module")
def address(project_root: Path) -> Iterator[str]:
    """The chat over the project's own articles, below a path."""
    with served(project_root, {"CHAT_PATH": "/tools/ask"}) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The chat, ready for a question, whose scripts must not fail."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{address}/")
    page.get_by_label("Your question").wait_for()
    yield page
    page.close()
    assert problems == []


def ask(page: Page, question: str = QUESTION) -> Locator:
    asked = page.locator("#chat .bot-row").count()
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#chat .bot-row")).to_have_count(asked + 1)
    return page.locator("#chat .bot-row").last


def test_it_is_closed_at_first_and_shows_how_many_filters_are_active_when_it_is_closed(page: Page) -> None:
    drawer, summary = page.locator("#filters"), page.locator("#filters summary")
    expect(drawer.get_by_label("From")).to_be_hidden()
    expect(summary).to_have_text("Filters")
    summary.click()
    drawer.get_by_label("From").fill("2025")
    drawer.get_by_label("Xinhua 31", exact=True).check()
    drawer.get_by_label("China Daily", exact=False).first.check()
    summary.click()
    expect(drawer.get_by_label("From")).to_be_hidden()
    expect(summary).to_have_text("Filters 3 active")


def test_what_is_chosen_goes_with_every_question_until_it_is_cleared(page: Page) -> None:
    drawer = page.locator("#filters")
    expect(ask(page).locator(".card").first).to_contain_text("Fusion")
    drawer.locator("summary").click()
    drawer.get_by_label("conferences", exact=False).check()
    for _ in range(2):
        answer = ask(page)
        expect(answer.locator(".context").first).to_have_text("Filtered: Folder conferences")
        links = answer.locator(".title").evaluate_all("(all) => all.map((one) => new URL(one.href).pathname)")
        assert {link.rpartition("/")[0] for link in links} == {"/tools/ask/articles/conferences"}
    drawer.get_by_role("button", name="Clear").click()
    expect(drawer.locator("summary")).to_have_text("Filters")
    assert "Filtered" not in ask(page).inner_text()


def test_what_is_no_date_is_told_in_the_chat(page: Page) -> None:
    page.locator("#filters summary").click()
    page.get_by_label("Until").fill("<b>x</b>")
    expect(ask(page)).to_have_text("“<b>x</b>” is no date. Give a year, a month or a day: 2025, 2025-01 or 2025-01-14.")


def test_the_keyboard_opens_it_after_the_question_and_leads_back_to_it(page: Page) -> None:
    page.get_by_role("button", name="Ask", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.locator("#filters summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("From")).to_be_focused()
    page.keyboard.type("2026")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator("#filters summary")).to_have_text("Filters 1 active")


@pytest.mark.parametrize("size", [(1100, 800), (390, 844), (640, 400)])
def test_open_or_closed_the_question_box_stays_in_sight(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_role("button", name="What do the articles say about").first.click()
    page.locator("#chat .bot-row").wait_for()
    for _ in range(2):
        expect(page.get_by_label("Your question")).to_be_in_viewport(ratio=1)
        expect(page.locator("#filters summary")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        page.locator("#filters summary").click()

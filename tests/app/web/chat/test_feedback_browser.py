"""The buttons below an answer in a real browser: one press, taken back by another, by keyboard and screen reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.log.question_log import QuestionLog
from tests.axe import violations
from tests.serving import served

ASKED = "/?q=Is+lunar+soil+dry%3F"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback") / "log"


@pytest.fixture(scope="module")
def address(real_root: Path, folder: Path) -> Iterator[str]:
    """The chat with a log and conversations that a tab keeps."""
    with served(real_root, {"CHAT_LOG": str(folder), "CHAT_KEEP": "tab"}) as address:
        yield address


def opened(browser: Browser, address: str, scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": 360, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address + ASKED)
    expect(page.get_by_role("group", name="Did this answer it?")).to_be_visible()
    return page


def last(folder: Path) -> tuple[bool | None, int]:
    """The words of the newest line: whether it helped, and how many passages were pressed."""
    line = list(QuestionLog(folder, 90).questions())[-1]
    return line.helpful, len(line.passages)


def test_a_press_is_kept_and_told_and_another_takes_it_back(browser: Browser, address: str, folder: Path) -> None:
    page = opened(browser, address)
    yes, no, passage = (
        page.get_by_role("button", name=name, exact=True).first
        for name in ("This answers it", "This does not answer it", "This is the passage")
    )
    heard = page.locator("#heard")
    yes.focus()
    page.keyboard.press("Enter")
    expect(heard).to_have_text("Thank you.")
    expect(yes).to_have_attribute("aria-pressed", "true")
    assert last(folder) == (True, 0)
    page.keyboard.press("Tab")
    expect(no).to_be_focused()
    page.keyboard.press("Space")
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(yes).to_have_attribute("aria-pressed", "false")
    assert last(folder) == (False, 0)
    passage.click()
    expect(passage).to_have_attribute("aria-pressed", "true")
    assert last(folder) == (False, 1)
    no.click()
    passage.click()
    expect(passage).to_have_attribute("aria-pressed", "false")
    expect(heard).to_have_text("Taken back.")
    assert last(folder) == (None, 0)
    page.close()


def test_what_was_pressed_stays_pressed_when_the_page_is_loaded_again_and_counts_once(
    browser: Browser, address: str, folder: Path
) -> None:
    page = opened(browser, address)
    page.get_by_role("button", name="This answers it").click()
    page.get_by_role("button", name="This is the passage").first.click()
    expect(page.locator(".word[aria-pressed=true]")).to_have_count(2)
    count = len(list(QuestionLog(folder, 90).questions()))
    page.reload()
    expect(page.locator(".word[aria-pressed=true]")).to_have_count(2)
    page.get_by_role("button", name="This answers it").click()
    expect(page.locator(".word[aria-pressed=true]")).to_have_count(1)
    assert (last(folder), len(list(QuestionLog(folder, 90).questions()))) == ((None, 1), count)
    page.close()


def test_small_talk_has_no_buttons_and_a_press_that_is_not_kept_is_told(browser: Browser, address: str) -> None:
    page = opened(browser, address)
    page.route("**/feedback", lambda route: route.fulfill(status=503, json={"error": "busy"}))
    page.get_by_role("button", name="This answers it").click()
    expect(page.locator("#told")).to_have_text("That could not be kept. Please try again.")
    expect(page.locator(".word[aria-pressed=true]")).to_have_count(0)
    page.get_by_label("Your question").fill("Hello")
    page.keyboard.press("Enter")
    expect(page.locator(".turn").nth(1).get_by_text("Ask in plain words")).to_be_visible()
    expect(page.get_by_role("group", name="Did this answer it?")).to_have_count(1)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pressed_and_unpressed_buttons_have_no_violation(browser: Browser, address: str, scheme: str) -> None:
    page = opened(browser, address, scheme)
    page.get_by_role("button", name="This answers it").click()
    expect(page.locator(".word[aria-pressed=true]")).to_have_count(1)
    expect(page.get_by_text("Questions asked here are kept for 90 days, without a name.")).to_be_in_viewport()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    sizes = page.locator(".word:visible").evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
    assert min(sizes) >= 24
    page.close()

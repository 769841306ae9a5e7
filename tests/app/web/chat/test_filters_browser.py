"""The drawer of filters in a real browser: closed at first, with every question, by keyboard alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import EXAMPLE

QUESTION = "What record did EAST set in January 2025?"


def ask(chat: Page, question: str = QUESTION) -> Locator:
    asked = chat.locator("#chat .reply").count()
    chat.get_by_label("Your question").fill(question)
    chat.get_by_role("button", name="Ask", exact=True).click()
    expect(chat.locator("#chat .reply")).to_have_count(asked + 1)
    return chat.locator("#chat .reply").last


def test_it_is_closed_at_first_and_shows_how_many_filters_are_active_when_it_is_closed(chat: Page) -> None:
    drawer, summary = chat.locator("#filters"), chat.locator("#filters summary")
    expect(drawer.get_by_label("From")).to_be_hidden()
    expect(summary).to_have_text("Filters")
    summary.click()
    drawer.get_by_label("From").fill("2025")
    drawer.get_by_label("Xinhua 31", exact=True).check()
    drawer.get_by_label("China Daily", exact=False).first.check()
    summary.click()
    expect(drawer.get_by_label("From")).to_be_hidden()
    expect(summary).to_have_text("Filters 3 active")


def test_what_is_chosen_goes_with_every_question_until_it_is_cleared(chat: Page) -> None:
    drawer = chat.locator("#filters")
    expect(ask(chat).locator(".card").first).to_contain_text("Fusion")
    drawer.locator("summary").click()
    drawer.get_by_label("conferences", exact=False).check()
    for _ in range(2):
        answer = ask(chat)
        expect(answer.locator(".context").first).to_have_text("Filtered: Folder conferences")
        links = answer.locator(".title").evaluate_all("(all) => all.map((one) => new URL(one.href).pathname)")
        assert {link.rpartition("/")[0] for link in links} == {"/tools/ask/articles/conferences"}
    drawer.get_by_role("button", name="Clear").click()
    expect(drawer.locator("summary")).to_have_text("Filters")
    assert "Filtered" not in ask(chat).inner_text()


def test_what_is_no_date_is_told_in_the_chat(chat: Page) -> None:
    chat.locator("#filters summary").click()
    chat.get_by_label("Until").fill("<b>x</b>")
    expect(ask(chat)).to_have_text("“<b>x</b>” is no date. Give a year, a month or a day: 2025, 2025-01 or 2025-01-14.")


def test_the_keyboard_opens_it_after_the_question_and_leads_back_to_it(chat: Page) -> None:
    chat.get_by_role("button", name="Ask", exact=True).focus()
    chat.keyboard.press("Tab")
    expect(chat.locator("#filters summary")).to_be_focused()
    chat.keyboard.press("Enter")
    chat.keyboard.press("Tab")
    expect(chat.get_by_label("From")).to_be_focused()
    chat.keyboard.type("2026")
    chat.keyboard.press("Enter")
    expect(chat.get_by_label("Your question")).to_be_focused()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active")


@pytest.mark.parametrize("size", [(1100, 800), (390, 844), (640, 400)])
def test_open_or_closed_the_question_box_stays_in_sight(chat: Page, size: tuple[int, int]) -> None:
    chat.set_viewport_size({"width": size[0], "height": size[1]})
    chat.get_by_role("button", name=EXAMPLE).click()
    chat.locator("#chat .reply").wait_for()
    for _ in range(2):
        expect(chat.get_by_label("Your question")).to_be_in_viewport(ratio=1)
        expect(chat.locator("#filters summary")).to_be_in_viewport(ratio=1)
        assert chat.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        chat.locator("#filters summary").click()


def test_where_the_window_is_low_the_open_drawer_scrolls_above_the_question(chat: Page) -> None:
    chat.set_viewport_size({"width": 740, "height": 360})
    chat.locator("#filters summary").click()
    form, box = (chat.locator(part).bounding_box() for part in ("#filters form", "#question"))
    assert form is not None
    assert box is not None
    assert form["y"] >= 0
    assert form["y"] + form["height"] <= box["y"]
    assert chat.locator("#filters form").evaluate("(form) => form.scrollHeight > form.clientHeight")

"""Suggestions below the question box in a real browser: by keyboard, by mouse, and never more than one request."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.conftest import EXAMPLE
from tests.portals import Portals, opened

pytest_plugins = ["tests.portals"]


@pytest.fixture
def asked(chat: Page) -> list[str]:
    """The texts that the page asks suggestions for."""
    texts: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).path == "/tools/ask/api/suggest":
            texts.append(json.loads(request.post_data or "")["text"])

    chat.on("request", note)
    return texts


def options(chat: Page) -> Locator:
    return chat.get_by_role("listbox", name="Suggestions").get_by_role("option")


def box(chat: Page) -> Locator:
    return chat.get_by_label("Your question")


def test_the_arrow_keys_and_enter_choose_a_suggestion_which_is_asked(chat: Page) -> None:
    box(chat).press_sequentially("beid")
    expect(options(chat).first).to_contain_text("BeiDou")
    first = options(chat).first.inner_text()
    expect(box(chat)).not_to_have_attribute("aria-activedescendant", "suggestion-0")
    box(chat).press("ArrowDown")
    expect(box(chat)).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(options(chat).first).to_have_attribute("aria-selected", "true")
    box(chat).press("ArrowUp")
    expect(box(chat)).not_to_have_attribute("aria-activedescendant", "suggestion-0")
    box(chat).press("ArrowDown")
    box(chat).press("Enter")
    expect(chat.locator("#chat .said")).to_have_text(first)
    chat.locator("#chat .card").first.wait_for()
    expect(box(chat)).to_have_value("")
    expect(box(chat)).to_be_focused()
    expect(options(chat)).to_have_count(0)


def test_a_click_asks_and_enter_alone_asks_for_the_typed_words(chat: Page) -> None:
    box(chat).press_sequentially("guidance fund")
    option = options(chat).first
    text = option.inner_text()
    option.click()
    expect(chat.locator("#chat .said")).to_have_text(text)
    chat.locator("#chat .answer").first.wait_for()
    box(chat).press_sequentially("beidou")
    options(chat).first.wait_for()
    box(chat).press("Enter")
    expect(chat.locator("#chat .said").last).to_have_text("beidou")
    expect(options(chat)).to_have_count(0)


def test_esc_closes_the_list_and_tab_leaves_it(chat: Page) -> None:
    box(chat).press_sequentially("beidou")
    options(chat).first.wait_for()
    box(chat).press("Escape")
    expect(options(chat)).to_have_count(0)
    expect(box(chat)).to_have_value("beidou")
    box(chat).press_sequentially(" sat")
    options(chat).first.wait_for()
    box(chat).press("Tab")
    expect(options(chat)).to_have_count(0)
    expect(chat.get_by_role("button", name="Ask", exact=True)).to_be_focused()


def test_a_question_of_the_owner_is_suggested_as_it_stands(chat: Page) -> None:
    box(chat).press_sequentially("who ch")
    options(chat).first.wait_for()
    box(chat).press_sequentially("airs the nat", delay=200)  # by now it has been tried
    expect(options(chat).first).to_have_text(EXAMPLE)


def test_a_single_character_small_talk_and_a_pasted_page_ask_for_none(chat: Page, asked: list[str]) -> None:
    for text in ("b", "hello there!", "谢谢", "x" * 201):
        box(chat).fill(text)
        chat.wait_for_timeout(400)
    assert asked == []
    box(chat).fill("beidou")
    options(chat).first.wait_for()
    assert asked == ["beidou"]


def test_there_is_one_request_at_a_time_and_an_outdated_answer_is_not_shown(chat: Page, asked: list[str]) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    chat.route("**/api/suggest", hold)
    for typed in ("be", "id", "ou"):
        box(chat).press_sequentially(typed)
        chat.wait_for_timeout(400)
    assert asked == ["be"]
    held[0].fulfill(json={"suggestions": [{"text": "Outdated", "kind": "title"}]})
    expect(options(chat).first).to_contain_text("BeiDou")
    expect(options(chat).get_by_text("Outdated")).to_have_count(0)
    assert asked == ["be", "beidou"]


def test_a_suggestion_is_text_whatever_it_says_and_a_failure_shows_none(chat: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> & **bold**"
    chat.route(
        "**/api/suggest", lambda route: route.fulfill(json={"suggestions": [{"text": hostile, "kind": "title"}]})
    )
    box(chat).fill("img")
    expect(options(chat)).to_have_text([hostile])
    expect(chat.locator("#suggestions img")).to_have_count(0)
    chat.unroute("**/api/suggest")
    chat.route("**/api/suggest", lambda route: route.fulfill(status=503, json={"error": "no"}))
    box(chat).fill("beidou")
    expect(options(chat)).to_have_count(0)


@pytest.mark.parametrize("size", [(1100, 800), (390, 500), (640, 320)])
def test_the_list_stays_in_sight_beside_the_box(chat: Page, size: tuple[int, int]) -> None:
    chat.set_viewport_size({"width": size[0], "height": size[1]})
    box(chat).press_sequentially("chin")
    options(chat).first.wait_for()
    expect(chat.locator("#suggestions")).to_be_in_viewport(ratio=1)
    expect(chat.get_by_role("button", name="Ask", exact=True)).to_be_in_viewport(ratio=1)
    expect(options(chat).last).to_be_in_viewport(ratio=1)
    assert chat.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_in_the_widget_esc_closes_the_list_first_and_then_the_panel(page: Page, portals: Portals) -> None:
    chat = opened(page, portals.page())
    chat.locator("#question textarea").press_sequentially("beidou")
    chat.get_by_role("option").first.wait_for()
    expect(chat.locator("#suggestions")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(chat.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_next_questions_are_asked_when_they_are_pressed(chat: Page) -> None:
    box(chat).fill(EXAMPLE)
    box(chat).press("Enter")
    following = chat.locator(".next .example")
    following.first.wait_for()
    assert 1 <= following.count() <= 3
    text = following.first.inner_text()
    following.first.click()
    expect(chat.locator("#chat .said").last).to_have_text(text)
    expect(chat.locator("#chat .reply")).to_have_count(2)

"""Chat in a real browser when too many questions wait already."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import EXAMPLE

FIRST = "What record did EAST set in January 2025?"
FOLLOWING = "How long was its previous one?"
FULL = "Many people are asking just now. Please send your question again in a moment."


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose calls in flight end with its test: an error of theirs would be raised in the next one."""
    page = browser.new_page()
    yield page
    page.unroute_all(behavior="ignoreErrors")
    page.close()


def refuse(page: Page) -> None:
    """Let the server refuse each call of the page, as it does when its line is full."""
    refused = {"error": "too many questions are waiting. Ask again in a moment"}
    page.route("**/run/predict*", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, json=refused))


def asks(route: Route, question: str) -> bool:
    return bool(json.loads(route.request.post_data or "")["data"][0]["question"] == question)


def ask(chat: Page, question: str) -> None:
    chat.get_by_label("Your question").fill(question)
    chat.get_by_label("Your question").press("Enter")


@pytest.mark.parametrize(
    ("language", "box", "sentence"),
    [("en", "Your question", FULL), ("zh", "您的问题", "现在提问的人很多，请稍后再次发送您的问题。")],
    ids=["en", "zh"],
)
def test_a_refused_question_stays_in_the_box_with_a_sentence_and_can_be_sent_again(
    page: Page, chat_address: str, language: str, box: str, sentence: str
) -> None:
    page.goto(f"{chat_address}/?language={language}")
    question, told = page.get_by_label(box), page.locator("#told")
    question.wait_for()
    refuse(page)
    for _ in range(2):
        question.fill(FIRST)
        question.press("Enter")
        expect(told).to_have_text(sentence)
        expect(question).to_have_value(FIRST)
    page.unroute("**/run/predict*")
    question.press("Enter")
    expect(page.locator("#chat .said")).to_have_text([FIRST])
    expect(told).to_be_empty()
    expect(question).to_have_value("")


def test_a_refused_chip_can_be_pressed_again(chat: Page) -> None:
    ask(chat, FIRST)
    expect(chat.locator("#chat .card").first).to_be_visible()
    ask(chat, FOLLOWING)
    chip = chat.get_by_role("button", name=f"Leave out: Read after “{FIRST}”")
    chip.wait_for()
    refuse(chat)
    chip.click()
    expect(chat.locator("#told")).to_have_text(FULL)
    chat.unroute("**/run/predict*")
    chip.click()
    chat.get_by_role("button", name="Take back: Read alone").wait_for()
    expect(chat.locator("#told")).to_be_empty()


def test_a_chip_that_is_refused_leaves_the_question_alone_that_is_being_answered(chat: Page) -> None:
    ask(chat, FIRST)
    expect(chat.locator("#chat .card").first).to_be_visible()
    ask(chat, FOLLOWING)
    chip = chat.get_by_role("button", name=f"Leave out: Read after “{FIRST}”")
    chip.wait_for()
    held: list[Route] = []
    refuse(chat)
    chat.route("**/run/predict*", lambda route: held.append(route) if asks(route, EXAMPLE) else route.fallback())
    ask(chat, EXAMPLE)
    expect(chat.get_by_label("Your question")).to_have_value("")
    chip.click()
    expect(chat.locator("#told")).to_have_text(FULL)
    expect(chat.get_by_label("Your question")).to_have_value("")
    [waiting] = held
    waiting.continue_()
    expect(chat.locator("#chat .said")).to_have_text([FIRST, FOLLOWING, EXAMPLE])
    expect(chat.locator("#told")).to_be_empty()


def test_a_refused_example_can_be_pressed_again(chat: Page) -> None:
    example = chat.locator("#start").get_by_role("button", name=EXAMPLE)
    refuse(chat)
    example.click()
    expect(chat.locator("#told")).to_have_text(FULL)
    chat.unroute("**/run/predict*")
    example.click()
    expect(chat.locator("#chat .said")).to_have_text([EXAMPLE])
    expect(chat.locator("#told")).to_be_empty()


def test_a_question_that_failed_otherwise_is_told_so_and_can_be_sent_again(chat: Page) -> None:
    chat.route("**/run/predict*", lambda route: route.abort())
    ask(chat, FIRST)
    expect(chat.locator("#told")).to_have_text("That did not work. Please send your question again.")
    expect(chat.get_by_label("Your question")).to_have_value(FIRST)
    chat.unroute("**/run/predict*")
    chat.get_by_label("Your question").press("Enter")
    expect(chat.locator("#chat .said")).to_have_text([FIRST])


def test_reasons_that_were_refused_are_asked_for_when_they_are_opened_again(chat: Page) -> None:
    ask(chat, FIRST)
    card = chat.locator("#chat .passage").first
    chat.route("**/api/why", lambda route: route.fulfill(status=503, json={"error": "full"}))
    card.get_by_text("Why this passage?").click()
    expect(card.locator(".because")).to_have_text("This cannot be told just now. Ask again.")
    chat.unroute("**/api/why")
    for _ in range(2):
        card.get_by_text("Why this passage?").click()
    expect(card.locator(".because")).to_contain_text("The sentence nearest in meaning")
    expect(card.locator(".because")).to_have_count(1)

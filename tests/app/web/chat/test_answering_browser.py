"""Actions on an answer in a real browser: leave out what it was read with, ask an example."""

from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import EXAMPLE

FIRST = "What record did EAST set in January 2025?"
FOLLOWING = "How long was its previous one?"


def ask(chat: Page, question: str) -> None:
    chat.get_by_label("Your question").fill(question)
    chat.get_by_role("button", name="Ask", exact=True).click()
    expect(chat.locator("#chat .said").last).to_contain_text(question)
    expect(chat.locator("#chat .reply[aria-busy]")).to_have_count(0)


def test_one_press_leaves_out_what_was_said_before_and_another_takes_it_back(chat: Page) -> None:
    for question in (FIRST, FOLLOWING, "Who chairs the National Venture Capital Guidance Fund?"):
        ask(chat, question)
    answer = chat.locator("#chat .reply").nth(1)
    after, last = answer.locator(".card").first.inner_text(), chat.locator("#chat .reply").last.inner_html()
    chat.get_by_role("button", name=f"Leave out: Read after “{FIRST}”", exact=True).click()
    taken = answer.get_by_role("button", name="Take back: Read alone, not after what was asked before")
    expect(taken).to_be_focused()
    expect(answer.locator(".card").first).not_to_have_text(after, use_inner_text=True)
    expect(chat.locator("#chat .said")).to_have_text(
        [FIRST, FOLLOWING, "Who chairs the National Venture Capital Guidance Fund?"]
    )
    assert chat.locator("#chat .reply").last.inner_html() == last
    chat.keyboard.press("Enter")
    expect(answer.get_by_role("button", name=f"Leave out: Read after “{FIRST}”", exact=True)).to_be_focused()
    expect(answer.locator(".card").first).to_have_text(after, use_inner_text=True)


def test_a_chip_can_be_seen_to_have_the_focus_and_is_large_enough_to_hit(chat: Page) -> None:
    ask(chat, FIRST)
    ask(chat, FOLLOWING)
    chip = chat.get_by_role("button", name=f"Leave out: Read after “{FIRST}”")
    chat.get_by_label("Your question").focus()
    chip.focus()
    chat.keyboard.press("Shift+Tab")
    chat.keyboard.press("Tab")
    expect(chip).to_be_focused()
    assert chip.evaluate("(chip) => getComputedStyle(chip).outlineWidth") == "3px"
    box = chip.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


def test_an_example_of_the_help_asks_itself(chat: Page) -> None:
    ask(chat, "hello")
    chat.locator("#chat").get_by_role("button", name=EXAMPLE).click()
    expect(chat.locator("#chat .said")).to_have_text(["hello", EXAMPLE])
    expect(chat.locator("#chat .card").first).to_contain_text("Huo Fupeng")
    expect(chat.get_by_label("Your question")).to_be_focused()


SCROLLED = """(row) => Math.round(
    row.closest(".turn").getBoundingClientRect().top - row.closest("#middle").getBoundingClientRect().top)"""


def comes_to_rest(chat: Page, turn: int, top: int) -> bool:
    """Whether a question stands `top` pixels below the top of the visible conversation, and stays there."""
    row = chat.locator("#chat .said").nth(turn)
    chat.wait_for_function(f"(row) => Math.abs(({SCROLLED})(row) - {top}) <= 2", arg=row.element_handle())
    chat.wait_for_timeout(300)
    resting: int = row.evaluate(SCROLLED)
    return abs(resting - top) <= 2


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_new_question_comes_to_the_top_and_one_that_is_answered_anew_stays(
    chat: Page, motion: Literal["reduce", "no-preference"]
) -> None:
    chat.emulate_media(reduced_motion=motion)
    chat.set_viewport_size({"width": 1280, "height": 900})
    for turn, question in enumerate((FIRST, FOLLOWING)):
        ask(chat, question)
        assert comes_to_rest(chat, turn, 0)
    chat.locator("#middle").evaluate("(log) => log.scrollTo({ top: 300, behavior: 'instant' })")
    chat.locator("#chat .chip").first.evaluate("(chip) => chip.click()")
    chat.locator("#chat .chip.off").first.wait_for()
    assert comes_to_rest(chat, 0, -300)


def test_what_is_typed_while_an_answer_is_awaited_stays_and_is_not_sent(chat: Page) -> None:
    waiting: list[Route] = []
    chat.route("**/run/predict", lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright marks it
    box = chat.get_by_label("Your question")
    box.fill(FIRST)
    box.press("Enter")
    chat.keyboard.type("And then")
    chat.keyboard.press("Enter")
    expect(box).to_have_value("And then")
    chat.wait_for_timeout(300)
    [held] = waiting
    held.continue_()
    expect(chat.locator("#chat .card").first).to_be_visible()
    expect(box).to_have_value("And then")
    chat.unroute("**/run/predict")
    box.press("Enter")
    expect(chat.locator("#chat .said")).to_have_text([FIRST, "And then"])


def test_a_question_that_failed_is_put_back(chat: Page) -> None:
    chat.route("**/run/predict", lambda route: route.fulfill(status=503))
    box = chat.get_by_label("Your question")
    box.fill(FIRST)
    box.press("Enter")
    expect(box).to_have_value(FIRST)
    expect(chat.locator("#chat .said")).to_have_count(0)


def test_a_cleared_conversation_offers_its_examples_again_and_can_be_brought_back(chat: Page) -> None:
    ask(chat, FIRST)
    expect(chat.locator("#start")).to_be_hidden()
    chat.get_by_role("button", name="Clear", exact=True).click()
    expect(chat.locator("#chat .said")).to_have_count(0)
    expect(chat.locator("#start").get_by_role("button", name=EXAMPLE)).to_be_visible()
    expect(chat.get_by_label("Your question")).to_be_focused()
    chat.get_by_role("button", name="Bring it back").click()
    expect(chat.locator("#chat .said")).to_have_text([FIRST])
    expect(chat.locator("#chat .card").first).to_contain_text("EAST")
    expect(chat.locator("#start")).to_be_hidden()

"""Why a passage was found, in a real browser: what is asked, and how the answer is shown."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

FIRST = "What record did EAST set in January 2025?"
FOLLOWING = "How long was its previous one?"
QUOTE = "The record of EAST\nis long."
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def page(chat: Page) -> Page:
    """The chat with a question and one that leans on it."""
    for question in (FIRST, FOLLOWING):
        chat.get_by_label("Your question").fill(question)
        chat.get_by_role("button", name="Ask", exact=True).click()
        expect(chat.locator("#chat .reply[aria-busy]")).to_have_count(0)
    return chat


def answered(page: Page, **found: Any) -> list[tuple[str, dict[str, Any]]]:
    """Let the server say this of each passage; returns the addresses and questions that it will have been asked."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def fulfil(route: Route) -> None:
        request = json.loads(route.request.post_data or "")
        asked.append((route.request.url, request))
        spans = {
            "sentence": {name: request["start"] + place for name, place in found["sentence"].items()},
            "shares": found["shares"]
            and [
                {**share, "start": request["start"] + share["start"], "end": request["start"] + share["end"]}
                for share in found["shares"]
            ],
        }
        route.fulfill(json={"preferences": [], "quote": QUOTE, **found, **spans})

    page.route("**/api/why", fulfil)
    return asked


def opened(page: Page, row: int) -> Locator:
    card = page.locator("#chat .reply").nth(row).locator(".passage").first
    card.get_by_text("Why this passage?").click()
    expect(card.locator(".because p").first).to_be_visible()
    return card.locator(".because")


def test_it_asks_for_this_passage_once_with_what_the_question_was_read_after(page: Page, chat_address: str) -> None:
    asked = answered(page, words=[], sentence={"start": 0, "end": 4}, shares=None)
    opened(page, 1)
    card = page.locator("#chat .reply").nth(1).locator(".passage").first
    for _ in range(2):
        card.get_by_text("Why this passage?").click()
    [(url, request)] = asked
    assert url == f"{chat_address}/api/why"
    assert (request["question"], request["history"]) == (FOLLOWING, [{"question": FIRST}])
    assert (request["article"], request["ignore"]) == ("technology/fusion-east-and-best", [])
    link = card.locator(".title").get_attribute("href") or ""
    assert f"start={request['start']}&end={request['end']}&" in link


def test_it_asks_without_what_was_left_out(page: Page) -> None:
    asked = answered(page, words=[], sentence={"start": 0, "end": 4}, shares=None)
    page.get_by_role("button", name="Leave out: January 2025").first.click()
    page.locator("#chat .reply").first.locator(".chip.off").wait_for()
    opened(page, 0)
    assert asked[0][1]["ignore"] == ["published:2025-01"]
    assert asked[0][1]["history"] == []


def test_words_have_bars_by_weight_and_the_passage_is_shaded_by_share(page: Page) -> None:
    answered(
        page,
        words=[{"word": "record", "weight": 4.0}, {"word": MARKUP, "weight": 1.0}],
        sentence={"start": 0, "end": 9},
        shares=[
            {"word": "a", "start": 0, "end": 4, "share": 0.2},
            {"word": "b", "start": 6, "end": 9, "share": -0.1},
            {"word": "c", "start": 10, "end": 17, "share": 0.1},
        ],
    )
    why = opened(page, 0)
    expect(why.locator(".words bdi")).to_have_text(["record", MARKUP])
    widths = why.locator(".bar").evaluate_all("(all) => all.map((one) => one.offsetWidth)")
    assert widths[0] == pytest.approx(4 * widths[1], abs=2)
    expect(why.locator("p").nth(2)).to_have_text(QUOTE[:9])
    expect(why.locator(".shares")).to_have_text(QUOTE, use_inner_text=True)
    expect(why.locator(".share")).to_have_text([QUOTE[0:4], QUOTE[6:9], QUOTE[10:17]])
    shares = why.locator(".share").evaluate_all("(all) => all.map((one) => one.style.getPropertyValue('--share'))")
    assert shares == ["1.000", "0.000", "0.500"]
    assert "%" not in why.inner_text()
    expect(page.locator("#chat img")).to_have_count(0)


def test_each_chip_has_a_line_that_tells_whether_the_passage_fits(page: Page) -> None:
    fits = {"key": "phrase:x", "kind": "phrase", "value": f"{MARKUP} {{text}}", "text": "x", "fits": True}
    misses = {"key": "without:oil", "kind": "without", "value": "oil", "text": "-oil", "fits": False}
    answered(page, words=[], sentence={"start": 0, "end": 4}, shares=None, preferences=[fits, misses])
    expect(opened(page, 0).locator(".fit")).to_have_text(
        [f"“{MARKUP} {{text}}” word for word: this passage fits", "without “oil”: this passage does not fit"]
    )
    expect(page.locator("#chat img")).to_have_count(0)


def test_an_encoder_without_shares_shows_words_and_sentence_alone(page: Page) -> None:
    answered(page, words=[], sentence={"start": 0, "end": 4}, shares=None)
    why = opened(page, 0)
    expect(why.locator("p").first).to_have_text("No word of the question stands here.")
    expect(why.locator(".shares")).to_have_count(0)


def test_where_the_server_cannot_tell_the_card_says_so(page: Page) -> None:
    page.route("**/api/why", lambda route: route.fulfill(status=404, json={"error": "gone"}))
    expect(opened(page, 0)).to_have_text("This cannot be told just now. Ask again.")


def test_what_was_opened_stays_open_when_the_next_answer_comes(page: Page) -> None:
    answered(page, words=[{"word": "record", "weight": 4.0}], sentence={"start": 0, "end": 4}, shares=None)
    why = opened(page, 0)
    page.get_by_label("Your question").fill("thanks")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#chat .reply")).to_have_count(3)
    expect(why.locator(".words bdi")).to_have_text(["record"])

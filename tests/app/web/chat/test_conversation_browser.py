"""A conversation in a real browser: its echo, its address, what is kept of it and what can be taken along."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.serving import served

FIRST = "What record did EAST set in January 2025?"
FOLLOWING = "How long was its previous one?"
ALONE = "Which rockets use methane?"
CALLS = "**/run/predict*"


def ask(chat: Page, question: str) -> None:
    asked = chat.locator("#chat .said").count()
    chat.get_by_label("Your question").fill(question)
    chat.get_by_label("Your question").press("Enter")
    expect(chat.locator("#chat .said")).to_have_count(asked + 1)
    expect(chat.locator("#chat .reply[aria-busy]")).to_have_count(0)


def questions(chat: Page, *expected: str) -> None:
    """Wait until these questions are asked and answered."""
    expect(chat.locator("#chat .said")).to_have_text(list(expected))
    expect(chat.locator("#chat .reply[aria-busy]")).to_have_count(0)


def test_a_question_is_echoed_at_once_and_a_slow_answer_says_so(chat: Page) -> None:
    held: list[Route] = []
    chat.route(CALLS, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    box = chat.get_by_label("Your question")
    box.fill(FIRST)
    box.press("Enter")
    expect(chat.locator("#chat .said")).to_have_text([FIRST])
    expect(chat.locator("#chat .waiting")).to_have_text("Still searching. This takes longer than usual.")
    held[0].continue_()
    expect(chat.locator("#chat .card").first).to_contain_text("EAST")
    expect(chat.locator("#chat .waiting")).to_have_count(0)


def test_an_empty_question_does_nothing(chat: Page) -> None:
    for nothing in ("", "   "):
        chat.get_by_label("Your question").fill(nothing)
        chat.get_by_label("Your question").press("Enter")
        chat.get_by_role("button", name="Ask", exact=True).click()
    expect(chat.locator("#chat .said")).to_have_count(0)
    expect(chat.locator("#start")).to_be_visible()


def test_the_address_follows_the_conversation_back_forth_and_after_a_reload(chat: Page) -> None:
    ask(chat, FIRST)
    ask(chat, FOLLOWING)
    expect(chat).to_have_url(re.compile(f"#{re.escape(urlencode([('q', FOLLOWING), ('after', FIRST)]))}$"))
    address = chat.url
    shown = chat.locator("#chat .card").first.inner_text()
    chat.go_back()
    questions(chat, FIRST)
    chat.go_back()
    questions(chat)
    expect(chat.locator("#start")).to_be_visible()
    chat.go_forward()
    chat.go_forward()
    questions(chat, FIRST, FOLLOWING)
    chat.reload()
    questions(chat, FIRST, FOLLOWING)
    expect(chat.locator("#chat .card").first).to_have_text(shown, use_inner_text=True)
    expect(chat).to_have_url(address)
    assert chat.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize("sign", ["?", "#"])
def test_an_address_opens_with_its_questions_and_filters(sign: str, chat_address: str, browser: Browser) -> None:
    fields = urlencode([("q", FOLLOWING), ("after", FIRST), ("until", "2026"), ("folders", "technology")])
    page = browser.new_page()
    page.goto(f"{chat_address}/{sign}{fields}")
    questions(page, FIRST, FOLLOWING)
    expect(page.locator("#filters .active")).to_have_text("2 active")
    expect(page.locator("#chat .context").first).to_have_text("Filtered: Until 2026 · Folder technology")
    expect(page).to_have_url(f"{chat_address}/#{fields}")
    page.close()


def test_a_link_to_an_answer_names_earlier_questions_only_where_it_leans_on_them(chat: Page, chat_address: str) -> None:
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(chat, FIRST)
    ask(chat, FOLLOWING)
    ask(chat, ALONE)
    links = []
    for number in range(3):
        button = chat.locator("#chat .copy-link").nth(number)
        button.click()
        expect(button).to_have_text("Copied")
        links.append(chat.evaluate("navigator.clipboard.readText()"))
    expected = ([("q", FIRST)], [("q", FOLLOWING), ("after", FIRST)], [("q", ALONE)])
    assert links == [f"{chat_address}/#{urlencode(fields)}" for fields in expected]


def saved(chat: Page, name: str, suffix: str) -> str:
    with chat.expect_download() as download:
        chat.get_by_role("button", name=name).click()
    assert download.value.suggested_filename == f"Citewell.{suffix}"
    return Path(download.value.path()).read_text("utf-8")


def test_the_whole_conversation_can_be_saved_with_its_citations(chat: Page, chat_address: str) -> None:
    ask(chat, FIRST)
    ask(chat, FOLLOWING)
    markdown = saved(chat, "Save as Markdown", "md")
    assert markdown.startswith(f"# Citewell\n\n## {FIRST}\n\n> ")
    assert f"## {FOLLOWING}" in markdown
    assert f"]({chat_address}/articles/technology/fusion" in markdown
    assert "(Checked now: the file still says so)" in markdown
    assert len(re.findall(r"^Index build [0-9a-f]{16}$", markdown, re.MULTILINE)) == 2
    page = saved(chat, "Save as a page", "html")
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "<script" not in page
    assert page.count("<h2") == 2
    assert f'href="{chat_address}/articles/technology/fusion' in page


def test_a_slash_and_ctrl_k_bring_the_keyboard_to_the_question(chat: Page) -> None:
    ask(chat, FIRST)
    for key in ("/", "Control+k"):
        chat.locator("#chat .title").first.focus()
        chat.keyboard.press(key)
        expect(chat.get_by_label("Your question")).to_be_focused()
    expect(chat.get_by_label("Your question")).to_have_value("")
    chat.keyboard.type("1/2")
    expect(chat.get_by_label("Your question")).to_have_value("1/2")


def test_a_topic_of_the_start_filters_by_its_folder(chat: Page) -> None:
    expect(chat.locator("#start .facts")).to_have_text("newest of May 10, 2026 · English, Chinese")
    chat.locator("#start").get_by_role("button", name="technology 5").click()
    expect(chat.locator("#filters summary")).to_have_text("Filters 1 active 5 articles pass")
    ask(chat, "What was reported?")
    expect(chat.locator("#chat .context").first).to_have_text("Filtered: Folder technology")


def test_what_is_heard_is_the_verdict_and_the_leading_sentence(chat: Page) -> None:
    ask(chat, FIRST)
    expect(chat.locator("#heard")).to_have_text(re.compile(r"^Answer: .*1,066 seconds.* From “.*”\.$"))
    ask(chat, "Which orchestra toured Portugal in 1901?")
    expect(chat.locator("#heard")).to_have_text("The articles do not say.")


def test_a_print_holds_the_whole_conversation(chat: Page) -> None:
    ask(chat, FIRST)
    ask(chat, FOLLOWING)
    chat.emulate_media(media="print")
    tall = chat.evaluate("document.documentElement.scrollHeight")
    last = chat.locator("#chat .turn").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= tall
    expect(chat.locator("#bottom")).to_be_hidden()


@pytest.fixture(scope="module")
def keeping(project_root: Path) -> Iterator[str]:
    """A chat whose owner lets tabs keep their conversation."""
    with served(project_root, {"CHAT_KEEP": "tab"}) as address:
        yield address


def test_a_tab_that_may_keep_its_conversation_shows_it_again_without_asking(keeping: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(keeping)
    page.get_by_label("Your question").wait_for()
    ask(page, FIRST)
    ask(page, FOLLOWING)
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.post_data or "") if "predict" in request.url else None)
    page.evaluate("sessionStorage.setItem('citewell / 0123456789abcdef', '[]')")  # of another person
    page.goto(f"{keeping}/?language=en")
    questions(page, FIRST, FOLLOWING)
    assert page.evaluate("Object.keys(sessionStorage)") == ["citewell / "]
    assert [call for call in calls if json.loads(call)["data"]] == []
    page.get_by_role("button", name="Clear", exact=True).click()
    page.goto(keeping)
    expect(page.locator("#start")).to_be_visible()
    page.close()


def test_a_screen_reader_meets_headings_for_each_question_and_article_and_no_markup(chat: Page) -> None:
    expect(chat.locator("#start")).to_match_aria_snapshot(
        """
        - paragraph: Ask 39 articles. Every answer is quoted, word for word, with its source.
        - list "Folder"
        - list "Questions to begin with"
        """
    )
    ask(chat, FIRST)
    expect(chat.locator("#chat")).to_match_aria_snapshot(
        f"""
        - log "Conversation":
          - heading "{FIRST}" [level=2]
          - article:
            - heading /Fusion.* 2026-03-05/ [level=3]:
              - link /Fusion/
            - group: Context
          - paragraph:
            - button "Copy link"
        """
    )
    assert "<" not in chat.locator("body").aria_snapshot()

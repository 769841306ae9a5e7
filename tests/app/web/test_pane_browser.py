"""The source beside the answer in a real browser: a pane on wide pages, a sheet on others."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

from tests.axe import violations
from tests.serving import WATCHED, press_back

QUESTION = "What record did EAST set in January 2025?"
SIZES = {"wide": (1280, 800), "phone": (390, 844), "zoomed": (640, 400)}


def ask(chat: Page, question: str = QUESTION) -> Locator:
    chat.get_by_label("Your question").fill(question)
    chat.get_by_label("Your question").press("Enter")
    chat.locator("#chat .card").first.wait_for()
    expect(chat.locator("#chat .reply[aria-busy]")).to_have_count(0)
    return chat.locator("#chat .turn").last


def opened(chat: Page, size: str = "wide") -> tuple[Locator, Locator, FrameLocator]:
    """The first citation, pressed, the pane that it opens, and the article in it."""
    chat.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
    citation = ask(chat).locator(".title").first
    citation.click()
    article = chat.frame_locator("#pane iframe")
    article.locator("#passage").wait_for()
    return citation, chat.get_by_role("complementary", name="Article"), article


@pytest.mark.parametrize("size", SIZES)
def test_a_citation_opens_its_article_at_the_sentence_and_esc_gives_the_keyboard_back(chat: Page, size: str) -> None:
    citation, pane, article = opened(chat, size)
    expect(pane).to_be_focused()
    expect(article.locator("mark").first).to_be_in_viewport()
    expect(article.locator("header")).to_have_count(0)
    expect(pane.get_by_role("heading")).to_have_text(citation.inner_text())
    assert chat.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    box, width = pane.bounding_box(), SIZES[size][0]
    assert box is not None
    assert (box["x"] > width / 2, box["x"] == 0) == ((size == "wide"), (size != "wide"))
    assert chat.locator("#middle").evaluate("(middle) => middle.inert") == (size != "wide")
    chat.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(citation).to_be_focused()
    citation.click()
    article.locator("body").press("Escape")
    expect(pane).to_be_hidden()
    expect(citation).to_be_focused()
    assert len(chat.context.pages) == 1


def test_the_back_button_of_a_phone_closes_the_sheet_again_and_again(chat: Page) -> None:
    chat.add_init_script(WATCHED)
    chat.reload()
    citation, pane, _ = opened(chat, "phone")
    for _ in range(2):
        press_back(chat)
        expect(pane).to_be_hidden()
        expect(citation).to_be_focused()
        citation.click()
        expect(pane).to_be_visible()
    pane.get_by_role("button", name="Close the article").click()
    expect(pane).to_be_hidden()


def test_with_a_modifier_or_the_middle_button_it_opens_a_page(chat: Page) -> None:
    citation = ask(chat).locator(".open").first
    for press in ({"modifiers": ["ControlOrMeta"]}, {"button": "middle"}):
        with chat.context.expect_page() as page:
            citation.click(**press)
        page.value.locator("header.bar").wait_for()
        page.value.close()
    expect(chat.locator("#pane")).to_be_hidden()


def test_the_pane_steps_through_the_passages_of_its_answer(chat: Page) -> None:
    citation, pane, article = opened(chat)
    count = len(set(chat.locator("#chat .open").evaluate_all("(all) => all.map((one) => one.href)")))
    entries = chat.evaluate("history.length")
    place, back = pane.locator(".place"), pane.get_by_role("button", name="Previous passage")
    expect(place).to_have_text(f"Passage 1 of {count}")
    expect(back).to_be_disabled()
    seen = [article.locator("#passage").inner_text()]
    for number in range(2, count + 1):
        pane.get_by_role("button", name="Next passage").click()
        expect(place).to_have_text(f"Passage {number} of {count}")
        expect(article.locator("#passage")).not_to_have_text(seen[-1])
        seen.append(article.locator("#passage").inner_text())
    expect(pane.get_by_role("button", name="Next passage")).to_be_disabled()
    back.click()
    expect(article.locator("#passage")).to_have_text(seen[-2])
    assert chat.evaluate("history.length") == entries
    pane.get_by_role("button", name="Close the article").click()
    expect(pane).to_be_hidden()
    assert chat.evaluate("document.activeElement.href") != citation.evaluate("(link) => link.href")


def test_the_citation_is_copied_in_four_formats(chat: Page) -> None:
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    citation, pane, article = opened(chat)
    quote = article.locator("mark").first.inner_text()
    begins = {"Plain text": f"“{quote}”", "Markdown": "> ", "BibTeX": "@misc{technology-", "RIS": "TY  - ELEC"}
    for name, begin in begins.items():
        pane.get_by_text("Copy citation").click()
        pane.get_by_role("button", name=name).click()
        expect(pane.locator(".told")).to_have_text("Copied")
        assert chat.evaluate("navigator.clipboard.readText()").startswith(begin)
        pane.get_by_text("Copy citation").click()
    address = citation.evaluate("(link) => link.href")
    expect(pane.get_by_role("link", name="Open in a new tab")).to_have_attribute("href", address)


def test_one_article_alone_can_be_asked_and_the_address_knows(chat: Page, chat_address: str) -> None:
    citation, pane, _ = opened(chat)
    title = citation.inner_text()
    pane.get_by_role("button", name="Ask this article only").click()
    chip = chat.get_by_role("button", name=f"Search all articles again: Only “{title}”")
    expect(chip).to_be_visible()
    expect(chat.get_by_label("Your question")).to_be_focused()
    turn = ask(chat, "Which bonds were sold?")
    expect(turn.locator(".context").first).to_have_text(f"Filtered: Article {title}")
    expect(chat).to_have_url(re.compile("&articles=technology%2F"))
    address = chat.url
    chat.goto("about:blank")
    chat.goto(address)
    expect(chip).to_be_visible()
    expect(chat.locator("#chat .turn .context").first).to_have_text(f"Filtered: Article {title}")
    chip.click()
    expect(chip).to_be_hidden()
    expect(chat).not_to_have_url(re.compile("articles="))


def test_what_is_chosen_while_an_address_opens_stays_chosen(chat: Page, chat_address: str) -> None:
    held: list[Route] = []
    chat.route("**/run/predict*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    chat.goto("about:blank")
    chat.goto(f"{chat_address}/?{urlencode({'q': QUESTION, 'articles': 'technology/fusion-east-and-best'})}")
    expect(chat.locator("#chat .waiting")).to_be_visible()
    chat.get_by_role("button", name="Search all articles again").click()
    held[0].continue_()
    expect(chat.locator("#chat .card").first).to_be_visible()
    expect(chat).to_have_url(f"{chat_address}/#{urlencode({'q': QUESTION})}")


def test_words_are_found_in_the_article_one_after_the_other(chat: Page) -> None:
    _, pane, article = opened(chat)
    field, found = pane.get_by_role("searchbox", name="Find in the article"), pane.locator(".found")
    words = "fusion"
    count = article.locator("article").evaluate(
        "(article, words) => article.textContent.toLowerCase().split(words).length - 1", words
    )
    field.fill(words)
    expect(found).to_have_text(f"1 of {count}")
    field.press("Enter")
    expect(found).to_have_text(f"2 of {count}")
    for _ in range(2):
        field.press("Shift+Enter")
    expect(found).to_have_text(f"{count} of {count}")
    marked = "[...CSS.highlights.get('chosen')].map(String)[0].toLowerCase()"
    assert article.locator("body").evaluate(f"() => {marked}") == words
    field.fill("high-confinement  PLASMA")
    expect(found).to_have_text(re.compile(r"1 of \d+"))
    field.fill("(no such words)")
    expect(found).to_have_text("Not found")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_pane_has_no_violation(chat: Page, scheme: str, size: str) -> None:
    chat.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    _, pane, _ = opened(chat, size)
    pane.get_by_text("Copy citation").click()
    pane.get_by_role("searchbox").fill("fusion")
    assert violations(chat, "#pane") == []
    assert violations(chat.frames[-1]) == []

"""A portal's wishes in the chat's frame, and a conversation that goes along from page to page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import violations
from tests.portals import QUESTION, Portals, ask, opened, ready
from tests.serving import served

pytest_plugins = ["tests.portals"]

BUTTON = "Ask the articles"
RESIZE = "Change the size with the arrow keys"
MARKUP = "<img src=x onerror=document.title=1> &amp; <b>Hello</b>"
STYLE = "(element, name) => getComputedStyle(element)[name]"
SIZES = """() => [...document.querySelectorAll("input, select, textarea")].filter((field) => field.type !== "checkbox")
  .map((field) => parseFloat(getComputedStyle(field).fontSize))"""


@pytest.fixture(scope="module")
def keeping(portals: Portals, few_root: Path) -> Iterator[Portals]:
    """A portal on the site of a chat whose owner lets tabs keep their conversation.

    The windows of tests are private ones, in which a frame of another site may keep nothing.
    """
    origins = f"{portals.listed} {portals.unlisted}"
    with served(few_root, {"CHAT_ALLOWED_ORIGINS": origins, "CHAT_KEEP": "tab"}) as address:
        yield replace(portals, listed=portals.unlisted, chat=address)


def size(page: Page) -> list[int]:
    measured: list[int] = page.locator(".panel").evaluate("(panel) => [panel.offsetWidth, panel.offsetHeight]")
    return measured


def test_the_conversation_and_the_size_go_along_from_page_to_page(page: Page, keeping: Portals) -> None:
    ask(opened(page, keeping.page()))
    page.get_by_role("button", name=RESIZE).press("ArrowLeft")
    before = page.evaluate("history.length")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if "predict" in request.url else None)
    chat = opened(page, keeping.page('data-page-title="Another page"'))
    expect(chat.locator("#chat .said")).to_have_text([QUESTION])
    expect(chat.locator(".lead strong").first).to_have_text("120")
    assert [call for call in asked if QUESTION in call] == []
    assert size(page) == [472, 680]
    ask(chat, "How many countries?")
    assert page.evaluate("history.length") == before + 1  # that of the other page alone
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_where_a_frame_may_keep_nothing_the_chat_works_all_the_same(
    page: Page, portals: Portals, keeping: Portals
) -> None:
    chat = opened(page, replace(keeping, listed=portals.listed).page())
    ask(chat)
    expect(chat.locator(".lead strong").first).to_have_text("120")


def test_a_new_tab_takes_the_conversation_along_without_the_portals_wishes(page: Page, portals: Portals) -> None:
    wishes = 'data-color=navy data-greeting=Hello data-suggestions="One?|Two?" data-language=en'
    chat = opened(page, portals.page(wishes))
    link = chat.get_by_role("link", name="Open in a new tab")
    expect(link).to_have_attribute("href", f"{portals.chat}/?language=en")
    ask(chat)
    expect(link).to_have_attribute("href", f"{portals.chat}/?language=en#{urlencode({'q': QUESTION})}")
    with page.expect_popup() as popup:
        link.click()
    expect(popup.value.locator(".lead strong").first).to_have_text("120")
    expect(popup.value.get_by_role("link", name="Open in a new tab")).to_have_count(0)


def test_greeting_suggestions_and_title_are_the_portals_own_and_stay_text(page: Page, portals: Portals) -> None:
    given = MARKUP.replace("&", "&amp;")
    chat = opened(page, portals.page(f'data-title="Help desk" data-greeting="{given}" data-suggestions=" |{QUESTION}"'))
    expect(page.get_by_role("dialog", name="Help desk", exact=True)).to_be_visible()
    expect(page.locator("iframe")).to_have_attribute("title", "Help desk")
    expect(chat.locator("#start .greeting")).to_have_text(MARKUP)
    expect(chat.locator("#start .example")).to_have_text([QUESTION])
    chat.locator("#start .example").click()
    expect(chat.locator(".lead strong").first).to_have_text("120")


def test_nobody_can_write_a_greeting_into_the_address_of_the_chats_own_page(page: Page, portals: Portals) -> None:
    page.goto(f"{portals.chat}/?greeting=Send+us+your+password&suggestion=Evil&color=ff0000")
    expect(page.locator("#start .greeting")).to_have_text(
        "Ask 5 articles. Every answer is quoted, word for word, with its source."
    )
    expect(page.locator("#start .example").first).to_contain_text("What do the articles say about")
    page.locator("#question textarea").wait_for()
    assert page.locator("#question .submit-button").evaluate(STYLE, "backgroundColor") == "rgb(36, 87, 197)"


@pytest.mark.parametrize(
    ("scheme", "color", "shown"),
    [
        ("light", "#ffd000", ["rgb(128, 104, 0)", "rgb(255, 208, 0)", "rgb(0, 0, 0)"]),
        ("dark", "navy", ["rgb(140, 140, 198)", "rgb(0, 0, 128)", "rgb(255, 255, 255)"]),
        ("light", "#b00020", ["rgb(176, 0, 32)", "rgb(176, 0, 32)", "rgb(255, 255, 255)"]),
        ("light", "red;}body{display:none", ["rgb(36, 87, 197)", "rgb(36, 87, 197)", "rgb(255, 255, 255)"]),
    ],
)
def test_the_portals_colour_reaches_the_whole_chat_and_can_be_read(
    page: Page, portals: Portals, scheme: str, color: str, shown: list[str]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    chat = opened(page, portals.page(f'data-color="{color}"'))
    ask(chat)
    button = chat.locator("#question .submit-button")
    colors = [button.evaluate(STYLE, name) for name in ("backgroundColor", "color")]
    assert [chat.locator("#tab").evaluate(STYLE, "color"), *colors] == shown
    assert violations(page.frames[1]) == []


def test_the_panel_is_resized_by_keyboard_and_pointer_within_bounds(page: Page, portals: Portals) -> None:
    opened(page, portals.page())
    grip = page.get_by_role("button", name=RESIZE)
    for key, expected in (("ArrowLeft", [472, 680]), ("ArrowDown", [472, 648]), ("ArrowRight", [440, 648])):
        grip.press(key)
        assert size(page) == expected
    for _ in range(30):
        grip.press("ArrowLeft")
        grip.press("ArrowDown")
    assert size(page) == [1060, 360]
    for corner, expected in (((580, 280), [500, 500]), ((1090, 790), [320, 360])):
        grip.hover()
        page.mouse.down()
        page.mouse.move(*corner)
        page.mouse.up()
        assert size(page) == expected
    page.set_viewport_size({"width": 390, "height": 844})
    expect(grip).to_be_hidden()
    assert size(page) == [390, 844]


def test_a_hotkey_opens_the_panel_and_plain_letters_are_none(page: Page, portals: Portals) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(portals.page("data-hotkey=shift+k"))
    page.keyboard.press("Shift+K")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert said == ["widget.js: shift+k is no data-hotkey such as ctrl+shift+k"]
    page.goto(portals.page("data-hotkey=Ctrl+Alt+K"))
    expect(page.get_by_role("button", name=BUTTON)).to_have_attribute("aria-keyshortcuts", "Control+Alt+K")
    page.keyboard.press("Control+K")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+Alt+K")
    ready(page)


def test_an_element_that_a_framework_makes_is_the_chat(page: Page, portals: Portals) -> None:
    page.goto(portals.page("data-element", body="<citewell-chat data-search data-label=Find></citewell-chat>"))
    expect(page.get_by_role("button")).to_have_text(["Ask"])
    page.get_by_role("searchbox", name="Find").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe").locator(".lead strong").first).to_have_text("120")
    page.evaluate(
        """() => {
          const chat = document.createElement("citewell-chat");
          chat.dataset.position = "left";
          document.querySelector("main").replaceChildren(chat);
        }"""
    )
    page.get_by_role("button", name=BUTTON).click()
    ready(page)
    page.evaluate("document.querySelector('citewell-chat').remove()")
    page.evaluate("dispatchEvent(new CustomEvent('citewell:open'))")
    expect(page.locator("citewell-chat")).to_have_count(0)


def test_no_field_is_so_small_that_a_phone_zooms_into_it(browser: Browser, portals: Portals) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for path, fields in (("/", 3), ("/articles", 1)):
        page.goto(f"{portals.chat}{path}", wait_until="networkidle")
        sizes = page.evaluate(SIZES)
        assert (path, len(sizes) >= fields, min(sizes) >= 16) == (path, True, True)
    page.close()

"""Choices of a portal: place, colours, language, section, search box, plain frame; and what it is left with."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.portals import QUESTION, Portals, ask, opened, ready
from tests.serving import WATCHED, press_back

pytest_plugins = ["tests.portals"]

BUTTON = "Ask the articles"
MARKUP = "<img src=http://elsewhere.example/x onerror=document.title=1> &amp; <b>Help</b>"
STORED = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  document.cookie, await caches.keys().then((keys) => keys.length), (await navigator.serviceWorker?.getRegistrations())
  ?.length ?? 0]"""
WIDE = "document.documentElement.scrollWidth - innerWidth"
CORNER = "(element, side) => element.getBoundingClientRect()[side]"
BLACK, WHITE = "color(xyz-d65 0 0 0)", "color(xyz-d65 0.95 1 1.09)"
STYLE = "(element, name) => getComputedStyle(element)[name]"


def test_nothing_is_asked_of_the_chat_before_the_first_opening_but_the_script(page: Page, portals: Portals) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith(portals.chat) else None)
    page.goto(portals.page("", "data-target=main"), wait_until="networkidle")
    assert (asked, page.locator("iframe").count()) == ([f"{portals.chat}/widget.js"] * len(asked), 0)
    page.get_by_role("button", name=BUTTON).click()
    ready(page)
    assert f"{portals.chat}/" in asked
    page.get_by_role("button", name="Close").click()
    frames = asked.count(f"{portals.chat}/")
    page.get_by_role("button", name=BUTTON).click()
    ready(page)
    assert (frames, asked.count(f"{portals.chat}/")) == (1, 1)


def test_the_page_keeps_its_globals_and_nothing_is_stored_on_either_side(page: Page, portals: Portals) -> None:
    page.goto(portals.put("<main><h1>Portal</h1></main>"))
    before = page.evaluate("Reflect.ownKeys(window).map(String)")
    chat = opened(page, portals.page())
    ask(chat)
    indexed = [str(number) for number in range(page.evaluate("frames.length"))]
    assert set(page.evaluate("Reflect.ownKeys(window).map(String)")) - set(before) - set(indexed) == set()
    assert (page.evaluate(STORED), page.context.cookies()) == ([0, 0, 0, "", 0, 0], [])
    ask(opened(page, f"{portals.chat}/demo"))  # the browser lets a frame of another site store nothing anyway
    assert [frame.evaluate(STORED) for frame in page.frames] == [[0, 0, 0, "", 0, 0]] * 2
    assert page.context.cookies() == []


def test_a_phone_gets_the_chat_on_its_whole_screen(browser: Browser, portals: Portals) -> None:
    screen = {"width": 390, "height": 844}
    context = browser.new_context(viewport=screen, has_touch=True, is_mobile=True, device_scale_factor=2)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCHED)
    page.goto(portals.page(body="<p>Long text</p>" * 99))
    page.get_by_role("button", name=BUTTON).tap()
    chat = ready(page)
    assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, **screen}
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    chat.locator("#question textarea").fill(QUESTION)
    chat.get_by_role("button", name="Ask", exact=True).tap()
    expect(chat.locator(".lead strong").first).to_have_text("120")
    assert [frame.evaluate(WIDE) for frame in page.frames] == [0, 0]
    page.get_by_role("button", name="Close").tap()
    expect(page.get_by_role("button", name=BUTTON)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name=BUTTON).tap()
    press_back(page)
    expect(page.locator(".panel")).to_be_hidden()
    context.close()


def test_at_200_percent_zoom_nothing_is_lost_and_nothing_scrolls_sideways(browser: Browser, portals: Portals) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page = context.new_page()
    chat = opened(page, portals.page("", "data-target=#find", body="<div id=find></div>"))
    for control in (chat.locator("#question textarea"), chat.get_by_role("button", name="Ask", exact=True)):
        expect(control).to_be_in_viewport(ratio=1)
    ask(chat)
    leading = chat.locator(".card .lead, .card mark").first
    leading.scroll_into_view_if_needed()
    expect(leading).to_be_in_viewport()
    for control in (chat.get_by_role("link", name="Open in a new tab"), page.get_by_role("button", name="Close")):
        expect(control).to_be_in_viewport(ratio=1)
    assert [frame.evaluate(WIDE) for frame in page.frames] == [0, 0]
    for path in ("/", "/demo", "/articles", "/articles/technology/beidou?start=5&end=90"):
        page.goto(f"{portals.chat}{path}", wait_until="networkidle")
        assert (path, page.evaluate(WIDE)) == (path, 0)
    context.close()


@pytest.mark.parametrize(
    ("system", "theme", "dark"),
    [("light", "", False), ("dark", "", True), ("light", "data-theme=dark", True), ("dark", "data-theme=light", False)],
)
def test_dark_follows_the_system_unless_the_portal_says_otherwise(
    page: Page, portals: Portals, system: str, theme: str, dark: bool
) -> None:
    page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
    chat = opened(page, portals.page(theme))
    paper = page.locator(".panel").evaluate(STYLE, "backgroundColor")
    assert paper == ("rgb(20, 23, 29)" if dark else "rgb(255, 255, 255)")
    assert chat.locator("body").evaluate("(body) => body.classList.contains('dark')") is dark


def test_a_change_of_the_system_changes_the_panel(page: Page, portals: Portals) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(portals.page("data-open"))
    expect(page.locator(".panel")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".panel")).to_have_css("background-color", "rgb(20, 23, 29)")


@pytest.mark.parametrize(
    ("given", "back", "ink"),
    [
        ("#ffd000", "color(srgb 1 0.815686 0)", BLACK),
        ("navy", "color(srgb 0 0 0.501961)", WHITE),
        ("rgb(255 255 255 / 10%)", "color(srgb 1 1 1)", BLACK),
        ("transparent", "color(srgb 0 0 0)", WHITE),
        ("color(srgb 0.9 1 0.9)", "color(srgb 0.9 1 0.9)", BLACK),
        ("var(--brand)", "color(srgb 0 0.4 0)", WHITE),
        ("var(--none)", "rgb(36, 87, 197)", WHITE),
        ("inherit", "rgb(36, 87, 197)", WHITE),
        ("red;}body{display:none", "rgb(36, 87, 197)", WHITE),
        ("url(http://elsewhere.example/x)", "rgb(36, 87, 197)", WHITE),
    ],
)
def test_the_text_on_the_portals_colour_can_be_read(
    page: Page, portals: Portals, given: str, back: str, ink: str
) -> None:
    style = "<style>:root { --brand: #060 } body { color: #777 }</style>"
    page.goto(portals.page(f'data-color="{given}"', body=style))
    button = page.get_by_role("button", name=BUTTON)
    assert (button.evaluate(STYLE, "backgroundColor"), button.evaluate(STYLE, "color")) == (back, ink)


def test_the_button_stands_left_with_the_portals_own_words_and_opens_itself(page: Page, portals: Portals) -> None:
    page.goto(portals.page('data-position=left data-open data-label="Fragen &amp; Antworten"'))
    ready(page)
    expect(page.get_by_role("dialog", name="Fragen & Antworten", exact=True)).to_be_visible()
    assert page.locator(".panel").evaluate(CORNER, "x") == 20
    page.get_by_role("button", name="Close").click()
    assert page.get_by_role("button", name="Fragen & Antworten").evaluate(CORNER, "x") == 20


def test_markup_in_attributes_stays_text_and_asks_nothing_of_other_hosts(page: Page, portals: Portals) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    label = MARKUP.replace("&", "&amp;")
    given = f'data-label="{label}" data-page-title="{label}" data-page-url="javascript:1" data-language="constructor"'
    chat = opened(page, portals.page(given), label=MARKUP)
    ask(chat)
    expect(page.get_by_role("dialog", name=MARKUP)).to_be_visible()
    expect(page).to_have_title("Portal")
    known = (f"{portals.chat}/", f"{portals.listed}/", "data:")
    assert [url for url in asked if not url.startswith(known)] == []


def test_a_target_that_is_not_there_leaves_the_page_alone_and_says_so(page: Page, portals: Portals) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(portals.page("data-target=#none"))
    assert (said, page.locator("citewell-chat").count()) == (["widget.js: no element #none for data-target"], 0)


def test_the_search_box_stands_in_the_page_and_shows_each_answer_below(page: Page, portals: Portals) -> None:
    page.goto(portals.page("data-target=#find", body="<div id=find></div>"))
    box, chat = page.get_by_role("search").get_by_role("searchbox", name=BUTTON), page.frame_locator("#find iframe")
    page.get_by_role("button", name="Ask").click()
    assert page.locator("iframe").count() == 0  # nothing was asked
    box.fill(QUESTION)
    box.press("Enter")
    expect(chat.locator(".lead strong").first).to_have_text("120")
    box.fill("Who chairs the National Venture Capital Guidance Fund?")
    page.get_by_role("search").get_by_role("button", name="Ask").click()
    expect(chat.locator(".card").first).to_contain_text("Huo Fupeng")
    assert page.locator("iframe").count() == 1


def test_a_plain_frame_works_without_the_script(page: Page, portals: Portals) -> None:
    page.goto(portals.put(f'<iframe src="{portals.chat}/" title="Ask" width=440 height=640></iframe>'))
    chat = page.frame_locator("iframe")
    ask(chat)
    expect(chat.locator(".lead strong").first).to_have_text("120")


def test_a_button_and_two_boxes_share_a_page_and_a_script_loaded_twice_counts_once(
    page: Page, portals: Portals
) -> None:
    boxes = ["data-target=#one", "data-target=#two", "data-target=#two"]
    page.goto(portals.page("", "", "data-position=left", *boxes, body="<div id=one></div><div id=two></div>"))
    places = page.locator("citewell-chat").evaluate_all("(all) => all.map((one) => one.getAttribute('place'))")
    assert sorted(places) == ["left", "right", "search", "search"]
    page.locator("#two").get_by_role("searchbox").fill(QUESTION)
    page.locator("#two").get_by_role("searchbox").press("Enter")
    expect(page.frame_locator("#two iframe").locator(".lead strong").first).to_have_text("120")
    page.locator("citewell-chat[place=left] .open").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.locator("#one iframe")).to_have_count(0)


def test_a_scrolled_page_keeps_its_place_and_its_own_styles_touch_nothing(page: Page, portals: Portals) -> None:
    style = "<style>body > * { display: none; padding: 99px } button { display: none } main { display: block }</style>"
    page.goto(portals.page(body=style.replace("body > * { display: none;", "body > * {") + "<p>Text</p>" * 300))
    page.evaluate("scrollTo(0, 2000)")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.get_by_role("button", name=BUTTON).click()
    ready(page)
    assert page.locator(".panel").evaluate(CORNER, "y") == 800 - 680 - 20
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name=BUTTON)).to_be_in_viewport(ratio=1)
    assert page.evaluate("[scrollY, document.documentElement.scrollHeight]") == [2000, height]


@pytest.mark.parametrize(("motion", "name"), [("reduce", "none"), ("no-preference", "rise")])
def test_the_panel_moves_only_for_those_who_like_it(page: Page, portals: Portals, motion: str, name: str) -> None:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    page.goto(portals.page("data-open"))
    assert page.locator(".panel").evaluate(STYLE, "animationName") == name

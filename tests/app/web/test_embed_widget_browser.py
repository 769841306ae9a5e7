"""The button and its panel on portal pages."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.portals import FAILED, QUESTION, SENTENCE, Portals, ask, focused, opened, ready

pytest_plugins = ["tests.portals"]

OPEN = """(question) => dispatchEvent(new CustomEvent("citewell:open", { detail: { question } }))"""
RESIZE = "⤡"  # the text of a button with another name
ROUND = 30  # presses of Tab: more than the panel and the chat in it have stops


def test_a_listed_portal_gets_answers_and_the_source_opens_in_a_tab_of_its_own_at_the_sentence(
    page: Page, portals: Portals
) -> None:
    chat = opened(page, portals.page())
    ask(chat)
    expect(chat.locator(".lead strong").first).to_have_text("120")
    with page.expect_popup() as popup:
        chat.get_by_role("link", name="Open the article here").first.click()
    source = popup.value
    expect(source.locator("mark")).to_have_text([cell.partition(": ")[2] for cell in SENTENCE.split("; ")])
    expect(source.locator("mark").first).to_be_in_viewport()
    assert source.evaluate("[window.opener, document.referrer]") == [None, ""]
    assert source.url.startswith(f"{portals.chat}/articles/cooperation/belt-and-road-cooperation?")


def test_a_portal_that_is_not_listed_sees_a_note_and_a_link_instead(page: Page, portals: Portals) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(portals.page(listed=False))
    page.get_by_role("button", name="Ask the articles").click()
    note = page.get_by_role("alert")
    expect(note).to_have_text(f"{FAILED.format(portals.unlisted)} Open in a new tab")
    expect(note.get_by_role("link")).to_have_attribute("href", f"{portals.chat}/")
    expect(page.locator("iframe")).to_be_hidden()
    refused = f"{portals.chat}/ did not open in a frame. Is {portals.unlisted} listed in CHAT_ALLOWED_ORIGINS?"
    assert refused in said
    assert any("frame-ancestors" in text for text in said)
    names = []
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
        names.append(focused(page))
    assert names == [RESIZE, "Open in a new tab", "Close", RESIZE]


def test_a_chat_that_never_answers_is_given_up_after_a_while(page: Page, portals: Portals) -> None:
    page.clock.install()
    page.route(f"{portals.chat}/", lambda route: None)
    page.goto(portals.page())
    page.get_by_role("button", name="Ask the articles").click()
    page.clock.run_for(14_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.run_for(1_000)
    expect(page.get_by_role("alert")).to_contain_text(FAILED.format(portals.listed))


def test_a_portal_whose_policy_names_the_chat_alone_shows_it_without_a_violation(page: Page, portals: Portals) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    policy = f"default-src 'none'; script-src {portals.chat}; frame-src {portals.chat}; img-src data:"
    address = portals.page("", "data-target=main data-color=#b00020", policy=policy)
    page.goto(address)
    page.evaluate("window.broken = []; addEventListener('securitypolicyviolation', (e) => broken.push(e.blockedURI))")
    page.get_by_role("button", name="Ask the articles").click()
    ask(ready(page))
    position = page.locator(".panel").evaluate("(element) => getComputedStyle(element).position")
    assert (position, page.evaluate("broken")) == ("fixed", [])
    assert [text for text in said if "Content Security" in text or "violat" in text] == []


@pytest.mark.parametrize("count", [2, 8])
def test_many_tabs_at_once_all_get_their_answer(browser: Browser, portals: Portals, count: int) -> None:
    context = browser.new_context()
    address = portals.page("data-open")
    tabs = [context.new_page() for _ in range(count)]
    for tab in tabs:
        tab.goto(address, wait_until="commit")
    for tab in tabs:
        box = tab.frame_locator("iframe").locator("#question textarea")
        box.fill(QUESTION)
        box.press("Enter")
    for tab in tabs:
        expect(tab.frame_locator("iframe").locator(".lead strong").first).to_have_text("120")
    context.close()


def test_the_keyboard_alone_opens_asks_and_closes(page: Page, portals: Portals) -> None:
    page.goto(portals.page(body='<a href="#">A link</a>'))
    for name in ("A link", "Ask the articles"):
        page.keyboard.press("Tab")
        assert focused(page) == name
    page.keyboard.press("Enter")
    chat = ready(page)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(chat.locator(".lead strong").first).to_have_text("120")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert focused(page) == "Ask the articles"
    page.keyboard.press("Enter")
    expect(chat.locator("#question textarea")).to_be_focused()
    expect(chat.locator(".lead strong").first).to_have_text("120")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_the_focus_goes_round_in_the_panel_and_never_leaves_it(page: Page, portals: Portals, key: str) -> None:
    opened(page, portals.page(body='<a href="#">A link</a>'))
    stops = []
    for _ in range(ROUND):
        page.keyboard.press(key)
        stops.append(focused(page))
    order = ["iframe", RESIZE, "Close"] if key == "Tab" else ["iframe", "Close", RESIZE]
    assert set(stops) == set(order)
    changes = [stop for stop, before in zip(stops, ["iframe", *stops], strict=False) if stop != before]
    assert changes == [order[(n + 1) % 3] for n in range(len(changes))]
    assert len(changes) >= 3


@pytest.mark.parametrize("place", ["header", "frame"])
def test_escape_closes_and_the_focus_returns_to_what_opened_the_panel(page: Page, portals: Portals, place: str) -> None:
    opener = """<button id="own">Help</button>"""
    page.goto(portals.page(body=opener))
    page.evaluate("own.addEventListener('click', () => dispatchEvent(new CustomEvent('citewell:open')))")
    page.get_by_role("button", name="Help").press("Enter")
    ready(page)
    if place == "header":
        page.keyboard.press("Shift+Tab")
        page.get_by_role("button", name="Close").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert focused(page) == "Help"


def test_where_what_opened_the_panel_has_gone_the_focus_returns_to_the_button(page: Page, portals: Portals) -> None:
    page.goto(portals.page(body="<button id=own>Help</button>"))
    page.get_by_role("button", name="Help").focus()
    page.evaluate("dispatchEvent(new CustomEvent('citewell:open')); own.hidden = true")
    ready(page)
    page.get_by_role("button", name="Close").click()
    assert focused(page) == "Ask the articles"


def test_escape_that_ends_the_composing_of_a_word_leaves_the_panel_open(page: Page, portals: Portals) -> None:
    chat = opened(page, portals.page())
    chat.locator("#question textarea").evaluate(
        "(box) => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', isComposing: true, bubbles: true}))"
    )
    ask(chat)  # by then a message that closes it would have arrived
    expect(page.get_by_role("dialog")).to_be_visible()


def test_scripts_open_ask_and_close_and_hear_of_both(page: Page, portals: Portals) -> None:
    page.goto(portals.page())
    page.evaluate(
        """window.heard = [];
        for (const name of ["opened", "closed"]) addEventListener(`citewell:${name}`, () => heard.push(name))"""
    )
    page.evaluate(OPEN, QUESTION)
    chat = ready(page)
    expect(chat.locator(".lead strong").first).to_have_text("120")
    page.evaluate(OPEN, "Who chairs the National Venture Capital Guidance Fund?")
    expect(chat.locator(".card").first).to_contain_text("Huo Fupeng")
    expect(chat.locator("#question textarea")).to_be_focused()
    page.evaluate("dispatchEvent(new CustomEvent('citewell:close'))")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("dispatchEvent(new CustomEvent('citewell:close'))")
    page.evaluate("dispatchEvent(new Event('citewell:open'))")
    expect(chat.locator("#question textarea")).to_be_focused()
    expect(chat.locator(".card").first).to_contain_text("Huo Fupeng")
    assert page.evaluate("heard") == ["opened", "closed", "opened"]


def test_words_from_other_windows_do_nothing(page: Page, portals: Portals) -> None:
    intruder = portals.put("<script>parent.postMessage('citewell:close', '*')</script>", listed=False)
    opened(page, portals.page(body="<div id=other></div>"))
    page.evaluate("postMessage('citewell:close', '*')")
    with page.expect_event("framenavigated", lambda frame: frame.url == intruder):
        page.evaluate("(url) => other.append(Object.assign(document.createElement('iframe'), { src: url }))", intruder)
    page.frames[1].evaluate("parent.postMessage('a word it does not know', '*')")
    page.frames[1].evaluate("parent.postMessage({ citewell: 'close' }, '*')")
    page.evaluate("new Promise((done) => { onmessage = done; postMessage('last', '*') })")
    expect(page.get_by_role("dialog")).to_be_visible()
    chat = page.frame_locator("citewell-chat iframe")
    ask(chat)
    expect(chat.locator(".lead strong").first).to_have_text("120")

"""The reader's language, the section of the page the chat stands on, and the copied citation."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.portals import ARTICLES, SENTENCE, Portals, ask, opened

pytest_plugins = ["tests.portals"]

FUND = "Who chairs the National Venture Capital Guidance Fund?"
BELT = "How many intergovernmental agreements had China signed by January 2026?"


@pytest.fixture
def chinese(browser: Browser) -> Iterator[Page]:
    """A page in a browser that prefers Chinese."""
    page = browser.new_page(locale="zh-CN")
    yield page
    page.context.close()


def test_a_chinese_browser_gets_widget_chat_and_reader_in_chinese(chinese: Page, portals: Portals) -> None:
    chat = opened(chinese, portals.page(), label="向文章提问")
    expect(chat.locator("html")).to_have_attribute("lang", "zh")
    expect(chinese.locator("citewell-chat")).to_have_attribute("lang", "zh")
    expect(chat.get_by_label("您的问题")).to_be_visible()
    expect(chinese.get_by_role("button", name="关闭")).to_be_visible()
    chat.get_by_label("您的问题").fill(FUND)
    chat.get_by_role("button", name="提问", exact=True).click()
    chat.get_by_role("link", name="在原文中打开").first.click()
    with chinese.expect_popup() as popup:
        chat.locator("#pane").get_by_role("link", name="在新标签页中打开").click()
    expect(popup.value.get_by_role("button", name="复制引文")).to_be_visible()
    expect(popup.value.locator("html")).to_have_attribute("lang", "zh")


def test_the_portals_language_wins_over_the_browsers_and_stays_on_the_way_to_the_source(
    page: Page, portals: Portals
) -> None:
    chat = opened(page, portals.page("data-language=zh-CN"), label="向文章提问")
    expect(chat.locator("html")).to_have_attribute("lang", "zh")
    chat.get_by_label("您的问题").fill(FUND)
    chat.get_by_role("button", name="提问", exact=True).click()
    with page.context.expect_page() as popup:
        chat.get_by_role("link", name="在原文中打开").first.click(modifiers=["ControlOrMeta"])
    expect(popup.value.get_by_role("button", name="复制引文")).to_be_visible()
    expect(popup.value.locator("html")).to_have_attribute("lang", "zh")


@pytest.mark.parametrize(
    ("code", "label", "asked_and_answered"),
    [
        ("de", "Ihre Frage", ("Wie viele Artikel gibt es?", "Es gibt {count} Artikel.")),
        ("fr", "Votre question", ("Combien d'articles y a-t-il ?", "Il y a {count} articles.")),
        ("es", "Su pregunta", ("¿Cuántos artículos hay?", "Hay {count} artículos.")),
    ],
)
def test_a_question_is_asked_and_answered_in_longer_words_on_a_phone_and_at_200_percent(
    page: Page, portals: Portals, code: str, label: str, asked_and_answered: tuple[str, str]
) -> None:
    asked, answer = asked_and_answered
    page.goto(f"{portals.chat}/?language={code}")
    expect(page.locator("html")).to_have_attribute("lang", code)
    page.get_by_label(label).fill(asked)
    page.get_by_label(label).press("Enter")
    expect(page.locator("#chat .summary")).to_have_text(answer.format(count=len(ARTICLES)))
    for width, height in ((1280, 720), (390, 844), (640, 400)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("given", ["data-language=en", "data-language=it"])
def test_english_serves_a_chinese_browser_where_the_portal_says_so_or_has_no_other(
    chinese: Page, portals: Portals, given: str
) -> None:
    chat = opened(chinese, portals.page(given))
    expect(chat.locator("html")).to_have_attribute("lang", "en")
    expect(chat.get_by_label("Your question")).to_be_visible()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("data-page-url=http://portal.example/x/funding/index.html", "funding"),
        ('data-page-title="BeiDou navigation"', "BeiDou navigation"),
    ],
)
def test_the_section_of_the_page_is_searched_first_until_the_person_says_no(
    page: Page, portals: Portals, given: str, name: str
) -> None:
    chat = opened(page, portals.page(given))
    preference = chat.get_by_role("checkbox", name=f"Search “{name}” first")
    expect(preference).to_be_checked()
    ask(chat, BELT)
    expect(chat.locator(".answer .context").first).to_have_text(f"Searched “{name}” first")
    expect(chat.locator(".card tr.asked").filter(has_text="120").first).to_be_attached()  # preferred, nothing hidden
    preference.uncheck()
    chat.locator("#question textarea").fill(FUND)
    chat.locator("#question textarea").press("Enter")
    expect(chat.locator(".answer")).to_have_count(2)
    expect(chat.locator(".answer").last.locator(".card").first).to_contain_text("Huo Fupeng")
    expect(chat.locator(".answer").last.get_by_text(f"Searched “{name}” first")).to_have_count(0)


def test_a_page_that_belongs_to_no_section_offers_none(page: Page, portals: Portals) -> None:
    chat = opened(page, portals.page('data-page-url=http://[ data-page-title="Zebras"'))
    expect(chat.get_by_role("checkbox")).to_have_count(0)
    ask(chat, FUND)
    expect(chat.get_by_text("Searched")).to_have_count(0)


@pytest.mark.parametrize("clipboard", ["new", "missing", "refused"])
def test_one_click_copies_text_title_publisher_date_sources_and_link(
    browser: Browser, portals: Portals, clipboard: str
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{portals.chat}/?q={BELT}&language=en")
    with page.context.expect_page() as popup:
        page.get_by_role("link", name="Open the article here").first.click(modifiers=["ControlOrMeta"])
    reader = popup.value
    expect(reader.get_by_role("button", name="Copy the citation")).to_be_visible()  # a new tab is empty at first
    broken = {"missing": "navigator", "refused": "navigator.clipboard"}
    if clipboard in broken:  # as on an http address other than localhost, and where the browser's owner forbids it
        key, value = ("clipboard", "undefined") if clipboard == "missing" else ("writeText", "() => Promise.reject(1)")
        reader.evaluate(f"Object.defineProperty({broken[clipboard]}, '{key}', {{ value: {value} }})")
    reader.get_by_role("button", name="Copy the citation").click()
    expect(reader.get_by_role("status")).to_have_text("Copied")
    assert reader.evaluate("document.activeElement.id") == "copy"
    page.bring_to_front()
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[0] == f"“{SENTENCE}”"
    title = reader.get_by_role("heading", level=1).inner_text()
    assert lines[1] == f"{title}, Science Policy Briefs, {reader.locator('time').inner_text()}"
    sources = reader.locator(".sources li").all_inner_texts()
    assert lines[2] == f"Based on: {'; '.join(sources)}"
    assert lines[3:] == [reader.url.replace("&language=en", "")]
    context.close()

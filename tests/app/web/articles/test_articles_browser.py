"""The list, an article with a table, and the page of an unknown address in a real browser, on screen and on paper."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.portals import QUESTION, Portals

pytest_plugins = ["tests.portals"]

CITED = "/articles/cooperation/belt-and-road-cooperation"
PATHS = [
    "/articles?language=en",
    "/articles?q=fund&sort=title&language=en",
    "/articles?folder=funding&sort=folder&language=zh",
    "/nope",
]
Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (640, 400)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_the_screen_and_have_no_violation(
    page: Page, portals: Portals, size: tuple[int, int], scheme: Scheme
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    for path in PATHS:
        page.goto(f"{portals.chat}{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_a_visitor_searches_narrows_opens_the_line_and_asks_where_nothing_is_found(
    page: Page, portals: Portals
) -> None:
    page.goto(f"{portals.chat}/articles?language=en")
    expect(page.locator("#topics + ul")).to_have_text("cooperation 2 funding 2 technology 1", use_inner_text=True)
    page.get_by_role("searchbox", name="Words in titles and texts").fill("agreements")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("with “agreements”")
    page.get_by_role("navigation", name="Topics").get_by_role("link", name="cooperation").click()
    expect(page.get_by_role("status")).to_contain_text("Topic: cooperation")
    line = page.locator(".line").first
    marked = line.locator("mark").first.inner_text()
    line.click()
    expect(page.locator("#passage")).to_be_in_viewport()
    expect(page.locator("mark").filter(has_text=marked).first).to_be_visible()
    page.goto(f"{portals.chat}/articles?q=Portuguese+orchestra")
    expect(page.get_by_role("status")).to_contain_text("0 articles")
    page.get_by_role("link", name="Ask this as a question").click()
    expect(page.locator("#chat .said")).to_have_text("Portuguese orchestra")


def test_the_row_that_is_cited_is_marked_in_its_table(page: Page, portals: Portals) -> None:
    answer = page.request.post(f"{portals.chat}/api/ask", data={"question": QUESTION}).json()
    page.goto(f"{portals.chat}{answer['citations'][0]['link']}")
    expect(page.locator("tr.asked")).to_have_count(1)
    expect(page.locator("tr.asked")).to_be_in_viewport()
    expect(page.get_by_role("columnheader").first).to_have_text("Date of count")
    assert violations(page) == []


def test_what_is_printed_is_the_list_or_the_article_alone(page: Page, portals: Portals) -> None:
    page.emulate_media(media="print")
    for path in ("/articles?q=fund", CITED):
        page.goto(f"{portals.chat}{path}")
        assert page.locator("nav:visible, form:visible, .bar:visible, button:visible").count() == 0
        expect(page.locator("h1")).to_be_visible()
        assert len(page.pdf()) > 10_000


def test_an_unknown_address_leads_to_the_question_and_to_the_articles(page: Page, portals: Portals) -> None:
    response = page.goto(f"{portals.chat}/nope/../none")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("main").get_by_role("link", name="See all articles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Articles")

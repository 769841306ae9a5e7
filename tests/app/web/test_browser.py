from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import served

QUESTION = "How many intergovernmental agreements on science cooperation had China signed by January 2026?"
SENTENCE = (
    "Date of count: January 2026; Intergovernmental agreements: 120; Countries and regions with science ties: not given"
)
COLUMNS = ["Date of count", "Intergovernmental agreements", "Countries and regions with science ties"]
EXAMPLE = "Who chairs the National Venture Capital Guidance Fund?"
BREAKS = "zebra\r\r![x](http://elsewhere.example/t.png) [log in](http://elsewhere.example/)\r\r# Big"
HOSTILE = '<img src="http://elsewhere.example/x" onerror="document.title=1"> **bold** $$x^2$$ who chairs?'


@pytest.fixture(scope="module")
def address(project_root: Path) -> Iterator[str]:
    """The chat over the project's own articles."""
    with served(project_root, {"CHAT_EXAMPLES": f"{EXAMPLE}|Second?"}) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that must not ask anything of another host."""
    seen: list[str] = []
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.on("request", lambda request: seen.append(request.url))
    yield page
    page.close()
    assert [url for url in seen if not url.startswith((address, "data:", "blob:"))] == []


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def test_a_question_gets_its_answer_with_source_and_date_and_the_article_opens_there(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, QUESTION)
    card = page.locator(".card").first
    expect(card.locator(".lead strong")).to_have_text("120")
    expect(card.locator(".lead th")).to_have_text(COLUMNS)
    expect(card.locator(".title")).to_contain_text("Belt and Road science cooperation")
    expect(card.locator(".about").first).to_have_text("2026-02-02")
    expect(card).to_be_in_viewport()
    with page.context.expect_page() as opened:
        card.get_by_role("link", name="Open the article here").first.click(modifiers=["ControlOrMeta"])
    reader = opened.value
    expect(reader.locator("mark")).to_have_text([cell.partition(": ")[2] for cell in SENTENCE.split("; ")])
    expect(reader.locator("mark").first).to_be_in_viewport()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Belt and Road science cooperation")


def test_a_sentence_far_down_an_article_is_scrolled_to(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote_plus('How many joint laboratories were agreed under the Belt and Road plan?')}")
    with page.context.expect_page() as opened:
        page.locator(".card").first.locator(".title").click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("mark").first).to_be_in_viewport()


def test_an_address_with_a_question_opens_with_it_asked(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote_plus(QUESTION)}")
    expect(page.locator(".lead strong").first).to_have_text("120")
    expect(page.locator("#chat")).to_contain_text(QUESTION)


def test_a_first_visit_offers_examples_that_ask_themselves_and_then_go(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#start")).to_contain_text("Ask 39 articles.")
    page.get_by_role("button", name=EXAMPLE).click()
    expect(page.locator(".card").first).to_contain_text("Huo Fupeng")
    expect(page.locator("#start")).to_be_hidden()


def test_markup_in_a_question_is_shown_as_typed_and_asks_nothing_of_other_hosts(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, HOSTILE)
    expect(page.locator("#chat .said").first).to_have_text(HOSTILE)
    expect(page.locator("#chat img")).to_have_count(0)
    expect(page).to_have_title("Citewell")


def test_markdown_in_an_address_stays_text(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote_plus(BREAKS)}")
    expect(page.locator("#chat .said")).to_contain_text("![x](http://elsewhere.example/t.png) [log in]")
    expect(page.locator("#chat img, #chat .said a, #chat h1")).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("🙂", "The question “🙂” holds no word. Ask in plain words."),
        ("Which orchestra toured Portugal in 1901?", "The articles do not say."),
    ],
)
def test_what_cannot_be_answered_is_told_in_the_chat(page: Page, address: str, question: str, reply: str) -> None:
    page.goto(address)
    ask(page, question)
    expect(page.locator("#chat")).to_contain_text(reply)


def test_a_follow_up_is_read_after_the_question_before_it_and_says_so(page: Page, address: str) -> None:
    page.goto(address)
    first = "What record did EAST set in January 2025?"
    for question in (first, "How long was its previous one?"):
        ask(page, question)
        expect(page.locator("#chat .said").last).to_have_text(question)
        expect(page.locator("#chat .reply[aria-busy]")).to_have_count(0)
    expect(page.locator("#chat .said")).to_have_text([first, "How long was its previous one?"])
    expect(page.locator(".chip[value=history] .label")).to_have_text(f"Read after “{first}”")
    expect(page.locator(".answer").last.locator(".card").first).to_contain_text("403")


def test_the_list_of_articles_is_found_from_the_chat_and_searched(page: Page, address: str) -> None:
    page.goto(address)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="All articles").click()
    articles = opened.value
    articles.get_by_label("Words in titles and texts").fill("fusion")
    articles.get_by_role("button", name="Find").click()
    expect(articles.locator(".list li").first).to_contain_text("EAST")

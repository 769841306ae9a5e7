"""Hostile articles, file names, folder names and questions are text on every page of a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from index.articles.article import Article, clean
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build
from index.stores.builds.directory import open_live
from index.stores.builds.files.catalogue import BuildCatalogue
from index.stores.builds.snapshot import read_snapshot
from tests.hostile import CASES, Case, write_hostile
from tests.looking import CARD, CARDS, LOOK, OURS, RUNS_FORWARD, TEXTS, Watch, expected_blocks, expected_rows, flat
from tests.serving import served

SITE = "Ask <b>us</b> & {you} $x$"  # the owner's title may hold such signs, too
FOLDERS = list(dict.fromkeys(case.folder for case in CASES))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(folder / "articles")
    build(folder / "articles", folder / "index", identify(DEFAULT_MODEL))
    return folder / "index"


@pytest.fixture(scope="module")
def articles(root: Path) -> BuildCatalogue:
    return open_live(root, read_snapshot).articles


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[str]:
    with served(root, {"CHAT_TITLE": SITE}) as address:
        yield address


@pytest.fixture(scope="module")
def tabs(browser: Browser, site: str) -> Iterator[tuple[Page, Page, Watch]]:
    """A tab for the chat and one for the other pages, watched together."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    watch = Watch(site)
    context.on("request", watch.request)
    context.on("console", watch.console)
    context.on("dialog", watch.dialog)
    context.on("weberror", lambda error: watch.seen.append(f"script error: {error.error}"))
    chat, other = context.new_page(), context.new_page()
    chat.goto(site)
    yield chat, other, watch
    context.close()


@pytest.fixture
def watch(tabs: tuple[Page, Page, Watch]) -> Iterator[Watch]:
    """After the test no dialog, no script error, no refusal in the console and no request elsewhere was seen."""
    chat, _, watch = tabs
    watch.seen.clear()
    yield watch
    assert watch.seen == []
    assert len(chat.context.pages) == 2


@pytest.fixture
def chat(tabs: tuple[Page, Page, Watch], watch: Watch) -> Page:
    return tabs[0]


@pytest.fixture
def page(tabs: tuple[Page, Page, Watch], watch: Watch) -> Page:
    return tabs[1]


each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
each_folder = pytest.mark.parametrize("folder", FOLDERS)


def squeezed(text: str) -> str:
    return "".join(text.split())


def line(text: str) -> str:
    return " ".join(text.split())


def links_of(article: Article | None) -> set[str]:
    return {link for link in (article.url, *(source.url for source in article.sources)) if link} if article else set()


def asked(site: str, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{site}/api/ask", json={"question": question}).json()
    return answer


def question_of(case: Case) -> str:  # no passage holds a part of a word
    return f"What does {case.word} say: {'' if case.payload[:301].isalpha() else case.payload[:300]}?"


def ask(chat: Page, case: Case, question: str) -> None:
    if chat.locator("#chat .said").count():  # earlier questions would count
        chat.locator("#clear").click()
        expect(chat.locator("#chat .said")).to_have_count(0)
    box = chat.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    expect(chat.locator("#chat .said").last).to_contain_text(case.word)
    expect(chat.locator("#chat .answer")).to_have_count(1)


@each_case
def test_an_answer_shows_it_as_text_in_the_chat(case: Case, chat: Page, site: str, articles: BuildCatalogue) -> None:
    question = question_of(case)
    ask(chat, case, question)
    answer = asked(site, question)
    assert answer["answered"]
    assert {case.formatted, case.plain} <= {citation["article"] for citation in answer["citations"]}
    differ = len({citation["publisher"] for citation in answer["citations"]}) > 1
    for seen, citation in zip(chat.locator("#chat .answer").evaluate(CARDS), answer["citations"], strict=True):
        assert [cell for cell in seen.pop("cells") if squeezed(cell) not in squeezed(citation["quote"])] == []
        wanted = passage(citation, differ)
        wanted |= {name: seen[name] and wanted[name] for name in ("quote", "mark")}
        assert {**seen, "mark": squeezed(seen["mark"] or "")} == {**wanted, "mark": squeezed(wanted["mark"] or "")}
    if len(case.payload) < 600:  # a longer word is cut
        assert squeezed(case.shown) in squeezed(chat.locator("#chat .answer").text_content() or "")
    assert squeezed(clean(chat.locator("#chat .said").last.inner_text())) == squeezed(clean(question))

    page = chat.locator("#chat").evaluate(LOOK)
    links = {link for citation in answer["citations"] for link in links_of(articles.by_id(citation["article"]))}
    last = chat.locator("#chat .answer").last.evaluate(LOOK)
    assert set(last["tags"]) <= CARD | {"button"}  # of a chip, where a word was read as another
    assert [link for link in last["hrefs"] if not link.startswith("/articles/") and link not in links] == []
    assert not {"script", "iframe", "img", "form", "object", "base", "meta", "math"} & set(page["tags"])
    assert (page["loaded"], last["handlers"], page["wide"]) == ([], [], 0)
    assert chat.title() == SITE


def passage(citation: dict[str, Any], publishers_differ: bool) -> dict[str, Any]:
    """Result of `CARDS` for a citation."""
    start, end = citation["highlight"][0]
    about = [citation["publisher"] if publishers_differ else "", citation["published"]]
    sources = [[source[name] for name in ("title", "publisher", "date")] for source in citation["sources"]]
    return {
        "number": citation["number"],
        "title": citation["title"],
        "about": " · ".join(part for part in about if part),
        "quote": flat(citation["quote"]),
        "mark": flat(citation["quote"][start:end]),
        "links": [citation["link"]],
        "sources": [", ".join(part for part in source if part) for source in sources],
        "addresses": [source["url"] for source in citation["sources"] if source["url"]],
    }


@pytest.mark.parametrize(
    ("kind", "case"),
    [*(("formatted", case) for case in CASES), *(("plain", case) for case in CASES[::4])],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_the_reader_and_the_copied_citation_show_it_as_text(
    case: Case, kind: str, page: Page, site: str, articles: BuildCatalogue
) -> None:
    article = articles.by_id(getattr(case, kind))
    assert article is not None
    assert line(article.title) == case.title
    assert squeezed(case.shown) in squeezed(article.text)
    page.goto(f"{site}/articles/{percent_encoded(article.id)}?start=0&end={len(article.text)}#passage")
    assert page.locator("article bdi").evaluate_all(TEXTS) == expected_blocks(article)
    rows = page.locator("article tbody tr").all()
    assert [row.locator("td").all_text_contents() for row in rows] == expected_rows(article)
    assert page.locator("h1").text_content() == article.title
    assert page.locator(".about bdi").all_text_contents() == [article.publisher] * bool(article.publisher)
    assert page.locator("time").all_text_contents() == [article.published] * bool(article.published)
    sources = [[part for part in (s.title, s.publisher, s.date) if part] for s in article.sources]
    assert page.locator(".sources li").all_text_contents() == [", ".join(parts) for parts in sources]
    assert page.title() == f"{article.title} · {SITE}"

    page.locator("#copy").click()
    expect(page.locator("#copy-status")).to_have_text("Copied")
    about = ", ".join(part for part in (article.title, article.publisher, article.published) if part)
    based = [f"Based on: {'; '.join(', '.join(parts) for parts in sources)}"] if sources else []
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "\n".join([f"“{article.text}”", about, *based, page.url])
    check_page(page, site, links_of(article))


@each_case
def test_the_list_of_articles_shows_it_as_text_and_as_the_wanted_words(case: Case, page: Page, site: str) -> None:
    wanted = line(case.shown)[:200]
    page.goto(f"{site}/articles?{urlencode({'q': wanted})}")
    assert page.locator("[role=status] bdi").text_content() == wanted
    assert page.locator("#q").input_value() == wanted
    assert page.locator(".list a bdi").all_text_contents().count(case.title) == 2
    check_page(page, site)


@each_folder
def test_the_demo_shows_a_folder_and_its_articles_as_text(folder: str, page: Page, site: str) -> None:
    page.goto(f"{site}/demo?{urlencode({'section': folder})}")
    assert page.locator("h1").text_content() == folder
    assert sorted(page.locator("nav a").all_text_contents()) == sorted(FOLDERS)
    assert page.locator(".news a bdi").all_text_contents() == [case.title for case in CASES if case.folder == folder]
    assert f'data-page-url="{site}/' in (page.locator("pre").text_content() or "")
    check_page(page, site)


@each_folder
def test_the_page_that_a_question_stands_on_is_named_as_text(folder: str, page: Page, site: str) -> None:
    case = next(case for case in CASES if case.folder == folder)
    question = question_of(case)
    query = {"q": question, "page_url": f"https://portal.example/{percent_encoded(folder)}/"}
    page.goto(f"{site}/?{urlencode(query)}")
    expect(page.locator("#here")).to_have_text(f"Search “{folder}” first")
    expect(page.locator(".context").first).to_have_text(f"Searched “{folder}” first")
    assert squeezed(page.locator("#chat .said").text_content() or "") == squeezed(question)


def test_examples_made_of_titles_are_text(page: Page, site: str, articles: BuildCatalogue) -> None:
    page.goto(site)
    first = [entry.title for _, entry in zip(range(4), articles.entries(), strict=False)]
    expect(page.locator("#start .example")).to_have_text([f"What do the articles say about {t}?" for t in first])
    expect(page.locator("#top h1")).to_have_text(SITE)


def test_an_override_in_a_name_turns_no_date_around(page: Page, site: str) -> None:
    case = next(case for case in CASES if case.name == "isolates that close too often")
    page.goto(f"{site}/articles/{percent_encoded(case.formatted)}")
    assert page.locator("time").evaluate(RUNS_FORWARD)
    assert page.locator(".sources li").nth(1).evaluate(RUNS_FORWARD)
    page.goto(f"{site}/articles?{urlencode({'q': case.word})}")
    assert page.locator(".list .about").first.evaluate(RUNS_FORWARD)
    page.goto(f"{site}/?{urlencode({'q': f'What does {case.word} tell?'})}")
    about = page.locator(".card .about", has_text="2024-05-06").first
    expect(about).to_be_visible()
    assert about.evaluate(RUNS_FORWARD)


def check_page(page: Page, site: str, links: frozenset[str] | set[str] = frozenset()) -> None:
    """Nothing on one of our own pages is anything but what its template says."""
    seen = page.locator("html").evaluate(LOOK)
    assert set(seen["tags"]) <= OURS
    assert [link for link in seen["hrefs"] if not link.startswith(("/", "#")) and link not in links] == []
    assert set(seen["loaded"]) <= {"/site/article_page.js", "/widget.js"}
    assert (seen["handlers"], seen["wide"]) == ([], 0)

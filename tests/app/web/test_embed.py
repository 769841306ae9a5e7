"""The script that a portal loads, and the page that shows it at work, as the server gives them."""

import gzip
import json
import re

import pytest

from app.answering.language import languages
from index.search.searcher import Searcher
from tests.conftest import PROJECT
from tests.web import web_client


@pytest.fixture(scope="module")
def script(shared_searcher: Searcher) -> str:
    response = web_client(shared_searcher).get("/widget.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    return response.text


def test_the_script_is_small(script: str) -> None:
    assert 2_000 < len(script.encode()) < 20_000
    assert len(gzip.compress(script.encode())) < 7_000


def test_the_script_is_one_expression_with_its_styles_and_its_texts_in_every_language(script: str) -> None:
    given = re.search(r"\}\)\((\{.*\}), (\".*\")\);\n$", script)
    assert given
    assert json.loads(given[1]) == {code: language.group("widget") for code, language in languages().items()}
    assert json.loads(given[1])["zh"]["open"] == languages()["zh"].texts["widget.open"]
    assert json.loads(given[2]) == (PROJECT / "app" / "web" / "site" / "widget.css").read_text("utf-8")
    assert re.sub(r"^(//.*\n)+", "", script).startswith("((TEXTS, CSS) => {")


@pytest.mark.parametrize(
    "word",
    [
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "cookie",
        "caches",
        "serviceWorker",
        "http:",
        "https:",
        "//cdn",
        "127.0.0.1",
        "localhost",
        "eval",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "import(",
        "fetch(",
        "XMLHttpRequest",
        "sendBeacon",
        "onclick",
    ],
)
def test_the_script_stores_nothing_names_no_host_and_writes_no_markup(word: str, script: str) -> None:
    assert word not in script


def test_the_same_script_is_given_to_everyone(shared_searcher: Searcher, script: str) -> None:
    below = web_client(shared_searcher, PATH="/tools/ask", ALLOWED_ORIGINS="https://portal.example")
    for path in ("/tools/ask/widget.js", "/widget.js"):
        assert below.get(path, headers={"origin": "https://portal.example", "accept-language": "zh"}).text == script


def demo(searcher: Searcher, query: str = "", **variables: str) -> str:
    response = web_client(searcher, **variables).get(f"/demo{query}")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return response.text


def tags(page: str) -> list[str]:
    return re.findall(r"<script [^>]*>", page)


def test_the_demo_shows_button_and_search_box_and_how_they_were_made(shared_searcher: Searcher) -> None:
    page = demo(shared_searcher)
    assert tags(page) == [
        '<script src="/widget.js" defer>',
        '<script src="/widget.js" defer data-target="#search">',
    ]
    assert '<div id="search"></div>' in page
    assert '&lt;script src="http://127.0.0.1/widget.js" defer&gt;&lt;/script&gt;' in page
    assert re.findall(r'<a href="([^"]+)"', page) == [
        "/demo?section=garden",
        "/demo?section=zh",
        "/articles/moon",
        "/articles/garden/bees",
        "/articles/zh/tea",
    ]


def test_the_demo_of_a_section_stands_on_its_page(shared_searcher: Searcher) -> None:
    page = demo(shared_searcher, "?section=garden&language=zh&opened=true")
    attributes = 'data-page-url="http://127.0.0.1/garden/" data-language="zh" data-open=""'
    assert tags(page)[0] == f'<script src="/widget.js" defer {attributes}>'
    shown = attributes.replace('"', "&#34;")
    assert f'&lt;script src="http://127.0.0.1/widget.js" defer {shown}&gt;&lt;/script&gt;' in page
    assert re.findall(r'<li><a href="([^"]+)"', page) == ["/articles/garden/bees?language=zh"]
    assert '<html lang="zh">' in page


@pytest.mark.parametrize("section", ["none", "<script>alert(1)</script>", '"onload=', "../garden", "GARDEN"])
def test_a_section_that_is_none_shows_everything_and_is_never_repeated(section: str, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).get("/demo", params={"section": section})
    assert len(re.findall("<li>", response.text)) == 3
    assert "alert(1)" not in response.text
    assert "data-page-url" not in response.text


def test_the_demo_below_a_path_names_the_public_address(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, PATH="/tools/ask", TRUSTED_PROXIES="192.0.2.7", ALLOWED_HOSTS="search.example")
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-host": "search.example"}
    page = client.get("/demo?section=zh", headers=forwarded).text
    assert tags(page)[0] == (
        '<script src="/tools/ask/widget.js" defer data-page-url="https://search.example/tools/ask/zh/">'
    )
    assert '&lt;script src="https://search.example/tools/ask/widget.js" defer' in page

"""The list of articles: order, search, topics, pages."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.answering.language import chosen
from app.web.articles.list_page import list_page
from app.web.articles.wanted import Wanted
from app.web.pages import Site
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.web import web_client

BEES, MOON, TEA = "/articles/garden/bees", "/articles/moon", "/articles/zh/tea"


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def page(client: TestClient, **query: str) -> str:
    return client.get("/articles", params=query).text


def listed(html: str) -> list[str]:
    """The addresses of the articles of a list, in order."""
    return re.findall(r'<li><a href="([^"]+)"><bdi>.*?</bdi></a> <span class="about">', html)


def links(html: str, name: str) -> list[tuple[str, str]]:
    """The addresses and words of the links in a part of the page."""
    part = html.split(f'<nav class="{name}"')[1].split("</nav>", maxsplit=1)[0]
    found = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', part)
    return [(unescape(href), re.sub("<.*?>", "", words)) for href, words in found]


def line(html: str) -> str:
    return html.split('class="line"')[1].split(">", 1)[1].split("</a>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("order", "articles"),
    [
        ("", [MOON, BEES, TEA]),
        ("date", [MOON, BEES, TEA]),
        ("title", [BEES, MOON, TEA]),
        ("folder", [MOON, BEES, TEA]),
        ("<script>", [MOON, BEES, TEA]),
        ("best", [MOON, BEES, TEA]),
    ],
)
def test_articles_come_by_date_title_or_folder(client: TestClient, order: str, articles: list[str]) -> None:
    html = page(client, sort=order)
    assert listed(html) == articles
    assert "3 articles" in html
    assert '<time datetime="2024-06-25">June 25, 2024</time>' in html
    folders = ["garden", "zh"] if order == "folder" else []
    assert re.findall(r"<h2><bdi>(.*?)</bdi></h2>", html) == folders


@pytest.mark.parametrize(
    ("words", "articles"),
    [
        ("GARDEN bees 2023", [BEES]),  # title, publisher and date
        ("basalt", [MOON]),  # a text
        ("basalts", [MOON]),  # in another inflexion
        ("seas grams", [MOON]),  # in two passages
        ("the basalt", [MOON]),
        ("Night basalt", [MOON]),  # publisher and text
        ("红茶", [TEA]),
        ("June 2024", [MOON]),
        ("Juni 2024", [MOON]),  # the same date
        ("ivy basalt", []),
        ("", [MOON, BEES, TEA]),
        ("🙂", []),
    ],
)
def test_a_search_looks_into_titles_and_texts(client: TestClient, words: str, articles: list[str]) -> None:
    assert listed(page(client, q=words)) == articles


def test_a_hit_shows_the_line_where_the_words_stand_and_opens_the_article_there(client: TestClient) -> None:
    html = page(client, q="grams of probes")
    assert line(html) == "A <mark>probe</mark> brought 1,935.3 <mark>grams</mark> of it to Earth in June 2024."
    address = unescape(re.findall(r'class="line" dir="auto" href="(.*?)"', html)[0])
    assert "<mark>A probe brought 1,935.3 grams of it to Earth in June 2024.</mark>" in client.get(address).text


def test_a_word_of_a_title_comes_before_one_of_a_text_and_is_marked_there(client: TestClient) -> None:
    html = page(client, q="garden")
    assert listed(html) == [BEES, TEA]
    assert "<bdi>Bees in the <mark>garden</mark></bdi>" in html
    assert [words for _, words in links(html, "orders")] == ["Best match", "Newest first", "By title", "By topic"]


def test_a_search_without_hits_says_so_and_offers_to_ask(client: TestClient) -> None:
    html = page(client, q="<i>volcano</i>", language="en")
    assert "0 articles with “<bdi>&lt;i&gt;volcano&lt;/i&gt;</bdi>”" in html
    assert '<a href="/?language=en#q=%3Ci%3Evolcano%3C%2Fi%3E">Ask this as a question</a>' in html


def test_topics_narrow_the_list_with_counts_and_keep_words_order_and_language(client: TestClient) -> None:
    html = page(client, sort="title", language="en")
    assert links(html, "topics") == [
        ("/articles?folder=garden&sort=title&language=en", "garden 1"),
        ("/articles?folder=zh&sort=title&language=en", "zh 1"),
    ]
    inside = page(client, folder="Garden", q="bees")
    assert listed(inside) == [BEES]
    assert links(inside, "topics") == [("/articles?q=bees", "All topics"), ("/articles?q=bees&folder=garden", "garden")]
    assert '<a href="/#q=bees&amp;folders=garden">' in inside


@pytest.mark.parametrize("folder", ["none", "<b>", "garden/none", "a" * 5_000])
def test_a_folder_that_is_not_there_holds_nothing_and_leads_back(client: TestClient, folder: str) -> None:
    html = page(client, folder=folder, q="bees")
    assert (listed(html), "<b>" in html) == ([], False)
    assert '<a href="/articles?q=bees">In other topics: 1</a>' in html


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A searcher of 120 small articles in folders below one another."""
    root: Path = tmp_path_factory.mktemp("many")
    articles = {
        f"teas/{'green' if number % 2 else 'black/old'}/{number:03}.txt": f"Tea {number}" for number in range(120)
    }
    build(write_articles(root / "articles", articles), root / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(root / "index")


def shown(searcher: Searcher, **query: str) -> str:
    return list_page(searcher, Site("Site", "/tools", chosen()), Wanted.of(query))


def test_a_long_list_comes_in_pages_and_hits_with_their_lines_in_shorter_ones(many: Searcher) -> None:
    every, last, hits = shown(many), shown(many, page="2"), shown(many, q="tea", page="3", sort="title")
    assert [len(listed(html)) for html in (every, last, hits)] == [100, 20, 20]
    assert links(every, "pages") == [("/tools/articles?page=2", "Next")]
    assert links(last, "pages") == [("/tools/articles", "Previous")]
    assert links(hits, "pages") == [
        ("/tools/articles?q=tea&sort=title&page=2", "Previous"),
        ("/tools/articles?q=tea&sort=title&page=4", "Next"),
    ]


@pytest.mark.parametrize("number", ["-5", "0", "99", "", "x", "٣", "9" * 5_000, "1e9"])
def test_a_page_out_of_range_is_the_nearest_there_is(many: Searcher, number: str) -> None:
    assert f"Page {2 if number == '99' else 1} of 2" in shown(many, page=number)


def test_a_topic_shows_those_inside_it_and_the_way_back(many: Searcher) -> None:
    assert [words for _, words in links(shown(many), "topics")] == ["teas 120"]
    html = shown(many, folder="teas/black")
    assert "60 articles · Topic: <bdi>teas/black</bdi>" in html
    assert [words for _, words in links(html, "topics")] == ["All topics", "teas", "black", "old 60"]
    assert f"/tools/articles?{urlencode({'folder': 'teas/black/old'})}" in html


def test_an_empty_collection_is_a_list_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(json.dumps({"id": "a", "text": "Tea."}), "utf-8")
    build(tmp_path, tmp_path / "index", IDENTITY, load=HashingEncoder)
    nobody = searcher_of(tmp_path / "index").seen_by(frozenset())
    for query in ({}, {"q": "tea"}, {"folder": "many.jsonl"}):
        assert "0 articles" in shown(nobody, **query)

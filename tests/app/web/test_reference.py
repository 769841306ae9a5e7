"""References to copy, in each format, and what of an article could be markup in them."""

import pytest
from starlette.testclient import TestClient

from app.web.articles.reference import FORMATS, Reference
from index.articles.article import Article, Source
from index.search.searcher import Searcher
from tests.web import web_client

MOON = Article(
    "news/moon", "The Moon: soil", "", (), "", "Night Sky Notes", "2024-06-25", sources=(Source("Sample return"),)
)
FOUND = Reference(
    MOON, "It is 50% dry.", 26, "http://a/articles/news/moon?start=6#passage", "page 3", "Based on: Sample"
)
HOSTILE = Article(
    "茶/{x}", "A\nER  - \\end{x} [b](http://c) $1_2 ~^#&", "", (), "", "}{ \u2028TY  - ", "2024", "https://d/ {>\n\\e)"
)
EVIL = Reference(HOSTILE, "<script>\r\n# *x*", 0, "http://a/articles/%E8%8C%B6?start=0")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "plain",
            "“It is 50% dry.”\nThe Moon: soil, Night Sky Notes, 2024-06-25, page 3\nBased on: Sample\n"
            "http://a/articles/news/moon?start=6#passage",
        ),
        (
            "markdown",
            "> It is 50% dry.\n\n[The Moon: soil](<http://a/articles/news/moon?start=6#passage>), Night Sky Notes, "
            "2024-06-25, page 3\n\nBased on: Sample",
        ),
        (
            "bibtex",
            "@misc{news-moon-26,\n  title = {{The Moon: soil}},\n  publisher = {{Night Sky Notes}},\n  year = {2024},\n"
            "  month = jun,\n  url = {http://a/articles/news/moon?start=6#passage},\n"
            "  note = {“It is 50\\% dry.”, page 3, Based on: Sample},\n}",
        ),
        (
            "ris",
            "TY  - ELEC\r\nTI  - The Moon: soil\r\nPB  - Night Sky Notes\r\nPY  - 2024\r\nDA  - 2024/06/25/\r\n"
            "UR  - http://a/articles/news/moon?start=6#passage\r\n"
            "N1  - “It is 50% dry.”, page 3, Based on: Sample\r\nER  - \r\n",
        ),
    ],
)
def test_a_reference_is_written_as_its_format_demands(name: str, expected: str) -> None:
    assert FORMATS[name](FOUND) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "markdown",
            "> \\<script\\>\n> \\# \\*x\\*\n\n"
            "[A ER - \\\\end{x} \\[b\\](http://c) \\$1\\_2 \\~^\\#\\&](<http://a/articles/%E8%8C%B6?start=0>), "
            "}{ TY - , 2024\n\n<https://d/%20%7B%3E%0A%5Ce)>",
        ),
        (
            "bibtex",
            "@misc{x-edd7e91f-0,\n"
            "  title = {{A ER - \\textbackslash{}end\\textbraceleft{}x\\textbraceright{} [b](http://c) "
            "\\$1\\_2 \\textasciitilde{}\\textasciicircum{}\\#\\&}},\n"
            "  publisher = {{\\textbraceright{}\\textbraceleft{} TY -}},\n  year = {2024},\n"
            "  url = {https://d/%20%7B%3E%0A%5Ce)},\n  note = {“<script> \\# *x*”},\n}",
        ),
        (
            "ris",
            "TY  - ELEC\r\nTI  - A ER - \\end{x} [b](http://c) $1_2 ~^#&\r\nPB  - }{ TY -\r\nPY  - 2024\r\n"
            "DA  - 2024///\r\nUR  - https://d/%20%7B%3E%0A%5Ce)\r\nN1  - “<script> # *x*”\r\nER  - \r\n",
        ),
    ],
)
def test_no_text_of_an_article_is_markup_in_a_reference(name: str, expected: str) -> None:
    assert FORMATS[name](EVIL) == expected


def test_an_article_without_a_date_a_publisher_and_a_quote_is_cited_whole() -> None:
    bare = Reference(Article("a", "A", "", (), ""), "", 0, "http://a/articles/a")
    assert {name: made(bare) for name, made in FORMATS.items()} == {
        "plain": "A\nhttp://a/articles/a",
        "markdown": "[A](<http://a/articles/a>)",
        "bibtex": "@misc{a,\n  title = {{A}},\n  url = {http://a/articles/a},\n}",
        "ris": "TY  - ELEC\r\nTI  - A\r\nUR  - http://a/articles/a\r\nER  - \r\n",
    }


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def test_the_server_makes_the_references_of_what_a_link_cites(client: TestClient) -> None:
    asked = client.post("/api/ask", json={"question": "How dry is lunar soil?", "k": 1}).json()
    [link] = [citation["link"] for citation in asked["citations"] + asked["closest"]]
    said = client.get(link.replace("/articles/", "/references/").partition("#")[0]).json()
    assert sorted(said) == ["article", "bibtex", "markdown", "plain", "quote", "ris", "title"]
    assert (said["article"], said["title"], said["quote"]) == ("moon", "The Moon: soil and seas", "Lunar soil is dry.")
    assert said["plain"] == (
        "“Lunar soil is dry.”\nThe Moon: soil and seas, Night Sky Notes, 2024-06-25\n"
        f"Based on: Sample return, Space Agency, 2024-06\nhttp://127.0.0.1{link}"
    )


def test_a_link_to_another_edition_gives_the_whole_article_and_an_unknown_one_nothing(client: TestClient) -> None:
    said = client.get("/references/moon?start=0&end=4&mark=0-4&cited=0123456789ab").json()
    assert (said["quote"], said["plain"].splitlines()[-1]) == ("", "http://127.0.0.1/articles/moon")
    assert client.get("/references/none").json() == {"error": "Not Found"}
    assert client.get("/references/none").status_code == 404

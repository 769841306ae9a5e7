"""Errors: a page for who opens an address in a browser, JSON for programs."""

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.answering.collection import Collection
from app.settings import Settings
from app.web.articles.routes import add_articles
from app.web.errors import error_handlers
from app.web.gate import Gate
from index.errors import NoIndex
from index.search.searcher import Searcher
from tests.web import web_client

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher, PATH="/tools")


def heading(html: str) -> str:
    return str(re.findall("<h1>(.*?)</h1>", html)[0])


@pytest.mark.parametrize("path", ["/nope", "/nope/<script>alert(1)</script>", "/site/none.css", "/originals/none"])
def test_an_unknown_address_is_a_page_that_leads_on(client: TestClient, path: str) -> None:
    response = client.get(path, headers=BROWSER)
    assert (response.status_code, heading(response.text)) == (404, "There is no such page")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert '<a href="/tools/">Ask a question</a> <a href="/tools/articles">See all articles</a>' in response.text
    assert "alert" not in response.text
    assert "style-src 'self';" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    assert client.head(path, headers=BROWSER).status_code == 404


def test_it_speaks_the_reader_s_language_and_keeps_the_one_that_was_asked_for(client: TestClient) -> None:
    assert heading(client.get("/nope", headers={**BROWSER, "accept-language": "zh"}).text) == "没有这个页面"
    assert '<a href="/tools/articles?language=zh">' in client.get("/nope?language=zh", headers=BROWSER).text


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "text/htmlish", "image/*"])
def test_who_does_not_ask_for_html_gets_json(client: TestClient, accept: str) -> None:
    response = client.get("/nope", headers={"accept": accept})
    assert (response.status_code, response.json()) == (404, {"error": "Not Found"})


@pytest.mark.parametrize("path", ["/api/nope", "/tools/api/ask", "/gradio_api/upload"])
def test_the_interface_always_speaks_json(client: TestClient, path: str) -> None:
    response = client.get(path, headers=BROWSER)
    assert list(response.json()) == ["error"]


def test_a_wrong_method_is_a_page(client: TestClient) -> None:
    response = client.post("/articles", headers=BROWSER)
    assert (response.status_code, heading(response.text)) == (405, "This did not work")
    assert "This address cannot be used in this way." in response.text
    assert response.headers["allow"]


def test_a_fault_and_a_damaged_index_are_pages_that_say_nothing_of_the_inside() -> None:
    app = FastAPI(exception_handlers=error_handlers(Settings.from_env({})))

    @app.get("/fault")
    def fault() -> None:
        raise ZeroDivisionError("secret")

    @app.get("/damaged")
    def damaged() -> None:
        raise NoIndex("secret")

    client = TestClient(app, raise_server_exceptions=False)
    for path, status, text in (
        ("/fault", 500, "Something failed on the server."),
        ("/damaged", 503, "The index cannot be read just now."),
    ):
        response = client.get(path, headers=BROWSER)
        assert (response.status_code, text in response.text, "secret" in response.text) == (status, True, False)
        assert client.get(path).json()["error"].count("log") == 1


def test_a_search_passes_the_gate_and_the_list_does_not(shared_searcher: Searcher) -> None:
    settings, collection = Settings.from_env({}), Collection.of(shared_searcher)
    app = FastAPI(exception_handlers=error_handlers(settings))
    add_articles(app, lambda _: collection, settings, Gate(0, 0))
    client = TestClient(app)
    assert client.get("/articles", headers=BROWSER).status_code == 200
    full = client.get("/articles?q=moon", headers=BROWSER)
    assert (full.status_code, full.headers["retry-after"]) == (503, "1")
    assert "Many people are searching just now." in full.text


@pytest.mark.parametrize("filters", [{"publishers": [1] * 200_000}, {f"unknown{n}": 1 for n in range(40_000)}])
@pytest.mark.parametrize("path", ["/api/ask", "/api/v1/ask", "/api/facets"])
def test_of_countless_faults_of_a_request_few_are_told(client: TestClient, path: str, filters: dict[str, Any]) -> None:
    response = client.post(f"/tools{path}", json={"filters": filters})
    assert (response.status_code, len(response.content) < 1_000) == (422, True)


def test_the_first_fifty_faults_are_told(client: TestClient) -> None:
    wrong = [{"question": 1, **{f"unknown{n}": 1 for n in range(20)}}] * 50
    response = client.post("/tools/api/v1/ask", json={"question": "Why?", "history": wrong})
    assert (response.status_code, len(response.json()["errors"])) == (422, 50)


def test_in_lines_of_questions_few_faults_are_told_either(client: TestClient) -> None:
    line = json.dumps({"question": "Why?", "filters": {"folders": [1] * 200_000}})
    response = client.post("/tools/api/v1/ask", content=line, headers={"content-type": "application/x-ndjson"})
    assert (response.json()["status"], len(response.content) < 1_000) == (422, True)

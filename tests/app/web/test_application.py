import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from index.stores.builds.directory import live_build
from tests.conftest import COVERED
from tests.hashing import searcher_of
from tests.web import web_client

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    root = Path(shared_searcher.manifest.folder).with_name("index")
    return web_client(shared_searcher, TITLE="Tea & <Bees>", INDEX=str(root))


def test_a_question_gets_the_answer_object(client: TestClient, shared_searcher: Searcher) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "k": 1})
    answer = response.json()
    assert (response.status_code, answer["answered"], answer["build"]) == (200, True, shared_searcher.manifest.name)
    assert [citation["article"] for citation in answer["citations"]] == ["moon"]
    start, end = answer["citations"][0]["highlight"][0]
    assert answer["citations"][0]["quote"][start:end] == "A probe brought 1,935.3 grams of it to Earth in June 2024."


def test_refusing_is_an_answer(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "Which orchestra toured Portugal?"})
    assert (response.status_code, response.json()["answered"], response.json()["citations"]) == (200, False, [])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"question": ""}, "the question is empty. Ask in plain words"),
        ({"question": " \t\n"}, "the question is empty. Ask in plain words"),
        ({"question": "🙂🙂"}, "the question '🙂🙂' holds no word. Ask in plain words"),
        ({"question": "\x00\x07"}, "the question is empty. Ask in plain words"),
        ({"question": "a" * 100_000}, "the question has 100,000 characters; at most 2,000 are read. Shorten it"),
        ({"question": "a", "k": 0}, "k: Input should be greater than or equal to 1"),
        ({"question": "a", "k": 21}, "k: Input should be less than or equal to 20"),
        ({"question": "a", "top": 1}, "top: Extra inputs are not permitted"),
        ({"question": 7}, "question: Input should be a valid string"),
        ({}, "question: Field required"),
        (
            {"question": "a", "filters": {"\ud800": 1}},
            "filters: Input should be a valid string, unable to parse raw data as a unicode string",
        ),
        ({"question": "a", "filters": {"year": 1}}, "filters.year: Extra inputs are not permitted"),
        ({"question": "a", "filters": {"since": 2025}}, "filters.since: Input should be a valid string"),
        (
            {"question": "a", "filters": {"since": "\ud800"}},
            "since '\\ud800' is no date. Give a year, month or day: 2025, 2025-01 or 2025-01-14",
        ),
        (
            {"question": "a", "filters": {"publishers": ["\ud800"]}},
            "no article has the publisher '\\ud800'. Choose among others: Garden Notes; Night Sky Notes; Space Agency",
        ),
        ({"question": "a", "ignore": ["x"] * 21}, "ignore: List should have at most 20 items after validation, not 21"),
        ({"question": "a", "ignore": ["x" * 1001]}, "ignore.0: String should have at most 1000 characters"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(client: TestClient, body: dict[str, object], error: str) -> None:
    response = client.post("/api/ask", content=json.dumps(body), headers={"content-type": "application/json"})
    assert (response.status_code, response.json()) == (422, {"error": error})


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b"\xff\xfe", b'{"question": NaN}', b"[" * 200_000, b'{"k": ' + b"9" * 5000]
)
def test_a_body_that_is_no_question_is_refused_in_json(client: TestClient, raw: bytes) -> None:
    response = client.post("/api/ask", content=raw, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert list(response.json()) == ["error"]


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", "lone \ud800 surrogate soil", "a\u202eb soil"])
def test_a_strange_question_is_searched_like_any_other(client: TestClient, question: str) -> None:
    body = json.dumps({"question": question})
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert (response.status_code, type(response.json()["answered"])) == (200, bool)


def test_health_names_the_build_and_what_it_holds(client: TestClient, shared_searcher: Searcher) -> None:
    assert client.get("/healthz").json() == {
        "status": "ok",
        "build": shared_searcher.manifest.name,
        "created": shared_searcher.manifest.created,
        "encoder": "hashing",
        "reader": "failed",  # the searcher of the tests has none
        "reranker": None,
        "calibrated": False,
        "certificate": None,
        "articles": 3,
        "incomplete": None,
        "passages": shared_searcher.manifest.counts.passages,
        "coverage": COVERED,
        "pins": {"pinned": 0, "lost": 0},
        "watch": None,
    }


def test_an_article_opens_at_the_cited_passage(client: TestClient) -> None:
    link = client.post("/api/ask", json={"question": QUESTION}).json()["citations"][0]["link"]
    page = client.get(link).text
    assert "<mark>A probe brought 1,935.3 grams of it to Earth in June 2024.</mark>" in page
    assert page.count('id="passage"') == 1


def test_an_article_that_is_not_there_is_a_page_with_status_404(client: TestClient) -> None:
    for path in ("/articles/none", "/articles/../../etc/passwd", "/articles/%2e%2e%2fmoon"):
        response = client.get(path)
        assert response.status_code == 404
    assert "No such article" in client.get("/articles/none").text


def test_reader_pages_load_nothing_but_their_own_files(client: TestClient) -> None:
    shell = ["/site/icon.svg", "/site/palette.css", "/site/article_page.css"]
    for path, scripts in (("/articles", []), ("/articles/moon", ["/site/article_page.js"]), ("/articles/none", [])):
        text = client.get(path).text
        assert re.findall(r'(?:src|rel="\w+" href)="([^"]+)"', text) == [*shell, *scripts]
    assert client.get("/site/article_page.css").headers["content-type"].startswith("text/css")


def test_the_title_is_text_on_every_page(client: TestClient) -> None:
    assert "<Bees>" not in client.get("/articles").text
    assert "Tea &amp; &lt;Bees&gt;" in client.get("/articles").text


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc"])
def test_no_description_of_the_interface_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_index_that_is_damaged_while_it_serves_is_the_owner_s_matter(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = web_client(searcher_of(root))
    texts = live_build(root) / "texts.txt"
    texts.write_bytes(b"\xff" * texts.stat().st_size)

    for response in (client.post("/api/ask", json={"question": QUESTION}), client.get("/articles/moon")):
        said = {"error": "the index cannot be read; see the server's log"}
        assert (response.status_code, response.json()) == (503, said)
    call = {"fn_index": 0, "data": [{"question": QUESTION}]}
    shown = client.post("/gradio_api/run/predict", json=call).json()["data"][0]["html"]
    assert shown == '<p class="notice">The index cannot be read just now. Its owner can see why in the log.</p>'
    assert caplog.text.count(f"{live_build(root)} is damaged") == 3

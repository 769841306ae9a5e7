"""Errors of version 1 of the interface are problem documents."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.answering.collection import Collection
from app.settings import Settings
from app.web.api.problem import PROBLEM
from app.web.api.version1 import version1
from app.web.gate import Gate
from index.errors import NoIndex
from index.search.searcher import Searcher
from tests.hashing import searcher_of
from tests.web import problem_in, web_client

QUESTION = "Is lunar soil dry?"
LINES = {"content-type": "application/x-ndjson", "accept": "application/x-ndjson"}


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


PROBLEMS: dict[str, tuple[Callable[[TestClient], Response], int, str]] = {
    "unknown address": (lambda client: client.get("/api/v1/nope"), 404, "Not Found"),
    "wrong method": (lambda client: client.put("/api/v1/ask"), 405, "Method Not Allowed"),
    "unknown article": (lambda client: client.get("/api/v1/articles/none"), 404, "there is no such article"),
    "outside the folder": (lambda client: client.get("/api/v1/articles/..%2fmoon"), 404, "there is no such article"),
    "no JSON": (
        lambda client: client.post("/api/v1/ask", content=b"{}", headers={"content-type": "text/plain"}),
        415,
        "send the body as application/json",
    ),
    "without a media type": (
        lambda client: client.post("/api/v1/search", content=b'{"question": "soil"}'),
        415,
        "send the body as application/json",
    ),
    "too large": (
        lambda client: client.post("/api/v1/ask", content=b" " * 1_000_001),
        413,
        "the request is over 1,000,000 bytes. Send a shorter question or history",
    ),
    "another host": (
        lambda client: client.get("/api/v1/facets", headers={"host": "evil.example"}),
        400,
        "this server does not answer to that name. Its owner can list the name in CHAT_ALLOWED_HOSTS",
    ),
    "unknown passage": (
        lambda client: client.post(
            "/api/v1/why", json={"question": QUESTION, "article": "moon", "start": 0, "end": 81}
        ),
        404,
        "'moon' has no passage 0-81 in the build that is live. Ask again",
    ),
    "empty question": (
        lambda client: client.post("/api/v1/ask", json={"question": " "}),
        422,
        "the question is empty. Ask in plain words",
    ),
    "behind the last passage": (
        lambda client: client.post("/api/v1/search", json={"question": "soil", "limit": 201}),
        422,
        "limit: Input should be less than or equal to 200",
    ),
    "unknown folder": (
        lambda client: client.post("/api/v1/search", json={"question": "soil", "filters": {"folders": ["sun"]}}),
        422,
        "no article has the folder 'sun'. Choose among others: garden; zh",
    ),
    "no page": (lambda client: client.get("/api/v1/articles?limit=201"), 422,
                "limit: Input should be less than or equal to 200"),
    "unknown parameter": (lambda client: client.get("/api/v1/articles?page=2"), 422,
                          "page: Extra inputs are not permitted"),
    "another encoding": (
        lambda client: client.post("/api/v1/ask", content=b"[\xff]", headers={"content-type": "application/json"}),
        400,
        "There was an error parsing the body",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_error_is_a_problem_document(kind: str, client: TestClient) -> None:
    ask, status, detail = PROBLEMS[kind]
    response = ask(client)
    assert problem_in(response) == (status, detail)
    assert ("allow" in response.headers) == (status == 405)
    assert response.headers["cache-control"] == "no-store"
    browser = {"accept": "text/html"}
    assert client.get("/api/v1/nope", headers=browser).headers["content-type"] == PROBLEM


def test_a_problem_names_each_wrong_field(client: TestClient) -> None:
    body = {"question": QUESTION, "top": 1, "filters": {"year": 1}, "k": 0}
    assert client.post("/api/v1/ask", json=body).json()["errors"] == [
        {"field": "k", "message": "Input should be greater than or equal to 1"},
        {"field": "filters.year", "message": "Extra inputs are not permitted"},
        {"field": "top", "message": "Extra inputs are not permitted"},
    ]


def test_who_comes_when_all_is_full_gets_a_problem_and_a_time_to_wait(shared_searcher: Searcher) -> None:
    collection, settings = Collection.of(shared_searcher), Settings.from_env({})
    client = TestClient(version1(lambda _: collection, settings, Gate(0, 0), lambda _: None))
    line = json.dumps({"question": QUESTION})
    for response in (
        client.post("/ask", json={"question": QUESTION}),
        client.post("/ask", content=line, headers=LINES),
        client.post("/search", json={"question": QUESTION}),
        client.get("/articles?q=moon"),
    ):
        assert problem_in(response) == (503, "too many questions are waiting. Ask again in a moment")
        assert response.headers["retry-after"] == "1"
    assert client.get("/articles").status_code == 200


def test_who_is_not_signed_in_gets_a_problem(shared_searcher: Searcher) -> None:
    signed = web_client(shared_searcher, USER_HEADER="X-Remote-User", TRUSTED_PROXIES="10.0.0.1")
    error = "nobody is signed in. Open this address through the portal's proxy"
    assert problem_in(signed.get("/api/v1/openapi.json")) == (401, error)
    assert signed.post("/api/ask", json={"question": QUESTION}).json() == {"error": error}


def test_a_damaged_index_is_a_problem_that_says_nothing_of_the_inside(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    searcher = searcher_of(root)
    client = web_client(searcher)

    def broken(_: object) -> None:
        raise NoIndex("/secret is no index")

    searcher.articles.by_id = broken  # type: ignore[method-assign, assignment]
    response = client.get("/api/v1/articles/moon")
    assert problem_in(response) == (503, "the index cannot be read; see the server's log")
    assert response.headers["retry-after"] == "10"
    assert "/secret is no index" in caplog.text

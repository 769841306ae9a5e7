"""Who may read what: portals, other origins, signed-in people, wrong addresses and wrong methods."""

import json

import pytest

from index.search.searcher import Searcher
from tests.web import web_client

PORTAL = "https://portal.example"
QUESTION = {"question": "Is lunar soil dry?"}
JSON = {"content-type": "application/json"}
ALLOW = "access-control-allow-"
GRADIO = json.dumps({"fn_index": 0, "data": [QUESTION]})


@pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/run/predict", "/config", "/widget.js"])
@pytest.mark.parametrize("host", ["search.example:8443", "127.0.0.1"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://search.example.evil.example",
        "https://portal.example.evil.example",
        "https://portal.example:8443",
        "http://portal.example",
        "https://PORTAL.example/",
        "file://",
        "*",
    ],
)
def test_an_origin_that_is_not_listed_reads_nothing(
    path: str, host: str, origin: str, shared_searcher: Searcher
) -> None:
    client = web_client(shared_searcher, ALLOWED_ORIGINS=PORTAL, ALLOWED_HOSTS="search.example 127.0.0.1")
    headers = {"origin": origin, "host": host, **JSON}
    method = "POST" if path in ("/api/ask", "/gradio_api/run/predict") else "GET"
    response = client.request(
        method, path, headers=headers, content=GRADIO if "gradio" in path else json.dumps(QUESTION)
    )
    assert response.status_code == 200
    assert [name for name in response.headers if name.startswith(ALLOW)] == []
    assert "evil" not in str(response.headers)
    assert "Origin" in response.headers["vary"].split(", ")


@pytest.mark.parametrize("origins", ["", PORTAL])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
@pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/run/predict", "/gradio_api/upload", "/config"])
def test_a_preflight_of_an_origin_that_is_not_listed_is_refused(
    origins: str, origin: str, path: str, shared_searcher: Searcher
) -> None:
    client = web_client(shared_searcher, ALLOWED_ORIGINS=origins)
    response = client.options(path, headers={"origin": origin, "access-control-request-method": "POST"})
    assert (response.status_code, response.text) == (400, "Disallowed CORS origin")
    assert f"{ALLOW}origin" not in response.headers
    assert f"{ALLOW}credentials" not in response.headers


def test_a_listed_portal_reads_answers_and_may_frame_the_chat(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, ALLOWED_ORIGINS=f"{PORTAL}:443 http://intranet.example:8080")
    for origin in (PORTAL, "http://intranet.example:8080"):
        response = client.post("/api/ask", json=QUESTION, headers={"origin": origin})
        assert response.json()["citations"][0]["article"] == "moon"
        assert response.headers[f"{ALLOW}origin"] == origin
        assert f"{ALLOW}credentials" not in response.headers
        assert "Origin" in response.headers["vary"].split(", ")
    policy = client.get("/").headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {PORTAL} http://intranet.example:8080")


def test_a_portal_may_post_json_and_nothing_more(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, ALLOWED_ORIGINS=PORTAL)
    asked = {"origin": PORTAL, "access-control-request-method": "POST"}
    allowed = client.options("/api/ask", headers={**asked, "access-control-request-headers": "content-type"})
    assert (allowed.status_code, allowed.headers[f"{ALLOW}origin"], allowed.headers[f"{ALLOW}methods"]) == (
        200,
        PORTAL,
        "POST",
    )
    refused = {
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "x-remote-user",
    }
    for name, value in refused.items():
        assert client.options("/api/ask", headers={**asked, name: value}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/api/ask", 405, "Method Not Allowed"),
        ("PUT", "/api/ask", 405, "Method Not Allowed"),
        ("OPTIONS", "/api/ask", 405, "Method Not Allowed"),
        ("POST", "/healthz", 405, "Method Not Allowed"),
        ("DELETE", "/articles/moon", 405, "Method Not Allowed"),
        ("POST", "/", 405, "Method Not Allowed"),
        ("POST", "/site/chat/chat.css", 405, "Method Not Allowed"),
        ("GET", "/api", 404, "Not Found"),
        ("POST", "/api/ask/x", 404, "Not Found"),
        ("POST", "/API/ask", 404, "Not Found"),
        ("GET", "/favicon.ico", 404, "Not Found"),
        ("GET", "/site/../server.py", 404, "Not Found"),
        ("GET", "/site/%2e%2e/server.py", 404, "Not Found"),
        ("GET", "/site/%2e%2e%2fserver.py", 404, "Not Found"),
        ("GET", "/site/..%5cserver.py", 404, "Not Found"),
        ("GET", "/site//etc/passwd", 404, "Not Found"),
        ("GET", "/site/%00", 404, "Not Found"),
    ],
)
def test_a_wrong_address_or_method_is_refused_in_json(
    method: str, path: str, status: int, error: str, shared_searcher: Searcher
) -> None:
    response = web_client(shared_searcher).request(method, path)
    assert (response.status_code, response.json()) == (status, {"error": error})
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/articles", "/articles/moon", "/demo", "/widget.js", "/site/chat/chat.css"]
)
def test_whatever_can_be_got_answers_to_head(path: str, shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    client.headers["accept-encoding"] = "identity"  # what is packed on its way has another length
    head, got = client.head(path), client.get(path)
    assert (head.status_code, head.headers["content-length"]) == (200, got.headers["content-length"])


def test_the_page_that_a_question_is_asked_on_is_searched_first(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)

    def ask(page: object) -> tuple[str | None, list[str]]:
        answer = client.post("/api/ask", json={"question": "What feeds bees in July?", "page": page}).json()
        return answer["section"], sorted({part["article"] for part in answer["citations"] + answer["closest"]})

    everything = ["garden/bees", "moon", "zh/tea"]
    assert ask(None) == (None, everything)
    assert ask({}) == (None, everything)
    assert ask({"url": "https://portal.example/zh/", "title": "Bees"}) == ("zh", everything)
    assert ask({"title": "The Moon"}) == ("The Moon", everything)
    assert ask({"url": "https://portal.example/none"}) == (None, everything)


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ("garden", "page: Input should be a valid dictionary or object to extract fields from"),
        ({"url": 7}, "page.url: Input should be a valid string"),
        ({"url": "x" * 2_001}, "page.url: String should have at most 2000 characters"),
        ({"title": "x" * 2_001}, "page.title: String should have at most 2000 characters"),
        ({"folder": "garden"}, "page.folder: Extra inputs are not permitted"),
    ],
)
def test_a_page_that_is_none_is_refused(page: object, error: str, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post("/api/ask", json={"question": "soil", "page": page})
    assert (response.status_code, response.json()) == (422, {"error": error})


@pytest.mark.parametrize("field", ["url", "title"])
def test_half_a_character_in_a_page_is_no_trouble(field: str, shared_searcher: Searcher) -> None:
    body = json.dumps({"question": "soil", "page": {field: "bees \ud800"}})
    response = web_client(shared_searcher).post("/api/ask", content=body, headers=JSON)
    assert response.status_code == 422
    assert response.json()["error"].startswith(f"page.{field}: ")


@pytest.mark.parametrize(
    ("k", "error"),
    [
        ("3", "k: Input should be a valid integer"),
        (True, "k: Input should be a valid integer"),
        (3.0, "k: Input should be a valid integer"),
        (2.5, "k: Input should be a valid integer"),
        (None, "k: Input should be a valid integer"),
        ([3], "k: Input should be a valid integer"),
    ],
)
def test_a_number_of_citations_is_a_whole_number(k: object, error: str, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post("/api/ask", json={"question": "soil", "k": k})
    assert (response.status_code, response.json()) == (422, {"error": error})

"""Which names we answer to, and which of Gradio's addresses: the rest of it is closed."""

import asyncio
import json
import re
from typing import Any

import pytest
from gradio.routes import App
from starlette.types import ASGIApp

from app.answering.collection import Collection
from app.settings import Settings
from app.web.chat.event import Chat
from index.search.searcher import Searcher
from tests.web import raw_request, web_client

UNKNOWN = {"error": "this server does not answer to that name. Its owner can list the name in CHAT_ALLOWED_HOSTS"}
JSON = {"content-type": "application/json"}
HOST = (b"host", b"127.0.0.1")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ([b"search.example"], 200),
        ([b"SEARCH.Example:8443"], 200),
        ([b"[2001:db8::7]:80"], 200),
        ([b"[2001:DB8::7]"], 200),
        ([], 400),
        ([b""], 400),
        ([b"127.0.0.1"], 400),
        ([b"search.example."], 400),
        ([b"search.example:"], 400),
        ([b"search.example:http"], 400),
        ([b"search.example:123456"], 400),
        ([b"a@search.example"], 400),
        ([b"search.example@evil.example"], 400),
        ([b"search.example/evil.example"], 400),
        ([b"search.example, evil.example"], 400),
        ([b"evil.example", b"search.example"], 400),
        ([b"search.example", b"search.example"], 400),
        ([b"search.example\n"], 400),
        ([b" search.example"], 400),
        ([b"asearch.example"], 400),
        ([b"search.example.evil.example"], 400),
        ([b"2001:db8::7"], 400),
        ([b"s\xc3\xa9arch.example"], 400),
        (["ſearch.example".encode()], 400),
        ([b"\xff"], 400),
    ],
)
def test_only_a_listed_name_is_answered_to(hosts: list[bytes], status: int, shared_searcher: Searcher) -> None:
    app = web_client(shared_searcher, ALLOWED_HOSTS="search.example [2001:db8::7]").app
    found, body = raw_request(app, "/healthz", [(b"host", host) for host in hosts])
    assert found == status
    assert status == 200 or json.loads(body) == UNKNOWN


def test_a_refused_name_is_in_the_log_and_cannot_forge_a_line_of_it(
    shared_searcher: Searcher, caplog: pytest.LogCaptureFixture
) -> None:
    raw_request(web_client(shared_searcher).app, "/", [(b"host", b"evil\nexample" + b"x" * 5000)])
    (message,) = [record.getMessage() for record in caplog.records if record.name == "app.web.middleware.hosts"]
    assert message.startswith("refused a request to host ['evil\\nexamplexxx")
    assert "\n" not in message
    assert len(message) < 300


def test_a_request_without_a_host_is_explained_to_the_owner(
    shared_searcher: Searcher, caplog: pytest.LogCaptureFixture
) -> None:
    raw_request(web_client(shared_searcher).app, "/", [])
    (message,) = [record.getMessage() for record in caplog.records if record.name == "app.web.middleware.hosts"]
    assert message == "refused a request without a Host header. A proxy has to pass it on, as docs/nginx.conf does"


@pytest.mark.parametrize("hosts", [[], [b"evil<script>.example"]])
def test_a_visitor_at_a_wrong_address_gets_a_page_in_their_language(
    hosts: list[bytes], shared_searcher: Searcher
) -> None:
    browser = [(b"accept", b"text/html,application/xhtml+xml;q=0.9"), (b"accept-language", b"zh")]
    headers = [(b"host", host) for host in hosts] + browser
    status, body = raw_request(web_client(shared_searcher).app, "/articles", headers)
    page = body.decode()
    assert (status, page.count("<h1>此地址无法使用对话</h1>")) == (400, 1)
    assert page.startswith('<!doctype html>\n<html lang="zh">')
    assert "evil" not in page
    assert "CHAT_" not in page


def gradio_routes(searcher: Searcher) -> set[str]:
    """Every path that Gradio serves for the chat's page, its parameters filled in."""

    async def made() -> Any:
        collection = Collection.of(searcher)
        return App.create_app(Chat(lambda _: collection, Settings()).page())

    paths: set[str] = set()
    routes = list(asyncio.run(made()).routes)
    while routes:
        route = routes.pop()
        router = getattr(route, "original_router", None)  # FastAPI's wrapping of a router in another
        routes += router.routes if router else []
        paths |= {re.sub(r"\{[^}]*\}", "x", route.path)} if getattr(route, "path", "") else set()
    return paths


def answered(app: ASGIApp, method: str, path: str) -> tuple[int, Any]:
    status, body = raw_request(app, path, [HOST], method)
    return status, json.loads(body) if body.startswith(b"{") else body


def test_of_all_that_gradio_serves_only_what_the_chat_needs_is_open(shared_searcher: Searcher) -> None:
    app, paths = web_client(shared_searcher).app, gradio_routes(shared_searcher)
    assert paths >= {"/gradio_api/upload", "/gradio_api/file=x", "/gradio_api/proxy=x", "/gradio_api/heartbeat/x"}
    assert len(paths) > 60
    found = {(method, path): answered(app, method, path) for path in paths - {"/"} for method in METHODS}
    closed = [(404, {"error": "Not Found"}), (405, {"error": "Method Not Allowed"})]
    opened = {call: answer for call, answer in found.items() if answer not in closed}

    redirects = {call for call, (status, _) in opened.items() if status == 307}
    assert {path for _, path in redirects} == {"/config/", "/gradio_api/info/"}
    statuses = {call: status for call, (status, _) in opened.items() if call not in redirects}
    assert statuses == {
        ("GET", "/config"): 200,
        ("GET", "/theme.css"): 200,
        ("GET", "/assets/x"): 404,  # Gradio's own
        ("GET", "/gradio_api/info"): 200,
        ("GET", "/gradio_api/startup-events"): 200,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload/",
        "/gradio_api//upload",
        "//gradio_api/upload",
        "/GRADIO_API/upload",
        "/gradio_api/upload\n",
        "/assets/../gradio_api/upload",
        "/assets/..",
        "/assets/x/../../../../etc/passwd",
        "/static/fonts/../../../../etc/passwd",
        "/static/img/../../config",
        "/static/x.css",
        "/static/fonts",
        "/svelte/x",
        "/gradio_api/run/predict/x",
        "/gradio_api/run/_ask",
        "/gradio_api/api/predict",
        "/gradio_api/info/x",
        "/configx",
        "/config.json",
        "/xconfig",
        "/a/config",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_no_other_way_of_writing_an_address_opens_it(method: str, path: str, shared_searcher: Searcher) -> None:
    app = web_client(shared_searcher).app
    assert answered(app, method, path) == (404, {"error": "Not Found"})


def test_an_address_below_the_public_path_is_as_closed(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, PATH="/tools/ask")
    for path in ("/tools/ask/gradio_api/upload", "/gradio_api/upload", "/tools/ask/gradio_api/openapi.json"):
        assert (client.post(path).status_code, client.get(path).status_code) == (404, 404)
    assert client.get("/tools/ask/gradio_api/info").status_code == 200

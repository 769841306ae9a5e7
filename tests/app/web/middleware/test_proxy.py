"""Whose forwarding headers count, the public path, and the person that the proxy names."""

import ast
import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from app.web.middleware.proxy import grouped, is_passed_on, public_path, trusted_proxies
from index.search.searcher import Searcher
from tests.web import PEER, echo, raw_request, web_client

SIGNED_OUT = (401, {"error": "nobody is signed in. Open this address through the portal's proxy"})
SSO = {"TRUSTED_PROXIES": "10.0.0.0/24 2001:db8::/64", "USER_HEADER": "X-Forwarded-User"}


def told(app: Any, path: str, headers: dict[str, str], peer: str = PEER) -> dict[str, Any]:
    """Description of a request to the application behind."""
    client = TestClient(app, "http://search.example", client=(peer, 1))
    client.headers.clear()
    found: dict[str, Any] = ast.literal_eval(client.get(path, headers=headers).text)
    return found


FORWARDED = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "search.example:8443",
    "x-forwarded-prefix": "/elsewhere",
    "x-forwarded-for": "203.0.113.9",
    "forwarded": "host=evil.example;proto=https",
    "x-remote-user": "ada",
    "accept": "text/html",
}


@pytest.mark.parametrize("peer", ["10.0.0.1", "10.0.0.255", "2001:db8::7"])
def test_a_trusted_proxy_says_scheme_host_and_person(peer: str) -> None:
    app = trusted_proxies(
        echo, Settings.from_env({"CHAT_TRUSTED_PROXIES": SSO["TRUSTED_PROXIES"]}).trusted_proxies, "x-remote-user"
    )
    found = told(app, "/a", FORWARDED, peer)
    assert found["scheme"] == "https"
    assert found["headers"] == [("x-remote-user", "ada"), ("accept", "text/html"), ("host", "search.example:8443")]


@pytest.mark.parametrize("peer", ["10.0.1.0", "203.0.113.9", "2001:db9::7", "::ffff:10.0.0.1", "testclient", ""])
def test_from_anyone_else_nothing_forwarded_and_no_person_is_believed(peer: str) -> None:
    app = trusted_proxies(
        echo, Settings.from_env({"CHAT_TRUSTED_PROXIES": SSO["TRUSTED_PROXIES"]}).trusted_proxies, "x-remote-user"
    )
    found = told(app, "/a", FORWARDED, peer)
    assert (found["scheme"], found["headers"]) == ("http", [("host", "search.example"), ("accept", "text/html")])


@pytest.mark.parametrize("scheme", ["", "ftp", "HTTPS", "https,http", "javascript"])
def test_a_scheme_that_is_none_is_left_as_it_was(scheme: str) -> None:
    app = trusted_proxies(echo, Settings.from_env({"CHAT_TRUSTED_PROXIES": PEER}).trusted_proxies, "")
    assert told(app, "/a", {"x-forwarded-proto": scheme})["scheme"] == "http"


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("/tools/ask/healthz", "/tools/ask/healthz"),
        ("/healthz", "/tools/ask/healthz"),
        ("/tools/ask", "/tools/ask"),
        ("/tools/askew", "/tools/ask/tools/askew"),
        ("/tools/ask2/healthz", "/tools/ask/tools/ask2/healthz"),
        ("/Tools/Ask/healthz", "/tools/ask/Tools/Ask/healthz"),
    ],
)
def test_everything_lies_below_the_public_path_whether_or_not_it_was_cut_off(path: str, public: str) -> None:
    found = told(public_path(echo, "/tools/ask"), path, {})
    assert (found["path"], found["root"]) == (public, "/tools/ask")


def test_without_a_public_path_the_request_is_left_alone() -> None:
    found = told(public_path(echo, ""), "/tools/ask", {})
    assert (found["path"], found["root"]) == ("/tools/ask", "")


@pytest.mark.parametrize("path", ["/", "/config", "/articles", "/articles/moon", "/site/chat/chat.css", "/none"])
def test_who_is_not_signed_in_gets_nothing(path: str, shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, "10.0.0.1", **SSO)
    response = client.get(path)
    assert (response.status_code, response.json()) == SIGNED_OUT
    assert client.get(path, headers={"x-forwarded-user": "ada"}).status_code in (200, 404)


@pytest.mark.parametrize(
    ("peer", "names"),
    [
        ("10.0.0.1", [""]),
        ("10.0.0.1", [" \t "]),
        ("10.0.0.1", ["ada", "bob"]),
        ("10.0.0.1", ["ada", ""]),
        ("10.0.0.1", ["ada", "ada"]),
        ("203.0.113.9", ["ada"]),
    ],
)
def test_a_person_named_by_nobody_trusted_or_not_clearly_is_nobody(
    peer: str, names: list[str], shared_searcher: Searcher
) -> None:
    client = web_client(shared_searcher, peer, **SSO)
    response = client.post(
        "/api/ask", json={"question": "soil"}, headers=[("x-forwarded-user", name) for name in names]
    )
    assert (response.status_code, response.json()) == SIGNED_OUT


def test_a_signed_in_person_asks(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, "10.0.0.1", **SSO)
    response = client.post("/api/ask", json={"question": "Is lunar soil dry?"}, headers={"x-forwarded-user": "ada"})
    assert (response.status_code, response.json()["citations"][0]["article"]) == (200, "moon")


def test_a_portal_may_ask_whether_it_may_ask_before_anybody_has_signed_in(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, "10.0.0.1", **SSO, ALLOWED_ORIGINS="https://portal.example")
    asks = {"origin": "https://portal.example", "access-control-request-method": "POST"}
    response = client.options("/api/ask", headers=asks)
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "https://portal.example")
    assert client.options("/api/ask", headers={"origin": "https://portal.example"}).status_code == 401


@pytest.mark.parametrize("base", ["", "/tools/ask"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/widget.js", 200),
        ("/widget.js/", 401),
        ("/healthz/", 401),
        ("//healthz", 401),
        ("/healthz/x", 401),
        ("/articles/x/healthz", 401),
        ("/articles/healthz", 401),
        ("/HEALTHZ", 401),
        ("/healthz%2f..%2farticles", 401),
        ("/x/../healthz", 401),
        ("/healthz;", 401),
        ("/healthz\n", 401),
    ],
)
def test_health_and_the_widgets_script_are_open_and_nothing_else_is(
    base: str, path: str, status: int, shared_searcher: Searcher
) -> None:
    app = web_client(shared_searcher, PATH=base, **SSO).app
    assert raw_request(app, base + path, [(b"host", b"127.0.0.1")])[0] == status


@pytest.fixture
def below(shared_searcher: Searcher) -> TestClient:
    """A client behind a trusted proxy that ends TLS in front of a path."""
    client = web_client(shared_searcher, PATH="/tools/ask", TRUSTED_PROXIES=PEER, ALLOWED_HOSTS="search.example")
    client.headers.update({"x-forwarded-proto": "https", "x-forwarded-host": "search.example"})
    return client


@pytest.mark.parametrize("prefix", ["/tools/ask", ""])
def test_every_address_in_pages_and_answers_lies_below_the_path(prefix: str, below: TestClient) -> None:
    link = below.post(f"{prefix}/api/ask", json={"question": "Is lunar soil dry?"}).json()["citations"][0]["link"]
    assert link == "/tools/ask/articles/moon?start=0&end=82&mark=5-23&cited=2e2aac147486#passage"
    assert below.get(f"{prefix}/config").json()["root"] == "https://search.example/tools/ask"
    chat = below.get(f"{prefix}/").text
    assert '<base href="/tools/ask/">' in chat
    for page in ("/", "/articles", "/articles/moon", "/articles/none", "/demo"):
        text = below.get(prefix + page).text
        addresses = [part.split('"')[0] for part in text.replace('src="', 'href="').split('href="')[1:]]
        ours = [address for address in addresses if address not in ("#search", "https://space.example/return")]
        assert ours
        assert [a for a in ours if not a.startswith(("/tools/ask/", "https://search.example/tools/ask/"))] == []


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/tools/ask", "https://search.example/tools/ask/"),
        ("/tools/ask/demo/", "https://search.example/tools/ask/demo"),
        ("/demo/?section=zh", "https://search.example/tools/ask/demo?section=zh"),
    ],
)
def test_a_redirect_keeps_scheme_host_and_path(path: str, location: str, below: TestClient) -> None:
    response = below.get(path)
    assert (response.status_code, response.headers["location"]) == (307, location)


def test_a_path_that_only_begins_alike_is_not_ours(below: TestClient) -> None:
    assert below.get("/tools/askew").status_code == below.get("/tools/askew/healthz").status_code == 404


def test_a_forwarded_host_must_be_one_of_ours(below: TestClient) -> None:
    assert below.get("/config", headers={"x-forwarded-host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("sent", "groups"),
    [
        ([], set()),
        ([b""], set()),
        ([b"hr"], {"hr"}),
        ([b" HR ,legal; hr;;"], {"hr", "legal"}),
        ([b"hr", b"", b"legal"], {"hr", "legal"}),
        (["Cafe\u0301, STRASSE".encode()], {"caf\u00e9", "strasse"}),
        ([b"hr,\xff"], set()),
        (["hr,\u200b".encode()], set()),
        ([b"hr", b"x" * 201], set()),
        ([b"hr," + b",".join(b"%d" % number for number in range(1_000))], set()),
    ],
)
def test_groups_are_those_of_all_values_or_none_where_one_cannot_be_read(sent: list[bytes], groups: set[str]) -> None:
    found: list[frozenset[str] | None] = []

    async def noted(scope: Any, receive: Any, send: Any) -> None:
        found.append(scope["state"]["groups"])

    headers = [(b"x-remote-groups", value) for value in sent]
    for name in ("x-remote-groups", ""):
        scope = {"type": "http", "headers": [(b"x-remote", b"board"), *headers], "state": {"groups": {"board"}}}
        asyncio.run(grouped(noted, name)(scope, echo, echo))  # type: ignore[arg-type]
    assert found == [groups, None]


def test_a_request_without_an_address_of_its_sender_is_trusted_with_nothing() -> None:
    app = trusted_proxies(echo, Settings.from_env({"CHAT_TRUSTED_PROXIES": "192.0.0.0/8"}).trusted_proxies, "x-user")
    answers: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "scheme": "http",
        "path": "/",
        "root_path": "",
        "client": None,
        "headers": [(b"x-user", b"a")],
    }
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 20))
    assert ast.literal_eval(answers[1]["body"].decode())["headers"] == []


@pytest.mark.parametrize(
    ("version", "names", "passed_on"),
    [
        ("1.1", ["host", "x-requested-with", "view"], False),
        ("1.0", [], True),
        ("1.1", ["cf-connecting-ip"], True),
        ("1.1", ["x-original-forwarded-for"], True),
        ("1.1", ["x-envoy-external-address"], True),
    ],
)
def test_a_request_shows_whether_a_proxy_passed_it_on(version: str, names: list[str], passed_on: bool) -> None:
    headers = [(name.encode(), b"") for name in names]
    assert is_passed_on({"type": "http", "http_version": version, "headers": headers}) is passed_on

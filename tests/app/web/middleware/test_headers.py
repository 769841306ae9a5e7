"""Headers of every response, whichever part of the application gives it."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.search.hits import Hit
from index.search.searcher import Searcher
from index.stores.address import open_location
from tests.hashing import HashingEncoder
from tests.web import PEER, web_client

PORTALS = "https://portal.example http://intranet.example:8080"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), clipboard-write=(self)",
    "cross-origin-opener-policy": "same-origin",
    "x-permitted-cross-domain-policies": "none",
}
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
)
CHAT = PAGE.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
CHAT = CHAT.replace("form-action 'self'", "form-action 'none'").replace("base-uri 'none'", "base-uri 'self'")

HOUR, FOREVER, NEVER = "public, max-age=3600", "public, max-age=31536000, immutable", "no-store"
JSON = {"content-type": "application/json"}
ASKED = b'{"fn_index": 0, "data": [{"question": "Is lunar soil dry?"}]}'

# Every kind of answer: method, path, what is sent with it, status, and how long it may be kept.
KINDS: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "chat": ("GET", "/", {}, 200, NEVER),
    "head": ("HEAD", "/", {}, 200, NEVER),
    "list": ("GET", "/articles", {}, 200, NEVER),
    "article": ("GET", "/articles/moon", {}, 200, NEVER),
    "no article": ("GET", "/articles/none", {}, 404, NEVER),
    "demo": ("GET", "/demo", {}, 200, NEVER),
    "widget": ("GET", "/widget.js", {}, 200, HOUR),
    "health": ("GET", "/healthz", {}, 200, NEVER),
    "answer": ("POST", "/api/ask", {"json": {"question": "Is lunar soil dry?"}}, 200, NEVER),
    "bad question": ("POST", "/api/ask", {"json": {"question": ""}}, 422, NEVER),
    "no question": ("POST", "/api/ask", {"content": b"{"}, 422, NEVER),
    "too large": ("POST", "/api/ask", {"content": b"a" * 1_000_001}, 413, NEVER),
    "wrong method": ("DELETE", "/api/ask", {}, 405, NEVER),
    "nothing there": ("GET", "/none", {}, 404, NEVER),
    "redirect": ("GET", "/demo/", {}, 307, NEVER),
    "style": ("GET", "/site/chat/chat.css", {}, 200, HOUR),
    "no style": ("GET", "/site/none.css", {}, 404, NEVER),
    "wrong host": ("GET", "/widget.js", {"headers": {"host": "evil.example"}}, 400, NEVER),
    "preflight": (
        "OPTIONS",
        "/api/ask",
        {"headers": {"origin": "https://evil.example", "access-control-request-method": "POST"}},
        400,
        NEVER,
    ),
    "gradio's configuration": ("GET", "/config", {}, 200, NEVER),
    "gradio's theme": ("GET", "/theme.css", {}, 200, NEVER),
    "gradio's script": ("GET", "/{script}", {}, 200, FOREVER),
    "gradio's missing script": ("GET", "/assets/none.js", {}, 404, NEVER),
    "gradio's missing picture": ("GET", "/static/img/none.svg", {}, 404, NEVER),
    "gradio's answer": ("POST", "/gradio_api/run/predict", {"content": ASKED, "headers": JSON}, 200, NEVER),
    "gradio's refusal": ("POST", "/gradio_api/run/predict", {"content": b"{}", "headers": JSON}, 422, NEVER),
    "gradio's closed door": ("POST", "/gradio_api/upload", {}, 404, NEVER),
}


def policy(path: str, ancestors: str) -> str:
    return f"{CHAT if path == '/' else PAGE}frame-ancestors {ancestors}"


def script_of(client: TestClient) -> str:
    found = re.search(r'src="/(assets/index-[\w-]+\.js)"', client.get("/").text)
    assert found
    return found[1]


def strictness(response: Any) -> dict[str, str]:
    return {name: response.headers.get(name) for name in ALWAYS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("portals", "ancestors"), [("", "'self'"), (PORTALS, f"'self' {PORTALS}")])
def test_every_kind_of_answer_is_strict(kind: str, portals: str, ancestors: str, shared_searcher: Searcher) -> None:
    method, path, sent, status, caching = KINDS[kind]
    client = web_client(shared_searcher, ALLOWED_ORIGINS=portals)
    path = path.format(script=script_of(client)) if "{" in path else path
    response = client.request(method, path, **sent)

    assert response.status_code == status
    assert strictness(response) == ALWAYS
    assert response.headers["content-security-policy"] == policy(path, ancestors)
    assert response.headers.get("x-frame-options") == (None if portals else "SAMEORIGIN")
    assert response.headers["cache-control"] == caching
    shared = "cross-origin" if path == "/widget.js" else "same-origin"
    assert response.headers["cross-origin-resource-policy"] == shared
    for name in ("set-cookie", "server", "x-powered-by", "access-control-allow-credentials"):
        assert name not in response.headers


def test_a_file_that_has_not_changed_is_strict_too(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    tag = client.get("/site/chat/chat.css").headers["etag"]
    response = client.get("/site/chat/chat.css", headers={"if-none-match": tag})
    assert (response.status_code, response.headers["cache-control"], strictness(response)) == (304, HOUR, ALWAYS)
    assert response.headers["content-security-policy"] == policy("/site/chat/chat.css", "'self'")


def test_who_is_signed_out_is_answered_strictly(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, TRUSTED_PROXIES=PEER, USER_HEADER="X-Remote-User")
    for path in ("/", "/site/chat/chat.css", "/assets/none.js"):
        response = client.get(path)
        assert (response.status_code, response.headers["cache-control"], strictness(response)) == (401, NEVER, ALWAYS)
        assert response.headers["content-security-policy"] == policy(path, "'self'")


class Broken(Searcher):
    """A searcher with a bug."""

    def fused(self, *_: Any, **__: Any) -> list[Hit]:
        raise ZeroDivisionError("a secret of the server")


def test_a_bug_tells_nothing_of_itself_and_is_answered_strictly(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    client = web_client(Broken.open(open_location(root).open(), load=HashingEncoder))
    own = client.post("/api/ask", json={"question": "soil"})
    assert (own.status_code, own.json()) == (500, {"error": "this failed on the server; see its log"})
    gradio = client.post("/gradio_api/run/predict", content=ASKED, headers=JSON)
    assert (gradio.status_code, gradio.json()) == (500, {"error": None})
    for response in (own, gradio):
        assert (strictness(response), response.headers["cache-control"]) == (ALWAYS, NEVER)
        assert response.headers["content-security-policy"] == policy("/api/ask", "'self'")
    assert "a secret of the server" in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/tools/ask/", "/"])
def test_the_chat_page_keeps_its_policy_below_a_path(path: str, shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, PATH="/tools/ask")
    assert client.get(path).headers["content-security-policy"] == policy("/", "'self'")
    assert client.get("/tools/ask/widget.js").headers["cache-control"] == HOUR
    assert client.get("/tools/ask/articles").headers["content-security-policy"] == policy("/articles", "'self'")


def test_no_page_holds_a_script_or_a_style_of_its_own(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    for path in ("/", "/articles", "/articles/moon?start=0&end=82", "/articles/none", "/demo?section=zh&opened=1"):
        text = client.get(path).text
        assert "'unsafe-eval'" not in client.get(path).headers["content-security-policy"]
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text) == []


def test_pages_are_packed_for_whom_reads_it_and_parts_of_files_are_not(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    plain = client.get("/articles", headers={"accept-encoding": "identity"})
    packed = client.get("/articles", headers={"accept-encoding": "gzip"})
    part = client.get("/site/chat/chat.css", headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    encodings = [response.headers.get("content-encoding") for response in (plain, packed, part)]
    assert encodings == [None, "gzip", None]
    assert plain.text == packed.text
    assert (part.status_code, part.text) == (206, "/* The cha")

"""The configuration in docs/nginx.conf, run by a real nginx in front of the real application."""

import contextlib
import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus, urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.fronting import NGINX, PERSON, Front, certify, nginx, portal
from tests.serving import needs, served

QUESTION = "How many intergovernmental agreements on science cooperation had China signed by January 2026?"
SENTENCE = (
    "Date of count: January 2026; Intergovernmental agreements: 120; Countries and regions with science ties: not given"
)


@pytest.fixture(scope="module")
def front(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    needs(NGINX, "nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    certify(folder, dict([PERSON]))
    with contextlib.ExitStack() as started:
        listed, unlisted = (started.enter_context(portal(folder / name)) for name in ("listed", "unlisted"))
        settings = {
            "CHAT_PATH": "/tools/ask",
            "CHAT_TRUSTED_PROXIES": "127.0.0.1",
            "CHAT_USER_HEADER": "X-Remote-User",
            "CHAT_ALLOWED_HOSTS": "localhost",
            "CHAT_ALLOWED_ORIGINS": listed,
        }
        chat = started.enter_context(served(project_root, settings))
        cut = {"proxy_pass http://chat;": "proxy_pass http://chat/;"}
        plain = started.enter_context(nginx(folder, chat, {}))
        cutting = started.enter_context(nginx(folder, chat, cut))
        yield Front(plain, cutting, chat, listed, unlisted, folder / "authority.pem")


@pytest.fixture
def context(browser: Browser, front: Front) -> Iterator[BrowserContext]:
    """A signed-in person's browser, which must not ask anything of another origin."""
    seen: list[str] = []
    context = browser.new_context(
        ignore_https_errors=True, extra_http_headers={"Authorization": httpx.BasicAuth(*PERSON)._auth_header}
    )
    context.on("request", lambda request: seen.append(request.url))
    yield context
    context.close()
    known = (front.address, front.cutting, front.listed, front.unlisted, "data:", "blob:")
    assert [url for url in seen if not url.startswith(known)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(params=["address", "cutting"], ids=["path kept", "path cut off"])
def address(request: pytest.FixtureRequest, front: Front) -> str:
    return str(getattr(front, request.param))


def test_a_question_is_answered_below_the_path_and_its_citation_opens(page: Page, address: str) -> None:
    page.goto(f"{address}/?q={quote_plus(QUESTION)}")
    card = page.locator(".card").first
    expect(card.locator(".lead strong")).to_have_text("120")
    page.get_by_label("Your question").fill("What record did EAST set in January 2025?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answer")).to_have_count(2)
    link = card.get_by_role("link", name="Open the article here").first.get_attribute("href")
    page.goto(urljoin(address, link))
    expect(page.locator("mark")).to_have_text([cell.partition(": ")[2] for cell in SENTENCE.split("; ")])
    assert page.url.startswith(f"{address}/articles/")
    page.get_by_role("link", name="All articles").click()
    expect(page.get_by_text("39 articles")).to_be_visible()


def test_the_widget_works_on_the_demo_below_the_path(page: Page, address: str) -> None:
    page.goto(f"{address}/demo")
    page.get_by_role("button", name="Ask the articles").click()
    frame = page.frame_locator("section[role=dialog] iframe")
    frame.get_by_label("Your question").fill(QUESTION)
    frame.get_by_role("button", name="Ask", exact=True).click()
    expect(frame.locator(".lead strong").first).to_have_text("120")
    assert f'<script src="{address}/widget.js" defer>' in (page.locator("pre").text_content() or "")


def test_gradios_addresses_are_https_and_below_the_path(front: Front, address: str) -> None:
    with front.client() as client:
        assert client.get(f"{address}/config").json()["root"] == address


def test_the_path_without_its_slash_leads_to_the_chat(front: Front) -> None:
    with front.client() as client:
        response = client.get(front.address)
        assert (response.status_code, response.headers["location"]) == (301, "/tools/ask/")


def test_every_page_is_for_who_has_signed_in(front: Front) -> None:
    with front.client(signed_in=False) as client:
        for path in ("/", "/articles", "/demo", "/config", "/healthz/x"):
            assert client.get(front.address + path).status_code == 401
        wrong = client.get(f"{front.address}/", auth=("ann", "wrong"), headers={"X-Remote-User": "ann"})
        assert wrong.status_code == 401


def test_the_widgets_script_is_there_before_anybody_has_signed_in(front: Front) -> None:
    with front.client(signed_in=False) as client:
        assert client.get(f"{front.address}/widget.js").headers["content-type"].startswith("text/javascript")


def test_the_chat_itself_knows_nobody_whom_the_proxy_has_not_named(front: Front) -> None:
    local = {"Host": "localhost"}
    assert httpx.get(f"{front.chat}/", headers=local).status_code == 401
    assert httpx.get(f"{front.chat}/healthz", headers=local).json()["status"] == "ok"
    assert httpx.get(f"{front.chat}/", headers={"Host": "evil.example", "X-Remote-User": "ann"}).status_code == 400


def test_what_the_client_says_of_forwarding_and_of_itself_counts_for_nothing(front: Front, address: str) -> None:
    lies = [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "http"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("Forwarded", "host=evil.example;proto=http"),
        ("X-Remote-User", "root"),
        ("X-Remote-User", "ann"),
        ("X_Remote_User", "root"),
    ]
    with front.client() as client:
        assert client.get(f"{address}/config", headers=lies).json()["root"] == address
        assert "evil.example" not in client.get(f"{address}/demo", headers=lies).text
    with front.client(signed_in=False) as client:
        assert client.get(f"{address}/config", headers=lies).status_code == 401


def test_another_name_is_refused_before_and_behind_the_proxy(front: Front) -> None:
    with front.client() as client:
        assert client.get(f"{front.address}/", headers={"Host": "evil.example"}).status_code == 421
    assert said_over_tls(front, "evil.example") == "refused"
    assert said_over_tls(front, "localhost", f"{front.address}/", host="evil.example") == "400"


def said_over_tls(front: Front, name: str, target: str = "/", host: str = "") -> str:
    """The status of a request whose first line and headers may name different hosts."""
    trusted = ssl.create_default_context(cafile=front.authority)
    trusted.check_hostname = False
    port = urlsplit(front.address).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=10) as plain:
        try:
            wrapped = trusted.wrap_socket(plain, server_hostname=name)
        except ssl.SSLError:
            return "refused"
        with wrapped as secure:
            basic = httpx.BasicAuth(*PERSON)._auth_header
            lines = [f"GET {target} HTTP/1.1", f"Host: {host}", f"Authorization: {basic}", "Connection: close", "", ""]
            secure.sendall("\r\n".join(lines).encode())
            response = http.client.HTTPResponse(secure)
            response.begin()
            return str(response.status)


def test_plain_http_leads_to_https_on_our_own_name(front: Front) -> None:
    port = urlsplit(front.address).port
    text = next(Path(front.authority.parent, str(port)).glob("nginx.conf")).read_text("utf-8")
    plain = re.search(r"listen 127\.0\.0\.1:(\d+);", text)
    assert plain
    response = httpx.get(f"http://127.0.0.1:{plain[1]}/tools/ask/?q=x", headers={"Host": "evil.example"})
    assert (response.status_code, response.headers["location"]) == (301, f"{front.address}/?q=x")


def test_every_response_tells_the_browser_to_stay_with_https(front: Front) -> None:
    with front.client() as client:
        for path in ("/", "/articles", "/nothing", "/healthz"):
            assert client.get(front.address + path).headers["strict-transport-security"] == "max-age=31536000"
        assert client.get(f"{front.address}/").headers["x-content-type-options"] == "nosniff"


def test_health_is_not_shown_through_the_proxy(front: Front) -> None:
    with front.client() as client:
        assert client.get(f"{front.address}/healthz").status_code == 404


def test_articles_are_sent_compressed_and_the_chats_own_files_once_only(front: Front) -> None:
    with front.client() as client:
        gzipped = {"Accept-Encoding": "gzip"}
        assert client.get(f"{front.address}/articles", headers=gzipped).headers["content-encoding"] == "gzip"
        assert client.get(f"{front.address}/widget.js", headers=gzipped).headers["content-encoding"] == "gzip"
        assert (
            "content-encoding" not in client.get(f"{front.address}/widget.js", headers={"Accept-Encoding": ""}).headers
        )


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_reaches_the_chat(front: Front) -> None:
    with front.client() as client:
        assert client.post(f"{front.address}/api/ask", content=b"x" * 1_000_001).status_code == 413
        assert client.post(f"{front.address}/api/ask", content=b"x" * 1_000_000).status_code == 422


def test_the_longest_question_fits_into_an_address(front: Front, address: str) -> None:
    with front.client() as client:
        assert client.get(f"{address}/", params={"q": "中" * 2_000}).status_code == 200


def test_a_question_is_never_logged(front: Front) -> None:
    with front.client() as client:
        client.get(f"{front.address}/", params={"q": "private matter"})
        client.get(f"{front.address}/articles", params={"q": "private matter"})
    log = Path(front.authority.parent, str(urlsplit(front.address).port), "chat.log").read_text("utf-8")
    assert " ann " in log
    assert "GET /tools/ask/articles 200" in log
    assert "private" not in log


def open_portal(page: Page, front: Front, name: str) -> None:
    (front.authority.parent / name / "index.html").write_text(
        f'<link rel="icon" href="data:,"><iframe src="{front.address}/" width="600" height="600"></iframe>', "utf-8"
    )
    page.goto(f"{getattr(front, name)}/index.html")


def test_a_listed_portal_may_frame_the_chat(page: Page, front: Front) -> None:
    open_portal(page, front, "listed")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Your question").fill(QUESTION)
    frame.get_by_role("button", name="Ask", exact=True).click()
    expect(frame.locator(".lead strong").first).to_have_text("120")


def test_a_portal_that_is_not_listed_may_not(page: Page, front: Front) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        open_portal(page, front, "unlisted")
    expect(page.frame_locator("iframe").get_by_label("Your question")).to_have_count(0)

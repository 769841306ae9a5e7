"""A site on loopback: pages by their path, which tests change, and what was asked of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Site:
    """Pages of a site: each path with a body, and headers, among them `status`."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.host = f"127.0.0.1:{port}"
        self.pages: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.asked: list[str] = []  # with the status of the reply

    def put(self, path: str, body: str | bytes, **headers: str) -> None:
        """Give a page these bytes; `kind` is its media type."""
        content = body if isinstance(body, bytes) else body.replace("SITE", self.url).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = content, {"kind": "text/html; charset=utf-8", **named}

    def page(self, path: str, text: str, *links: str) -> None:
        """Put a page of a title, a sentence and links."""
        anchors = "".join(f'<a href="{link}">x</a>' for link in links)
        title = text.split(maxsplit=1)[0]
        self.put(path, f"<html><head><title>{title}</title></head><body><p>{text}</p>{anchors}</body></html>")

    def sitemap(self, path: str, *urls: str, root: str = "urlset", entry: str = "url") -> None:
        """Put a site map of addresses."""
        entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        self.put(path, f'<?xml version="1.0"?><{root} xmlns="{space}">{entries}</{root}>', kind="application/xml")

    def taken(self) -> list[str]:
        """Everything asked since the last call."""
        asked, self.asked[:] = list(self.asked), []
        return asked


class Handler(BaseHTTPRequestHandler):
    """Answers from a site."""

    site: Site

    def do_GET(self) -> None:
        body, headers = self.site.pages.get(self.path, (b"none", {"status": "404", "kind": "text/plain"}))
        etag = f'"{sha256(body).hexdigest()[:8]}"'
        status = int(headers.get("status", "200"))
        if status == 200 and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.site.asked.append(f"{self.path} {status}")
        if "drip" in headers:
            self.drip()
            return
        self.send_response(status)
        self.send_header("Content-Type", headers["kind"])
        self.send_header("Content-Length", str(len(body)))
        if "plain" not in headers:
            self.send_header("ETag", etag)
        for name, value in headers.items():
            if name not in ("status", "kind", "plain"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """Send a header that does not end, a byte at a time."""
        with suppress(OSError):
            for byte in b"HTTP/1.0 200 OK\r\nx: " + b"y" * 20:
                self.wfile.write(bytes([byte]))
                time.sleep(0.02)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 - as the library names it
        pass


@contextmanager
def serving() -> Iterator[Site]:
    """A site that answers while the context is open."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Handler.site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def site_server() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def site(site_server: Site) -> Site:
    """A site of four pages; nothing else is on it."""
    site_server.pages.clear()
    site_server.page(
        "/", "Welcome to the harbour office.", "/rules/", "pay?year=2026#top", "https://other.example/x", "a.png"
    )
    site_server.page("/rules/", "Rules of the gate are strict.", "gate", "mailto:a@b.example", "/")
    site_server.page("/rules/gate", "Gates are shut at nine.", "../far")
    site_server.page("/pay?year=2026", "Pay rises by a percent.")
    site_server.taken()
    return site_server

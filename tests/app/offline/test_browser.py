import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.offline.browser import BrowserFailed, find_browser, visit
from tests.serving import CHROMIUM, needs_chromium

pytestmark = pytest.mark.slow

PAGES = {
    "/quiet": "<h1>Quiet</h1><script>document.body.append('ran')</script><img src='/dot.png'>",
    "/loud": "<img src='http://picture.example/x.png'><link rel='stylesheet' href='https://style.example:8443/a.css'>"
    "<script>fetch('https://answer.example/').catch(() => 1)</script>",
    "/sly": "<link rel='dns-prefetch' href='//name.example'><link rel='preconnect' href='https://early.example'>"
    "<script>new WebSocket('wss://socket.example/'); const peer = new RTCPeerConnection({ iceServers: "
    "[{ urls: 'stun:peer.example:3478' }] }); peer.createDataChannel('x'); "
    "peer.createOffer().then((offer) => peer.setLocalDescription(offer));</script>",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(PAGES.get(self.path, "").encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_is_given_as_its_scripts_leave_it_and_tries_nothing_else(address: str) -> None:
    needs_chromium()
    document, hosts = visit(str(CHROMIUM), f"{address}/quiet")
    assert "<h1>Quiet</h1>" in document
    assert "ran" in document.replace("append('ran')", "")
    assert hosts == frozenset()


def test_every_other_host_that_a_page_tries_is_named(address: str) -> None:
    needs_chromium()
    _, hosts = visit(str(CHROMIUM), f"{address}/loud")
    assert hosts == {"picture.example", "style.example", "answer.example"}


def test_hosts_that_are_looked_up_and_never_asked_are_named_too(address: str) -> None:
    needs_chromium()
    _, hosts = visit(str(CHROMIUM), f"{address}/sly")
    assert hosts == {"name.example", "early.example", "socket.example", "peer.example"}


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/chromium", "/bin/echo"])
def test_a_browser_that_does_not_work_is_named_with_the_address(program: str) -> None:
    with pytest.raises(BrowserFailed) as failure:
        visit(program, "http://127.0.0.1:9/")
    assert str(failure.value).startswith(f"{program} did not open http://127.0.0.1:9/: ")
    assert str(failure.value).endswith(" Try another browser")


def test_the_first_browser_on_the_path_is_found() -> None:
    needs_chromium()
    assert find_browser() in ("/usr/bin/chromium", "/bin/chromium")

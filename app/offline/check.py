"""The proof that nothing leaves this machine: every page opened, a question asked, every attempt noted."""

import ipaddress
import json
import sys
import urllib.request
from collections.abc import Callable
from urllib.parse import quote

from app.answering.links import article_address
from app.offline.browser import NAMES, find_browser, visit
from app.serving.live import Live
from app.serving.server import running
from app.settings import Settings
from index.errors import UserError

_LOOKS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}


class NotOffline(UserError):
    """The server or a page tried to reach another machine, or a page did not work."""


def watch_sockets() -> set[str]:
    """Every host outside loopback that this process tries to reach from now on, by any Python code.

    The set grows as attempts are made. It cannot be undone: an audit hook stays for good.
    """
    hosts: set[str] = set()

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event in _LOOKS and (host := _outside(arguments[_LOOKS[event]])):
            hosts.add(host)

    sys.addaudithook(note)
    return hosts


def check(live: Live, settings: Settings, reached: set[str], say: Callable[[str], None]) -> None:
    """Serve, open every page with and without a browser, and ask a question.

    `reached` is what `watch_sockets` gave before anything else was imported. Raises NotOffline,
    naming each host that was tried, or BrowserFailed.
    """
    first = next(live.current().searcher.articles.entries())
    question = settings.examples[0] if settings.examples else first.title
    pages = {
        "chat": f"/?q={quote(question)}",
        "demo with the widget open": "/demo?opened=1",
        "reader": article_address(first.id),
    }
    asked: list[str] = []
    with running(live.seen_by, settings, asked.append) as address:
        for path in (*pages.values(), "/articles", "/widget.js", "/healthz"):
            _get(address + path)
        _get(f"{address}/api/ask", {"question": question})
        _judge("server", reached)
        say("server: chat, demo, widget, reader and a question answered; no other host was tried")
        browser = find_browser()
        if browser is None:
            say(f"browser: none found ({', '.join(NAMES)}), so no page was opened in one")
            return
        for name, path in pages.items():
            _open(browser, name, address + path, asked)
        _judge("server", reached)
    say(f"browser {browser}: {', '.join(pages)}; all of them worked; no other host was tried")


def _open(browser: str, name: str, address: str, asked: list[str]) -> None:
    asked.clear()
    page = visit(browser, address)
    _judge(f"page {name}", page.hosts)
    works = {"chat": 'class="answer"' in page.document, "reader": "<article" in page.document}
    if not works.get(name, any(path.endswith("/run/predict") for path in asked)):
        raise NotOffline(f"{name} at {address} did not work in {browser}. Open it there to see why")


def _judge(who: str, hosts: set[str] | frozenset[str]) -> None:
    if hosts:
        raise NotOffline(f"the {who} tried to reach {', '.join(sorted(hosts))}. Nothing may leave this machine")


def _outside(target: object) -> str | None:
    """The host of a socket's target, or None where it is this machine."""
    host = target[0] if isinstance(target, tuple) else target if isinstance(target, str) else None
    if not isinstance(host, str) or host in ("", "localhost") or host.startswith(("/", "\0")):
        return None
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return None if address.is_loopback or address.is_unspecified else host


def _get(address: str, body: dict[str, str] | None = None) -> None:
    headers = {"content-type": "application/json"} if body else {}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address, data, headers)  # noqa: S310 - our own http address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as response:
        response.read()

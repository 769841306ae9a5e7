"""Check that nothing leaves this machine: opens every page, asks a question and notes each outside host."""

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

_EVENTS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}


class NotOffline(UserError):
    """The server or a page tried to reach another machine, or a page did not work."""


def watch_sockets() -> set[str]:
    """The hosts outside loopback that Python code of this process tries to reach from now on.

    The set grows with each attempt. The audit hook cannot be removed.
    """
    hosts: set[str] = set()

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event in _EVENTS and (host := _outside(arguments[_EVENTS[event]])):
            hosts.add(host)

    sys.addaudithook(note)
    return hosts


def check(live: Live, settings: Settings, hosts: set[str], say: Callable[[str], None]) -> None:
    """Serve, open every page with and without a browser, and ask a question.

    `hosts` is the set of `watch_sockets`, called before any other import. Raises NotOffline with the
    hosts that were tried, or BrowserFailed.
    """
    first = next(live.current().searcher.articles.entries())
    question = settings.examples[0] if settings.examples else first.title
    pages = {
        "chat": f"/?q={quote(question)}",
        "demo with the widget open": "/demo?opened=1",
        "reader": article_address(first.id),
    }
    requests: list[str] = []
    with running(live.seen_by, settings, requests.append) as address:
        for path in (*pages.values(), "/articles", "/widget.js", "/healthz", "/api/v1/docs", "/api/v1/articles"):
            _get(address + path)
        _get(f"{address}/api/ask", {"question": question})
        _require_none("server", hosts)
        say("server: chat, demo, widget, reader and a question answered; no other host was tried")
        browser = find_browser()
        if browser is None:
            say(f"browser: none found ({', '.join(NAMES)}), so no page was opened in one")
            return
        for name, path in pages.items():
            _open(browser, name, address + path, requests)
        _require_none("server", hosts)
    say(f"browser {browser}: {', '.join(pages)}; all of them worked; no other host was tried")


def _open(browser: str, name: str, address: str, requests: list[str]) -> None:
    requests.clear()
    document, hosts = visit(browser, address)
    _require_none(f"page {name}", hosts)
    works = {"chat": 'class="answer"' in document, "reader": "<article" in document}
    if not works.get(name, any(path.endswith("/run/predict") for path in requests)):
        raise NotOffline(f"{name} at {address} did not work in {browser}. Open it there to see why")


def _require_none(who: str, hosts: set[str]) -> None:
    if hosts:
        raise NotOffline(f"the {who} tried to reach {', '.join(sorted(hosts))}. Nothing may leave this machine")


def _outside(target: object) -> str | None:
    """The host of a socket's target, or None for this machine."""
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
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).read()

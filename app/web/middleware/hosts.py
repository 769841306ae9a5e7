"""Requests that are let in: by host, and the few paths of Gradio that the chat needs."""

import logging
import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.language import of_reader
from app.web.api.problem import refusal
from app.web.pages import PAGES

_log = logging.getLogger(__name__)

# Everything else that Gradio serves is closed: uploads, files, the proxy, streams without end, descriptions.
_CHAT_NEEDS = {
    "GET": re.compile(
        r"/config|/theme\.css|/assets/[\w.-]+|/static/(fonts|img)/[\w./-]+|/gradio_api/(info|startup-events)"
    ),
    "POST": re.compile(r"/gradio_api/run/predict"),
}
_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


def known_hosts(app: ASGIApp, hosts: Collection[str]) -> ASGIApp:
    """`app` behind a 400 for a host that is not in `hosts`, so that no page can be led astray by DNS rebinding.

    The log says what is wrong; a browser gets a page, any other client JSON.
    """

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).getlist("host")
        match = _HOST.fullmatch(given[0]) if len(given) == 1 else None
        if match and match[1].lower() in hosts:
            await app(scope, receive, send)
            return
        if given:
            _log.warning("refused a request to host %.200r: it is not in CHAT_ALLOWED_HOSTS", given)
        else:
            _log.warning("refused a request without a Host header. A proxy has to pass it on, as docs/nginx.conf does")
        await _refusal(Request(scope))(scope, receive, send)

    return checked


def _refusal(request: Request) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        language = of_reader(request.query_params, request.headers)
        page = PAGES.get_template("refused.html").render(say=language.say, code=language.code)
        return HTMLResponse(page, status_code=400)
    error = "this server does not answer to that name. Its owner can list the name in CHAT_ALLOWED_HOSTS"
    return refusal(request.scope, error, 400)


class ChatRoutes(Mount):
    """Gradio at the root with only the paths that the chat needs; the router answers 404 or 405 for all others."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match for a path that the chat needs, no match for any other."""
        allowed = _CHAT_NEEDS.get(scope.get("method", ""))
        path = scope["path"].removeprefix(scope["root_path"])
        if allowed is None or not allowed.fullmatch(path) or ".." in path:
            return Match.NONE, {}
        return super().matches(scope)

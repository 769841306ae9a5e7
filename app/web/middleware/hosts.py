"""Which requests are let in: names we answer to, the few addresses of Gradio that the chat needs."""

import logging
import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger(__name__)

# Everything else that Gradio serves is closed: uploads, files, the proxy, streams without end, descriptions.
_CHAT_NEEDS = {
    "GET": re.compile(
        r"/config|/theme\.css|/assets/[\w.-]+|/static/(fonts|img)/[\w./-]+|/gradio_api/(info|startup-events)"
    ),
    "POST": re.compile(r"/gradio_api/run/predict"),
}
_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


class KnownHosts:
    """ASGI middleware: 400 for a request to a name that is not ours, so that no page can be led astray by one."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] == "http" and not self._is_known(Headers(scope=scope).getlist("host")):
            error = "this server does not answer to that name. Its owner can list the name in CHAT_ALLOWED_HOSTS"
            await JSONResponse({"error": error}, status_code=400)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, given: list[str]) -> bool:
        match = _HOST.fullmatch(given[0]) if len(given) == 1 else None
        if match and match[1].lower() in self._hosts:
            return True
        _log.warning("refused a request to host %.200r: it is not in CHAT_ALLOWED_HOSTS", given)
        return False


class ChatRoutes(Mount):
    """Gradio at the root, where it has only what the chat needs: the router itself answers all else, 404 or 405."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match for what the chat needs, and none for anything else."""
        allowed = _CHAT_NEEDS.get(scope.get("method", ""))
        path = scope["path"].removeprefix(scope["root_path"])
        if allowed is None or not allowed.fullmatch(path) or ".." in path:
            return Match.NONE, {}
        return super().matches(scope)

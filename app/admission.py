"""Which requests are let in: names we answer to, the few addresses of Gradio that the chat needs, its questions."""

import logging
import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.limits import replay

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


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Text(_Strict):
    text: str
    type: Literal["text"]


class _Message(_Strict):
    role: Literal["user", "assistant"]
    content: list[_Text]


class _Call(_Strict):
    """What the page sends: one of its events and, unless it is being opened, question, history and checkbox."""

    fn_index: int
    data: tuple[()] | tuple[str | None, list[_Message] | None, bool]


class ChatCalls:
    """ASGI middleware around Gradio: 422 for a call that the chat's page would not make.

    Gradio makes a copy of each file and fetches each address that a message names, so nothing but
    text is let through. `events` holds the number of values that each of the page's events takes.
    """

    def __init__(self, app: ASGIApp, events: Mapping[int, int]) -> None:
        self._app = app
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, made anew of what it may hold, or answer 422."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            call = _Call.model_validate_json(await Request(scope, receive).body())
        except ValidationError:
            call = None
        if call is None or self._events.get(call.fn_index) != len(call.data):
            await JSONResponse({"error": "this is no call of the chat's page"}, status_code=422)(scope, receive, send)
            return
        await self._app(scope, replay(_body(call), receive), send)


def _body(call: _Call) -> bytes:
    data: list[Any] = []
    if call.data:
        question, history, here = call.data
        data = [question or "", history or [], here]
    return _Call.model_construct(fn_index=call.fn_index, data=data).model_dump_json(warnings=False).encode()

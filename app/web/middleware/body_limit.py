"""Bounds on what a request may carry, kept before any of it is read into memory."""

import re

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000  # bytes: a question with its conversation is far below


class BodyLimit:
    """ASGI middleware: 413 for a request body over `MAX_BODY` bytes, declared or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not re.fullmatch("[0-9]{1,12}", declared) or int(declared) > MAX_BODY:
            await _too_large(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            await _too_large(scope, receive, send)
            return
        await self._app(scope, replay(body, receive), send)


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is over the limit."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return body


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body, whole, and then what `receive` gives."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    reason = f"the request is over {MAX_BODY:,} bytes. Send a shorter question or history"
    await JSONResponse({"error": reason}, status_code=413)(scope, receive, send)

"""A limit on the size of a request, kept before its body is read into memory."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.api.problem import refusal

MAX_BODY = 1_000_000  # bytes: a question with its conversation is far below


def body_limit(app: ASGIApp, streamed: str = "") -> ASGIApp:
    """`app` behind a 413 for a request body over `MAX_BODY` bytes, declared or not.

    Only the path `streamed` gets its body as it comes, and has to limit it itself.
    """

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if streamed and scope["path"].removeprefix(scope["root_path"]) == streamed:
            await app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        acceptable = re.fullmatch("[0-9]{1,12}", declared) and int(declared) <= MAX_BODY
        body = await _read(receive) if acceptable else None
        if body is None:
            reason = f"the request is over {MAX_BODY:,} bytes. Send a shorter question or history"
            await refusal(scope, reason, 413)(scope, receive, send)
        else:
            await app(scope, replay(body, receive), send)

    return limited


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is over the limit."""
    body, more = b"", True
    while more and len(body) <= MAX_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)  # a disconnect has neither
    return body if len(body) <= MAX_BODY else None


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body, whole, and then the messages of `receive`."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed

"""What the chat's page sends: four kinds of call, and nothing but text in any of them."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Literal

from pydantic import Json, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.gate import Full, Gate
from app.web.middleware.body_limit import replay
from app.web.requests import Again, Conversation, Strict, Wanted


class _Text(Strict):
    text: str
    type: Literal["text"]


class _Message(Strict):
    role: Literal["user", "assistant"]
    content: list[_Text]


class _Call(Strict):
    fn_index: int


class _Bare(_Call):  # the page was opened, or its conversation cleared
    data: tuple[()]


class _Asked(_Call):  # question, messages, whether the page's section counts, filters, conversation
    data: tuple[str | None, list[_Message] | None, bool, Json[Wanted], Json[Conversation]]


class _AskedAgain(_Call):
    data: tuple[Json[Again], list[_Message] | None, bool, Json[Wanted], Json[Conversation]]


_CALLS: dict[str, type[_Call]] = {"_open": _Bare, "_clear": _Bare, "_ask": _Asked, "_again": _AskedAgain}
_ASKING = ("_ask", "_again")


class ChatCalls:
    """ASGI middleware around Gradio: 422 for a call that the chat's page would not make.

    Gradio makes a copy of each file and fetches each address that a message names, so nothing but
    text is let through. `events` names the chat's function for the number of each event.
    Questions pass the gate: where it is full a page with one in its address opens nevertheless, and
    is told so by `request.state.full`; of any other call it raises Full.
    """

    def __init__(self, app: ASGIApp, events: Mapping[int, str], gate: Gate) -> None:
        self._app = app
        self._events = events
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, made anew of what it may hold, or answer 422."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            event, body = self._made_anew(await request.body())
        except (ValidationError, KeyError):
            await JSONResponse({"error": "this is no call of the chat's page"}, status_code=422)(scope, receive, send)
            return
        call, opens = replay(body, receive), event == "_open"
        if event not in _ASKING and not (opens and request.query_params.get("q")):
            await self._app(scope, call, send)
            return
        try:
            async with self._gate.place(receive) as place:
                await self._app(scope, call, _leaving(place, send))
        except Full:
            if not opens:
                raise
            await self._app({**scope, "state": {**scope.get("state", {}), "full": True}}, call, send)

    def _made_anew(self, raw: bytes) -> tuple[str, bytes]:
        """The event's name, and the call with what is known of it alone.

        Raises ValidationError, or KeyError for an unknown event.
        """
        event = self._events[_Call.model_validate_json(raw).fn_index]
        return event, _CALLS[event].model_validate_json(raw).model_dump_json(round_trip=True).encode()


def _leaving(place: ExitStack, send: Send) -> Send:
    """A `send` that leaves the place with the response's begin: nobody waits for one who reads slowly."""

    async def sent(message: Message) -> None:
        place.close()
        await send(message)

    return sent

"""Calls of the chat's page: four kinds, with nothing but text in any of them."""

from collections.abc import Mapping
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


def chat_calls(app: ASGIApp, events: Mapping[int, str], gate: Gate) -> ASGIApp:
    """Gradio's `app` behind a 422 for a call that the chat's page would not make.

    Gradio makes a copy of each file and fetches each address that a message names, so only text is
    let through. `events` maps the number of each event to the chat's function.
    Questions pass the gate: with a full queue a page with a question in its address opens
    nevertheless, with `request.state.full`; for any other question Full is raised.
    """

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            event, body = _rebuilt(await request.body(), events)
        except (ValidationError, KeyError):
            await JSONResponse({"error": "this is no call of the chat's page"}, status_code=422)(scope, receive, send)
            return
        call = replay(body, receive)
        if event == "_clear" or (event == "_open" and not request.query_params.get("q")):
            await app(scope, call, send)
            return
        try:
            async with gate.slot(receive) as slot:

                async def sent(message: Message) -> None:
                    slot.close()  # when the response begins: nobody waits for a slow reader
                    await send(message)

                await app(scope, call, sent)
        except Full:
            if event != "_open":
                raise
            await app({**scope, "state": {**scope.get("state", {}), "full": True}}, call, send)

    return called


def _rebuilt(raw: bytes, events: Mapping[int, str]) -> tuple[str, bytes]:
    """The name of a call's event, and the call with its known fields alone.

    Raises ValidationError, or KeyError for an unknown event.
    """
    event = events[_Call.model_validate_json(raw).fn_index]
    return event, _CALLS[event].model_validate_json(raw).model_dump_json(round_trip=True).encode()

"""Calls of the chat's page: two kinds, with nothing but text in either."""

from collections.abc import Mapping

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.gate import Gate
from app.web.middleware.body_limit import replay
from app.web.requests import ChatQuestion, Strict


class _Call(Strict):
    fn_index: int


class _Opened(_Call):  # the page asks for its texts
    data: tuple[()]


class _Asked(_Call):
    data: tuple[ChatQuestion]


_CALLS: dict[str, type[_Call]] = {"_open": _Opened, "turn": _Asked}


def chat_calls(app: ASGIApp, events: Mapping[int, str], gate: Gate) -> ASGIApp:
    """Gradio's `app` behind a 422 for a call that the chat's page would not make.

    Gradio makes a copy of each file and fetches each address that a message names, so only text is
    let through. `events` maps the number of each event to the chat's function.
    Questions pass the gate, which raises Full.
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
        if event == "_open":
            await app(scope, call, send)
            return
        async with gate.slot(receive) as slot:

            async def sent(message: Message) -> None:
                slot.close()  # when the response begins: nobody waits for a slow reader
                await send(message)

            await app(scope, call, sent)

    return called


def _rebuilt(raw: bytes, events: Mapping[int, str]) -> tuple[str, bytes]:
    """The name of a call's event, and the call with its known fields alone.

    Raises ValidationError, or KeyError for an unknown event.
    """
    event = events[_Call.model_validate_json(raw).fn_index]
    return event, _CALLS[event].model_validate_json(raw).model_dump_json(round_trip=True).encode()

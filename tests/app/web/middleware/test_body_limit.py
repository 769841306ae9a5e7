import asyncio
from collections.abc import Iterable

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app.web.middleware.body_limit import MAX_BODY, body_limit, replay


async def echo_length(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def sent(chunks: Iterable[bytes], headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of the answer to a request whose body comes in these chunks."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    answers: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        answers.append(message)

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: Scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": raw}
    asyncio.run(asyncio.wait_for(body_limit(echo_length)(scope, receive, send), 20))
    return answers[0]["status"], answers[1]["body"]


def test_a_body_within_the_limit_reaches_the_application_whole() -> None:
    assert sent([b"a" * 600_000, b"b" * 400_000]) == (200, b"1000000")


def test_a_declared_length_over_the_limit_is_refused_unread() -> None:
    status, body = sent([], {"content-length": str(MAX_BODY + 1)})
    assert (status, body) == (
        413,
        b'{"error":"the request is over 1,000,000 bytes. Send a shorter question or history"}',
    )


def test_an_undeclared_body_is_refused_as_soon_as_it_is_over_the_limit() -> None:
    assert sent([b"a" * 600_000, b"b" * 400_001])[0] == 413


@pytest.mark.parametrize("length", ["many", "-1", "+1", "1.5", " 1", "", "²", "٣", "9" * 5_000, "0x10", "1, 1"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert sent([b"a"], {"content-length": length})[0] == 413


def test_a_body_of_exactly_the_limit_is_let_in() -> None:
    assert sent([b"a" * MAX_BODY], {"content-length": str(MAX_BODY)}) == (200, b"1000000")


def test_a_length_that_lies_does_not_let_more_in() -> None:
    assert sent([b"a" * (MAX_BODY + 1)], {"content-length": "1"})[0] == 413


def test_a_replayed_body_comes_once_and_then_what_follows() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    receive = replay(b"body", gone)
    assert asyncio.run(_twice(receive)) == [
        {"type": "http.request", "body": b"body", "more_body": False},
        {"type": "http.disconnect"},
    ]


async def _twice(receive: Receive) -> list[Message]:
    return [await receive(), await receive()]

"""The whole application in this process, as its clients meet it."""

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.answering.collection import Collection
from app.serving.listener import address_of, listen
from app.serving.server import bounded_server
from app.settings import Settings
from app.web.api.problem import PROBLEM
from app.web.application import web_app
from index.search.searcher import Searcher

PEER = "192.0.2.7"  # whose connection it is, unless a test says otherwise


def web_client(searcher: Searcher, peer: str = PEER, **variables: str) -> TestClient:
    """A client of the application with these settings, named without `CHAT_`; it follows no redirect."""
    return TestClient(
        _app(searcher, tuple(sorted(variables.items()))),
        "http://127.0.0.1",
        follow_redirects=False,
        raise_server_exceptions=False,
        client=(peer, 50_000),
    )


@cache
def _app(searcher: Searcher, variables: tuple[tuple[str, str], ...]) -> ASGIApp:
    async def made() -> ASGIApp:  # without a running loop Gradio would open loops and never close them
        collection = Collection.of(searcher)
        return web_app(collection.seen_by, Settings.from_env({f"CHAT_{name}": value for name, value in variables}))

    return asyncio.run(made())


@contextmanager
def web_address(searcher: Searcher, **variables: str) -> Iterator[str]:
    """The address of the application with these settings, served by a thread of this process."""
    settings = Settings(port=0)
    with listen(settings) as listener:
        server = bounded_server(_app(searcher, tuple(sorted(variables.items()))))
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        yield address_of(settings, listener)
        server.should_exit = True
        thread.join()


def raw_request(app: ASGIApp, path: str, headers: list[tuple[bytes, bytes]], method: str = "GET") -> tuple[int, bytes]:
    """Status and body of the answer to a request that no client would make tidy first."""
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        answers.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": (PEER, 50_000),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 20))  # a stream without end must fail, not hang
    return answers[0]["status"], b"".join(answer.get("body", b"") for answer in answers[1:])


def chat_event(
    client: TestClient, name: str, data: Sequence[Any], headers: Sequence[tuple[str, str]] = (), query: str = ""
) -> Response:
    """The response to an event of the chat's page."""
    events = [item["id"] for item in client.get("/config").json()["dependencies"] if item["api_name"] == name]
    body = json.dumps({"fn_index": events[0], "data": data, "session_hash": "abc"})
    return client.post(
        f"/gradio_api/run/predict{query}", content=body, headers=[("content-type", "application/json"), *headers]
    )


def problem_in(response: Response) -> tuple[int, str]:
    """Status and reason of a problem document."""
    body = response.json()
    assert response.headers["content-type"] == PROBLEM
    assert list(body) == ["type", "title", "status", "detail", "errors"]
    assert (body["type"], body["status"]) == ("about:blank", response.status_code)
    return body["status"], body["detail"]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with what it was told of the request."""
    del receive
    told = {
        "scheme": scope["scheme"],
        "path": scope["path"],
        "root": scope["root_path"],
        "headers": [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]],
    }
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": repr(told).encode()})

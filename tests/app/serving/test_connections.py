"""Connections that come in numbers, slowly or in crumbs, as a server meets them that anybody can reach."""

import resource
import socket
import threading
from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send

from app.serving import connections
from app.serving.connections import BoundedConnection, most_connections
from app.serving.listener import listen
from app.serving.server import bounded_server
from app.settings import Settings

WAIT = 60  # seconds for what should come at once
HEAD = b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
QUESTION = b'{"question": "Is lunar soil dry?"}'


async def reads(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads a request to its end."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body", False):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listen(Settings(port=0)) as listener:
        server = bounded_server(reads)
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=WAIT)


def answered(connection: socket.socket, *parts: bytes) -> bytes:
    """Everything that comes back until the connection is closed."""
    received = b""
    try:
        for part in parts:
            connection.sendall(part)
        while piece := connection.recv(65_536):
            received += piece
    except (ConnectionResetError, BrokenPipeError):
        pass
    connection.close()
    return received


def test_more_connections_than_may_be_are_closed_and_the_others_are_answered(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedConnection, "most", 3)
    held = [connected(port) for _ in range(3)]
    for connection in held:  # so that the server has taken all three
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert answered(connected(port)) == b""
    assert answered(held[0], HEAD + b"Connection: close\r\nContent-Length: 34\r\n\r\n", QUESTION).count(b"200 OK") == 1
    for connection in held[1:]:
        connection.close()


@pytest.mark.parametrize("sent", [b"", b"GET /", HEAD, HEAD + b"Content-Length: 34\r\n\r\n{"])
def test_a_request_that_does_not_come_is_not_waited_for(
    sent: bytes, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    assert answered(connected(port), sent) == b""


def test_framing_counts_towards_the_size_of_a_request(port: int) -> None:
    crumbs = [b"1\r\nx\r\n" * 10_000 for _ in range(20)]
    told = answered(connected(port), HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *crumbs)
    assert told == b"" or told.startswith(b"HTTP/1.1 400")
    few = QUESTION[:1], QUESTION[1:]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in few) + b"0\r\n\r\n"
    whole = answered(connected(port), HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n", chunks)
    assert whole.startswith(b"HTTP/1.1 200 OK")


def test_a_head_without_an_end_is_refused(port: int) -> None:
    told = answered(connected(port), HEAD, *[b"X-%d: %s\r\n" % (number, b"y" * 1_000) for number in range(200)])
    assert told == b"" or told.startswith(b"HTTP/1.1 400")


def test_a_length_beside_chunks_ends_the_connection(port: int) -> None:
    both = b"Content-Length: 34\r\nTransfer-Encoding: chunked\r\n\r\n"
    told = answered(connected(port), HEAD + both, b"0\r\n\r\n", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert told == b"" or told.startswith(b"HTTP/1.1 400")
    assert told.count(b"HTTP/1.1") <= 1


def test_as_many_connections_are_taken_as_there_are_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    for limits, most in (((1_024, 4_096), 3_968), ((1_024, 1_024), 896), ((256, 256), 128), ((-1, -1), 65_408)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limits=limits: limits)
        assert most_connections() == most
    assert asked == [(4_096, 4_096)]

"""The process that serves: socket, threads, and the address printed once people can open it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.live import Collection, Groups
from app.server import web_app
from app.settings import BadSetting, Settings
from app.watch import Watcher
from index.encoder import encode_on_one_thread


def serve(
    seen_by: Callable[[Groups], Collection],
    settings: Settings,
    announce: Callable[[str], None],
    watcher: Watcher | None = None,
) -> None:
    """Serve until interrupted; `announce` is given the address once it can be opened.

    `seen_by` gives the collection that answers now, as somebody of these groups sees it.

    Raises BadSetting where the address cannot be listened on.
    """
    with _listen(settings) as listener:
        server = _server(web_app(seen_by, settings, watcher))
        announce(_address(settings, listener))
        server.run(sockets=[listener])


@contextmanager
def running(seen_by: Callable[[Groups], Collection], settings: Settings, asked: Callable[[str], None]) -> Iterator[str]:
    """The address of an application that serves in a thread of this process; `asked` is told every path."""
    app = web_app(seen_by, settings)

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked(scope["path"])
        await app(scope, receive, send)

    with _listen(settings) as listener:
        server = _server(heard)
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        try:
            yield _address(settings, listener)
        finally:
            server.should_exit = True
            thread.join()


def _server(app: ASGIApp) -> uvicorn.Server:
    encode_on_one_thread()
    # Forwarding headers are judged by `TrustedProxies` alone.
    config = uvicorn.Config(app, log_level="warning", proxy_headers=False, server_header=False, ws="none")
    return uvicorn.Server(config)


def _address(settings: Settings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}{settings.path}"


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise BadSetting(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}. "
            "Stop what listens there, or choose another port: python -m app --port 7861"
        ) from error
    # Connections inherit it. asyncio sets it only where a socket names its protocol; without it each answer
    # waits some 40 ms for the asker's system to confirm its first part.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener

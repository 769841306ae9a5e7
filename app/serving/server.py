"""The process that serves: threads, and the address told once people can open it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.collection import Collection, Groups
from app.serving.listener import address_of, listen
from app.settings import Settings
from app.watch import Watching
from app.web.application import web_app
from index.encoder.encoder import encode_on_one_thread


def serve(
    seen_by: Callable[[Groups], Collection],
    settings: Settings,
    announce: Callable[[str], None],
    watcher: Watching | None = None,
) -> None:
    """Serve until interrupted; `announce` is given the address once it can be opened.

    `seen_by` gives the collection that answers now, as somebody of these groups sees it.

    Raises BadSetting where the address cannot be listened on.
    """
    with listen(settings) as listener:
        serve_on(listener, seen_by, settings, lambda: announce(address_of(settings, listener)), watcher)


def serve_on(
    listener: socket.socket,
    seen_by: Callable[[Groups], Collection],
    settings: Settings,
    ready: Callable[[], None],
    watcher: Watching | None = None,
) -> None:
    """Serve on a socket, which other processes may share, until interrupted; `ready` is called just before."""
    server = _server(web_app(seen_by, settings, watcher))
    ready()
    server.run(sockets=[listener])


@contextmanager
def running(seen_by: Callable[[Groups], Collection], settings: Settings, asked: Callable[[str], None]) -> Iterator[str]:
    """The address of an application that serves in a thread of this process; `asked` is told every path."""
    app = web_app(seen_by, settings)

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked(scope["path"])
        await app(scope, receive, send)

    with listen(settings) as listener:
        server = _server(heard)
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        try:
            yield address_of(settings, listener)
        finally:
            server.should_exit = True
            thread.join()


def _server(app: ASGIApp) -> uvicorn.Server:
    encode_on_one_thread()
    # Forwarding headers are judged by `trusted_proxies` alone.
    config = uvicorn.Config(app, log_level="warning", proxy_headers=False, server_header=False, ws="none")
    return uvicorn.Server(config)

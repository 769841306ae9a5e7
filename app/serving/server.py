"""The web server of one process."""

import gc
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.collection import Collection, Groups
from app.serving.connections import BoundedConnection, most_connections
from app.serving.json_log import log_as_json
from app.serving.listener import address_of, listen
from app.settings import Settings
from app.watch import Watching
from app.web.application import web_app
from index.encoder.torch_encoder import encode_on_one_thread


def serve(
    listener: socket.socket,
    seen_by: Callable[[Groups], Collection],
    settings: Settings,
    ready: Callable[[], None],
    watcher: Watching | None = None,
) -> None:
    """Serve on a socket, which other processes may share, until interrupted; `ready` is called just before.

    `seen_by` gives the current collection as members of these groups see it.
    """
    server = bounded_server(web_app(seen_by, settings, watcher))
    if settings.log_format == "json":
        log_as_json()
    gc.freeze()  # garbage is sought among what answers make, not among what the process started with
    gc.enable()
    ready()
    server.run(sockets=[listener])


@contextmanager
def running(
    seen_by: Callable[[Groups], Collection], settings: Settings, on_request: Callable[[str], None]
) -> Iterator[str]:
    """The address of an application that serves in a thread; `on_request` is called with the path of each request."""
    app = web_app(seen_by, settings)

    async def reporting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            on_request(scope["path"])
        await app(scope, receive, send)

    with listen(settings) as listener:
        server = bounded_server(reporting)
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        try:
            yield address_of(settings, listener)
        finally:
            server.should_exit = True
            thread.join()


def bounded_server(app: ASGIApp) -> uvicorn.Server:
    """A server of an application, with bounds on its connections."""
    encode_on_one_thread()
    # Forwarding headers are judged by `trusted_proxies` alone.
    BoundedConnection.most = most_connections()
    config = uvicorn.Config(
        app, http=BoundedConnection, log_level="warning", proxy_headers=False, server_header=False, ws="none"
    )
    return uvicorn.Server(config)

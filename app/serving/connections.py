"""Connections of one process: how many there may be, and how long and how large a request may be on its way."""

import logging
import resource
from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_log = logging.getLogger(__name__)

PATIENCE = 20.0  # seconds until the whole of a small request must be there
_SLOWEST = 10_000  # bytes a second of a large one
_FRAMING = 65_536  # bytes of the head and of the framing of a request beside its body
_OTHER_FILES = 128  # descriptors for the index, the log and what else a process opens
_WANTED = 65_536  # descriptors


def most_connections() -> int:
    """The number of connections that this process has descriptors for; asks the system for as many as it gives."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    most = max((_WANTED if soft == resource.RLIM_INFINITY else soft) - _OTHER_FILES, 16)
    if most < 256:
        _log.warning("only %d connections at a time: raise the limit of open files (ulimit -n)", most)
    return most


class BoundedConnection(HttpToolsProtocol):
    """A connection that is closed if there are too many others, or if its request comes too slowly or is too large.

    `most` is the number of connections of the process.
    """

    most = 1_024

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timer: TimerHandle | None = None
        self._began = 0.0
        self._received = self._body = 0  # bytes of the request that is on its way

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take the connection, or close it."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._await()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._come()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        self._received += len(data)
        super().data_received(data)
        if self._received - self._body > _FRAMING + self._body // 8 and not self.transport.is_closing():
            self.send_400_response("The head or the framing of this request is too large.")

    def on_message_begin(self) -> None:
        """Wait for the rest of a request."""
        self._received = self._body = 0
        if not self._timer:
            self._await()
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        """Count a part of a body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there; its answer may take as long as it takes."""
        self._come()
        super().on_message_complete()

    def _await(self) -> None:
        self._began = self.loop.time()
        self._timer = self.loop.call_later(PATIENCE, self._look)

    def _come(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _look(self) -> None:
        """Close the connection unless a large request is coming fast enough."""
        left = PATIENCE + self._body / _SLOWEST - (self.loop.time() - self._began)
        if left <= 0:
            self._timer = None
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(left + 0.1, self._look)

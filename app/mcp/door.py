"""The address `/mcp` of the web application: streamable HTTP without sessions, so that any worker answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from app.answering.language import of_reader
from app.mcp.server import mcp_server
from app.mcp.tools import Reach, Tools
from app.settings import Settings
from app.web.feedback import LogFor, kept
from app.web.gate import Gate
from app.web.middleware.body_limit import MAX_BODY, replay
from app.web.requests import CollectionFor

PATH = "/mcp"


class Door:
    """An ASGI application: each message is one request, which passes the gate as a question does."""

    def __init__(self, server: MCPServer, settings: Settings, gate: Gate) -> None:
        self._server, self._gate = server, gate
        self._security = _security(settings)
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Take messages while this is open; it may be opened again."""
        self._server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=MAX_BODY,
            transport_security=self._security,
        )
        self._manager = self._server.session_manager
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a message. Raises Full at once, or Gone."""
        assert self._manager is not None  # noqa: S101 - a server opens it before it takes requests
        body = await Request(scope, receive).body()  # so that the gate hears when its sender leaves
        async with self._gate.slot(receive) as slot:

            async def sent(message: Message) -> None:
                slot.close()  # when the response begins: nobody waits for a slow reader
                await send(message)

            await self._manager.handle_request(scope, replay(body, receive), sent)


def add_mcp(app: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate, log_for: LogFor) -> None:
    """Add the address, which shows to each what the JSON interface shows to the same person, and keeps as much."""

    def reach(request: Request | None) -> Reach:
        assert request is not None  # noqa: S101 - the transport keeps the request of each message
        log, language = log_for(request), of_reader(request.query_params, request.headers)
        return Reach(
            collection_for(request),
            str(request.base_url).rstrip("/"),
            keep=lambda answer, began: kept(log, answer, language, began),
        )

    door = Door(mcp_server(Tools(reach, settings.examples), settings.title), settings, gate)
    app.router.routes.append(Route(PATH, door, methods=["POST"]))
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[Any]:
        async with door.opened(), lifespan(app) as state:
            yield state

    app.router.lifespan_context = opened


def _security(settings: Settings) -> TransportSecuritySettings:
    """The hosts and origins of the settings: the server's own pages and the portals may send messages."""
    hosts = [name for host in settings.allowed_hosts for name in (host, f"{host}:*")]
    own = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[*settings.allowed_origins, *own])

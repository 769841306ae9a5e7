"""The address `/metrics`, for this machine and for the addresses that the owner names."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from ipaddress import ip_address

from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.answering.reply import OBSERVERS
from app.metrics.exposition import IndexState, exposition
from app.metrics.measures import Measures, measures
from app.settings import Network, Settings
from app.web.gate import Gate
from app.web.middleware.proxy import is_passed_on


class MeasuredGate(Gate):
    """A gate that counts who waits, and for how long."""

    def __init__(self, slots: int, waiting: int) -> None:
        super().__init__(slots, waiting)
        self._measures: Measures = measures()

    @asynccontextmanager
    async def slot(self, receive: Receive) -> AsyncIterator[ExitStack]:
        """A slot as of any gate."""
        began = time.perf_counter()
        with ExitStack() as waiting:
            self._measures.waiting.inc()
            waiting.callback(self._measures.waiting.dec)
            async with super().slot(receive) as stack:
                waiting.close()
                self._measures.observe("queue", time.perf_counter() - began)
                yield stack


def add_metrics(app: FastAPI, state: IndexState) -> None:
    """Add the address; to others than `measured` lets near it is not there. Answers are counted from now on."""
    if measures() not in OBSERVERS:
        OBSERVERS.append(measures())

    @app.api_route("/metrics", methods=["GET", "HEAD"])
    def metrics(request: Request) -> Response:
        if not request.state.near:
            raise HTTPException(404)
        return Response(exposition(state), media_type=CONTENT_TYPE_LATEST)


def measured(app: ASGIApp, settings: Settings) -> ASGIApp:
    """`app` with its responses counted, whose `request.state.near` tells whether the measures may be seen.

    Only a connection from loopback or from one of the settings' addresses is near, and no request that a proxy, whose
    own address may be near, has passed on.
    """
    told = tuple(name.encode() for name in (settings.user_header, settings.groups_header) if name)

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        passed_on = is_passed_on(scope) or any(name in told for name, _ in scope["headers"])
        near = not passed_on and _is_near(scope["client"], settings.metrics_addresses)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                measures().responded(message["status"])
            await send(message)

        await app({**scope, "state": {**scope.get("state", {}), "near": near}}, receive, sent)

    return counted


def _is_near(client: tuple[str, int] | None, networks: Sequence[Network]) -> bool:
    try:
        address = ip_address(client[0] if client else "")
    except ValueError:  # a socket file, which has no address
        return False
    return address.is_loopback or any(address in network for network in networks)

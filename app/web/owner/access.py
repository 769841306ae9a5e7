"""Who is an owner: by the sign-in's name, or at this very machine."""

from collections.abc import Callable, Coroutine
from ipaddress import ip_address
from typing import Any

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.language import TRIAL
from app.settings import LOOPBACK, Settings
from app.web.middleware.proxy import is_passed_on


def told_directness(app: ASGIApp) -> ASGIApp:
    """`app` whose `request.state.direct` tells whether a program of this machine asks, and shows no sign of a proxy.

    It has to be outermost, as forwarding headers are removed further in.
    """

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        direct = _is_local(scope["client"]) and not is_passed_on(scope)
        await app({**scope, "state": {**scope.get("state", {}), "direct": direct}}, receive, send)

    return noted


def owners_route(settings: Settings) -> type[APIRoute]:
    """A kind of route for owners, and for forms of their pages alone; nobody else's form is even read."""
    check = _owners_only(settings)

    class OwnersRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def checked(request: Request) -> Response:
                check(request)
                if request.method == "POST":
                    _own_form(request)
                return await handler(request)

            return checked

    return OwnersRoute


def _owners_only(settings: Settings) -> Callable[[Request], None]:
    """A check that raises 404, as for a page that there is not, unless an owner asks.

    With `settings.owners` the sign-in has to name one of them; without any, and without a sign-in or a proxy in the
    settings, a program of this machine has to ask by a name of this machine.
    """
    owners = frozenset(settings.owners)
    alone = not (settings.user_header or settings.trusted_proxies or settings.allowed_origins)

    def check(request: Request) -> None:
        if owners:
            allowed = _name(request, settings.user_header) in owners
        else:
            host = request.url.hostname or ""
            allowed = alone and request.state.direct and (host in LOOPBACK or f"[{host}]" in LOOPBACK)
        if not allowed or TRIAL in request.query_params:
            raise HTTPException(404)

    return check


def _own_form(request: Request) -> None:
    """Raise 403 for a form that no page of this server has sent."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{request.url.scheme}://{request.url.netloc}"
    if origin != own if site is None else site != "same-origin":
        raise HTTPException(403, "only the owner's page of this server may send this")


def _name(request: Request, header: str) -> str | None:
    """The name of the sign-in; None unless there is exactly one."""
    names = request.headers.getlist(header)
    return names[0].encode("latin-1").decode("utf-8", "replace").strip() if len(names) == 1 else None


def _is_local(client: tuple[str, int] | None) -> bool:
    try:
        address = ip_address(client[0]) if client else None
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped is not None and mapped.is_loopback

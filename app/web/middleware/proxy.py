"""Behind a proxy: whose forwarding headers count, the public path, and the person and groups that the proxy names."""

import logging
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Network
from index.reading.access import MOST_OF_PERSON, BadGroups, named_groups

_log = logging.getLogger(__name__)
_FORWARDING = (b"forwarded", b"x-forwarded-")  # how such headers' names begin
# A monitor signs in nowhere; and a portal's page loads the script before anybody has signed in here.
_OPEN = ("/healthz", "/widget.js")


class TrustedProxies:
    """ASGI middleware: scheme and host as a trusted proxy forwards them; all others' such headers are removed.

    The sender is the address of the connection itself. Headers that tell of the person, in lower
    case, are removed, too, unless a trusted proxy sent them.
    """

    def __init__(self, app: ASGIApp, proxies: tuple[Network, ...], *of_person: str) -> None:
        self._app = app
        self._proxies = proxies
        self._of_person = frozenset(name.encode() for name in of_person if name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with headers that can be believed."""
        if scope["type"] == "http":
            trusted = self._trusts(scope["client"])
            given = Headers(scope=scope)
            scope = {**scope, "headers": [pair for pair in scope["headers"] if self._is_kept(pair[0], trusted)]}
            if trusted:
                _forward(scope, given)
        await self._app(scope, receive, send)

    def _is_kept(self, name: bytes, trusted: bool) -> bool:
        if name in self._of_person:  # which may begin like a forwarding header
            return trusted
        return not name.startswith(_FORWARDING)

    def _trusts(self, client: tuple[str, int] | None) -> bool:
        if not client or not self._proxies:
            return False
        try:
            address = ip_address(client[0])
        except ValueError:
            return False
        return any(address in proxy for proxy in self._proxies)


def _forward(scope: Scope, headers: Headers) -> None:
    scheme, host = headers.get("x-forwarded-proto", ""), headers.get("x-forwarded-host", "")
    if scheme in ("http", "https"):
        scope["scheme"] = scheme
    if host:
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"host"] + [(b"host", host.encode())]


class PublicPath:
    """ASGI middleware: everything lies below `path`, whether or not a proxy has cut that off."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the public path as its root."""
        if scope["type"] == "http" and self._path:
            path = scope["path"]
            if path != self._path and not path.startswith(f"{self._path}/"):
                path = self._path + path
            scope = {**scope, "path": path, "root_path": self._path}
            scope.pop("raw_path", None)
        await self._app(scope, receive, send)


class SignedIn:
    """ASGI middleware: 401 for whoever the proxy has not named in `user_header`; health and `widget.js` stay open."""

    def __init__(self, app: ASGIApp, user_header: str) -> None:
        self._app = app
        self._user_header = user_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if scope["type"] == "http" and self._user_header and not _is_open(scope):
            named = Headers(scope=scope).getlist(self._user_header)
            if len(named) != 1 or not named[0].strip():
                error = "nobody is signed in. Open this address through the portal's proxy"
                await JSONResponse({"error": error}, status_code=401)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Grouped:
    """ASGI middleware: `request.state.groups` is what groups the proxy names in `groups_header`.

    All its values count, commas or semicolons between the names; one that cannot be read leaves
    none. Without such a header's name access is not by groups, and it is None.
    """

    def __init__(self, app: ASGIApp, groups_header: str) -> None:
        self._app = app
        self._header = groups_header.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its groups."""
        if scope["type"] == "http":
            groups = self._groups(scope["headers"]) if self._header else None
            scope = {**scope, "state": {**scope.get("state", {}), "groups": groups}}
        await self._app(scope, receive, send)

    def _groups(self, headers: Iterable[tuple[bytes, bytes]]) -> frozenset[str]:
        given = b",".join(value for name, value in headers if name == self._header)
        try:
            return named_groups(given.decode(), MOST_OF_PERSON)
        except (UnicodeDecodeError, BadGroups) as error:
            _log.warning("somebody's groups cannot be read, so that they see nothing: %s", error)
            return frozenset()


def _is_open(scope: Scope) -> bool:
    """Whether nobody need be signed in; a browser that asks whether it may ask sends no sign-in."""
    is_preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)
    return is_preflight or scope["path"].removeprefix(scope["root_path"]) in _OPEN

"""Behind a proxy: whose forwarding headers count, the public path, and the person and groups that the proxy names."""

import logging
from collections.abc import Sequence
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Network
from app.web.api.problem import refusal
from index.reading.access import MOST_OF_PERSON, BadGroups, named_groups

_log = logging.getLogger(__name__)
_FORWARDING = (b"forwarded", b"x-forwarded-")  # prefixes of the names of such headers
_OF_PROXIES = (  # the same of all headers that a proxy adds, also one that is not in the settings
    *_FORWARDING,
    b"cf-",
    b"fastly-",
    b"true-client-ip",
    b"via",
    b"x-client-ip",
    b"x-cluster-client-ip",
    b"x-envoy-",
    b"x-original-",
    b"x-real-ip",
)
# A monitor signs in nowhere, and a portal's page loads the script before anybody has signed in here.
_OPEN = ("/healthz", "/metrics", "/widget.js")


def is_passed_on(scope: Scope) -> bool:
    """Whether a request shows a sign of a proxy, before its headers are removed.

    HTTP/1.0 is one, too: neither a browser nor Prometheus speaks it, but nginx does where nothing is set.
    """
    return scope["http_version"] == "1.0" or any(name.startswith(_OF_PROXIES) for name, _ in scope["headers"])


def trusted_proxies(app: ASGIApp, proxies: Sequence[Network], *person_headers: str) -> ASGIApp:
    """`app` that sees scheme and host as a trusted proxy forwards them, and no forwarding header of anybody else.

    The sender is the address of the connection itself. `person_headers`, in lower case, are also
    removed unless a trusted proxy sent them.
    """
    of_person = frozenset(name.encode() for name in person_headers)

    async def forwarded(scope: Scope, receive: Receive, send: Send) -> None:
        trusted, given = _is_trusted(scope["client"], proxies), Headers(scope=scope)
        headers = [
            (name, value)
            for name, value in scope["headers"]
            # a header of the person may begin like a forwarding header
            if (trusted if name in of_person else not name.startswith(_FORWARDING))
        ]
        scheme, host = given.get("x-forwarded-proto"), given.get("x-forwarded-host")
        if trusted and scheme in ("http", "https"):
            scope = {**scope, "scheme": scheme}
        if trusted and host:
            headers = [pair for pair in headers if pair[0] != b"host"] + [(b"host", host.encode())]
        await app({**scope, "headers": headers}, receive, send)

    return forwarded


def _is_trusted(client: tuple[str, int] | None, proxies: Sequence[Network]) -> bool:
    try:
        return client is not None and any(ip_address(client[0]) in proxy for proxy in proxies)
    except ValueError:  # a socket file, which has no address
        return False


def public_path(app: ASGIApp, root: str) -> ASGIApp:
    """`app` below the path `root`, whether or not a proxy has cut that off."""

    async def rooted(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path != root and not path.startswith(f"{root}/"):
            path = root + path
        scope = {**scope, "path": path, "root_path": root}
        scope.pop("raw_path", None)
        await app(scope, receive, send)

    return rooted if root else app


def signed_in(app: ASGIApp, user_header: str) -> ASGIApp:
    """`app` behind a 401 for a request without exactly one name in `user_header`; `_OPEN` paths stay open."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        headers, path = Headers(scope=scope), scope["path"].removeprefix(scope["root_path"])
        # Browsers send no sign-in with a preflight.
        is_preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
        names = headers.getlist(user_header)
        if is_preflight or path in _OPEN or (len(names) == 1 and names[0].strip()):
            await app(scope, receive, send)
        else:
            error = "nobody is signed in. Open this address through the portal's proxy"
            await refusal(scope, error, 401)(scope, receive, send)

    return checked if user_header else app


def grouped(app: ASGIApp, groups_header: str) -> ASGIApp:
    """`app` whose `request.state.groups` are the groups that the proxy names in `groups_header`.

    All its values count, commas or semicolons between the names; a value that cannot be read leaves
    no group. Without a `groups_header` access is not by groups, and they are None.
    """

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        groups = _groups(scope, groups_header.encode()) if groups_header else None
        await app({**scope, "state": {**scope.get("state", {}), "groups": groups}}, receive, send)

    return noted


def _groups(scope: Scope, header: bytes) -> frozenset[str]:
    given = b",".join(value for name, value in scope["headers"] if name == header)
    try:
        return named_groups(given.decode(), MOST_OF_PERSON)
    except (UnicodeDecodeError, BadGroups) as error:
        _log.warning("somebody's groups cannot be read, so that they see nothing: %s", error)
        return frozenset()

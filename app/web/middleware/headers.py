"""Response headers: the browser loads nothing from elsewhere and runs only our own files."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
# Gradio writes styles of its own and resolves its addresses against a base.
_CHAT = {**_PAGE, "style-src": "'self' 'unsafe-inline'", "base-uri": "'self'", "form-action": "'none'"}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), clipboard-write=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_NEVER_FRAMED = "/owner"  # its forms change what others see
_CACHEABLE = (200, 206, 304)  # an error may be over in a moment


class Compressed(GZipMiddleware):
    """ASGI middleware: gzip for responses over 1 KB.

    Ranges count the bytes of the file itself, and of lines each is to arrive as soon as it is sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        as_they_are = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/x-ndjson")
        super().__init__(app, minimum_size=1_000, compresslevel=4, exclude_content_types=as_they_are)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and compress its response."""
        is_range = scope["type"] == "http" and "range" in Headers(scope=scope)
        await (self.app if is_range else super().__call__)(scope, receive, send)


def strict_headers(app: ASGIApp, portals: Sequence[str]) -> ASGIApp:
    """`app` with the headers above on every response; `portals` may frame its pages."""
    ancestors = " ".join(["'self'", *portals])

    def complete(headers: MutableHeaders, path: str, status: int) -> None:
        alone = path.startswith(_NEVER_FRAMED)
        directives = {**(_CHAT if path in ("", "/") else _PAGE), "frame-ancestors": "'none'" if alone else ancestors}
        headers.update(_ALWAYS)
        headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in directives.items())
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if path == "/widget.js" else "same-origin"
        headers["Cache-Control"] = _caching(path) if status in _CACHEABLE else "no-store"
        if alone or not portals:  # for browsers without support of frame-ancestors
            headers["X-Frame-Options"] = "DENY" if alone else "SAMEORIGIN"

    async def strict(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope["root_path"])  # before routing, which changes the root in this scope

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                complete(MutableHeaders(scope=message), path, message["status"])
            await send(message)

        await app(scope, receive, completed)

    return strict


def _caching(path: str) -> str:
    if path.startswith(("/assets/", "/static/fonts/")):
        return "public, max-age=31536000, immutable"  # the name of such a file changes with its content
    if path.startswith("/pictures/"):
        return "private, max-age=600"  # its address names the edition of the article
    return "public, max-age=3600" if path == "/widget.js" or path.startswith(("/site/", "/static/")) else "no-store"

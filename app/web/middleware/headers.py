"""What every response tells the browser: load nothing from elsewhere, run nothing but our own files."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
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
_FOREVER = "public, max-age=31536000, immutable"  # the file's name changes with its content
_HOUR = "public, max-age=3600"
_KEPT = (200, 206, 304)  # an error may be over in a moment


class Packed(GZipMiddleware):
    """ASGI middleware: responses over 1 KB in gzip, except parts of a file, which are counted in the file itself."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, minimum_size=1_000, compresslevel=4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and pack its response."""
        is_part = scope["type"] == "http" and "range" in Headers(scope=scope)
        await (self.app if is_part else super().__call__)(scope, receive, send)


class StrictHeaders:
    """ASGI middleware: the headers above on every response; portals are who may frame our pages."""

    def __init__(self, app: ASGIApp, portals: Sequence[str]) -> None:
        self._app = app
        self._ancestors = " ".join(["'self'", *portals])
        self._closed = not portals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete its response's headers."""
        # Asked before the request is routed, which moves the root in this very scope.
        path = scope["path"].removeprefix(scope["root_path"]) if scope["type"] == "http" else ""

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), path, message["status"])
            await send(message)

        await self._app(scope, receive, completed if scope["type"] == "http" else send)

    def _complete(self, headers: MutableHeaders, path: str, status: int) -> None:
        headers.update(_ALWAYS)
        headers["Content-Security-Policy"] = self._policy(_CHAT if path in ("", "/") else _PAGE)
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if path == "/widget.js" else "same-origin"
        headers["Cache-Control"] = _caching(path) if status in _KEPT else "no-store"
        if self._closed:  # for browsers that do not know frame-ancestors
            headers["X-Frame-Options"] = "SAMEORIGIN"

    def _policy(self, directives: dict[str, str]) -> str:
        complete = {**directives, "frame-ancestors": self._ancestors}
        return "; ".join(f"{name} {value}" for name, value in complete.items())


def _caching(path: str) -> str:
    if path.startswith(("/assets/", "/static/fonts/")):
        return _FOREVER
    return _HOUR if path == "/widget.js" or path.startswith(("/site/", "/static/")) else "no-store"

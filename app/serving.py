"""The process that serves: socket, threads, and the address printed once people can open it."""

import socket
from collections.abc import Callable

import uvicorn

from app.server import web_app
from app.settings import BadSetting, Settings
from index.encoder import encode_on_one_thread
from index.search import Searcher


def serve(searcher: Searcher, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; `announce` is given the address once it can be opened.

    Raises BadSetting where the address cannot be listened on.
    """
    encode_on_one_thread()
    with _listen(settings) as listener:
        config = uvicorn.Config(
            web_app(searcher, settings), log_level="warning", proxy_headers=False, server_header=False, ws="none"
        )
        server = uvicorn.Server(config)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        announce(f"http://{host}:{listener.getsockname()[1]}{settings.path}")
        server.run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise BadSetting(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}. "
            "Stop what listens there, or choose another port: python -m app --port 7861"
        ) from error

"""The socket that the application listens on, and its address."""

import socket

from app.settings import BadSetting, Settings


def listen(settings: Settings) -> socket.socket:
    """A listening socket. Raises BadSetting if the address cannot be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise BadSetting(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}. "
            "Stop the program that listens there, or choose another port: python -m app --port 7861"
        ) from error
    # Connections inherit this option in every process. asyncio sets it only on sockets that name their protocol;
    # without it each answer waits some 40 ms for the client to acknowledge its first packet.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(settings: Settings, listener: socket.socket) -> str:
    """The address of the chat on this socket."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}{settings.path}"

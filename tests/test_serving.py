"""The socket that the application listens on."""

import socket

from app.serving import _listen
from app.settings import Settings


def test_answers_leave_at_once() -> None:
    with _listen(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

"""The socket that the application listens on."""

import socket

import pytest

from app.serving.listener import address_of, listen
from app.settings import BadSetting, Settings


def test_answers_leave_at_once() -> None:
    with listen(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_the_address_is_one_that_can_be_opened() -> None:
    with listen(Settings(port=0, path="/ask")) as listener:
        assert address_of(Settings(path="/ask"), listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/ask"
    with listen(Settings(host="::1", port=0)) as listener:
        assert address_of(Settings(host="::1"), listener) == f"http://[::1]:{listener.getsockname()[1]}"


def test_an_address_in_use_is_told_with_what_to_do() -> None:
    with listen(Settings(port=0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(BadSetting, match=f"cannot listen on 127.0.0.1:{port}: Address already in use.*Stop the"):
            listen(Settings(port=port))

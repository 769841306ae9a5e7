"""Work of the processes of tests/app/serving/test_supervisor.py; a small module, since each of them imports it."""

import os
import signal
import socket
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from app.serving.worker import READY, _receive
from app.settings import Settings


def stands(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    """Keep in a file what it is told, until it is ended."""
    talk.send(READY)
    while True:
        told = talk.recv()
        with (Path(str(settings.index)) / str(os.getpid())).open("a") as file:
            file.write(f"{told}\n")


def hears(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    """Stand, but end with the supervisor as the application's workers do."""
    threading.Thread(target=_receive, args=[talk, None], daemon=True).start()
    talk.send(READY)
    signal.pause()


def says_why_not(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    talk.send("the shelf is empty. Fill it")


def leaves(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    os._exit(3)


def dies_soon(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    talk.send(READY)
    os._exit(7)


def looks_at_its_connections(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    """Serve, and note in a file the option of each connection that it has while it answers."""
    from app.answering.collection import Collection, Groups
    from app.serving.live import Live
    from app.serving.server import serve
    from tests.hashing import HashingEncoder

    live = Live(settings.index, load=HashingEncoder)

    def current(groups: Groups) -> Collection:
        for handle in os.listdir("/proc/self/fd"):
            note(int(handle))
        return live.seen_by(groups)

    def note(handle: int) -> None:
        try:
            held = socket.socket(fileno=os.dup(handle))
        except OSError:  # no socket, or the folder that is being listed
            return
        with held:
            if held.family == socket.AF_INET and held.getsockname()[1] == listener.getsockname()[1] and peer(held):
                option = held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                (Path(str(settings.index)) / f"option-{os.getpid()}").write_text(f"{option != 0}")

    serve(listener, current, settings, lambda: talk.send(READY))


def peer(connection: socket.socket) -> bool:
    try:
        return bool(connection.getpeername())
    except OSError:  # it listens
        return False

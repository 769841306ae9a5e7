"""A worker process: it serves on a shared socket and ends with its supervisor."""

import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import TypeAlias

from app.settings import Settings
from app.watch import Watching
from index.cli.runner import set_up_output
from index.errors import UserError
from index.stores.address import open_location

READY = ""  # the message of a worker that can answer; any other message says why it cannot

Work: TypeAlias = Callable[[Settings, socket.socket, Connection, bool], None]


def begin(
    work: Work,
    settings: Settings,
    index: tuple[str, Mapping[str, str]],
    listener: socket.socket,
    pipe: Connection,
    *,
    watched: bool,
) -> None:
    """Do the work in the new process, on the index that `Location.argument` describes.

    A location itself may hold connections, which no other process can use.
    """
    argument, variables = index
    os.environ.update(variables)
    work(replace(settings, index=open_location(argument)), listener, pipe, watched)


def work(settings: Settings, listener: socket.socket, pipe: Connection, watched: bool) -> None:
    """Serve on the socket until told to end, or until the supervisor closes its end of the pipe.

    A UserError is sent through the pipe. If the articles are `watched`, the pipe brings the state of the watcher.
    """
    set_up_output()
    watching = Watching() if watched else None
    threading.Thread(target=_receive, args=[pipe, watching], daemon=True).start()
    gc.disable()  # as where one process serves
    from app.serving.live import Live

    try:
        live = Live.of(settings)
        from app.serving.server import serve  # imports Gradio, which takes long; not needed without an index

        serve(listener, live.seen_by, settings, partial(pipe.send, READY), watching)
    except UserError as error:
        pipe.send(str(error))


def _receive(pipe: Connection, watching: Watching | None) -> None:
    try:
        while True:
            message = pipe.recv()
            if watching:
                watching.state, watching.reason = message
    except (EOFError, OSError):  # the supervisor has ended, even if it was killed
        os.kill(os.getpid(), signal.SIGTERM)

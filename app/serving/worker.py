"""One of the processes that serve together: it ends with the one that started it."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from typing import TypeAlias

from app.settings import Settings
from app.watch import Watched
from index.cli.runner import set_up_output
from index.errors import UserError
from index.search.reranker import chosen_reranker
from index.stores.address import open_location

READY = ""  # what a worker says once it can answer; anything else is why it cannot


Work: TypeAlias = Callable[[Settings, socket.socket, Connection, bool], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker does, and with which settings; their index is given as `Location.argument` gives it.

    A location itself may hold connections, which no other process can use.
    """

    work: Work
    settings: Settings
    index: tuple[str, Mapping[str, str]]
    watched: bool

    @classmethod
    def of(cls, work: Work, settings: Settings, *, watched: bool) -> "Task":
        """The task to work with these settings."""
        return cls(work, replace(settings, index=Settings().index), settings.index.argument(), watched)

    def begin(self, listener: socket.socket, talk: Connection) -> None:
        """Do it, in the worker."""
        argument, variables = self.index
        os.environ.update(variables)
        self.work(replace(self.settings, index=open_location(argument)), listener, talk, self.watched)


def work(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    """Serve on the socket until told to end, or until the other end of `talk` is closed.

    What cannot be served is told there, in one sentence. Where the articles are `watched`, how that
    goes comes from there.
    """
    set_up_output()
    state = Watched() if watched else None
    threading.Thread(target=_hear, args=[talk, state], daemon=True).start()
    from app.serving.live import Live

    try:
        live = Live(settings.index, reranker=chosen_reranker(settings.reranker))
        from app.serving.server import serve_on  # Gradio takes long to import, for nothing where there is no index

        serve_on(listener, live.seen_by, settings, partial(talk.send, READY), state)
    except UserError as error:
        talk.send(str(error))


def _hear(talk: Connection, state: Watched | None) -> None:
    try:
        while True:
            told = talk.recv()
            if state:
                state.state, state.reason = told
    except (EOFError, OSError):  # the one that started it has ended, however it did
        os.kill(os.getpid(), signal.SIGTERM)

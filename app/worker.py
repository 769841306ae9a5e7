"""One of the processes that serve together: it ends with the one that started it."""

import os
import signal
import socket
import threading
from functools import partial
from multiprocessing.connection import Connection

from app.settings import Settings
from app.watch import Watched
from index.commandline import set_up_output
from index.errors import UserError
from index.reranker import chosen_reranker

READY = ""  # what a worker says once it can answer; anything else is why it cannot


def work(settings: Settings, listener: socket.socket, talk: Connection, watched: bool) -> None:
    """Serve on the socket until told to end, or until the other end of `talk` is closed.

    What cannot be served is told there, in one sentence. Where the articles are `watched`, how that
    goes comes from there.
    """
    set_up_output()
    state = Watched() if watched else None
    threading.Thread(target=_hear, args=[talk, state], daemon=True).start()
    from app.live import Live

    try:
        live = Live(settings.index, reranker=chosen_reranker(settings.reranker))
        from app.serving import serve_on  # Gradio takes long to import, for nothing where there is no index

        serve_on(listener, live.current, settings, partial(talk.send, READY), state)
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

"""The command `try`: a first look at a folder, from its files to the open chat, which leaves nothing behind."""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from app.serving.listener import address_of, listen
from app.settings import SILENT, Settings
from index.cli.runner import OK, add_models
from index.encoder.model_files import DEFAULT_MODEL
from index.search.models import chosen_models
from index.stores.builds.location import BuildsFolder


def add_try(add: Callable[..., argparse.ArgumentParser], settings: Settings) -> None:
    """Add the command."""
    command = add("try", _try, "index a folder for the moment and open the chat over it", indexed=False)
    command.add_argument("folder", metavar="FOLDER", help="folder of articles")
    text = "sentence-transformers model, by hub name or folder (default: %(default)s)"
    command.add_argument("--model", default=DEFAULT_MODEL, help=text)
    command.add_argument("--no-browser", action="store_true", help="only print the address of the chat")
    add_models(command, settings.reader, settings.reranker)


def _try(arguments: argparse.Namespace) -> int:
    from index.__main__ import main as index

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        # The end of its terminal: the temporary index has to go, too. The server ends in order on SIGTERM alone; an
        # exception out of a handler could be taken for the failure of a request.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="citewell-") as temporary:
        location = BuildsFolder(Path(temporary) / "index")
        _say(f"reading {arguments.folder}; the index is temporary and the folder stays as it is")
        built = index(
            ["build", arguments.folder, f"--index={location}", f"--model={arguments.model}", "--skip-bad-files"]
        )
        if built != OK:
            return built
        os.environ.update(SILENT, GRADIO_TEMP_DIR=str(Path(temporary) / "gradio"))
        # Settings on who may use a chat from elsewhere are for the real one.
        settings = Settings(location, port=0, title=arguments.settings.title, reader=arguments.reader)
        models = chosen_models(arguments.reader, arguments.reranker)
        _say("opening the chat; Ctrl-C ends it and removes the index")
        import webbrowser

        from app.serving.live import Live
        from app.serving.server import serve  # imports Gradio, which takes long

        with listen(settings) as listener, contextlib.suppress(KeyboardInterrupt):
            address = address_of(settings, listener)

            def ready() -> None:
                print(address, flush=True)
                if not arguments.no_browser:
                    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()

            serve(listener, Live(location, models=models).seen_by, settings, ready)
    _say("the temporary index is removed. To keep one: python -m index build FOLDER")
    return OK


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

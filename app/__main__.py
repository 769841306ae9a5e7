"""Command line of the application: `python -m app [serve]|ask|offline-check`."""

import argparse
import contextlib
import json
import os
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.answering.answer import MAX_K, K
from app.answering.collection import Collection
from app.settings import MAX_WORKERS, BadSetting, Settings, port
from app.terminal import answer_text
from index.articles.catalogue import Catalogue
from index.cli.runner import OK, add_filters, add_reranker, filters_of, leave, number, run
from index.reading.access import MOST_OF_PERSON, BadGroups, named_groups, ungrouped
from index.search.questions.question import Question
from index.search.reranker import chosen_reranker
from index.search.searcher import Searcher
from index.stores.address import open_location

if TYPE_CHECKING:
    from app.watch import Watcher

# Read by Gradio and the hub's client when they are imported: nothing is sent or looked up.
_SILENT = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "serve")
    return run(_parser, given)


def _serve(arguments: argparse.Namespace) -> int:
    os.environ.update(_SILENT)
    settings = replace(
        arguments.settings,
        index=arguments.index,
        host=arguments.host,
        port=arguments.port,
        reranker=arguments.reranker,
        workers=arguments.workers,
    )
    if settings.groups_header:
        _tell_hidden(settings.index.open().articles)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a watcher ends its build, too
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))  # the usual way to end it
        watcher = None
        if arguments.watch:
            from app.watch import Watcher

            folder = Path(settings.index.open().manifest.folder)
            watcher = stack.enter_context(Watcher(folder, settings.index))
        (_serve_alone if settings.workers == 1 else _serve_together)(settings, watcher)
    return OK


def _serve_alone(settings: Settings, watcher: "Watcher | None") -> None:
    from app.serving.live import Live
    from app.serving.server import serve

    live = Live(settings.index, reranker=chosen_reranker(settings.reranker))
    serve(live.seen_by, settings, announce=partial(print, flush=True), watcher=watcher)


def _serve_together(settings: Settings, watcher: "Watcher | None") -> None:
    from app.serving.supervisor import serve_by_many

    serve_by_many(settings, announce=partial(print, flush=True), watcher=watcher)


def _tell_hidden(articles: Catalogue) -> None:
    if hidden := ungrouped(articles):
        print(
            f"note: access is by groups, and {hidden:,} of {len(articles):,} articles name none: nobody sees them. "
            "Name groups in them, or in a file .groups in their folder, and build again",
            file=sys.stderr,
        )


def _offline_check(arguments: argparse.Namespace) -> int:
    os.environ.update(_SILENT)
    from app.offline.check import check, watch_sockets
    from app.serving.live import Live

    reached = watch_sockets()
    # As it is served to this machine alone; who may reach it from elsewhere is another question.
    given: Settings = arguments.settings
    settings = Settings(index=arguments.index, port=0, title=given.title, reranker=given.reranker)
    live = Live(settings.index, reranker=chosen_reranker(settings.reranker))
    check(live, settings, reached, say=partial(print, flush=True))
    print("offline-check passed: nothing left this machine")
    return OK


def _ask(arguments: argparse.Namespace) -> int:
    searcher = Searcher.open(arguments.index.open()).with_reranker(chosen_reranker(arguments.reranker))
    collection = Collection.calibrated(searcher, arguments.index).seen_by(arguments.groups)
    answer = collection.answer(
        Question(arguments.question),
        arguments.k,
        filters=filters_of(arguments),
        ignore=arguments.ignore,
        examples=arguments.settings.examples,
    )
    if arguments.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=1))
    else:
        print(answer_text(answer, colour=sys.stdout.isatty()))
    return OK


def _parser() -> argparse.ArgumentParser:
    settings = Settings.from_env(os.environ)
    parser = argparse.ArgumentParser(
        "python -m app", description="Answer questions from a folder of articles, in quotes."
    )
    commands = parser.add_subparsers(required=True, metavar="serve|ask|offline-check")

    command = commands.add_parser("serve", help="serve the chat (the default)", description="Serve the chat.")
    command.add_argument("--host", default=settings.host, help="address to listen on (default: %(default)s)")
    command.add_argument(
        "--port", type=_port, default=settings.port, help="port, 0 for any free one (default: %(default)s)"
    )
    command.add_argument(
        "--watch", action="store_true", help="build again, in the background, whenever the folder of articles changes"
    )
    command.add_argument(
        "--workers",
        type=number(1, MAX_WORKERS),
        default=settings.workers,
        help="processes that answer, sharing one memory-mapped index (default: %(default)s)",
    )
    add_reranker(command, settings.reranker)
    command.set_defaults(run=_serve, settings=settings)
    _add_index(command, settings)

    _add_ask(
        commands.add_parser("ask", help="answer one question here", description="Answer one question here."), settings
    )

    text = "prove that server and pages reach no other host"
    command = commands.add_parser("offline-check", help=text, description=text.capitalize() + ".")
    command.set_defaults(run=_offline_check, settings=settings)
    _add_index(command, settings)
    return parser


def _add_ask(command: argparse.ArgumentParser, settings: Settings) -> None:
    command.add_argument("question")
    command.add_argument(
        "-k", type=number(1, MAX_K), default=K, help=f"citations at most, 1 to {MAX_K} (default: %(default)s)"
    )
    add_filters(command)
    command.add_argument(
        "--ignore",
        metavar="KEY",
        action="append",
        default=[],
        help="do not prefer what the question names, such as publisher:Xinhua; may be given more than once",
    )
    command.add_argument(
        "--groups", metavar="NAMES", type=_groups, help="answer as for somebody of these groups, commas between them"
    )
    command.add_argument("--json", action="store_true", help="print the answer object for programs")
    add_reranker(command, settings.reranker)
    command.set_defaults(run=_ask, settings=settings)
    _add_index(command, settings)


def _add_index(command: argparse.ArgumentParser, settings: Settings) -> None:
    command.add_argument(
        "--index",
        type=open_location,
        default=settings.index,
        help="folder of the index, or postgresql://USER@HOST/DATABASE (default: %(default)s)",
    )


def _port(value: str) -> int:
    try:
        return port(value)
    except BadSetting as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _groups(value: str) -> frozenset[str]:
    try:
        return named_groups(value, MOST_OF_PERSON)
    except BadGroups as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    ended = main()
    if sys.argv[1:2] == ["ask"]:
        leave(ended)
    sys.exit(ended)

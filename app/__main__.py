"""Command line: `python -m app [serve]|ask|try|pins|doctor|mcp|offline-check|keys|verify-receipt`."""

import index.cli.memory  # noqa: F401 - before imports that need memory

# isort: split
import argparse
import contextlib
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.answering.answer import MAX_K, K
from app.answering.collection import Collection
from app.answering.inventory.inventory import MAX_OFFSET
from app.answering.language import of_locale
from app.answering.pinned.command import pins
from app.answering.reply import Wishes, answer_of
from app.doctor.command import add_doctor
from app.mcp.command import add_mcp
from app.receipts.command import add_receipt_commands
from app.settings import MAX_WORKERS, SILENT, Settings, port
from app.terminal import answer_text
from app.trials.first_look import add_try
from index.articles.catalogue import Catalogue
from index.cli.runner import OK, add_filters, add_models, as_sentence, filters_of, leave, number, run
from index.reading.access import MOST_OF_PERSON, named_groups, ungrouped
from index.reading.places.folders import read_where
from index.search.models import chosen_models
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help")):
        given.insert(0, "serve")
    return run(partial(_parser, given), given)


def _serve(arguments: argparse.Namespace) -> int:
    os.environ.update(SILENT)
    given = {name: getattr(arguments, name) for name in ("index", "host", "port", "reader", "reranker", "workers")}
    settings = replace(arguments.settings, **given)
    if settings.groups_header:
        _tell_hidden(settings.index.open().articles)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a watcher ends its build, too
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))  # the usual way to end it
        watcher = None
        if arguments.watch:
            from app.watch import Watcher

            where = read_where(settings.index.open().manifest.folder)
            watcher = stack.enter_context(Watcher(where, settings.index))
        if settings.workers == 1:
            gc.disable()  # starting makes much that stays: to look through it for garbage takes a fifth of the time
            stack.callback(gc.enable)
        from app.serving.live import Live

        if settings.metrics and settings.workers > 1:
            from app.metrics.shared import shared

            stack.enter_context(shared())
        live = Live.of(settings) if settings.workers == 1 else None
        from app.serving.listener import address_of, listen

        listener = stack.enter_context(listen(settings))
        announce = partial(print, address_of(settings, listener), flush=True)
        if live:
            from app.serving.server import serve  # imports Gradio, which takes long

            serve(listener, live.seen_by, settings, announce, watcher)
        else:
            from app.serving.supervisor import serve_by_many

            serve_by_many(listener, settings, announce, watcher)
    return OK


def _tell_hidden(articles: Catalogue) -> None:
    if hidden := ungrouped(articles):
        print(
            f"note: access is by groups, and {hidden:,} of {len(articles):,} articles name none: nobody sees them. "
            "Name groups in them, or in a file .groups in their folder, and build again",
            file=sys.stderr,
        )


def _offline_check(arguments: argparse.Namespace) -> int:
    os.environ.update(SILENT)
    from app.offline.check import check, watch_sockets
    from app.serving.live import Live

    hosts = watch_sockets()
    # Settings on who may use the chat from elsewhere do not matter here.
    given: Settings = arguments.settings
    settings = Settings(index=arguments.index, port=0, title=given.title, reader=given.reader, reranker=given.reranker)
    check(Live.of(settings), settings, hosts, say=partial(print, flush=True))
    print("offline-check passed: nothing left this machine")
    return OK


def _ask(arguments: argparse.Namespace) -> int:
    groups = None if arguments.groups is None else named_groups(arguments.groups, MOST_OF_PERSON)
    searcher = Searcher.open(arguments.index.open()).with_models(chosen_models(arguments.reader, arguments.reranker))
    collection = Collection.calibrated(searcher, arguments.index).seen_by(groups)
    wishes = Wishes(
        filters=filters_of(arguments),
        ignore=arguments.ignore,
        examples=arguments.settings.examples,
        today=arguments.today,
        suggest=arguments.settings.suggestions,
        offset=arguments.offset,
    )
    answer = answer_of(collection, Question(arguments.question), arguments.k, wishes)
    if arguments.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=1))
    else:
        print(answer_text(answer, of_locale(os.environ), colour=sys.stdout.isatty()))
    return OK


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    settings = Settings() if given[:1] == ["doctor"] else Settings.from_env(os.environ)
    parser = argparse.ArgumentParser(
        "python -m app", description="Answer questions from a folder of articles, in quotes."
    )
    names = "serve|ask|try|pins|doctor|mcp|offline-check|keys|verify-receipt"
    commands = parser.add_subparsers(required=True, metavar=names)
    add = partial(_command, commands, settings)

    _add_serving(add("serve", _serve, "serve the chat (the default)"), settings)
    command = add("ask", _ask, "answer one question here")
    command.add_argument("question")
    command.add_argument(
        "-k", type=number(1, MAX_K), default=K, help=f"citations at most, 1 to {MAX_K} (default: %(default)s)"
    )
    add_filters(command)
    text = "do not prefer what the question names, such as publisher:Xinhua; may be given more than once"
    command.add_argument("--ignore", metavar="KEY", action="append", default=[], help=text)
    command.add_argument(
        "--groups", metavar="NAMES", help="answer as for a member of these groups, separated by commas"
    )
    command.add_argument(
        "--today", type=date.fromisoformat, metavar="DATE", help="the day that 'last month' is counted from"
    )
    text = 'articles of a list to skip, for a question such as "list all articles" (default: %(default)s)'
    command.add_argument("--offset", type=number(0, MAX_OFFSET), default=0, help=text)
    command.add_argument("--json", action="store_true", help="print the answer object for programs")
    add_models(command, settings.reader, settings.reranker)
    command = add("pins", pins, "print the pinned passages, or keep those of a file")
    command.add_argument("file", type=Path, nargs="?", metavar="FILE", help="pins, a JSON object a line")
    add_try(add, settings)
    add_doctor(add)
    add_mcp(add, settings)
    add("offline-check", _offline_check, "prove that server and pages reach no other host")
    add_receipt_commands(commands, print)
    return parser


def _add_serving(command: argparse.ArgumentParser, settings: Settings) -> None:
    command.add_argument("--host", default=settings.host, help="address to listen on (default: %(default)s)")
    command.add_argument(
        "--port", type=port, default=settings.port, help="port, 0 for any free one (default: %(default)s)"
    )
    command.add_argument(
        "--watch", action="store_true", help="build again, in the background, whenever a folder of articles changes"
    )
    command.add_argument(
        "--workers",
        type=number(1, MAX_WORKERS),
        default=settings.workers,
        help="processes that answer, sharing one memory-mapped index (default: %(default)s)",
    )
    add_models(command, settings.reader, settings.reranker)


def _command(
    commands: Any, settings: Settings, name: str, run: Callable[..., int], text: str, *, indexed: bool = True
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=as_sentence(text))
    if indexed:
        text = "folder of the index, or postgresql://USER@HOST/DATABASE (default: %(default)s)"
        command.add_argument("--index", type=open_location, default=settings.index, help=text)
    command.set_defaults(run=run, settings=settings)
    return command


if __name__ == "__main__":
    ended = main()
    if sys.argv[1:2] in (["ask"], ["mcp"]):
        leave(ended)
    sys.exit(ended)

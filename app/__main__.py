"""Command line of the application: `python -m app [serve]|ask`."""

import argparse
import json
import logging
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.answer import MAX_K, K, compose
from app.settings import BadSetting, Settings, port
from app.terminal import answer_text
from index.errors import UserError
from index.search import Searcher

OK, ACT = 0, 2  # exit codes: all is well; the user must act


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    given = list(sys.argv[1:] if argv is None else argv)
    if not given or given[0] not in ("serve", "ask", "-h", "--help"):
        given.insert(0, "serve")
    try:
        settings = Settings.from_env(os.environ)
        arguments = _parser(settings).parse_args(given)
        return int(arguments.run(arguments, settings))
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return ACT
    except KeyboardInterrupt:
        return OK


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    # Read by Gradio and the hub's client when they are imported: nothing is sent or looked up.
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    settings = replace(settings, index=arguments.index, host=arguments.host, port=arguments.port)
    searcher = Searcher.open(settings.index)
    from app.serving import serve

    serve(searcher, settings, announce=partial(print, flush=True))
    return OK


def _ask(arguments: argparse.Namespace, _: Settings) -> int:
    answer = compose(Searcher.open(arguments.index), arguments.question, arguments.k)
    if arguments.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=1))
    else:
        print(answer_text(answer, colour=sys.stdout.isatty()))
    return OK


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m app", description="Answer questions from a folder of articles, in quotes."
    )
    commands = parser.add_subparsers(required=True, metavar="serve|ask")

    command = commands.add_parser("serve", help="serve the chat (the default)", description="Serve the chat.")
    command.add_argument("--host", default=settings.host, help="address to listen on (default: %(default)s)")
    command.add_argument(
        "--port", type=_port, default=settings.port, help="port, 0 for any free one (default: %(default)s)"
    )
    command.set_defaults(run=_serve)
    _add_index(command, settings)

    command = commands.add_parser("ask", help="answer one question here", description="Answer one question here.")
    command.add_argument("question")
    command.add_argument(
        "-k", type=_citations, default=K, help=f"citations at most, 1 to {MAX_K} (default: %(default)s)"
    )
    command.add_argument("--json", action="store_true", help="print the answer object for programs")
    command.set_defaults(run=_ask)
    _add_index(command, settings)
    return parser


def _add_index(command: argparse.ArgumentParser, settings: Settings) -> None:
    command.add_argument(
        "--index", type=Path, default=settings.index, help="folder of the index (default: %(default)s)"
    )


def _port(value: str) -> int:
    try:
        return port(value)
    except BadSetting as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _citations(value: str) -> int:
    number = int(value) if value.isdecimal() else 0
    if not 1 <= number <= MAX_K:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 to {MAX_K}")
    return number


if __name__ == "__main__":
    sys.exit(main())

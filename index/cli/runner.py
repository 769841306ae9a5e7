"""Command line basics: exit codes, errors for people, checked numbers, filters."""

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from index.articles.filters import Filters
from index.errors import UserError
from index.reader.readers import READERS, SHIPPED

OK, FELL, ACT = 0, 1, 2  # exit codes: all is well; quality fell; the user must act


def run(parser: Callable[[], argparse.ArgumentParser], argv: Sequence[str]) -> int:
    """Run the command in the arguments; returns the exit code.

    Each command's parser sets `run`, a function of the parsed arguments. A UserError is printed as
    one sentence on stderr, and so is a lack of memory; anything else is a bug and keeps its traceback.
    """
    set_up_output()
    try:
        arguments = parser().parse_args(argv)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
    except MemoryError:
        print(
            "error: there is not enough memory. End other programs, or raise the limit of this one (ulimit -v, its "
            "container's or its service's)",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    except BrokenPipeError:  # whoever reads the output has seen enough, as in `app ask … | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more
        return OK
    return ACT


def set_up_output() -> None:
    """Let stdout and stderr of this process accept any character, and log to stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese shows escapes, not a traceback
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # the caller reports a failed connection


def leave(code: int) -> NoReturn:
    """Exit at once after flushing the output, without any cleanup; for a single answer."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # freeing a model takes a tenth of the time of a cold answer


def add_filters(command: argparse.ArgumentParser) -> None:
    """Add the filter options, which `filters_of` reads."""
    command.add_argument("--since", metavar="DATE", default="", help="articles of this year, month or day, or later")
    command.add_argument("--until", metavar="DATE", default="", help="articles of this year, month or day, or earlier")
    for name, metavar, text in (
        ("publisher", "NAME", "articles of this publisher, or with a source of it; may be given more than once"),
        ("language", "CODE", "articles in this language; may be given more than once"),
        ("folder", "PATH", "articles in this folder or below it; may be given more than once"),
        ("article", "ID", "this article; may be given more than once"),
    ):
        command.add_argument(f"--{name}", metavar=metavar, action="append", default=[], help=text)


def filters_of(arguments: argparse.Namespace) -> Filters:
    """The filters in the options. Raises BadFilter."""
    lists = (arguments.publisher, arguments.language, arguments.folder, arguments.article)
    return Filters(arguments.since, arguments.until, *map(tuple, lists))


def number(low: int, high: int) -> Callable[[str], int]:
    """The argparse type of whole numbers from `low` to `high`."""

    def checked(value: str) -> int:
        parsed = int(value) if value.isdecimal() and len(value) < 20 else low - 1
        if not low <= parsed <= high:
            raise argparse.ArgumentTypeError(f"{value!r} is not a number from {low} to {high}")
        return parsed

    return checked


def add_models(command: argparse.ArgumentParser, reader: str = SHIPPED, default: str = "") -> None:
    """Add the options `--reader` and `--reranker`, empty for no reranker."""
    add_reader(command, reader)
    text = "CrossEncoder that reorders the best hits, by hub name or folder (default: "
    command.add_argument("--reranker", default=default, metavar="MODEL", help=f"{text}{default or 'none'})")


def add_reader(command: argparse.ArgumentParser, default: str = SHIPPED) -> None:
    """Add the option `--reader`."""
    text = "model that finds the words that answer (default: %(default)s)"
    command.add_argument("--reader", choices=READERS, default=default, help=text)

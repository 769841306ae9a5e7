"""The shared part of `python -m eval.speed` and `python -m eval.scale`: options, a folder to work in, kept results."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from eval.speed.record import SAVED, Damaged, Record, Row
from index.cli.runner import ACT, OK, number
from index.errors import UserError

Measures: TypeAlias = Mapping[str, Callable[[], Iterable[Row]]]
"""For each section the rows of its measurement, each as soon as it is measured."""


def add_options(parser: argparse.ArgumentParser, choices: Sequence[str], sizes: Sequence[int]) -> None:
    """Add the measurement, the sizes of collections and the folder of the results."""
    parser.add_argument("what", nargs="?", choices=("all", *choices), default="all", help="default: all")
    default = f"passages of the collections (default: {' '.join(map(str, sizes))}); 1000000 takes about an hour"
    size = number(100, 10_000_000)
    parser.add_argument("--sizes", type=size, nargs="+", default=sizes, metavar="N", help=default)
    folder = "where to keep the results (default: %(default)s)"
    parser.add_argument("--save", type=Path, default=SAVED, metavar="DIR", help=folder)


def measure(record: Record, arguments: argparse.Namespace, measures: Callable[[Path], Measures]) -> int:
    """Run the chosen measurements in a temporary folder, and keep each row as soon as it is measured; the exit code.

    A failed measurement is named on stderr, and the others go on. Raises Damaged.
    """
    try:
        arguments.save.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Damaged(f"{arguments.save} cannot be made: {error.strerror}; name another folder with --save") from error
    record.read(arguments.save)
    code = OK
    with tempfile.TemporaryDirectory() as work:
        for name, rows in measures(Path(work)).items():
            if arguments.what not in ("all", name):
                continue
            shown = ""
            try:
                for row in rows():
                    shown = record.add(name, row, arguments.save)
            except UserError as error:
                say(f"error: {name}: {error}")
                code = ACT
            sys.stdout.write(f"{shown}\n" if shown else "")
    say(f"results are kept in {arguments.save}: {record.name}.json, {record.name}.md")
    return code


def say(text: str) -> None:
    """Print a line of progress to stderr."""
    sys.stderr.write(f"{text}\n")

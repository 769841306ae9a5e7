"""Arguments of the index's command line: commands with their options, defaults and help."""

import argparse
import math
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from index.cli.runner import add_filters, add_reranker, number
from index.encoder.model_files import DEFAULT_MODEL
from index.errors import BadShard
from index.reading.files import MAX_FILE_BYTES
from index.reading.shards import MOST_SHARDS, WHOLE, Shard
from index.stores.address import open_location

Commands: TypeAlias = Mapping[str, Callable[[argparse.Namespace], int]]
"""The function of each command by its name."""

_LOCATION = "folder of the index, or postgresql://USER@HOST/DATABASE"


def parser(functions: Commands) -> argparse.ArgumentParser:
    """The parser of the index's command line. Each command's arguments carry, in `run`, its function."""
    parser = argparse.ArgumentParser("python -m index", description="Make and search an index of a folder of articles.")
    commands = parser.add_subparsers(required=True, metavar="|".join(functions))
    add = partial(_command, commands, functions)

    command = add("build", "index a folder of articles and make that the live build")
    _add_folder(command)
    _add_encoding(command)
    _add_sharing(command)

    command = add("check", "account for every file of a folder, and write nothing")
    _add_folder(command)

    command = add("search", "print the best passages for a question")
    command.add_argument("question")
    command.add_argument(
        "-k", type=number(1, 100), default=5, help="how many passages, 1 to 100 (default: %(default)s)"
    )
    add_filters(command)
    command.add_argument("--why", action="store_true", help="print under each passage why it was found")
    add_reranker(command)

    command = add("copy", "copy a whole index to another location without encoding it again")
    _add_places(command)

    add("info", "describe the live build")
    add("verify", "check every file of the live build against its sha256")
    add("rollback", "make the previous build live; running it again undoes that")
    return parser


def _add_encoding(command: argparse.ArgumentParser) -> None:
    """Add the options of encoding and of failing builds."""
    command.add_argument("--question-prefix", help="text put in front of every question (default: the model's own)")
    command.add_argument("--passage-prefix", help="text put in front of every passage (default: the model's own)")
    command.add_argument("--skip-bad-files", action="store_true", help="exit 0 even if files could not be indexed")
    command.add_argument(
        "--force", action="store_true", help="build even if nothing has changed, and encode every passage again"
    )
    command.add_argument(
        "--wait",
        metavar="SECONDS",
        type=number(0, 86_400),
        default=0,
        help="how long to wait for another build to end before exit code 2 (default: %(default)s)",
    )


def _add_sharing(command: argparse.ArgumentParser) -> None:
    """Add the options of a distributed build."""
    sharing = command.add_mutually_exclusive_group()
    sharing.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        default=WHOLE,
        help="for a database: only part I, counted from 0, of N parts of the folder; run each part once, anywhere",
    )
    sharing.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="for a database: use the workers of the Dask scheduler at tcp://HOST:PORT; local: one process per core",
    )
    command.add_argument(
        "--shards",
        type=number(1, MOST_SHARDS),
        default=0,
        metavar="N",
        help="with --dask: number of parts of the folder (default: four per worker)",
    )


def _add_places(command: argparse.ArgumentParser) -> None:
    """Add the locations of a copy."""
    for name, metavar, text in (("source", "FROM", "the index to copy"), ("target", "TO", "the copy")):
        command.add_argument(name, metavar=metavar, type=open_location, help=f"{text}: {_LOCATION}")
    command.add_argument("--force", action="store_true", help="overwrite the index at TO")


def _add_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", nargs="?", type=Path, default=Path("source_texts"), help="default: %(default)s")
    command.add_argument(
        "--model",
        default=DEFAULT_MODEL,
        help="sentence-transformers model, by hub name or folder (default: %(default)s)",
    )
    command.add_argument(
        "--max-file-mb",
        type=_megabytes,
        default=MAX_FILE_BYTES // 10**6,
        help="refuse larger files (default: %(default)s)",
    )


def _command(commands: Any, functions: Commands, name: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    if name not in ("check", "copy"):
        command.add_argument(
            "--index",
            type=open_location,
            default=open_location(".index"),
            help=f"{_LOCATION} (default: %(default)s)",
        )
    if name != "verify":
        command.add_argument("--json", action="store_true", help="print JSON for programs")
    command.set_defaults(run=functions[name])
    return command


def _shard(value: str) -> Shard:
    try:
        return Shard.parse(value)
    except BadShard as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _megabytes(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of megabytes")
    return number

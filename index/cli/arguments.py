"""Arguments of the index's command line: commands with their options, defaults and help."""

import argparse
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from index.cli.runner import add_filters, add_models, as_sentence, number
from index.encoder.model_files import DEFAULT_MODEL
from index.reading.files import MAX_FILE_BYTES
from index.reading.places.mirror import Bounds
from index.reading.shards import MOST_SHARDS, WHOLE, Shard
from index.stores.address import open_location

Commands: TypeAlias = Mapping[str, Callable[[argparse.Namespace], int]]
"""The function of each command by its name."""

_LOCATION = "folder of the index, or postgresql://USER@HOST/DATABASE"
_HELP = {
    "folder": "folders of articles, and addresses of sites: a page or a sitemap.xml (default: source_texts)",
    "source": f"the index to copy: {_LOCATION}",
    "target": f"the copy: {_LOCATION}",
    "coordinator": "the database that is searched: it reaches the shards, and holds no article itself",
    "shards": "the databases of `build --shard 0/N` to `N-1/N`",
    "--partial-answers": "while one shard is down, answer from the others and say so (default: an error)",
    "-k": "how many passages, 1 to 100 (default: %(default)s)",
    "--dask": "for a database: use the workers of the Dask scheduler at tcp://HOST:PORT; local: one process per core",
    "--force": "build even if nothing has changed, and encode every passage again",
    "--index": f"{_LOCATION} (default: %(default)s)",
    "--json": "print JSON for programs",
    "--max-age": "leave sites alone that were fetched within so many minutes (default: %(default)s)",
    "--max-file-mb": "refuse larger files and pages (default: %(default)s)",
    "--max-pages": "addresses of a site that are fetched at most (default: %(default)s)",
    "--model": "sentence-transformers model, by hub name or folder (default: %(default)s)",
    "--libreoffice": "convert old office files (.doc and the like) with LibreOffice, if it is installed",
    "--ocr": "recognise the text of scanned PDF pages with Tesseract, if it is installed, in languages like eng+deu",
    "--passage-prefix": "text put in front of every passage (default: the model's own)",
    "--question-prefix": "text put in front of every question (default: the model's own)",
    "--shard": "for a database: only part I, counted from 0, of N parts of the folder; run each part once, anywhere",
    "--shards": "with --dask: number of parts of the folder (default: four per worker)",
    "--skip-bad-files": "exit 0 even if files could not be indexed",
    "--wait": "how long to wait for another build to end before exit code 2 (default: %(default)s)",
    "--why": "print under each passage why it was found",
}


def parser(functions: Commands) -> argparse.ArgumentParser:
    """The parser of the index's command line. Each command's arguments carry, in `run`, its function."""
    parser = argparse.ArgumentParser("python -m index", description="Make and search an index of articles.")
    commands = parser.add_subparsers(required=True, metavar="|".join(functions))
    add = partial(_command, commands, functions)

    command = add("build", "index folders of articles and make that the live build")
    _add_folder(command)
    for name in ("--question-prefix", "--passage-prefix"):
        _add(command, name)
    for name in ("--skip-bad-files", "--force"):
        _add(command, name, action="store_true")
    _add(command, "--max-age", metavar="MINUTES", type=number(0, 1_000_000), default=0)
    _add(command, "--wait", metavar="SECONDS", type=number(0, 86_400), default=0)
    parts = command.add_mutually_exclusive_group()
    _add(parts, "--shard", metavar="I/N", type=Shard.parse, default=WHOLE)
    _add(parts, "--dask", metavar="ADDRESS")
    _add(command, "--shards", metavar="N", type=number(1, MOST_SHARDS), default=0)

    _add_folder(add("check", "account for every file of folders, and write nothing"))

    command = add("search", "print the best passages for a question")
    command.add_argument("question")
    _add(command, "-k", type=number(1, 100), default=5)
    add_filters(command)
    _add(command, "--why", action="store_true")
    add_models(command)

    command = add("copy", "copy a whole index to another location without encoding it again")
    _add(command, "source", metavar="FROM", type=open_location)
    _add(command, "target", metavar="TO", type=open_location)
    command.add_argument("--force", action="store_true", help="overwrite the index at TO")

    _add_joined(add("join", "join databases that hold a shard of the articles each to one collection"))

    add("info", "describe the live build")
    add("verify", "check every file of the live build against its sha256")
    add("rollback", "make the previous build live; running it again undoes that")
    return parser


def _add_folder(command: argparse.ArgumentParser) -> None:
    _add(command, "folder", nargs="*", default=["source_texts"])
    _add(command, "--model", default=DEFAULT_MODEL)
    _add(command, "--libreoffice", action="store_true")
    _add(command, "--ocr", metavar="LANGUAGES", default="")
    _add(command, "--max-pages", metavar="N", type=number(1, 1_000_000), default=Bounds().pages)
    _add(command, "--max-file-mb", type=_megabytes, default=MAX_FILE_BYTES // 10**6)


def _add_joined(command: argparse.ArgumentParser) -> None:
    _add(command, "coordinator", metavar="COORDINATOR", type=open_location)
    _add(command, "shards", metavar="SHARD", nargs="+", type=open_location)
    _add(command, "--partial-answers", action="store_true")


def _command(commands: Any, functions: Commands, name: str, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=as_sentence(text))
    if name not in ("check", "copy", "join"):
        _add(command, "--index", type=open_location, default=open_location(".index"))
    if name != "verify":
        _add(command, "--json", action="store_true")
    command.set_defaults(run=functions[name])
    return command


def _add(command: Any, name: str, **options: Any) -> None:
    command.add_argument(name, help=_HELP[name], **options)


def _megabytes(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of megabytes")
    return number
